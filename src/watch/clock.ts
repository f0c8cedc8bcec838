/** Time, from outside: tests let it jump. */
export interface Clock {
  /** Milliseconds since 1970. It may jump, both ways: NTP, a suspended machine. */
  now(): number;
  /** Calls back after that many milliseconds of real time; the function that it returns calls it off. */
  after(ms: number, call: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, call) => {
    // Node takes more than 2^31 - 1 ms for none at all; who is woken too early looks and sleeps on.
    const timer = setTimeout(call, Math.min(ms, 2 ** 31 - 1));
    return () => clearTimeout(timer);
  },
};

/** Something to be done at a time. */
export interface Due {
  /** When it was decided. */
  readonly from: number;
  readonly at: number;
}

export const dueIn = (now: number, ms: number): Due => ({ from: now, at: now + ms });

/** Milliseconds until it is due, never more than it was to wait: a clock that has been put back makes it due at once. */
export const waitFor = (due: Due, now: number): number => (now < due.from ? 0 : Math.max(0, due.at - now));
