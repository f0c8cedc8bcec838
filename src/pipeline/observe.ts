import { kinds } from '../kinds/registry.ts';
import type { Kernel } from '../model/kernel.ts';
import { parseAltname } from '../model/marks.ts';
import { ownedInterfaces } from '../model/ownership.ts';
import type { Id, Observed, Resource, View } from '../model/resource.ts';
import { PROTOCOL_RA, type Scope, type Snapshot } from '../model/snapshot.ts';
import { HOST, type Topology } from '../model/topology.ts';

/** What the host holds of a topology, by id; in the order of the kinds. */
export type Holdings = ReadonlyMap<Id, Observed>;

/** Whose objects to look for, and what the file says where there is one. */
export interface Subject {
  readonly name: string;
  readonly topology?: Topology;
  readonly adopt: boolean;
  /** Whether to look who is inside its namespaces. */
  readonly processes?: boolean;
  /** Whether what is going is read to its last sysctl, so that it can be brought back. */
  readonly remembers?: boolean;
}

export function observe(view: View): Holdings {
  return new Map(kinds.flatMap((kind) => kind.observe(view)).map((observed) => [observed.id, observed]));
}

/** What lives on the objects of a topology and is not compared with the file, by id. */
export function remember(view: View, isAsked: (id: Id) => boolean): Holdings {
  return new Map(kinds.flatMap((kind) => kind.remember?.(view, isAsked) ?? []).map((observed) => [observed.id, observed]));
}

export function viewOf(subject: Subject, snapshot: Snapshot): View {
  return { ...subject, snapshot, interfaces: ownedInterfaces({ ...subject, snapshot }) };
}

/** Reads what may matter to the subject: its own, what it wants, and what stands where it wants to be. */
export async function read(kernel: Kernel, subject: Subject, desired: Iterable<Resource>, signal?: AbortSignal): Promise<View> {
  const resources = [...desired];
  const scope: Scope = {
    topologies: [subject.name],
    processes: subject.processes ?? false,
    namespaces: (subject.topology?.namespaces ?? []).map((namespace) => namespace.name),
    sysctls: sysctlsOf(resources),
    tables: (subject.topology?.namespaces ?? []).filter(({ forwarding }) => forwarding).map(({ name }) => name),
    ports: resources.flatMap(({ kind, spec }) => (kind === 'publish' ? [(spec as { hostPort: number }).hostPort] : [])),
    // Also where no bridge is wanted: rules of ours may be left to remove, and the host's forwarding to be put back.
    filters: true,
    attach: new Map((subject.topology?.namespaces ?? []).flatMap(({ name, attach }) => (attach === undefined ? [] : [[name, attach]]))),
    files: resources.flatMap(({ kind, spec }) => (kind === 'file' ? [(spec as { path: string }).path] : [])),
  };
  const first = viewOf(subject, await kernel.dump(scope, signal));
  const { further, wider } = secondLook(first, subject, scope, resources);
  if (wider === undefined) return first;
  const whole = further === undefined ? undefined : completed(first.snapshot, further, await kernel.dump(further, signal));
  // Sysctls do not say whose an interface is.
  return whole === undefined ? viewOf(subject, await kernel.dump(wider, signal)) : { ...first, snapshot: whole };
}

/** A snapshot with what another look has found besides; undefined where a namespace has become another one in between. */
function completed(snapshot: Snapshot, { sysctls }: Scope, further: Snapshot): Snapshot | undefined {
  const namespaces = new Map(snapshot.namespaces);
  for (const name of sysctls.keys()) {
    const [before, now] = [snapshot.namespaces.get(name), further.namespaces.get(name)];
    if (before?.inode !== now?.inode) return undefined;
    if (before && now) namespaces.set(name, { ...before, sysctls: new Map([...before.sysctls, ...now.sysctls]) });
  }
  return { ...snapshot, namespaces, fresh: further.fresh };
}

/** `wider` asks for everything anew; `further`, where that is enough, only for what is missing. */
interface SecondLook {
  readonly further?: Scope;
  readonly wider?: Scope;
}

