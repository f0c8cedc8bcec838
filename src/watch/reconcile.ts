import { type Blocker, HostError, StepError } from '../model/errors.ts';
import type { Listener } from '../model/listener.ts';
import type { Remark, Report } from '../model/report.ts';
import type { Change, Plan } from '../model/resource.ts';
import type { Topology } from '../model/topology.ts';
import type { Cause, WatchEvent } from '../model/watch.ts';
import { backoffMs } from './backoff.ts';
import { type Clock, dueIn } from './clock.ts';
import type { WatchedHost } from './host.ts';
import type { Tracked } from './tracked.ts';

export interface ReconcileOptions {
  readonly host: WatchedHost;
  readonly listener: Listener;
  readonly clock: Clock;
  readonly cause: Cause;
  /** Whether emptied topologies may lose their namespaces. */
  readonly prune: boolean;
  readonly emit: (event: WatchEvent) => void;
  /** Forgets the signs of what has just been done: it is looked at now. */
  readonly onSecondLook: () => void;
  readonly remarksOf: (error: unknown) => readonly Remark[];
}

/** What became of a topology: the plan as it was, and what was done about it. */
type Result =
  | { readonly did: 'nothing'; readonly plan: Plan }
  | { readonly did: 'left'; readonly plan: Plan; readonly patienceMs: number }
  | { readonly did: 'held'; readonly namespaces: readonly string[] }
  | { readonly did: 'apply'; readonly report: Report };

/** Makes the host be what a topology says, and notes how it went. Returns the changes that were made. Throws only what is our own fault. */
export async function reconcile(tracked: Tracked, options: ReconcileOptions): Promise<readonly Change[]> {
  const { clock } = options;
  const started = clock.now();
  tracked.retry = undefined;
  try {
    const result = await options.host.exclusive((host) => converge(tracked, host, options));
    return note(tracked, result, Math.max(0, clock.now() - started), options);
  } catch (error) {
    if (!(error instanceof HostError || error instanceof StepError)) throw error;
    fail(tracked, options.remarksOf(error), [], options, error instanceof HostError && error.code === 'E_LOCKED');
    return [];
  }
}

async function converge(tracked: Tracked, host: WatchedHost, options: ReconcileOptions): Promise<Result> {
  const { topology } = tracked;
  const plan = await host.plan(topology, { adopt: false });
  if (plan.blockers.length > 0) return { did: 'apply', report: await apply(plan, topology, host, options) };
  if (plan.operations.length === 0) return { did: 'nothing', plan };
  const doomed = emptied(topology, plan);
  if (doomed.length > 0 && !options.prune) return { did: 'held', namespaces: doomed };
  const patienceMs = options.cause === 'file' ? 0 : tracked.contest.patience(idsOf(plan), options.clock.now());
  if (patienceMs > 0) return { did: 'left', plan, patienceMs };
  return { did: 'apply', report: await apply(plan, topology, host, options) };
}

function apply(plan: Plan, topology: Topology, host: WatchedHost, { listener, onSecondLook }: ReconcileOptions): Promise<Report> {
  const replan = async (): Promise<Plan> => {
    // What our own changes have sent out is heard by now, and seen by the look that follows: no reason for another.
    await listener.settled();
    onSecondLook();
    return host.plan(topology, { adopt: false });
  };
  return host.apply(plan, { topology, keepGoing: true, replan });
}

/** Namespaces that would go because the file has none left at all: mostly a mistake. */
const emptied = (topology: Topology, plan: Plan): string[] =>
  topology.namespaces.length > 0
    ? []
    : plan.changes.filter(({ action, kind }) => action === 'delete' && kind === 'namespace').map(({ id }) => id.slice('namespace:'.length));

const idsOf = (plan: Plan) => plan.changes.map(({ id }) => id);

