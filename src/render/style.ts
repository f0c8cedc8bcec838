import picocolors from 'picocolors';
import type { Colors } from 'picocolors/types.js';

/** How one stream wants its text. */
export interface Style {
  readonly colors: Colors;
  /** False under a C locale: arrows and signs are then spelled in ASCII. */
  readonly unicode: boolean;
  /** Columns of the terminal; absent where the text goes to a pipe or a file, which is never cut. */
  readonly width?: number;
  /** Everything on a line of its own: nothing folded, nothing collapsed. */
  readonly verbose: boolean;
  /** Words for signs and sentences for tables, as `--plain` asks; absent: signs and tables. */
  readonly words?: boolean;
}

export interface StyleSource {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly terminal: boolean;
  readonly columns?: number | undefined;
  /** What `--color` said; absent is `auto`. */
  readonly color?: string | undefined;
  readonly verbose?: boolean | undefined;
  /** `--plain` */
  readonly plain?: boolean | undefined;
}

/** Plain text, as tests and pipes want it. */
export const PLAIN: Style = { colors: picocolors.createColors(false), unicode: true, verbose: false };

export function styleOf(source: StyleSource): Style {
  const { env, terminal, columns } = source;
  // What reads aloud has neither columns nor colours, and says an arrow as it likes.
  if (source.plain)
    return { colors: picocolors.createColors(source.color === 'always'), unicode: false, verbose: source.verbose === true, words: true };
  return {
    colors: picocolors.createColors(wantsColor(source)),
    unicode: speaksUnicode(env),
    verbose: source.verbose === true,
    // A terminal that reports no size, or a senseless one (some serial consoles say 0), is taken for the classic width.
    ...(terminal ? { width: columns !== undefined && columns >= 20 ? columns : 80 } : {}),
  };
}

/** https://no-color.org: any value but the empty one switches colour off; `--color` overrules it. */
function wantsColor({ env, terminal, color }: StyleSource): boolean {
  if (color === 'always') return true;
  if (color === 'never') return false;
  return terminal && !env.NO_COLOR && env.TERM !== 'dumb';
}

/** POSIX precedence: LC_ALL, then LC_CTYPE, then LANG; the empty string counts as unset. */
export function speaksUnicode(env: StyleSource['env']): boolean {
  return /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '');
}

/** The signs of all output; docs/terminal.md lists them. */
export interface Glyphs {
  readonly create: string;
  readonly update: string;
  readonly replace: string;
  readonly delete: string;
  readonly arrow: string;
  /** In place of what was cut off. */
  readonly ellipsis: string;
  /** Between the first and the last of many. */
  readonly range: string;
  readonly passed: string;
  readonly failed: string;
  readonly warned: string;
}

const CHANGES = { create: '+', update: '~', delete: '-' } as const;
const UNICODE: Glyphs = { ...CHANGES, replace: '±', arrow: '→', ellipsis: '…', range: '…', passed: '✓', failed: '✗', warned: '!' };
const ASCII: Glyphs = {
  ...CHANGES,
  replace: '+/-',
  arrow: '->',
  ellipsis: '...',
  range: '...',
  passed: 'ok',
  failed: 'FAIL',
  warned: 'warn',
};
const WORDS: Glyphs = {
  create: 'create',
  update: 'change',
  replace: 'replace',
  delete: 'remove',
  arrow: 'to',
  ellipsis: '...',
  range: ' to ',
  passed: 'ok',
  failed: 'failed',
  warned: 'warning',
};

export const glyphs = (style: Style): Glyphs => (style.words ? WORDS : style.unicode ? UNICODE : ASCII);
