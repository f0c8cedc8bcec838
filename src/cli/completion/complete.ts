import type { Usage } from '../usage.ts';
import { USAGES } from '../usage.ts';
import { COMMON } from '../usages/options.ts';
import { ARGUMENTS, VALUES } from './values.ts';

/** A word that may stand at the cursor, with what it means. */
export interface Candidate {
  readonly word: string;
  readonly text: string;
}

/** What may stand at the cursor, besides words whose files the shell knows best. */
export interface Completion {
  readonly candidates: readonly Candidate[];
  /** `yaml`: topology files and directories; `any`: every file. */
  readonly files?: 'yaml' | 'any';
  /** From this word on, counted without the program's name, it is the command line of another program. */
  readonly command?: number;
}

/** What only the host and the working directory know. Each is asked for only where it may stand. */
export interface Known {
  topologies(): Promise<readonly Candidate[]>;
  /** Those that there are. */
  namespaces(): Promise<readonly Candidate[]>;
  /** Those that there are or that a file names, each with its interfaces, as `trace` and `exec` take them. */
  endpoints(): Promise<readonly Candidate[]>;
}

/** What may stand in place of the last word, which is empty or begun. The words are those after the program's name. */
export async function complete(words: readonly string[], known: Known): Promise<Completion> {
  const done = words.slice(0, -1);
  const current = words.at(-1) ?? '';
  const commandAt = positions(done, undefined)[0];
  const usage = USAGES.find(({ name }) => commandAt !== undefined && name === done[commandAt]);
  if (commandAt !== undefined && done[commandAt] === 'help') return matching(current, commands());
  if (commandAt === undefined || usage === undefined) {
    if (commandAt !== undefined) return { candidates: [] };
    const awaited = valueAwaited(done, undefined);
    if (awaited !== undefined) return valuesOf(awaited, current, '');
    return matching(current, current.startsWith('-') ? optionsOf(undefined) : [...commands(), HELP]);
  }
  const given = done.slice(commandAt + 1);
  const arguments_ = positions(given, usage);
  const behindDashes = given.includes('--');
  const awaited = behindDashes ? undefined : valueAwaited(given, usage);
  if (awaited !== undefined) return valuesOf(awaited, current, '');
  const foreign = usage.passThrough ? foreignFrom(usage, given, arguments_, current) : undefined;
  if (foreign !== undefined) return { candidates: [], command: commandAt + 1 + foreign };
  const [, option, begun] = /^(--[a-z-]+)=(.*)$/.exec(current) ?? [];
  if (option !== undefined && begun !== undefined && !behindDashes) {
    const name = valueNameOf(option, usage);
    return name === undefined ? { candidates: [] } : valuesOf(name, begun, `${option}=`);
  }
  if (current.startsWith('-') && !behindDashes) return matching(current, unused(optionsOf(usage), given));
  return argumentAt(usage, arguments_.length, current, known);
}

const HELP: Candidate = { word: 'help', text: 'the same for a command' };

const commands = (): Candidate[] => USAGES.map(({ name, summary }) => ({ word: name, text: summary }));

const matching = (begun: string, candidates: readonly Candidate[], before = ''): Completion => ({
  candidates: candidates.filter(({ word }) => word.startsWith(begun)).map(({ word, text }) => ({ word: before + word, text })),
});

interface Flag {
  /** `--out`, `-n` */
  readonly names: readonly string[];
  /** `file` of `--out <file>`; absent where it takes no value. */
  readonly value: string | undefined;
  readonly text: string;
}

function flagsOf(usage: Usage | undefined): Flag[] {
  const own = (usage?.options ?? []).map(([flags, text]) => ({ flags, text }));
  const program = usage === undefined ? [{ flags: '-V, --version', text: 'print the version' }] : [];
  return [...own, ...COMMON, ...program, { flags: '-h, --help', text: 'this help' }].map(({ flags, text }) => ({
    names: flags.replace(/ <.*/, '').split(', '),
    value: /<([^>]+)>/.exec(flags)?.[1],
    text,
  }));
}

const optionsOf = (usage: Usage | undefined): Candidate[] =>
  flagsOf(usage).flatMap(({ names, text }) => names.filter((name) => name.startsWith('--')).map((word) => ({ word, text })));

/** No option means anything a second time. */
const unused = (options: readonly Candidate[], given: readonly string[]): Candidate[] =>
  options.filter(({ word }) => !given.some((one) => one === word || one.startsWith(`${word}=`)));

const valueNameOf = (option: string, usage: Usage | undefined): string | undefined =>
  flagsOf(usage).find(({ names }) => names.includes(option))?.value;

/** What the word at the cursor is the value of, where the option before it takes one. */
function valueAwaited(done: readonly string[], usage: Usage | undefined): string | undefined {
  const last = done.at(-1) ?? '';
  return last.startsWith('-') && !last.includes('=') ? valueNameOf(last, usage) : undefined;
}

/** Where among words those are that are neither options nor their values. */
function positions(words: readonly string[], usage: Usage | undefined): number[] {
  const found: number[] = [];
  let dashes = false;
  for (const [index, word] of words.entries()) {
    if (!dashes && word === '--') dashes = true;
    else if (!dashes && word.startsWith('-') && word !== '-') continue;
    else if (dashes || valueAwaited(words.slice(0, index), usage) === undefined) found.push(index);
  }
  return found;
}

/** The first word of the other program's command line, where the cursor is in it. Options before that word are ours. */
function foreignFrom(usage: Usage, given: readonly string[], arguments_: readonly number[], current: string): number | undefined {
  const own = usage.args.split(' ').filter((arg) => !arg.includes('...')).length;
  const dashes = given.indexOf('--');
  if (dashes !== -1) return dashes + 1;
  if (arguments_.length < own || (own === 0 && arguments_.length === 0 && current.startsWith('-'))) return undefined;
  return arguments_[own] ?? given.length;
}

function valuesOf(name: string, begun: string, before: string): Completion {
  const value = VALUES[name];
  if (value === 'files') return { candidates: [], files: 'any' };
  return matching(
    begun,
    (value ?? []).map((word) => ({ word, text: '' })),
    before,
  );
}

/** What may stand as the n-th argument. */
async function argumentAt(usage: Usage, index: number, begun: string, known: Known): Promise<Completion> {
  const declared = usage.args.split(' ').filter((arg) => arg !== '');
  const last = declared.at(-1);
  const arg = declared[index] ?? (last?.includes('...') ? last : undefined);
  const kind = ARGUMENTS[arg?.replaceAll(/[<>[\].]/g, '') ?? ''];
  switch (kind) {
    case 'targets':
      return { ...matching(begun, await known.topologies()), files: 'yaml' };
    case 'topology':
      return matching(begun, await known.topologies());
    case 'namespace':
      return matching(begun, await known.namespaces());
    case 'endpoint':
      return matching(begun, await known.endpoints());
    case 'file':
      return { candidates: [], files: 'yaml' };
    case 'command':
      return matching(begun, [{ word: '--', text: 'a command follows' }]);
    case undefined:
      return { candidates: [] };
    default:
      return matching(
        begun,
        kind.map((word) => ({ word, text: '' })),
      );
  }
}
