import { kinds } from '../kinds/registry.ts';
import type { Blocker } from '../model/errors.ts';
import type { Kernel } from '../model/kernel.ts';
import { operation } from '../model/operations.ts';
import type { Before, Change, Id, Observed, Plan, Resource, Sides, View } from '../model/resource.ts';
import { recordPath } from '../model/snapshot.ts';
import type { Topology } from '../model/topology.ts';
import { compile, NO_FACTS } from './compile.ts';
import { diff } from './diff.ts';
import { type Holdings, observe, read, remember, viewOf } from './observe.ts';
import { order, sort } from './order.ts';
import { recordId, recordOperations, recordText } from './record.ts';
import { unsettledOf } from './settle.ts';

export interface PlanOptions {
  /** Whether unmarked objects that hold a wanted name are taken over. */
  readonly adopt: boolean;
  readonly signal?: AbortSignal;
}

/** As often is looked again at what is in the way: while another netloom makes or removes things, much is for a moment. */
const SECOND_OPINIONS = 2;

/** What would make the host be what the file says. Changes nothing. What is in the way for a moment only is not in the way. */
export async function planTopology(kernel: Kernel, topology: Topology, options: PlanOptions): Promise<Plan> {
  let plan = await lookOnce(kernel, topology, options);
  for (let again = 0; plan.blockers.length > 0 && again < SECOND_OPINIONS; again += 1) {
    const seen = new Set(plan.blockers.map((blocker) => JSON.stringify(blocker)));
    const next = await lookOnce(kernel, topology, options);
    plan = { ...next, blockers: next.blockers.filter((blocker) => seen.has(JSON.stringify(blocker))) };
  }
  return plan;
}

async function lookOnce(kernel: Kernel, topology: Topology, { adopt, signal }: PlanOptions): Promise<Plan> {
  const needsFacts = topology.namespaces.some(({ dns }) => dns === 'host');
  const desired = compile(topology, needsFacts ? await kernel.facts() : NO_FACTS);
  const view = await read(kernel, { name: topology.name, topology, adopt, remembers: true }, desired.values(), signal);
  const blockers = kinds.flatMap(
    (kind) =>
      kind.blockers?.(
        [...desired.values()].filter((resource) => resource.kind === kind.kind),
        view,
      ) ?? [],
  );
  const plan = planFor(desired, observe(view), view, blockers);
  const going = new Set(
    plan.changes.filter(({ kind, action }) => kind === 'namespace' && (action === 'delete' || action === 'replace')).map(({ id }) => id),
  );
  if (going.size === 0) return plan;
  // Only now, as it takes a look at every process of the host.
  const inside = await read(kernel, { name: topology.name, topology, adopt, processes: true }, desired.values(), signal);
  const leaving = [...observe(inside).values()].filter(({ id }) => going.has(id));
  return { ...plan, blockers: [...blockers, ...kept(leaving, inside, 'stop them, or keep the namespace in the file')] };
}

