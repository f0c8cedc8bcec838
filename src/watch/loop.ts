import type { Listener, Sign } from '../model/listener.ts';
import type { Remark } from '../model/report.ts';
import type { Change } from '../model/resource.ts';
import type { Cause, WatchEvent } from '../model/watch.ts';
import { interestOf } from '../pipeline/interest.ts';
import { type Clock, type Due, dueIn, waitFor } from './clock.ts';
import { createContent } from './content.ts';
import type { FileWatch } from './files.ts';
import { createGone } from './gone.ts';
import type { WatchedHost } from './host.ts';
import type { Reconciled } from './onlookers/onlooker.ts';
import { createPending } from './pending.ts';
import type { Reading } from './reading.ts';
import { reconcile } from './reconcile.ts';
import { createSleeper } from './sleeper.ts';
import { statusOf, type Tracked, type WatchStatus } from './tracked.ts';

export interface WatchOptions {
  readonly host: WatchedHost;
  readonly clock: Clock;
  readonly read: () => Promise<Reading>;
  readonly listen: (onSign: (sign: Sign) => void) => Listener;
  readonly watchFiles: (onChange: () => void) => FileWatch;
  readonly emit: (event: WatchEvent) => void;
  /** Told after each look at a topology. */
  readonly onReconciled?: (one: Reconciled) => void;
  readonly remarksOf: (error: unknown) => readonly Remark[];
  /** Look at everything this often, whatever was heard; 0: never. */
  readonly resyncMs: number;
  /** Whether topologies without a file, and namespaces of emptied files, are removed. */
  readonly prune: boolean;
}

export interface Watch {
  /** Keeps up what the files say until the signal comes; what is under way then is finished. Throws what is our own fault. */
  run(signal: AbortSignal): Promise<void>;
  /** Converges once, and says how everything stands. */
  once(signal: AbortSignal): Promise<WatchStatus>;
  /** Removes what is kept up. Returns whether all of it is gone. */
  destroy(): Promise<boolean>;
  /** Reads every file again and looks at everything; resolves when that is done. */
  refresh(): Promise<void>;
  /** Resolves when the loop next comes by: at once while it waits, after the topology at hand while it works, never if it hangs. */
  alive(): Promise<void>;
  status(): WatchStatus;
}

/** After a round the next one waits for this many times as long as it took: a host where much changes is not looked at all the time. */
const REST = 2;
const REST_MAX_MS = 2000;
/** Foreign changes matter to who waits for something foreign to go away, and to nobody else; not oftener than this. */
const FOREIGN_MS = 1000;

