import { LIMITS } from '../syntax/limits.ts';

/** Why a text with parentheses is not a range. */
export interface BadRange {
  readonly problem: string;
}

const RANGE = /[(](\d{1,9})-(\d{1,9})[)]/g;

export const isRange = (text: string): boolean => text.includes('(');

/**
 * `pc(01-20)` → pc01 … pc20; a text without parentheses → itself. Padded to the width of the first number where that begins with 0. Several
 * ranges in one text count up together and must be as long.
 */
export function expand(text: string): readonly string[] | BadRange {
  if (!isRange(text) && !text.includes(')')) return [text];
  const ranges = [...text.matchAll(RANGE)];
  if (/[()]/.test(text.replace(RANGE, ''))) return { problem: 'a range is two numbers in parentheses: pc(01-20)' };
  const lengths = ranges.map(([, first, last]) => Number(last) - Number(first) + 1);
  const length = lengths[0] ?? 1;
  if (lengths.some((each) => each < 1)) return { problem: 'the range ends before it begins' };
  if (lengths.some((each) => each > LIMITS.range)) return { problem: `the range has more than ${LIMITS.range} items` };
  if (lengths.some((each) => each !== length)) return { problem: 'the ranges in it have different lengths' };
  return Array.from({ length }, (_, index) => text.replace(RANGE, (_match, first: string) => numbered(first, index)));
}

function numbered(first: string, index: number): string {
  const text = String(Number(first) + index);
  return first.startsWith('0') ? text.padStart(first.length, '0') : text;
}

/** The names that a text stands for, or the text itself where the range is malformed (which is reported elsewhere). */
export function namesOf(text: string): readonly string[] {
  const names = expand(text);
  return 'problem' in names ? [text] : names;
}
