import { createInterface } from 'node:readline/promises';
import type { Context } from './context.ts';
import { usageError } from './failure.ts';

/** Asks for yes or no on a terminal. Throws a usage error where there is nobody to ask. */
export async function confirm(question: string, context: Context): Promise<boolean> {
  const { stdin, stderr } = context.io;
  if (!stdin.isTTY || !stderr.isTTY || context.flags.json) {
    throw usageError('there is no terminal to ask on', 'say --yes where nobody can be asked');
  }
  const prompt = createInterface({ input: stdin, output: stderr });
  // Ctrl-C and Ctrl-D are a no.
  const closed = new AbortController();
  prompt.once('close', () => closed.abort());
  prompt.once('SIGINT', () => prompt.close());
  try {
    const answer = await prompt.question(`${question} [y/N] `, { signal: closed.signal });
    return /^\s*y(es)?\s*$/i.test(answer);
  } catch {
    stderr.write('\n');
    return false;
  } finally {
    prompt.close();
  }
}
