import type { Clock } from '../clock.ts';
import type { Onlooker } from './onlooker.ts';
import type { Pulse } from './pulse.ts';

export interface SupervisedOptions {
  /** Tells the service manager, in the words of sd_notify(3). */
  readonly notify: { tell(...assignments: readonly string[]): Promise<void>; abort(): void };
  /** How long the service manager waits for a sign of life before it kills; undefined: for ever. */
  readonly watchdogMs: number | undefined;
  readonly pulse: Pulse;
  readonly clock: Clock;
  /** One line: how everything stands now. */
  readonly statusText: () => string;
  /** Told once when the service manager cannot be told; the watch goes on. */
  readonly onFailure: (error: unknown) => void;
}

/** A service manager that does not take the last word must not hold up the end. */
const LAST_WORD_MS = 300;

/** Tells of readiness, of how things stand, and of life: only the loop itself makes the watchdog content, no timer does. */
export function supervise(options: SupervisedOptions): Onlooker {
  const { notify, pulse, clock, watchdogMs } = options;
  let status = '';
  let ready = false;
  let failed = false;
  let asked = false;
  let stopped = false;
  let pending: Promise<void> = Promise.resolve();
  let off = (): void => {};

  const tell = (...assignments: readonly string[]): void => {
    pending = notify.tell(...assignments).catch((error: unknown) => {
      if (!failed) options.onFailure(error);
      failed = true;
    });
  };
  /** The status, where it is another one than was told last. */
  const news = (): string[] => {
    const text = options.statusText();
    if (text === status) return [];
    status = text;
    return [`STATUS=${text}`];
  };
  // An event is said in the middle of things; once the loop comes by, its status agrees with it.
  const tellNews = (): void => {
    void pulse.feel().then(() => {
      const lines = stopped ? [] : news();
      if (lines.length > 0) tell(...lines);
    });
  };
  // Half of the time, as sd_watchdog_enabled(3) has it; a loop that is at work answers after the topology at hand.
  const beat = (ms: number): void => {
    off = clock.after(ms, () => {
      beat(ms);
      if (asked) return;
      asked = true;
      void pulse.feel().then(() => {
        asked = false;
        if (!stopped) tell('WATCHDOG=1', ...news());
      });
    });
  };
  const begin = (): void => {
    ready = true;
    tell('READY=1', ...news());
    if (watchdogMs !== undefined) beat(watchdogMs / 2);
  };

  return {
    said: ({ event }) => {
      // The first round is over, with or without success: from now on it is the watch's to converge, and not the service manager's to start it again.
      if (event === 'watching') begin();
      else if (ready && !stopped) tellNews();
    },
    reconciled: () => {},
    reloading: (done) => {
      if (!ready) return;
      // MONOTONIC_USEC is for Type=notify-reload, which pairs the answer with its question.
      tell('RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`);
      void done.then(() => {
        if (!stopped) tell('READY=1', ...news());
      });
    },
    stopping: () => {
      stopped = true;
      off();
      tell('STOPPING=1', 'STATUS=stopping');
    },
    close: async () => {
      off();
      const late = clock.after(LAST_WORD_MS, notify.abort);
      await pending;
      late();
    },
  };
}
