import type { Cause } from '../model/watch.ts';
import { type Clock, type Due, dueIn, waitFor } from './clock.ts';

/** Events of one burst arrive within this time of each other; a burst without end is answered after the second. */
export const GATHER_MS = 50;
export const GATHER_MAX_MS = 500;

/** What is asked for at a moment. */
export interface Asked {
  /** Whether files are to be read again, and because of what. */
  readonly files: Cause | undefined;
  /** Every topology is to be looked at. */
  readonly all: Cause | undefined;
  /** These are, by name. */
  readonly topologies: ReadonlyMap<string, Cause>;
}

/** What signs have asked to be looked at again, and when to do so. */
export interface Pending {
  addFiles(cause: Cause): void;
  addAll(cause: Cause): void;
  add(topology: string, cause: Cause): void;
  /** Takes back what has just been looked at. */
  forget(topology: string): void;
  /** Everything that is asked for, and begins anew. */
  take(): Asked;
  /** Milliseconds until the burst is over; undefined where nothing is asked for. */
  wait(): number | undefined;
  /** Whether files are to be read again before anything else. */
  filesChanged(): boolean;
}

export function createPending(clock: Clock): Pending {
  let files: Cause | undefined;
  let all: Cause | undefined;
  let topologies = new Map<string, Cause>();
  let first: Due | undefined;
  let last: Due | undefined;
  const note = (): void => {
    const now = clock.now();
    first ??= dueIn(now, GATHER_MAX_MS);
    last = dueIn(now, GATHER_MS);
  };
  return {
    addFiles: (cause) => {
      files ??= cause;
      note();
    },
    addAll: (cause) => {
      all ??= cause;
      note();
    },
    add: (topology, cause) => {
      if (!topologies.has(topology)) topologies.set(topology, cause);
      note();
    },
    forget: (topology) => {
      topologies.delete(topology);
      if (topologies.size === 0 && all === undefined && files === undefined) first = last = undefined;
    },
    take: () => {
      const taken = { files, all, topologies };
      [files, all, topologies, first, last] = [undefined, undefined, new Map(), undefined, undefined];
      return taken;
    },
    wait: () => (first === undefined || last === undefined ? undefined : Math.min(waitFor(first, clock.now()), waitFor(last, clock.now()))),
    filesChanged: () => files !== undefined,
  };
}
