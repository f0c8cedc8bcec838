import { createInterface } from 'node:readline/promises';
import type { Context } from '../context.ts';
import { usageError } from '../failure.ts';

/** One question. `check` gives what is wrong with an answer, or undefined. */
export interface Question {
  readonly text: string;
  /** What an empty answer means. */
  readonly proposal: string;
  check(answer: string): string | undefined;
}

/**
 * Asks one question after the other on a terminal, each until its answer will do: plain lines, which screen readers and serial lines can
 * do as well. Undefined where somebody breaks off with Ctrl-C or Ctrl-D. Throws a usage error where there is nobody to ask.
 */
export async function ask(questions: readonly Question[], { io, flags, err }: Context): Promise<readonly string[] | undefined> {
  const { stdin, stderr } = io;
  if (!stdin.isTTY || !stderr.isTTY || flags.json)
    throw usageError(
      'there is no terminal to ask on',
      'say --yes to take what is proposed; --help lists the options in place of the questions',
    );
  const prompt = createInterface({ input: stdin, output: stderr });
  const lines: string[] = [];
  const waiting: ((line: string | undefined) => void)[] = [];
  let closed = false;
  // Lines that are typed or pasted ahead of their question are kept.
  prompt.on('line', (line) => {
    const next = waiting.shift();
    if (next === undefined) lines.push(line);
    else next(line);
  });
  prompt.once('SIGINT', () => prompt.close());
  prompt.once('close', () => {
    closed = true;
    for (const next of waiting.splice(0)) next(undefined);
  });
  const read = (): Promise<string | undefined> => {
    const line = lines.shift();
    if (line !== undefined || closed) return Promise.resolve(line);
    return new Promise((resolve) => {
      waiting.push(resolve);
    });
  };
  try {
    const answers: string[] = [];
    for (const { text, proposal, check } of questions) {
      for (;;) {
        stderr.write(`${text} [${proposal}] `);
        const line = await read();
        if (line === undefined) {
          stderr.write('\n');
          return undefined;
        }
        const answer = line.trim() === '' ? proposal : line.trim();
        const wrong = check(answer);
        if (wrong === undefined) {
          answers.push(answer);
          break;
        }
        stderr.write(`  ${err.colors.red(wrong)}\n`);
      }
    }
    return answers;
  } finally {
    prompt.close();
  }
}
