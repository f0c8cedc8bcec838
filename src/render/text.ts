import { distance } from 'fastest-levenshtein';

/** Characters that move the cursor, hide text or turn its direction: C0, C1, format characters, separators, lone surrogates. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** The text with everything that a terminal would act on spelled out: a file must not be able to send escape sequences. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, spell);
}

function spell(character: string): string {
  if (character === '\t') return '\\t';
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}

/** Ranges of East Asian Wide and Fullwidth characters and emoji (Unicode 15, UAX #11), coarsely. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
const COMBINING = /[\p{Mn}\p{Me}]/u;

/** Columns that visible text (no control characters, no colours) takes on a terminal. */
export function widthOf(text: string): number {
  // Nearly all of it is ASCII.
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += COMBINING.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

export const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));

/** The text in at most `width` columns, with the ellipsis in place of what was cut off. */
export function truncate(text: string, width: number, ellipsis: string): string {
  if (widthOf(text) <= width) return text;
  const room = width - widthOf(ellipsis);
  if (room <= 0) return ellipsis.slice(0, Math.max(0, width));
  let kept = '';
  let used = 0;
  for (const character of text) {
    used += widthOf(character);
    if (used > room) break;
    kept += character;
  }
  return kept + ellipsis;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours take no columns
const COLORS = /\u001b\[[0-9;]*m/g;

/** Lines of at most `width` columns, parted at spaces; all but the first begin with `indent` spaces. What has no space is never parted. */
export function wrapped(text: string, width: number, indent: number): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of text.split(/(?<=\S) (?=\S)/)) {
    const columns = widthOf(word.replaceAll(COLORS, ''));
    if (line !== '' && used + 1 + columns > width) {
      lines.push(line);
      line = ' '.repeat(indent) + word;
      used = indent + columns;
    } else {
      line = line === '' ? word : `${line} ${word}`;
      used += (used === 0 ? 0 : 1) + columns;
    }
  }
  return [...lines, line];
}

/** The same, as one text; where there is no width, as it is. */
export const wrap = (text: string, width: number | undefined, indent: number): string =>
  width === undefined ? text : wrapped(text, Math.max(width, indent + 20), indent).join('\n');

/** `1 link`, `20 links`, `3 addresses`, `2 fish` only where given. */
export function plural(count: number, noun: string, many = /(s|sh|ch|x)$/.test(noun) ? `${noun}es` : `${noun}s`): string {
  return `${count} ${count === 1 ? noun : many}`;
}

/** pc2 before pc10. The same in every locale. */
export function byNature(a: string, b: string): number {
  const left = a.match(/\d+|\D+/g) ?? [];
  const right = b.match(/\d+|\D+/g) ?? [];
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const [x = '', y = ''] = [left[index], right[index]];
    if (x === y) continue;
    const difference = Number(x) - Number(y);
    if (Number.isFinite(difference) && difference !== 0) return difference;
    return x < y ? -1 : 1;
  }
  return left.length - right.length;
}

/** `0.42 s`, `12 s`, `2 min 5 s`; below a second `420 ms`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** The word of the list that is nearest to what was written, where it is near enough to be meant. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  // A swap of neighbours counts as two slips.
  let least = word.length < 4 ? 2 : Math.min(3, Math.max(2, Math.floor(word.length / 3))) + 1;
  for (const candidate of candidates) {
    const away = distance(word.toLowerCase(), candidate.toLowerCase());
    if (away < least && away < candidate.length) [best, least] = [candidate, away];
  }
  return best;
}
