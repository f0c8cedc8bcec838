import { renderProgress } from '../render/progress.ts';
import type { Context } from './context.ts';

/** Shorter work needs no progress: a line that comes and goes at once only flickers. */
export const SILENT_MS = 500;

/** Takes away what stands on the line. */
export const BEGIN = '\r\u001b[K';

export interface Progress {
  update(done: number, total: number, text: string): void;
  /** Takes the line away again. */
  clear(): void;
}

/** One line on standard error that is written over, on a terminal and for long work; elsewhere nothing, or with -v a line for each step. */
export function createProgress(context: Context): Progress {
  const { io, flags, err } = context;
  const terminal = io.stderr.isTTY === true && !flags.quiet && !flags.json && !flags.plain;
  const since = performance.now();
  let shown = false;
  return {
    update: (done, total, text) => {
      const line = renderProgress(done, total, text, err);
      if (!terminal) {
        if (flags.verbose) context.aside(line);
        return;
      }
      if (performance.now() - since < SILENT_MS) return;
      io.stderr.write(BEGIN + line);
      shown = true;
    },
    clear: () => {
      if (shown) io.stderr.write(BEGIN);
      shown = false;
    },
  };
}
