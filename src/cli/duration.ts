import { usageError } from './failure.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of what an option says: `500ms`, `60s`, `5m`, `1h`, or `0`. Throws a usage error. */
export function durationOf(option: string, text: string): number {
  const [, digits, unit] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)$/.exec(text) ?? [];
  if (text === '0') return 0;
  const scale = UNITS[unit ?? ''];
  if (digits === undefined || scale === undefined) {
    throw usageError(`${option} ${text} is no duration`, 'a duration is a number with a unit: 500ms, 60s, 5m, 1h; or 0');
  }
  return Number(digits) * scale;
}
