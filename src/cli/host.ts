import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { AuditLog, Deed } from '../model/audit.ts';
import type { Warning } from '../model/errors.ts';
import type { Finding } from '../model/health.ts';
import type { Kernel } from '../model/kernel.ts';
import type { Confirmations, Ended } from '../model/pending.ts';
import type { CheckResult, Inventory, Report } from '../model/report.ts';
import type { Plan } from '../model/resource.ts';
import type { Session } from '../model/session.ts';
import { recordPath } from '../model/snapshot.ts';
import type { Topology } from '../model/topology.ts';
import type { Trace, TraceRequest } from '../model/trace.ts';
import type { Describe } from '../render/change/entry.ts';
import type { Confirmation } from './confirmation/arm.ts';
import { STDIN } from './files.ts';
import type { ImportRequest } from './importing/live.ts';
import type { Settled } from './importing/settle.ts';

/** How to wait for the host; see `withLock`. */
export interface Patience {
  /** Absent: 10 s; 0: not at all. */
  readonly timeoutMs?: number;
  /** Calls the waiting off; what has begun is finished. */
  readonly signal?: AbortSignal;
  /** Told once, when it takes long: who has the host. */
  onWait?(holder: string): void;
}

export interface ApplyOptions {
  /** The file's content, where there is one. */
  readonly topology?: Topology;
  /** Plans again, to see whether it converged. */
  replan(): Promise<Plan>;
  onProgress?(done: number, total: number, text: string): void;
  readonly signal?: AbortSignal;
  /** What fails in part keeps what worked, instead of being rolled back. */
  readonly keepGoing?: boolean;
  /** Goes back unless somebody confirms. */
  readonly confirmation?: Confirmation;
}

/** What commands ask of the host. Only what a command calls is loaded. Tests bring a host of their own. */
export interface Host {
  plan(topology: Topology, options: { readonly adopt: boolean }): Promise<Plan>;
  planDestroy(name: string, options: { readonly force: boolean }): Promise<Plan>;
  apply(plan: Plan, options: ApplyOptions): Promise<Report>;
  /** Does something while no other netloom changes this host, which is then the one to ask. Throws HostError E_LOCKED. */
  exclusive<T>(work: (host: Host) => Promise<T>, patience?: Patience): Promise<T>;
  inventory(options?: { readonly name?: string; readonly drift?: boolean }): Promise<Inventory>;
  check(topology: Topology, signal?: AbortSignal): Promise<AsyncIterable<CheckResult>>;
  /** Sends a probe and follows it. */
  trace(request: TraceRequest, options: { readonly onProgress?: (what: string) => void; readonly signal?: AbortSignal }): Promise<Trace>;
  /** The work of plans as a shell script. */
  script(plans: readonly Plan[]): Promise<string>;
  /** The path of the file that a topology was last applied from, or undefined when that is not on record. */
  fileOf(name: string): Promise<string | undefined>;
  /** Every topology on record, with the absolute path of the file that it was last applied from. */
  recorded(): Promise<readonly { readonly name: string; readonly file: string }[]>;
  /** Whether the host has what netloom needs, for these topologies or, without any, for every one. Changes nothing. */
  examine(topologies: readonly Topology[]): Promise<readonly Finding[]>;
  /** What is there, as a topology file. Throws HostError where a name is unknown. */
  import(request: ImportRequest): Promise<Settled>;
  describe(): Promise<Describe>;
  /** Adds to the audit trail. Never throws: what goes wrong comes back as a warning. */
  record(deed: Deed): Promise<Warning | undefined>;
  auditLog(): Promise<AuditLog>;
  confirmations(): Promise<Confirmations>;
  /** Throws HostError E_CONFIRM_PENDING while something is. */
  refuseWhilePending(): Promise<void>;
  /** Keeps what is pending. Under the lock. Throws HostError where nothing is, or where it is too late. */
  keepPending(): Promise<Ended>;
  /** Goes back at once. Under the lock. `argv` for the audit trail. Throws HostError where nothing is pending. */
  revertPending(argv: readonly string[]): Promise<Ended>;
  /** How the SSH session of this environment reaches this host; undefined where there is none. */
  session(env: Readonly<Record<string, string | undefined>>): Promise<Session | undefined>;
}