export function createWatch(options: WatchOptions): Watch {
  const { clock, emit } = options;
  const pending = createPending(clock);
  const tracked = new Map<string, Tracked>();
  const gone = createGone(options);
  let resync: Due | undefined;
  let rest: Due | undefined;
  let foreign: Due | undefined;
  let deaf = '';
  let rounds = 0;
  let refreshed: (() => void)[] = [];
  const sleeper = createSleeper(clock);

  const ask = (topology: string, cause: Cause): void => {
    pending.add(topology, cause);
    sleeper.wake();
  };
  const askAll = (cause: Cause): void => {
    pending.addAll(cause);
    sleeper.wake();
  };
  const askFiles = (cause: Cause): void => {
    pending.addFiles(cause);
    sleeper.wake();
  };
  const onSign = ({ topology, lost }: Sign): void => {
    if (lost) askAll('kernel');
    else if (topology === undefined) askWaiting();
    else if (tracked.has(topology)) ask(topology, 'kernel');
  };
  const askWaiting = (): void => {
    const now = clock.now();
    const waiting = [...tracked.values()].filter(({ standing }) => standing === 'blocked' || standing === 'failed');
    if (waiting.length === 0 || (foreign !== undefined && waitFor(foreign, now) > 0)) return;
    foreign = dueIn(now, FOREIGN_MS);
    for (const one of waiting) ask(one.topology.name, 'kernel');
  };
  const listener = options.listen(onSign);
  const files = options.watchFiles(() => askFiles('file'));
  const content = createContent({ ...options, tracked, gone, files });

  const reconcileOne = async (one: Tracked, cause: Cause, signal: AbortSignal): Promise<readonly Change[]> => {
    const { name: topology } = one.topology;
    const started = clock.now();
    const changes = await reconcile(one, { ...options, listener, cause, signal, onSecondLook: () => pending.forget(topology) });
    const changed = changes.map(({ id }) => id);
    options.onReconciled?.({ topology, standing: one.standing, changed, ms: Math.max(0, clock.now() - started) });
    sleeper.comesBy();
    return changes;
  };

  /** Looks at what was asked for and what is due, one topology after the other. */
  const round = async (signal: AbortSignal): Promise<void> => {
    const started = clock.now();
    rounds += 1;
    const asked = pending.take();
    const awaited = refreshed;
    refreshed = [];
    const isResync = resync !== undefined && waitFor(resync, started) === 0;
    if (isResync) resync = dueIn(started, options.resyncMs);
    // What is to be removed because its file is away must still be away.
    const reads = asked.files !== undefined || isResync || (content.certain() && gone.waits(started).includes(0));
    const changed = reads ? await content.read() : new Set<string>();
    if (asked.files === 'start') await listener.follow(interests());
    let made = false;
    let altered = changed.size > 0 && asked.files !== 'start';
    for (const [name, one] of [...tracked]) {
      if (signal.aborted) return;
      const due = one.retry !== undefined && waitFor(one.retry.due, clock.now()) === 0 ? one.retry.cause : undefined;
      const resyncs = isResync ? 'timer' : undefined;
      const cause = changed.has(name) ? (asked.files ?? 'file') : (asked.all ?? asked.topologies.get(name) ?? due ?? resyncs);
      if (cause === undefined) continue;
      const restMs = one.rest === undefined || cause !== 'kernel' ? 0 : waitFor(one.rest, clock.now());
      if (restMs > 0) {
        one.retry = { due: dueIn(clock.now(), restMs), cause };
        continue;
      }
      const changes = await reconcileOne(one, cause, signal);
      altered ||= changes.length > 0;
      made ||= one.standing === 'converged' && changes.some(isNewPlace);
    }
    altered = (content.certain() && (await gone.prune(signal))) || altered;
    if (altered) await listener.follow(interests());
    // A namespace that was made has been heard of only since then.
    if (made) for (const name of tracked.keys()) pending.add(name, 'kernel');
    tellHearing();
    rest = dueIn(clock.now(), Math.min(REST * Math.max(0, clock.now() - started), REST_MAX_MS));
    for (const done of awaited) done();
  };

  const interests = () => [...tracked.values()].map(({ topology }) => interestOf(topology));

  const tellHearing = (): void => {
    const reasons = listener.blind();
    if (reasons.join() === deaf) return;
    deaf = reasons.join();
    emit(reasons.length > 0 ? { event: 'deaf', reasons } : { event: 'hearing' });
  };

  /** Milliseconds until there is something to do; undefined: only a sign can tell. */
  const waitMs = (): number | undefined => {
    const now = clock.now();
    const asked = pending.wait();
    // Files go first, and what is found wrong at once; only who looks again and again has to rest.
    const gathered = asked === undefined ? [] : [Math.max(asked, rest === undefined || pending.filesChanged() ? 0 : waitFor(rest, now))];
    const retries = [...tracked.values()].flatMap(({ retry }) => (retry === undefined ? [] : [waitFor(retry.due, now)]));
    const all = [
      ...gathered,
      ...retries,
      ...(resync === undefined ? [] : [waitFor(resync, now)]),
      ...(content.certain() ? gone.waits(now) : []),
    ];
    return all.length === 0 ? undefined : Math.min(...all);
  };

  const status = (): WatchStatus => ({
    topologies: [...tracked.values()].map((one) => statusOf(one, clock)),
    invalid: content.invalid(),
    unreadable: content.unreadable(),
    blind: listener.blind(),
    rounds,
  });
  const close = async (): Promise<void> => void (await Promise.all([files.close(), listener.close()]));

  return {
    run: async (signal) => {
      try {
        pending.addFiles('start');
        if (options.resyncMs > 0) resync = dueIn(clock.now(), options.resyncMs);
        await round(signal);
        emit({ event: 'watching', files: content.files(), topologies: [...tracked.keys()] });
        while (!signal.aborted) {
          sleeper.comesBy();
          const ms = waitMs();
          if (ms === undefined || ms > 0) await sleeper.sleep(ms, signal);
          else await round(signal);
        }
      } finally {
        await close();
      }
    },
    once: async (signal) => {
      try {
        pending.addFiles('start');
        await round(signal);
        // What is gone has to stay away for a while.
        const waits = content.certain() ? gone.waits(clock.now()) : [];
        if (waits.length > 0) {
          await sleeper.sleep(Math.max(...waits), signal);
          await round(signal);
        }
        return status();
      } finally {
        await close();
      }
    },
    destroy: async () => {
      let removed = true;
      for (const { topology, path, lastSuccess } of [...tracked.values()].toReversed()) {
        // What this watch has not made, or somebody has applied from elsewhere since, is not for it to remove.
        if (lastSuccess !== undefined) removed = (await gone.remove(topology.name, path, 'exit')) && removed;
      }
      return removed;
    },
    refresh: () => {
      askFiles('signal');
      askAll('signal');
      return new Promise((done) => refreshed.push(done));
    },
    alive: sleeper.alive,
    status,
  };
}

/** Whether there is now a place that nobody could listen to before. */
const isNewPlace = ({ action, kind }: Change): boolean =>
  (action === 'create' || action === 'replace') && (kind === 'namespace' || kind === 'attach' || kind === 'share');
