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
}

export interface StyleSource {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly terminal: boolean;
  readonly columns?: number | undefined;
  /** What `--color` said; absent is `auto`. */
  readonly color?: string | undefined;
  readonly verbose?: boolean | undefined;
}

/** Plain text, as tests and pipes want it. */
export const PLAIN: Style = { colors: picocolors.createColors(false), unicode: true, verbose: false };

export function styleOf(source: StyleSource): Style {
  const { env, terminal, columns } = source;
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

export interface Glyphs {
  readonly arrow: string;
  readonly ellipsis: string;
  readonly replace: string;
  readonly passed: string;
  readonly failed: string;
  readonly warned: string;
}

const UNICODE: Glyphs = { arrow: '→', ellipsis: '…', replace: '±', passed: '✓', failed: '✗', warned: '!' };
const ASCII: Glyphs = { arrow: '->', ellipsis: '...', replace: '+/-', passed: 'ok', failed: 'FAIL', warned: 'warn' };

export const glyphs = (style: Style): Glyphs => (style.unicode ? UNICODE : ASCII);