/** The host that this process runs on. Relative paths are taken from `cwd`; programs inherit the lock, where one is held. */
export function realHost(cwd: string, lock?: number): Host {
  let created: Promise<Kernel> | undefined;
  const kernel = (): Promise<Kernel> => {
    created ??= import('../kernel/iproute/kernel.ts').then(({ createIprouteKernel }) =>
      createIprouteKernel(lock === undefined ? {} : { inherit: lock }),
    );
    return created;
  };
  // The record outlives the working directory. The same one each time, as what is made of a topology is kept with it.
  const placed = new WeakMap<Topology, Topology>();
  const placeOf = (topology: Topology): Topology => {
    const known = placed.get(topology) ?? { ...topology, file: topology.file === STDIN ? STDIN : resolve(cwd, topology.file) };
    placed.set(topology, known);
    return known;
  };
  const plan: Host['plan'] = async (topology, options) => {
    const { planTopology } = await import('../pipeline/plan.ts');
    // People are shown the path that they gave.
    return { ...(await planTopology(await kernel(), placeOf(topology), options)), file: topology.file };
  };
  const host: Host = {
    plan,
    planDestroy: async (name, options) => (await import('../pipeline/plan.ts')).planDestroy(await kernel(), name, options),
    apply: async (plan, { topology, keepGoing, confirmation, ...options }) => {
      const [{ applyPlan }, { planRevert }] = await Promise.all([import('../pipeline/apply.ts'), import('../pipeline/plan.ts')]);
      const on = await kernel();
      const work = () => applyPlan(on, plan, keepGoing ? options : { ...options, revert: () => planRevert(on, plan, topology) });
      if (plan.operations.length === 0 || plan.blockers.length > 0) return work();
      const { afterApply, arm, refuseWhilePending } = await import('./confirmation/arm.ts');
      refuseWhilePending(confirmation?.id);
      if (confirmation === undefined) return work();
      await arm(confirmation, plan, topology && placeOf(topology));
      return afterApply(confirmation, await work());
    },
    exclusive: async (work, patience) => (await import('../kernel/lock.ts')).withLock(({ fd }) => work(realHost(cwd, fd)), patience),
    inventory: async ({ name, drift = false } = {}) => {
      const { takeInventory } = await import('../pipeline/show.ts');
      const driftOf = async (_: string, file: string) => (await plan(await topologyAt(file), { adopt: false })).changes;
      return takeInventory(await kernel(), { ...(name === undefined ? {} : { name }), ...(drift ? { driftOf } : {}) });
    },
    check: async (topology, signal) => {
      const [{ runChecks }, { createProber }] = await Promise.all([import('../pipeline/verify.ts'), import('../kernel/prober.ts')]);
      return runChecks(topology, createProber(), signal);
    },
    trace: async (request, options) => {
      const [{ trace }, { createTracer }, { nearest }] = await Promise.all([
        import('../pipeline/trace/run.ts'),
        import('../kernel/trace/tracer.ts'),
        import('../render/text.ts'),
      ]);
      return trace(createTracer(await kernel()), request, { ...options, nearest });
    },
    script: async (plans) => {
      const { scriptOf } = await import('../kernel/iproute/script.ts');
      return plans.map((plan) => scriptOf(plan.operations)).join('\n');
    },
    fileOf: recordedFile,
    recorded: async () => {
      const { readRecords } = await import('../kernel/iproute/read/records.ts');
      return [...readRecords().values()].map(({ topology, file }) => ({ name: topology, file }));
    },
    record: async (deed) => (await import('./audit.ts')).recordDeed(deed),
    auditLog: async () => {
      const [{ readAudit }, { settled }] = await Promise.all([import('../kernel/audit/read.ts'), import('../pipeline/audit.ts')]);
      const log = await readAudit();
      return { ...log, entries: settled(log.entries) };
    },
    confirmations: async () => (await import('./confirmation/arm.ts')).confirmations(),
    refuseWhilePending: async () => (await import('./confirmation/arm.ts')).refuseWhilePending(),
    keepPending: async () => (await import('./confirmation/end.ts')).keepPending(),
    revertPending: async (argv) => (await import('./confirmation/end.ts')).revertNow(await kernel(), argv),
    session: async (env) => (await import('../kernel/session.ts')).readSession(env),
    examine: async (topologies) => (await import('./doctor/look.ts')).look(await kernel(), host, topologies),
    import: async (request) =>
      request.docker
        ? (await import('./importing/docker.ts')).importDocker(await kernel(), request)
        : (await import('./importing/live.ts')).importNamed(await kernel(), request),
    describe: async () => {
      const { kinds } = await import('../kinds/registry.ts');
      const byKind = new Map(kinds.map((kind) => [kind.kind, kind]));
      return (kind, spec) => byKind.get(kind)?.describe(spec) ?? '';
    },
  };
  return host;
}

async function topologyAt(file: string): Promise<Topology> {
  const { loadTopology } = await import('../topology/load.ts');
  return loadTopology(await readFile(file), file);
}

/** The record decides nothing; an unreadable one counts as none. */
async function recordedFile(name: string): Promise<string | undefined> {
  try {
    const record: unknown = JSON.parse(await readFile(recordPath(name), 'utf8'));
    const file = typeof record === 'object' && record !== null && 'file' in record ? record.file : undefined;
    return typeof file === 'string' && file !== '' && file !== '-' ? file : undefined;
  } catch {
    return undefined;
  }
}