export interface DestroyOptions {
  /** Goes on although processes keep a namespace alive. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
}

/** What would remove everything that a topology owns; the file is not needed. */
export async function planDestroy(kernel: Kernel, name: string, { force = false, signal }: DestroyOptions = {}): Promise<Plan> {
  const view = await read(kernel, { name, adopt: false, processes: !force, remembers: true }, [], signal);
  const holdings = observe(view);
  return planFor(
    new Map(),
    holdings,
    view,
    force ? [] : kept([...holdings.values()], view, 'stop them, or remove its name and links all the same with --force'),
  );
}

/** What would bring back what was there before a plan was begun. */
export async function planRevert(kernel: Kernel, plan: Before, topology: Topology | undefined): Promise<Plan> {
  const desired = new Map<Id, Resource>(plan.before.map((found) => [found.id, found]));
  const subject = { name: plan.topology, adopt: plan.adopts ?? false, ...(topology ? { topology } : {}) };
  const view = await read(kernel, subject, desired.values());
  // What was to be taken over goes back to what it was; what has come meanwhile and is not marked is somebody else's.
  const marked = observe(viewOf({ ...subject, adopt: false }, view.snapshot));
  const observed = new Map([...observe(view)].filter(([id]) => desired.has(id) || marked.has(id)));
  for (const [id, found] of remember(view, () => true)) {
    const before = desired.get(id);
    // What was not known then is nothing to go back to.
    if (before !== undefined) observed.set(id, withMore(observed.get(id), found, Object.keys(before.spec as object)));
  }
  const reverted = planFor(desired, observed, view, []);
  const record = plan.recordBefore;
  // The record goes back as it was, not as what remains would have it.
  const [id, path] = [recordId(plan.topology), recordPath(plan.topology)];
  const step = record === undefined ? ({ do: 'file-delete', path } as const) : ({ do: 'file-write', path, content: record } as const);
  const operations = reverted.operations.filter((one) => one.resource !== id);
  return { ...reverted, operations: sort([...operations, operation(id, 'close', step, 2)]) };
}

function planFor(desired: ReadonlyMap<Id, Resource>, observed: Holdings, view: View, blockers: readonly Blocker[]): Plan {
  const changes = diff(desired, observed);
  const going = new Set(changes.filter(({ action }) => action === 'delete' || action === 'replace').map(({ id }) => id));
  const sides: Sides = { desired, observed, changes, going, view };
  const record = view.snapshot.records.get(view.name);
  const unsettled = unsettledOf(view);
  const remembered = remember(view, (id) => !desired.has(id) || !observed.has(id));
  return {
    topology: view.name,
    ...(view.topology ? { file: view.topology.file } : record ? { file: record.file } : {}),
    changes,
    operations: sort([...order(sides), ...recordOperations(desired, view)]),
    blockers,
    warnings: kinds.flatMap((kind) => kind.warnings?.(sides) ?? []),
    before: [
      // Of what goes more comes back than is compared: all that it has by our doing.
      ...[...observed.values()].map((one) => {
        const more = desired.has(one.id) ? undefined : remembered.get(one.id);
        return more === undefined ? one : withMore(one, more);
      }),
      ...[...remembered.values()].filter(({ id }) => !observed.has(id)),
    ],
    dependence: dependenceOf(changes, desired, observed),
    ...(unsettled.length > 0 ? { unsettled } : {}),
    ...(view.adopt ? { adopts: true as const } : {}),
    ...(record ? { recordBefore: recordText(record) } : {}),
  };
}

/** What was observed, if anything, with what else is remembered of it: all, or these paths. */
function withMore(observed: Observed | undefined, remembered: Observed, paths?: readonly string[]): Observed {
  const more = Object.entries(remembered.spec as object).filter(([path]) => paths?.includes(path) ?? true);
  return { ...remembered, ...observed, spec: { ...Object.fromEntries(more), ...(observed?.spec as object | undefined) } };
}

function dependenceOf(changes: readonly Change[], desired: ReadonlyMap<Id, Resource>, observed: Holdings): ReadonlyMap<Id, readonly Id[]> {
  return new Map(
    changes.flatMap(({ id }) => {
      const [wanted, found] = [desired.get(id), observed.get(id)];
      const on = new Set([...(wanted?.needs ?? []), ...(wanted?.follows ?? []), ...(found?.needs ?? [])]);
      return on.size === 0 ? [] : [[id, [...on]] as const];
    }),
  );
}

/** Namespaces that would live on, without a name, because somebody is inside. */
function kept(holdings: readonly Observed[], view: View, hint: string): Blocker[] {
  return holdings.flatMap(({ kind, namespace }): Blocker[] => {
    const processes = kind === 'namespace' ? (view.snapshot.namespaces.get(namespace)?.processes ?? []) : [];
    if (processes.length === 0) return [];
    const list = processes
      .slice(0, 5)
      .map(({ pid, command }) => `${command} (pid ${pid})`)
      .join(', ');
    return [
      {
        code: 'E_NAMESPACE_BUSY',
        message: `namespace ${namespace} is in use by ${list}${processes.length > 5 ? ` and ${processes.length - 5} more` : ''}`,
        hint,
      },
    ];
  });
}