/** What only the first look tells to be of interest; mostly nothing. */
function secondLook(first: View, subject: Subject, scope: Scope, resources: readonly Resource[]): SecondLook {
  const more = lostNames(first);
  const kept = first.snapshot.records.get(subject.name)?.sysctls ?? {};
  // What an earlier file set in a namespace that stays, and this one does not mention.
  const unread = Object.entries(subject.topology ? kept : {}).flatMap(([namespace, values]) =>
    Object.keys(values)
      .filter((path) => !scope.sysctls.get(namespace)?.includes(path))
      .map((path) => ({ namespace, path })),
  );
  const perInterface = [...forwardingToKeep(first, resources), ...advertised(first, resources)];
  const wanted = new Set(resources.map(({ id }) => id));
  const left = subject.remembers ? kinds.flatMap((kind) => [...(kind.leaves?.(first, wanted) ?? [])]) : [];
  const routers = formerRouters(first, scope);
  if ([more, unread, perInterface, left, routers].every(({ length }) => length === 0)) return {};
  const missing = new Map<string, readonly string[]>();
  const add = (namespace: string, paths: readonly string[]) => missing.set(namespace, [...(missing.get(namespace) ?? []), ...paths]);
  if (perInterface.length > 0) add(HOST, perInterface);
  for (const { namespace, path } of unread) add(namespace, [path]);
  for (const [namespace, paths] of left) add(namespace, paths);
  const fresh = [...new Set(unread.map(({ path }) => path))];
  const wider: Scope = {
    ...scope,
    namespaces: [...scope.namespaces, ...more],
    sysctls: new Map([
      ...scope.sysctls,
      ...[...missing].map(([name, paths]) => [name, [...(scope.sysctls.get(name) ?? []), ...paths]] as const),
    ]),
    fresh,
    tables: [...(scope.tables ?? []), ...routers],
  };
  if (more.length > 0 || routers.length > 0) return { wider };
  return { wider, further: { only: 'sysctls', topologies: [], namespaces: [...missing.keys()], files: [], sysctls: missing, fresh } };
}

/** Namespaces that forward and are not to: only one that forwards can have a table of ours from before. */
function formerRouters({ topology, snapshot }: View, scope: Scope): string[] {
  return (topology?.namespaces ?? [])
    .map(({ name }) => name)
    .filter((name) => snapshot.namespaces.get(name)?.sysctls.get('net/ipv4/ip_forward') === '1' && !scope.tables?.includes(name));
}

/** Each interface's own forwarding, where the host's switch is about to be turned on for all of them. */
function forwardingToKeep({ snapshot }: View, resources: readonly Resource[]): string[] {
  const host = snapshot.namespaces.get(HOST);
  const families = [
    ...(isTurnedOn('net/ipv4/ip_forward', snapshot, resources) ? ['ipv4'] : []),
    ...(isTurnedOn(IPV6_FORWARDING, snapshot, resources) ? ['ipv6'] : []),
  ];
  const names = ['default', ...(host?.links ?? []).map(({ ifname }) => ifname)];
  return families.flatMap((family) => names.map((name) => `net/${family}/conf/${name}/forwarding`));
}

const IPV6_FORWARDING = 'net/ipv6/conf/all/forwarding';

function isTurnedOn(path: string, { namespaces }: Snapshot, resources: readonly Resource[]): boolean {
  const wanted = (resources.find(({ id }) => id === 'sysctl:host')?.spec ?? {}) as Record<string, string>;
  return wanted[path] === '1' && namespaces.get(HOST)?.sysctls.get(path) === '0';
}

/** What becomes of routes learnt by router advertisement (protocol 9) when the host begins to forward is for their interface's accept_ra to say. */
function advertised({ snapshot }: View, resources: readonly Resource[]): string[] {
  const routes = isTurnedOn(IPV6_FORWARDING, snapshot, resources) ? (snapshot.namespaces.get(HOST)?.routes ?? []) : [];
  const devices = new Set(routes.flatMap(({ protocol, dev }) => (protocol === PROTOCOL_RA && dev !== undefined ? [dev] : [])));
  return [...devices].map((dev) => `net/ipv6/conf/${dev}/accept_ra`);
}

/** Namespaces that only a port on the host still tells of: their files in /etc/netns are gone. */
function lostNames({ name, snapshot }: View): string[] {
  const told = (snapshot.namespaces.get(HOST)?.links ?? []).flatMap((link) => link.altnames.map(parseAltname));
  const names = told.flatMap((parsed) =>
    parsed?.topology === name && 'namespace' in parsed && parsed.namespace !== HOST ? [parsed.namespace] : [],
  );
  return [...new Set(names)].filter((one) => snapshot.names.has(one) && !snapshot.namespaces.has(one));
}

function sysctlsOf(resources: readonly Resource[]): Map<string, string[]> {
  // All that we ever set for the host as a whole; the second tells whether the kernel has IPv6 at all. The last is only looked at.
  const host = ['net/ipv4/ip_forward', 'net/ipv6/conf/all/forwarding', 'net/ipv4/ip_local_reserved_ports'];
  const paths = new Map<string, string[]>([[HOST, host]]);
  for (const { kind, namespace, spec } of resources) {
    if (kind !== 'sysctl') continue;
    const own = Object.keys(spec as object);
    const all = paths.get(namespace);
    if (all === undefined) paths.set(namespace, own);
    else all.push(...own);
  }
  return paths;
}
