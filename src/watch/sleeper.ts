import type { Clock } from './clock.ts';

/** How the loop waits, and how others can tell that it does no more than that. */
export interface Sleeper {
  /** Until woken, until the signal comes, or for that many milliseconds; undefined: however long. */
  sleep(ms: number | undefined, signal: AbortSignal): Promise<void>;
  wake(): void;
  /** Resolves when the loop next comes by; wakes it for that. */
  alive(): Promise<void>;
  /** The loop comes by. */
  comesBy(): void;
}

export function createSleeper(clock: Clock): Sleeper {
  let wake = (): void => {};
  let asked: (() => void)[] = [];
  return {
    sleep: (ms, signal) =>
      new Promise((done) => {
        const off = ms === undefined ? () => {} : clock.after(ms, () => wake());
        wake = () => {
          off();
          signal.removeEventListener('abort', wake);
          wake = () => {};
          done();
        };
        signal.addEventListener('abort', wake, { once: true });
        if (signal.aborted) wake();
      }),
    wake: () => wake(),
    alive: () =>
      new Promise((done) => {
        asked.push(done);
        wake();
      }),
    comesBy: () => {
      const answered = asked;
      asked = [];
      for (const answer of answered) answer();
    },
  };
}
