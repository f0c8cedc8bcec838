const FIRST_MS = 1000;
const MOST_MS = 60_000;

/** How long to wait after so many failures in a row, 1 being the first: 1 s, doubled up to 1 min. */
export const backoffMs = (failures: number): number => Math.min(FIRST_MS * 2 ** Math.min(failures - 1, 16), MOST_MS);
