import { HostError, StepError } from '../model/errors.ts';
import type { Remark } from '../model/report.ts';
import type { Cause, WatchEvent } from '../model/watch.ts';
import { backoffMs } from './backoff.ts';
import { type Clock, type Due, dueIn, waitFor } from './clock.ts';
import type { WatchedHost } from './host.ts';

/** A file has to stay away for so long before its topology is removed: a checkout takes files away for a moment. */
const STABLE_MS = 3000;

export interface GoneOptions {
  readonly host: WatchedHost;
  readonly clock: Clock;
  readonly emit: (event: WatchEvent) => void;
  readonly remarksOf: (error: unknown) => readonly Remark[];
  readonly prune: boolean;
}

/** Topologies whose file has gone: reported once, and with `prune` removed once it has stayed away. */
export interface Gone {
  /** What every good reading of the files found gone: name → the file it had. */
  update(found: ReadonlyMap<string, string>): void;
  /** Removes what has been gone for long enough, if it still is. Returns whether anything was changed. */
  prune(signal: AbortSignal): Promise<boolean>;
  /** Removes a topology now, provided that its record still names this file. Returns whether nothing of ours is left of it. */
  remove(topology: string, file: string, cause: Cause): Promise<boolean>;
  waits(now: number): readonly number[];
}

export function createGone({ host, clock, emit, remarksOf, prune }: GoneOptions): Gone {
  const gone = new Map<string, { file: string; due: Due; failures: number; said: string }>();

  const later = (topology: string, file: string, cause: Cause, errors: readonly Remark[]): false => {
    const last = gone.get(topology);
    const failures = (last?.failures ?? 0) + 1;
    const retryMs = backoffMs(failures);
    const said = JSON.stringify(errors);
    gone.set(topology, { file, due: dueIn(clock.now(), retryMs), failures, said });
    if (said !== last?.said) emit({ event: 'failed', topology, cause, errors, remaining: [], retryMs });
    return false;
  };

  const remove = async (topology: string, file: string, cause: Cause): Promise<boolean> => {
    const started = clock.now();
    try {
      const report = await host.exclusive(async (held) => {
        // Nobody else changes the host from here on: what was seen before may have been put right meanwhile.
        const isOurs = (await held.recorded()).some((one) => one.name === topology && one.file === file);
        if (!isOurs || (cause === 'prune' && (await held.holds(file, topology)))) return undefined;
        const replan = () => held.planDestroy(topology, { force: false });
        return held.apply(await replan(), { keepGoing: true, replan });
      });
      if (report !== undefined) {
        const { status, plan, error } = report;
        if (status === 'blocked') {
          return later(
            topology,
            file,
            cause,
            plan.blockers.map(({ code, message, hint }) => ({ code, message, hint })),
          );
        }
        if (status !== 'converged' && status !== 'unchanged')
          return later(topology, file, cause, error === undefined ? [] : remarksOf(error));
        emit({ event: 'pruned', topology, cause, changes: plan.changes, ms: Math.max(0, clock.now() - started) });
      }
      gone.delete(topology);
      return true;
    } catch (error) {
      if (!(error instanceof HostError || error instanceof StepError)) throw error;
      return later(topology, file, cause, remarksOf(error));
    }
  };

  return {
    update: (found) => {
      for (const name of [...gone.keys()]) if (!found.has(name)) gone.delete(name);
      for (const [topology, file] of found) {
        if (gone.has(topology)) continue;
        gone.set(topology, { file, due: dueIn(clock.now(), STABLE_MS), failures: 0, said: '' });
        emit({ event: 'gone', topology, file, prune });
      }
    },
    prune: async (signal) => {
      let altered = false;
      if (!prune) return altered;
      for (const [topology, { file, due }] of [...gone]) {
        if (signal.aborted || waitFor(due, clock.now()) > 0) continue;
        altered = (await remove(topology, file, 'prune')) || altered;
      }
      return altered;
    },
    remove,
    waits: (now) => (prune ? [...gone.values()].map(({ due }) => waitFor(due, now)) : []),
  };
}
