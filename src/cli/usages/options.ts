import { DURATION_FORM, parseDuration } from '../../model/duration.ts';

/** `parse` turns the value into what `Flags` holds, and throws, with what is expected, where it cannot. */
export type CommandOption = readonly [flags: string, text: string, parse?: (value: string) => unknown];

/* Options that are long to say, or of several commands. */

export const ADOPT = ['--adopt', "take over what is there under a wanted name and is not netloom's"] as const;

export const KEEP_GOING = ['--keep-going', 'where something fails, do all that does not depend on it, and keep what worked'] as const;

export const LOCK_TIMEOUT = [
  '--lock-timeout <duration>',
  'how long to wait for another netloom; 0: not at all (default: 10s)',
  duration,
] as const;

export const CONFIRM = [
  '--confirm <duration>',
  'go back unless `netloom confirm` comes within this time of the last change',
  confirmWindow,
] as const;

/** How many; 0 stands for all. */
export function count(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error('a whole number is wanted, 0 for all');
  return Number(text);
}

/** A day at most: more is a slip of the pen. */
const LONGEST_MS = 86_400_000;

export function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms > LONGEST_MS) throw new Error(`a duration is 0, or ${DURATION_FORM}; a day at most`);
  return ms;
}

function confirmWindow(text: string): number {
  const ms = duration(text);
  if (ms < 1000) throw new Error('a second is the least that anybody needs');
  return ms;
}

/** What every command takes, before or after its name. `choices`: the only values. */
export interface CommonOption {
  readonly flags: string;
  readonly text: string;
  readonly choices?: readonly string[];
  /** Excludes that other option. */
  readonly conflicts?: string;
}

export const COMMON: readonly CommonOption[] = [
  { flags: '--json', text: 'exactly one JSON document on standard output, also on failure' },
  { flags: '-q, --quiet', text: 'only errors, and what was asked for', conflicts: 'verbose' },
  { flags: '-v, --verbose', text: 'everything: nothing folded, nothing collapsed' },
  { flags: '--color <when>', text: 'colour the text; auto is on a terminal without NO_COLOR', choices: ['always', 'never', 'auto'] },
  { flags: '--plain', text: 'words for signs, sentences for tables, nothing that moves: for screen readers' },
];

/** How long one answer is waited for. */
export function patience(text: string): number {
  const ms = duration(text);
  if (ms < 100 || ms > 60_000) throw new Error('between 100ms and 60s');
  return ms;
}
