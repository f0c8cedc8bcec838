import type { Remark } from '../../model/report.ts';
import type { WatchEvent } from '../../model/watch.ts';
import { remarksOfError } from '../../render/remark.ts';
import { renderWatchEvent, watchEventJson } from '../../render/watch.ts';
import type { WatchedHost } from '../../watch/host.ts';
import type { Watch } from '../../watch/loop.ts';
import type { Onlooker, Reconciled } from '../../watch/onlookers/onlooker.ts';
import { createPulse } from '../../watch/onlookers/pulse.ts';
import type { WatchStatus } from '../../watch/tracked.ts';
import type { Context, Run } from '../context.ts';
import { EXIT, worst } from '../exit.ts';
import { usageError } from '../failure.ts';
import type { Host } from '../host.ts';
import { stayLean } from '../lean.ts';
import { recorded } from '../record.ts';
import { listenOf, serve } from '../serving.ts';
import { superviseBy } from '../supervision.ts';
import { createReader, holds, watchedOf } from '../watching.ts';

const RESYNC_MS = 300_000;

export const run: Run = async (context, targets) => {
  stayLean();
  const { flags } = context;
  if (flags.once && flags.destroyOnExit)
    throw usageError('--once and --destroy-on-exit exclude each other', 'what --once makes is to stay');
  const listen = await listenOf(context);
  const watched = await watchedOf(targets, context);
  const say = await createTeller(context);
  const read = await createReader(watched, context);
  let watch: Watch | undefined;
  const pulse = createPulse(async () => watch?.alive());
  const onlookers: Onlooker[] = listen === undefined ? [] : [await serve(listen, () => watch, pulse, context)];
  const emit = (event: WatchEvent): void => {
    say(event);
    for (const one of onlookers) one.said(event);
  };
  const onReconciled = (one: Reconciled): void => {
    for (const onlooker of onlookers) onlooker.reconciled(one);
  };
  let signals: Signals | undefined;
  try {
    watch = await createRealWatch({ read, emit, onReconciled, resyncMs: flags.resync ?? RESYNC_MS, prune: flags.prune === true }, context);
    signals = heedSignals(watch, onlookers);
    if (flags.once) return codeOf(await watch.once(signals.stop));
    onlookers.push(...(await superviseBy(context, watch, pulse)));
    await watch.run(signals.stop);
    const removed = flags.destroyOnExit ? await watch.destroy() : true;
    emit({ event: 'stopped', signal: signals.by() });
    return removed ? EXIT.ok : EXIT.partial;
  } finally {
    signals?.release();
    await Promise.all(onlookers.map((one) => one.close()));
  }
};

interface Signals {
  /** Raised by SIGINT and SIGTERM. */
  readonly stop: AbortSignal;
  /** Which of them it was. */
  by(): NodeJS.Signals;
  release(): void;
}

/** SIGINT and SIGTERM end the watch, SIGHUP has it look at everything anew. */
function heedSignals(watch: Watch, onlookers: readonly Onlooker[]): Signals {
  const stop = new AbortController();
  let by: NodeJS.Signals | undefined;
  const onStop = (signal: NodeJS.Signals): void => {
    for (const one of onlookers) one.stopping();
    by = signal;
    stop.abort();
    // Once more ends it at once, which is safe too.
    process.off('SIGINT', onStop).off('SIGTERM', onStop);
  };
  const onReload = (): void => {
    const done = watch.refresh();
    for (const one of onlookers) one.reloading(done);
  };
  process.on('SIGINT', onStop).on('SIGTERM', onStop).on('SIGHUP', onReload);
  return {
    stop: stop.signal,
    by: () => by ?? 'SIGTERM',
    release: () => void process.off('SIGINT', onStop).off('SIGTERM', onStop).off('SIGHUP', onReload),
  };
}

interface Parts {
  readonly read: Parameters<typeof import('../../watch/loop.ts').createWatch>[0]['read'];
  readonly emit: (event: WatchEvent) => void;
  readonly onReconciled: (one: Reconciled) => void;
  readonly resyncMs: number;
  readonly prune: boolean;
}

/** A watch of the host that this process runs on. */
async function createRealWatch(parts: Parts, context: Context): Promise<Watch> {
  const [{ createWatch }, { systemClock }, { watchFiles }, { createListener }] = await Promise.all([
    import('../../watch/loop.ts'),
    import('../../watch/clock.ts'),
    import('../../watch/files.ts'),
    import('../../kernel/listen/listener.ts'),
  ]);
  const host = watchedHost(context.host, context);
  return createWatch({ ...parts, host, clock: systemClock, watchFiles, listen: (onSign) => createListener({ onSign }), remarksOf });
}

/** The host as a watch asks it: what it does is on record, and it waits for others as long as it was told to. */
function watchedHost(host: Host, context: Context): WatchedHost {
  const { lockTimeout } = context.flags;
  return {
    plan: host.plan,
    planDestroy: host.planDestroy,
    recorded: host.recorded,
    apply: async (plan, options) => {
      // Asked again and again, it would fill the audit trail.
      if (plan.operations.length > 0 && plan.blockers.length === 0) await host.refuseWhilePending();
      const file = options.topology?.file ?? plan.file;
      const undertaking = { name: plan.topology, ...(file === undefined ? {} : { file }), ...options };
      return recorded(plan, undertaking, host, context, () => host.apply(plan, options));
    },
    holds: (file, name, besides) => holds(file, name, besides, context),
    exclusive: (work, signal) =>
      host.exclusive((held) => work(watchedHost(held, context)), {
        ...(lockTimeout === undefined ? {} : { timeoutMs: lockTimeout }),
        ...(signal === undefined ? {} : { signal }),
      }),
  };
}

/** A plain error of the pipeline's says what the outcome was (`did not stick`) and is no bug of ours. */
const remarksOf = (error: unknown): readonly Remark[] =>
  error instanceof Error && error.name === 'Error' ? [{ code: 'E_APPLY', message: error.message }] : remarksOfError(error);

/** Says events, one line each, with the time unless systemd's journal adds its own. */
async function createTeller({ io, flags, out, host }: Context): Promise<(event: WatchEvent) => void> {
  const describe = await host.describe();
  const isTimed = io.env.JOURNAL_STREAM === undefined;
  return (event) => {
    const now = new Date();
    if (flags.json) return void io.stdout.write(`${JSON.stringify(watchEventJson(event, now.toISOString()))}\n`);
    if (flags.quiet && !isTrouble(event)) return;
    const time = isTimed ? `${out.colors.dim(now.toTimeString().slice(0, 8))} ` : '';
    io.stdout.write(`${time}${renderWatchEvent(event, describe, out)}\n`);
  };
}

const isTrouble = ({ event }: WatchEvent): boolean =>
  ['failed', 'blocked', 'waiting', 'contested', 'invalid', 'unreadable', 'gone', 'held', 'deaf'].includes(event);

/** Of `--once`: what a person has to look at. */
function codeOf({ topologies, invalid, unreadable }: WatchStatus): number {
  const codes = topologies.map(({ standing }) => {
    switch (standing) {
      case 'converged':
      case 'contested':
        return EXIT.ok;
      case 'waiting':
        return EXIT.locked;
      case 'failed':
        return EXIT.partial;
      case 'new':
      case 'blocked':
      case 'held':
        return EXIT.error;
    }
    return standing satisfies never;
  });
  return worst([...codes, ...(invalid.size > 0 || unreadable.length > 0 ? [EXIT.error] : [])]);
}