function note(tracked: Tracked, result: Result, ms: number, options: ReconcileOptions): readonly Change[] {
  const { name: topology, file } = tracked.topology;
  switch (result.did) {
    case 'nothing':
      succeed(tracked, options, [], ms);
      return [];
    case 'held':
      tracked.standing = 'held';
      say(tracked, options, { event: 'held', topology, file, namespaces: result.namespaces });
      return [];
    case 'left':
      tracked.standing = 'contested';
      tracked.retry = { due: dueIn(options.clock.now(), result.patienceMs), cause: 'retry' };
      return [];
    case 'apply':
      return noteReport(tracked, result.report, ms, options);
  }
  return result satisfies never;
}

function noteReport(tracked: Tracked, report: Report, ms: number, options: ReconcileOptions): readonly Change[] {
  switch (report.status) {
    case 'unchanged':
    case 'converged':
      succeed(tracked, options, report.plan.changes, ms);
      return report.plan.changes;
    case 'blocked':
      block(tracked, report.plan.blockers, options);
      return [];
    case 'rolled-back':
    case 'partial': {
      const errors = report.error === undefined ? [] : options.remarksOf(report.error);
      fail(tracked, errors, report.remaining, options, false);
      return report.plan.changes;
    }
  }
  return report.status satisfies never;
}

function succeed(tracked: Tracked, { clock, cause, emit }: ReconcileOptions, changes: readonly Change[], ms: number): void {
  const topology = tracked.topology.name;
  const repair = tracked.convergedTo === tracked.topology.digest;
  const troubled = tracked.standing !== 'converged' && tracked.standing !== 'contested';
  Object.assign(tracked, {
    standing: 'converged',
    convergedTo: tracked.topology.digest,
    failures: 0,
    said: '',
    lastSuccess: clock.now(),
    problems: [],
  });
  if (changes.length === 0) {
    if (troubled) emit({ event: 'unchanged', topology, cause, ms });
    return;
  }
  emit({ event: 'converged', topology, cause, repair, changes, ms });
  if (repair) noteFight(tracked, changes, clock.now(), emit);
  else tracked.contest.forget();
}

function noteFight({ contest, topology }: Tracked, changes: readonly Change[], now: number, emit: ReconcileOptions['emit']): void {
  const ids = contest.repaired(
    changes.map(({ id }) => id),
    now,
  );
  if (ids.length > 0) emit({ event: 'contested', topology: topology.name, ids, retryMs: contest.patience(ids, now) });
}

function block(tracked: Tracked, blockers: readonly Blocker[], options: ReconcileOptions): void {
  const remarks = blockers.map(({ code, message, hint, origin }): Remark => ({ code, message, hint, ...origin }));
  const retryMs = again(tracked, options.clock);
  Object.assign(tracked, { standing: 'blocked', problems: remarks });
  say(tracked, options, { event: 'blocked', topology: tracked.topology.name, blockers: remarks, retryMs });
}

function fail(tracked: Tracked, errors: readonly Remark[], remaining: readonly Change[], options: ReconcileOptions, locked: boolean): void {
  const topology = tracked.topology.name;
  const retryMs = again(tracked, options.clock);
  const [holder] = errors;
  Object.assign(tracked, { standing: locked ? 'waiting' : 'failed', problems: errors });
  if (locked && holder !== undefined) say(tracked, options, { event: 'waiting', topology, holder, retryMs });
  else say(tracked, options, { event: 'failed', topology, cause: options.cause, errors, remaining, retryMs });
}

function again(tracked: Tracked, clock: Clock): number {
  tracked.failures += 1;
  const retryMs = backoffMs(tracked.failures);
  tracked.retry = { due: dueIn(clock.now(), retryMs), cause: 'retry' };
  return retryMs;
}

/** Says what is wrong once, and again only when it is something else. */
function say(tracked: Tracked, { emit }: ReconcileOptions, event: WatchEvent): void {
  const { retryMs: _, cause: __, ...what } = { retryMs: 0, cause: '', ...event };
  const text = JSON.stringify(what);
  if (text === tracked.said) return;
  tracked.said = text;
  emit(event);
}
