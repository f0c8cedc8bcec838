import type { Kernel } from '../model/kernel.ts';
import { linkOf } from '../model/lookup.ts';
import { parseAltname, topologyOfMark, topologyOfTable } from '../model/marks.ts';
import { nameState } from '../model/names.ts';
import type { OwnedInterface } from '../model/ownership.ts';
import type { InterfaceInventory, Inventory, NamespaceInventory, Remark, TopologyInventory, Uplink } from '../model/report.ts';
import type { Change, View } from '../model/resource.ts';
import type { RouteState, Snapshot } from '../model/snapshot.ts';
import { HOST } from '../model/topology.ts';
import { observe, viewOf } from './observe.ts';

export interface ShowOptions {
  /** Only this topology. */
  readonly name?: string;
  /** Says how the host differs from the file that a topology was applied from; throws where that cannot be read. */
  readonly driftOf?: (topology: string, file: string) => Promise<readonly Change[]>;
  readonly signal?: AbortSignal;
}

/** What netloom owns on this host. Needs no files; drift is told where they can be read. */
export async function takeInventory(kernel: Kernel, { name, driftOf, signal }: ShowOptions = {}): Promise<Inventory> {
  const snapshot = await kernel.dump(
    { topologies: name === undefined ? 'all' : [name], namespaces: [], sysctls: new Map(), files: [] },
    signal,
  );
  const names = namesIn(snapshot).filter((one) => name === undefined || one === name);
  const drift: Change[] = [];
  const warnings: Remark[] = [];
  for (const one of names) {
    const file = snapshot.records.get(one)?.file;
    if (driftOf === undefined || file === undefined || file === '-') continue;
    try {
      drift.push(...(await driftOf(one, file)));
    } catch (error) {
      warnings.push({
        code: 'W_FILE_UNREADABLE',
        message: `${file}, from which ${one} was applied, cannot be used: ${error instanceof Error ? error.message.split('\n')[0] : error}`,
        file,
      });
    }
  }
  return {
    formatVersion: 1,
    topologies: names.map((one) => topologyInventory(one, snapshot)),
    uplinks: uplinksIn(snapshot),
    drift,
    errors: [],
    warnings,
  };
}

function uplinksIn(snapshot: Snapshot): Uplink[] {
  const host = snapshot.namespaces.get(HOST);
  const devices = new Set((host?.routes ?? []).flatMap(({ to, dev }) => (to === 'default' && dev !== undefined ? [dev] : [])));
  return (host?.links ?? [])
    .filter(({ ifname }) => devices.has(ifname))
    .map(({ ifname, up, carrier, addresses }) => ({
      name: ifname,
      up: up && carrier,
      addresses: addresses.filter((address) => !address.startsWith('fe80:')),
    }));
}

/** Every topology that has left a mark: names, links, tables, records. */
function namesIn(snapshot: Snapshot): string[] {
  const links = snapshot.namespaces.get(HOST)?.links ?? [];
  const names = [
    ...snapshot.records.keys(),
    ...[...snapshot.tables.keys()].flatMap((table) => topologyOfTable(table) ?? []),
    ...links.flatMap((link) => link.altnames.flatMap((altname) => parseAltname(altname)?.topology ?? [])),
    ...[...snapshot.files].flatMap(([path, content]) => (path.startsWith('/etc/netns/') ? (topologyOfMark(content) ?? []) : [])),
  ];
  return [...new Set(names)].sort();
}

function topologyInventory(name: string, snapshot: Snapshot): TopologyInventory {
  const view = viewOf({ name, adopt: false }, snapshot);
  const file = snapshot.records.get(name)?.file;
  const bridges = view.interfaces
    .filter(({ role }) => role === 'bridge')
    .map(({ link }) => ({
      name: link.ifname,
      up: link.up,
      mtu: link.mtu,
      addresses: link.addresses,
      members: (snapshot.namespaces.get(HOST)?.links ?? []).filter(({ master }) => master === link.ifname).map(({ ifname }) => ifname),
    }));
  return { name, ...(file === undefined ? {} : { file }), bridges, namespaces: namespacesOf(view) };
}

/** What of a published port's spec is shown. */
type Published = NamespaceInventory['publish'][number] & { readonly namespace: string };

function namespacesOf(view: View): NamespaceInventory[] {
  const { snapshot } = view;
  const publishes = [...observe(view).values()].flatMap(({ kind, spec }) => (kind === 'publish' ? [spec as Published] : []));
  const own = [...snapshot.names.keys()].sort().flatMap((name): NamespaceInventory[] => {
    const state = nameState(snapshot, view.name, name);
    const base = { name, path: `/run/netns/${name}`, attached: false };
    if (state.is === 'shared') return [{ ...base, shared: state.source, interfaces: [], publish: [], routes: [] }];
    if (state.is !== 'own' && state.is !== 'attached') return [];
    return [
      {
        ...base,
        attached: state.is === 'attached',
        interfaces: interfacesIn(view, name),
        publish: publishes
          .filter((publish) => publish.namespace === name)
          .map(({ hostAddress, hostPort, protocol, port, interface: device }) => ({
            ...(hostAddress === undefined ? {} : { hostAddress }),
            hostPort,
            protocol,
            port,
            ...(device === undefined ? {} : { interface: device }),
          })),
        routes: state.state.routes.filter(({ protocol }) => protocol !== KERNEL).map(routeOf),
      },
    ];
  });
  const atHost = interfacesIn(view, HOST);
  return atHost.length === 0
    ? own
    : [{ name: HOST, path: '/proc/1/ns/net', attached: false, interfaces: atHost, publish: [], routes: [] }, ...own];
}

/** Routing protocol of what the kernel adds by itself (include/uapi/linux/rtnetlink.h). */
const KERNEL = 2;

const routeOf = ({ to, via, dev, type, metric, family }: RouteState) => ({
  to,
  ...(via === undefined ? {} : { via }),
  ...(dev === undefined ? {} : { dev }),
  type,
  ...(metric === { ipv4: 0, ipv6: 1024 }[family] ? {} : { metric }),
});

/** A namespace's interfaces of ours, and a user's own beside them; of the host only ends that are no ports. */
function interfacesIn(view: View, namespace: string): InterfaceInventory[] {
  const owned = new Map(view.interfaces.filter((one) => one.namespace === namespace).map((one) => [one.link.ifname, one]));
  const links = view.snapshot.namespaces.get(namespace)?.links ?? [];
  return links.flatMap((link) => {
    const own = owned.get(link.ifname);
    if (link.ifname === 'lo' || (namespace === HOST && own?.role !== 'end')) return [];
    return [
      {
        name: link.ifname,
        kind: link.kind,
        up: link.up,
        carrier: link.carrier,
        mtu: link.mtu,
        mac: link.mac,
        addresses: link.addresses,
        ...(link.peer ? { peer: { namespace: link.peer.namespace, interface: link.peer.ifname } } : {}),
        ...bridgeOf(view, own),
      },
    ];
  });
}

function bridgeOf(view: View, own: OwnedInterface | undefined): { bridge?: string } {
  const peer = own?.link.peer;
  const port = peer && linkOf(view.snapshot.namespaces.get(peer.namespace), peer.ifname);
  return port?.master === undefined ? {} : { bridge: port.master };
}
