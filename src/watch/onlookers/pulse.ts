/** Whether the loop still goes round. A timer alone would say so of a loop that waits for ever for a program that hangs. */
export interface Pulse {
  /** Asks the loop for a sign of life; resolves when it has given one. Asked again meanwhile, it is the same question. */
  feel(): Promise<void>;
  /** For how long a question has gone unanswered, in milliseconds; 0: none has. */
  silentMs(): number;
}

/** `alive` resolves when the loop comes by. `now` must not jump: milliseconds of a monotonic clock. */
export function createPulse(alive: () => Promise<void>, now: () => number = () => performance.now()): Pulse {
  let asked: { readonly at: number; readonly answer: Promise<void> } | undefined;
  return {
    feel: () => {
      asked ??= {
        at: now(),
        answer: alive().then(() => {
          asked = undefined;
        }),
      };
      return asked.answer;
    },
    silentMs: () => (asked === undefined ? 0 : now() - asked.at),
  };
}
