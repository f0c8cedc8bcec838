import { type Blocker, HostError, StepError } from '../model/errors.ts';
import type { Listener } from '../model/listener.ts';
import type { Remark, Report } from '../model/report.ts';
import type { Change, Plan } from '../model/resource.ts';
import type { Topology } from '../model/topology.ts';
import type { Cause, WatchEvent } from '../model/watch.ts';
import { backoffMs } from './backoff.ts';
import { type Clock, dueIn, waitFor } from './clock.ts';
import type { WatchedHost } from './host.ts';
import type { Standing, Tracked } from './tracked.ts';

/** A file that removes namespaces has to be unchanged for so long. */
const SETTLING_MS = 1000;
/** The share of the time until the next try that even a sign has to wait. */
const IMPATIENCE = 0.25;

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
  /** Calls off the waiting for another netloom. What is under way is finished. */
  readonly signal: AbortSignal;
}

/** What became of a topology: the plan as it was, and what was done about it. */
type Result =
  | { readonly did: 'nothing'; readonly plan: Plan }
  /** It is left as it is for so long. */
  | { readonly did: 'left'; readonly standing: Standing; readonly patienceMs: number }
  /** The new content is held back; the former is kept up. */
  | { readonly did: 'held'; readonly namespaces: readonly string[]; readonly report: Report | undefined }
  /** Another file is there that the topology was applied from. */
  | { readonly did: 'elsewhere'; readonly file: string }
  | { readonly did: 'apply'; readonly report: Report };

/** Makes the host be what a topology says, and notes how it went. Returns the changes that were made. Throws only what is our own fault. */
export async function reconcile(tracked: Tracked, options: ReconcileOptions): Promise<readonly Change[]> {
  const { clock, signal } = options;
  const started = clock.now();
  tracked.retry = undefined;
  try {
    const result = await options.host.exclusive((host) => converge(tracked, host, options), signal);
    return note(tracked, result, Math.max(0, clock.now() - started), options);
  } catch (error) {
    if (signal.aborted) return [];
    if (!(error instanceof HostError || error instanceof StepError)) throw error;
    // What cannot get better by waiting is for whoever has just started this to see.
    if (options.cause === 'start' && error instanceof HostError && isHopeless(error)) throw error;
    fail(tracked, options.remarksOf(error), [], options, error instanceof HostError && isBusy(error));
    return [];
  }
}

/** Another netloom is at work, or a change waits to be confirmed: it passes without anybody doing something about it. */
const isBusy = ({ code }: HostError): boolean => code === 'E_LOCKED' || code === 'E_CONFIRM_PENDING';

const isHopeless = ({ code }: HostError): boolean => code === 'E_PRIVILEGE' || code === 'E_NO_IP' || code === 'E_NO_NFT';

async function converge(tracked: Tracked, host: WatchedHost, options: ReconcileOptions): Promise<Result> {
  const { topology } = tracked;
  const now = options.clock.now();
  const other = (await host.recorded()).find(({ name, file }) => name === topology.name && file !== tracked.path);
  if (other !== undefined && (await host.holds(other.file, topology.name, tracked.path))) return { did: 'elsewhere', file: other.file };
  const plan = await host.plan(topology, { adopt: false });
  if (plan.blockers.length > 0) return { did: 'apply', report: await apply(plan, topology, host, options) };
  if (plan.operations.length === 0) return { did: 'nothing', plan };
  const doomed = plan.changes.filter(isPlace).map(({ id }) => id.slice(id.indexOf(':') + 1));
  if (doomed.length > 0 && topology.namespaces.length === 0 && !options.prune) {
    return { did: 'held', namespaces: doomed, report: await keepFormer(tracked, host, options) };
  }
  // A file may be read while it is being written: before namespaces are removed it has to stay as it is for a moment.
  const settling = tracked.converged === undefined ? 0 : waitFor({ from: tracked.readAt, at: tracked.readAt + SETTLING_MS }, now);
  if (doomed.length > 0 && settling > 0) return { did: 'left', standing: tracked.standing, patienceMs: settling };
  const patienceMs = options.cause === 'file' ? 0 : tracked.contest.patience(idsOf(plan), now);
  if (patienceMs > 0) return { did: 'left', standing: 'contested', patienceMs };
  return { did: 'apply', report: await apply(plan, topology, host, options) };
}

/** Puts right what differs from the content before, where it is known. */
async function keepFormer(tracked: Tracked, host: WatchedHost, options: ReconcileOptions): Promise<Report | undefined> {
  const { converged } = tracked;
  const plan = converged === undefined ? undefined : await host.plan(converged, { adopt: false });
  if (converged === undefined || plan === undefined || plan.operations.length === 0) return undefined;
  return apply(plan, converged, host, options);
}

