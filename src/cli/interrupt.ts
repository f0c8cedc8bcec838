import { setMaxListeners } from 'node:events';
import type { Context } from './context.ts';

/** Runs something that the first Ctrl-C (or SIGTERM) asks to stop; the second one ends the process at once, which is safe too: apply again. */
export async function interruptible<T>(context: Context, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  // Every probe under way listens to it; Node would warn of a leak from the eleventh on.
  setMaxListeners(0, controller.signal);
  const stop = (signal: NodeJS.Signals): void => {
    off();
    context.aside(`${signal}: stopping after what is under way; once more to stop at once`);
    controller.abort();
  };
  const off = (): void => void process.off('SIGINT', stop).off('SIGTERM', stop);
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    return await work(controller.signal);
  } finally {
    off();
  }
}
