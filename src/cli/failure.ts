import type { CommanderError } from 'commander';
import { HostError } from '../model/errors.ts';
import { isExpected, remarksOfError } from '../render/remark.ts';
import { visible } from '../render/text.ts';
import { type Context, createContext } from './context.ts';
import { EXIT } from './exit.ts';
import type { Host } from './host.ts';
import type { Io } from './io.ts';
import { LoadError, remarksOfLoaded, tellFaults } from './load.ts';
import { USAGES, type Usage } from './usage.ts';

/** Says what made a command fail as a whole, and gives the exit code for it. */
export function reportFailure(error: unknown, usage: Usage, context: Context): number {
  if (error instanceof LoadError) {
    tellFaults(error.loaded, context);
    context.document(usage.document, remarksOfLoaded(error.loaded));
    return usage.failure;
  }
  tellError(error, context);
  context.document(usage.document, remarksOfError(error));
  return codeOf(error) ?? usage.failure;
}

/** As much of what one error comes to as one reads. */
const SHOWN = 10;

/** Says an error on standard error; of one that is our bug, under -v, also where it came from. */
export function tellError(error: unknown, context: Context): void {
  const remarks = remarksOfError(error);
  const shown = context.flags.verbose ? remarks : remarks.slice(0, SHOWN);
  for (const remark of shown) context.tell(remark, 'error');
  if (shown.length < remarks.length) context.aside(`and ${remarks.length - shown.length} more (-v shows all)`);
  if (isExpected(error) || !context.flags.verbose || !(error instanceof Error)) return;
  const stack = (error.stack ?? '').split('\n').map(visible);
  context.io.stderr.write(`${stack.join('\n')}\n`);
}

/** The exit code that an error has whatever the command; undefined where the command decides. */
export function codeOf(error: unknown): number | undefined {
  if (!(error instanceof HostError)) return undefined;
  switch (error.code) {
    case 'E_LOCKED':
      return EXIT.locked;
    case 'E_USAGE':
      return EXIT.usage;
    case 'E_COMMAND_NOT_FOUND':
      return EXIT.notFound;
    case 'E_COMMAND_NOT_EXECUTABLE':
      return EXIT.notExecutable;
    default:
      return undefined;
  }
}

/** The document of a command line that is wrong, where it asks for one; what is wrong has been said by then. */
export function reportUsage(error: CommanderError, argv: readonly string[], io: Io, host: Host): void {
  const own = ownWords(argv);
  const usage = USAGES.find(({ name }) => own.includes(name));
  const context = createContext(io, { json: own.includes('--json') }, host, { command: usage?.name ?? '', argv });
  const message = error.message.replace(/^error: /, '').split('\n', 1)[0] ?? '';
  const hint = /\((Did you mean .*)\)/.exec(error.message)?.[1] ?? `netloom ${usage ? `${usage.name} ` : ''}--help explains it`;
  context.document(usage?.document ?? {}, [{ code: 'E_USAGE', message, hint }]);
}

/** The words of a command line that are for netloom and not for a program that it is to run. */
function ownWords(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  const words = end === -1 ? argv : argv.slice(0, end);
  const command = words.findIndex((word) => USAGES.some(({ name, passThrough }) => passThrough && name === word));
  if (command === -1) return words;
  const first = words.findIndex((word, index) => index > command && !word.startsWith('-'));
  return first === -1 ? words : words.slice(0, first);
}

/** A command line whose parts do not go together, which the grammar alone cannot tell. Exit code 64. */
export const usageError = (message: string, hint: string): HostError => new HostError('E_USAGE', message, hint);
