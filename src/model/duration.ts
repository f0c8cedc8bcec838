const UNITS = { ms: 1, s: 1000, m: 60_000 } as const;

/** How durations are written in files and on the command line. */
export const DURATION_FORM = 'a number with ms, s or m: 500ms, 60s, 5m';

/** `500ms`, `60s`, `5m` → milliseconds; undefined for other text. `0` needs no unit. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const [, number, unit] = /^(\d{1,9})(ms|s|m)$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * UNITS[unit as keyof typeof UNITS];
}