/** The removal of a namespace, or of our name for one. */
const isPlace = ({ action, kind }: Change): boolean => action === 'delete' && ['namespace', 'attach', 'share'].includes(kind);

function apply(plan: Plan, topology: Topology, host: WatchedHost, { listener, onSecondLook }: ReconcileOptions): Promise<Report> {
  const replan = async (): Promise<Plan> => {
    // What our own changes have sent out is heard by now, and seen by the look that follows: no reason for another.
    await listener.settled();
    onSecondLook();
    return host.plan(topology, { adopt: false });
  };
  return host.apply(plan, { topology, keepGoing: true, replan });
}

const idsOf = (plan: Plan) => plan.changes.map(({ id }) => id);

function note(tracked: Tracked, result: Result, ms: number, options: ReconcileOptions): readonly Change[] {
  const topology = tracked.topology.name;
  switch (result.did) {
    case 'nothing':
      succeed(tracked, options, [], ms);
      return [];
    case 'held':
      tracked.standing = 'held';
      say(tracked, options, { event: 'held', topology, file: tracked.path, namespaces: result.namespaces });
      return result.report === undefined ? [] : noteKept(tracked, result.report, ms, options);
    case 'elsewhere': {
      const message = `${topology} was last applied from ${result.file}, which is still there`;
      const hint = `remove one of the two files, or take it over from here: netloom apply ${tracked.path}`;
      block(tracked, [{ code: 'E_TOPOLOGY_ELSEWHERE', message, hint }], options);
      return [];
    }
    case 'left':
      tracked.standing = result.standing;
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
    case 'partial':
      return noteRest(tracked, report, ms, options);
  }
  return report.status satisfies never;
}

/** Not all is as it should be: a failure, unless what is left is only what somebody else keeps changing back. */
function noteRest(tracked: Tracked, report: Report, ms: number, options: ReconcileOptions): readonly Change[] {
  const left = new Set(report.remaining.map(({ id }) => id));
  const patienceMs = tracked.contest.patience([...left], options.clock.now());
  if (patienceMs > 0) {
    const done = report.plan.changes.filter(({ id }) => !left.has(id));
    succeed(tracked, options, done, ms);
    tracked.standing = 'contested';
    tracked.retry = { due: dueIn(options.clock.now(), patienceMs), cause: 'retry' };
    return done;
  }
  fail(tracked, report.error === undefined ? [] : options.remarksOf(report.error), report.remaining, options, false);
  // Changed back before it could be seen to hold.
  if (isRepair(tracked)) noteFight(tracked, report.remaining, options);
  return report.plan.changes;
}

/** What was done for the former content while the new one is held back. */
function noteKept(tracked: Tracked, report: Report, ms: number, { cause, emit }: ReconcileOptions): readonly Change[] {
  if (report.status !== 'converged') return [];
  const { changes } = report.plan;
  emit({ event: 'converged', topology: tracked.topology.name, cause, repair: true, changes, ms });
  return changes;
}

const isRepair = ({ converged, topology }: Tracked): boolean => converged?.digest === topology.digest;

function succeed(tracked: Tracked, options: ReconcileOptions, changes: readonly Change[], ms: number): void {
  const topology = tracked.topology.name;
  const { clock, cause, emit } = options;
  const repair = isRepair(tracked);
  const troubled = tracked.standing !== 'converged' && tracked.standing !== 'contested';
  Object.assign(tracked, {
    standing: 'converged',
    converged: tracked.topology,
    rest: undefined,
    failures: 0,
    said: '',
    lastSuccess: clock.now(),
    problems: [],
  });
  if (!repair) tracked.contest.forget();
  if (changes.length === 0) {
    if (troubled) emit({ event: 'unchanged', topology, cause, ms });
    return;
  }
  emit({ event: 'converged', topology, cause, repair, changes, ms });
  if (repair) noteFight(tracked, changes, options);
}

function noteFight({ contest, topology }: Tracked, changes: readonly Change[], { clock, emit }: ReconcileOptions): void {
  const now = clock.now();
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

function fail(tracked: Tracked, errors: readonly Remark[], remaining: readonly Change[], options: ReconcileOptions, busy: boolean): void {
  const topology = tracked.topology.name;
  const retryMs = again(tracked, options.clock);
  const [holder] = errors;
  Object.assign(tracked, { standing: busy ? 'waiting' : 'failed', problems: errors });
  if (busy && holder !== undefined) say(tracked, options, { event: 'waiting', topology, holder, retryMs });
  else say(tracked, options, { event: 'failed', topology, cause: options.cause, errors, remaining, retryMs });
}

function again(tracked: Tracked, clock: Clock): number {
  tracked.failures += 1;
  const retryMs = backoffMs(tracked.failures);
  // A sign may mean that it works now; but each of them must not be a try.
  tracked.rest = dueIn(clock.now(), retryMs * IMPATIENCE);
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
