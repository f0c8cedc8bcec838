import type { Cause } from '../model/watch.ts';
import type { Clock, Due } from './clock.ts';
import { dueIn, waitFor } from './clock.ts';

/** Events of one burst arrive within this time of each other; a burst without end is answered after the second. */
export const GATHER_MS = 50;
export const GATHER_MAX_MS = 500;

/** What signs have asked to be looked at again, and when to do so. */
export interface Pending {
  /** `all` for every topology. */
  add(what: string | 'all', cause: Cause): void;
  /** Takes back what has just been looked at. */
  forget(topology: string): void;
  /** Everything that is asked for, and begins anew. */
  take(): { readonly all: Cause | undefined; readonly topologies: ReadonlyMap<string, Cause> };
  /** Milliseconds until the burst is over; undefined where nothing is asked for. */
  wait(): number | undefined;
  /** Whether files are to be read again before anything else. */
  filesChanged(): boolean;
}

export function createPending(clock: Clock): Pending {
  let all: Cause | undefined;
  let topologies = new Map<string, Cause>();
  let first: Due | undefined;
  let last: Due | undefined;
  return {
    add: (what, cause) => {
      const now = clock.now();
      first ??= dueIn(now, GATHER_MAX_MS);
      last = dueIn(now, GATHER_MS);
      // A file's change outranks what the kernel says: it has to be read first.
      if (what === 'all') all = all === 'file' ? all : cause;
      else if (topologies.get(what) !== 'file') topologies.set(what, cause);
    },
    forget: (topology) => {
      topologies.delete(topology);
      if (topologies.size === 0 && all === undefined) first = last = undefined;
    },
    take: () => {
      const taken = { all, topologies };
      [all, topologies, first, last] = [undefined, new Map(), undefined, undefined];
      return taken;
    },
    wait: () => (first === undefined || last === undefined ? undefined : Math.min(waitFor(first, clock.now()), waitFor(last, clock.now()))),
    filesChanged: () => all === 'file',
  };
}
