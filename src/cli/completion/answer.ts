import type { Host } from '../host.ts';
import type { Io } from '../io.ts';
import { complete } from './complete.ts';
import { knownHere } from './known.ts';

/** The command behind completion, which is in no help: what follows it is the command line up to the cursor. */
export const COMPLETE = '__complete';

/**
 * Answers a shell: first a line that says what the shell is to add (`none`; `yaml` or `any`: files; `command N`: what the N-th word and those
 * behind it are as a command line of their own), then a line for each word, with a tab and what it means. Says nothing else, whatever happens.
 */
export async function answer(words: readonly string[], io: Io, host: Host): Promise<void> {
  try {
    const { candidates, files, command } = await complete(words, knownHere(io, host));
    const directive = command === undefined ? (files ?? 'none') : `command ${command}`;
    const lines = candidates.map(({ word, text }) => `${oneLine(word)}\t${oneLine(text)}`);
    io.stdout.write(`${[directive, ...lines].join('\n')}\n`);
  } catch {
    // A shell that completes must not be disturbed by anything.
    io.stdout.write('none\n');
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: what is not text must not reach the shell
const oneLine = (text: string): string => text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').slice(0, 80);
