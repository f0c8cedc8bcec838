import type { Operation } from '../model/operation.ts';
import { operation } from '../model/operations.ts';
import type { Id, Resource, View } from '../model/resource.ts';
import { recordPath, type Snapshot, type TopologyRecord } from '../model/snapshot.ts';
import { HOST } from '../model/topology.ts';

/** Whose operations the record's are. */
export const recordId = (topology: string): Id => `record:${topology}`;

type Kept = Record<string, Record<string, string>>;

/**
 * Writes what the kernel has no place for: before anything changes, with the values that sysctls have now added to those already kept, and at
 * the end without those that were put back.
 */
export function recordOperations(desired: ReadonlyMap<Id, Resource>, view: View): Operation[] {
  const id = recordId(view.name);
  const path = recordPath(view.name);
  const before = view.snapshot.records.get(view.name);
  const { topology } = view;
  if (topology === undefined) return before === undefined ? [] : [operation(id, 'close', { do: 'file-delete', path }, 2)];
  const needed = keptValues(desired, view);
  const routes = [...desired.values()]
    .filter(({ kind, needs }) => kind === 'route' && needs.every((need) => need.startsWith('attach:')))
    .map((one) => one.id);
  const record = (sysctls: Kept, hostRoutes: readonly string[]): TopologyRecord => ({
    version: 1,
    topology: view.name,
    file: topology.file,
    digest: topology.digest,
    routes: [...new Set(hostRoutes)].sort(),
    sysctls: sorted(sysctls),
    ...(sysctls[HOST] === undefined ? {} : hooksBefore(view)),
  });
  const first = recordText(record(merged(before?.sysctls ?? {}, needed), [...(before?.routes ?? []), ...routes]));
  const last = recordText(record(needed, routes));
  const now = before === undefined ? '' : recordText(before);
  return [
    ...(first === now ? [] : [operation(id, 'mark', { do: 'file-write', path, content: first })]),
    ...(last === first ? [] : [operation(id, 'close', { do: 'file-write', path, content: last }, 2)]),
  ];
}

/** Of the host all that we set; of our namespaces what is not part of the baseline, which a namespace always returns to. */
function keptValues(desired: ReadonlyMap<Id, Resource>, view: View): Kept {
  const kept: Kept = {};
  const own = view.snapshot.records.get(view.name)?.sysctls ?? {};
  for (const namespace of view.topology?.namespaces ?? []) {
    if (namespace.share === undefined && Object.keys(namespace.sysctls).length > 0) keep(namespace.name);
  }
  keep(HOST);
  if (kept[HOST] !== undefined) kept[HOST] = { ...interfacesForwarding(view, kept[HOST]), ...kept[HOST] };
  return kept;

  function keep(namespace: string): void {
    const spec = (desired.get(`sysctl:${namespace}`)?.spec ?? {}) as Record<string, string>;
    for (const path of Object.keys(spec)) {
      const value =
        namespace !== HOST
          ? ''
          : (own[namespace]?.[path] ??
            keptByOthers(view.snapshot, view.name, namespace, path) ??
            view.snapshot.namespaces.get(namespace)?.sysctls.get(path));
      if (value !== undefined) kept[namespace] = { ...kept[namespace], [path]: value };
    }
  }
}

/**
 * Turning the host's forwarding on turns it on for every interface, and off again off for every one: so what single interfaces had is kept
 * with it, from the moment before.
 */
function interfacesForwarding({ name, snapshot }: View, kept: Readonly<Record<string, string>>): Record<string, string> {
  const before: Record<string, string> = {};
  const sysctls = snapshot.namespaces.get(HOST)?.sysctls ?? new Map<string, string>();
  for (const [path, family] of [
    ['net/ipv4/ip_forward', 'ipv4'],
    ['net/ipv6/conf/all/forwarding', 'ipv6'],
  ] as const) {
    if (kept[path] === undefined) continue;
    const pattern = new RegExp(`^net/${family}/conf/(?!all/)[^/]+/forwarding$`);
    // As long as it has not been turned on, what is there now; after that what was kept, by us or by who came first.
    const known = [snapshot.records.get(name), ...snapshot.records.values()].find((record) => record?.sysctls[HOST]?.[path] !== undefined);
    const values = known === undefined ? [...sysctls] : Object.entries(known.sysctls[HOST] ?? {});
    for (const [one, value] of values) if (pattern.test(one) && value !== kept[path]) before[one] = value;
  }
  return before;
}

/** Who looked at what is forwarded before the host's forwarding was turned on: by our record, or by that of who came first. */
function hooksBefore({ name, snapshot }: View): { hooks?: readonly string[] } {
  const turned = [snapshot.records.get(name), ...snapshot.records.values()].find((record) => record?.sysctls[HOST] !== undefined);
  const hooks = turned === undefined ? snapshot.filters?.hooks : turned.hooks;
  return hooks === undefined ? {} : { hooks: [...hooks].sort() };
}

/** The value from before any topology: who came first has it. */
function keptByOthers(snapshot: Snapshot, name: string, namespace: string, path: string): string | undefined {
  if (namespace !== HOST) return undefined;
  for (const record of snapshot.records.values())
    if (record.topology !== name && record.sysctls[HOST]?.[path] !== undefined) return record.sysctls[HOST][path];
  return undefined;
}

function merged(a: TopologyRecord['sysctls'], b: Kept): Kept {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries([...names].map((name) => [name, { ...b[name], ...a[name] }]));
}

const sorted = (kept: Kept): Kept =>
  Object.fromEntries(
    Object.entries(kept)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, values]) => [name, Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)))]),
  );

/** A record as it is kept. */
export const recordText = (record: TopologyRecord): string => `${JSON.stringify(record, undefined, 2)}\n`;
