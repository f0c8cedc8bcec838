import { topologyOfMark } from '../../model/marks.ts';
import type {
  AttachState,
  LinkState,
  NamespaceState,
  RouteState,
  Scope,
  Snapshot,
  TableState,
  TopologyRecord,
} from '../../model/snapshot.ts';
import { type Attach, HOST } from '../../model/topology.ts';
import { hasCarrier } from './addresses.ts';
import { type FakeHost, type FakeLink, type FakeNamespace, type FakeTable, newNamespace, otherNamespace } from './state.ts';
import { readSysctl } from './sysctls.ts';

const NETNS = '/etc/netns/';
const RECORDS = /^\/run\/netloom\/([^/]+)\.json$/;

/** What of the state a scope asks for, as the real kernel's dump gives it. */
export function snapshotOf(host: FakeHost, scope: Scope): Snapshot {
  const isAsked = (topology: string): boolean => scope.topologies === 'all' || scope.topologies.includes(topology);
  const marked = [...host.files].flatMap(([path, content]) => {
    const topology = topologyOfMark(content);
    const [name, file] = path.startsWith(NETNS) ? path.slice(NETNS.length).split('/') : [];
    return name !== undefined && file === 'hosts' && topology !== undefined && isAsked(topology) ? [name] : [];
  });
  const read = [...new Set([HOST, ...scope.namespaces, ...marked])]
    .filter((name) => name === HOST || host.names.get(name) !== undefined)
    .sort();
  const namespaceBehind = (name: string): FakeNamespace => (name === HOST ? host.host : (host.names.get(name) ?? host.host));
  // A namespace with several names is known to peers by the one that its lo bears, else by the first of them, the host's by its own.
  const lead = [...read.toReversed(), ...read.filter((name) => bearsName(namespaceBehind(name), name)), HOST];
  const nameOf = new Map(lead.map((name) => [namespaceBehind(name), name]));
  const directories = new Set([...read, ...marked, ...scope.namespaces]);
  const files = [...host.files].filter(([path]) => scope.files.includes(path) || directories.has(netnsOf(path)));
  return {
    namespaces: new Map(
      read.map((name) => [
        name,
        {
          ...namespaceState(name, namespaceBehind(name), nameOf, scope.sysctls.get(name) ?? []),
          ...(scope.tables?.includes(name) ? { tables: tablesOf(namespaceBehind(name), isAsked) } : {}),
        },
      ]),
    ),
    names: new Map([...host.names].map(([name, namespace]) => [name, namespace?.inode])),
    files: new Map(files),
    tables: new Map(
      [...host.host.tables].filter(([name]) => name.startsWith('netloom-')).map(([name, table]) => [name, tableState(name, table)]),
    ),
    records: recordsOf(host),
    listeners: host.listeners.map(({ process, ...listener }) => ({
      ...listener,
      ...(process !== undefined && scope.ports?.includes(listener.port) ? { process } : {}),
    })),
    hasConntrack: host.hasConntrack,
    fresh: freshValues(scope.fresh ?? []),
    ...(scope.filters ? { filters: { dockerUser: structuredClone(host.dockerUser), drops: [], translations: [], hooks: [] } } : {}),
    attached: new Map([...(scope.attach ?? [])].map(([name, source]) => [name, attachState(host, source, nameOf)])),
  };
}

const bearsName = ({ links }: FakeNamespace, name: string): boolean =>
  links.some(({ ifname, altnames }) => ifname === 'lo' && altnames.some((altname) => altname.endsWith(`:${name}:lo`)));

function tablesOf(namespace: FakeNamespace, isAsked: (topology: string) => boolean): Map<string, TableState> {
  return new Map(
    [...namespace.tables]
      .filter(([name]) => isAsked(name.slice('netloom-'.length)))
      .map(([name, table]) => [name, tableState(name, table)]),
  );
}

function attachState(host: FakeHost, source: Attach, nameOf: ReadonlyMap<FakeNamespace, string>): AttachState {
  const found = otherNamespace(host, source);
  if (found === undefined || found === host.host) {
    const code = found === undefined ? 'E_ATTACH_GONE' : 'E_ATTACH_HOST';
    return { found: false, code, message: `${JSON.stringify(source)} is not there`, hint: 'start it' };
  }
  const { inode, links, routes } = namespaceState('', found, nameOf, []);
  return { found: true, inode, links, routes };
}

function freshValues(paths: readonly string[]): Map<string, string> {
  const namespace = newNamespace('fake:new');
  return new Map(
    paths.flatMap((path) => {
      const value = readSysctl(namespace, path);
      return value === undefined ? [] : [[path, value]];
    }),
  );
}

const netnsOf = (path: string): string => (path.startsWith(NETNS) ? (path.slice(NETNS.length).split('/')[0] ?? '') : '');

function recordsOf(host: FakeHost): Map<string, TopologyRecord> {
  return new Map(
    [...host.files].flatMap(([path, content]) => {
      const name = RECORDS.exec(path)?.[1];
      return name === undefined ? [] : [[name, JSON.parse(content) as TopologyRecord] as const];
    }),
  );
}

function namespaceState(
  name: string,
  namespace: FakeNamespace,
  nameOf: ReadonlyMap<FakeNamespace, string>,
  sysctls: readonly string[],
): NamespaceState {
  return {
    name,
    inode: namespace.inode,
    links: namespace.links.map((link) => linkState(link, nameOf)),
    routes: namespace.routes.map(routeState),
    sysctls: new Map(
      sysctls.flatMap((path) => {
        const value = readSysctl(namespace, path);
        return value === undefined ? [] : [[path, value.replace(/\s+/g, ' ')] as const];
      }),
    ),
  };
}

function linkState(link: FakeLink, nameOf: ReadonlyMap<FakeNamespace, string>): LinkState {
  const peerNamespace = link.peer && nameOf.get(link.peer.namespace);
  return {
    ifindex: link.ifindex,
    ifname: link.ifname,
    kind: link.kind === 'veth' || link.kind === 'bridge' ? link.kind : '',
    up: link.up,
    carrier: hasCarrier(link),
    mtu: link.mtu,
    mac: link.mac,
    group: link.group,
    altnames: [...link.altnames],
    alias: link.alias,
    ...(link.master ? { master: link.master.ifname, port: { ...link.port } } : {}),
    ...(link.peer && peerNamespace !== undefined ? { peer: { namespace: peerNamespace, ifname: link.peer.ifname } } : {}),
    addresses: link.addresses.filter((address) => !address.automatic).map((address) => address.text),
    ...(link.kind === 'bridge' ? { bridge: { stp: link.stp, vlanFiltering: false } } : {}),
  };
}

/** The kernel names lo for IPv6 routes that lead nowhere, which says nothing. */
const routeState = ({ link, ...route }: FakeNamespace['routes'][number]): RouteState => ({
  ...route,
  ...(link && route.type === 'unicast' ? { dev: link.ifname } : {}),
});

const tableState = (name: string, table: FakeTable): TableState => ({
  name,
  chains: structuredClone(table.chains),
  maps: structuredClone(table.maps),
  sets: new Map([...table.sets].map(([set, { key, elements }]) => [set, { key, elements: [...elements].sort() }])),
});
