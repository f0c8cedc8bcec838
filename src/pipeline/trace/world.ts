import { addressOf } from '../../model/ip.ts';
import { linkOf as linkIn } from '../../model/lookup.ts';
import type { LinkState, NamespaceState, Snapshot } from '../../model/snapshot.ts';
import { HOST } from '../../model/topology.ts';
import type { Spot } from '../../model/trace.ts';

/** The host as a trace looks at it: each namespace once, by the name that other ends of links are told by. */
export interface World {
  readonly snapshot: Snapshot;
  readonly namespaces: ReadonlyMap<string, NamespaceState>;
  /** Every name → the one in `namespaces`. */
  readonly names: ReadonlyMap<string, string>;
}

export function worldOf(snapshot: Snapshot): World {
  const groups = new Map<string, string[]>();
  for (const { name, inode } of snapshot.namespaces.values()) groups.set(inode, [...(groups.get(inode) ?? []), name]);
  const told = new Set([...snapshot.namespaces.values()].flatMap(({ links }) => links.flatMap(({ peer }) => peer?.namespace ?? [])));
  const names = new Map<string, string>();
  for (const group of groups.values()) {
    const main = group.includes(HOST) ? HOST : (group.find((name) => told.has(name)) ?? group[0] ?? '');
    for (const name of group) names.set(name, main);
  }
  const namespaces = new Map([...snapshot.namespaces].filter(([name]) => names.get(name) === name));
  return { snapshot, namespaces, names };
}

export const linkOf = (world: World, { namespace, device }: Spot): LinkState | undefined => linkIn(world.namespaces.get(namespace), device);

export function peerOf(world: World, spot: Spot): Spot | undefined {
  const peer = linkOf(world, spot)?.peer;
  return peer && { namespace: world.names.get(peer.namespace) ?? peer.namespace, device: peer.ifname };
}

export const portsOf = (world: World, namespace: string, bridge: string): LinkState[] =>
  (world.namespaces.get(namespace)?.links ?? []).filter(({ master }) => master === bridge);

export const isSame = (a: Spot, b: Spot): boolean => a.namespace === b.namespace && a.device === b.device;

/** Every interface that holds the address. */
export function holdersOf(world: World, address: string): Spot[] {
  return [...world.namespaces.values()].flatMap(({ name, links }) =>
    links.flatMap(({ ifname, addresses }) =>
      addresses.some((one) => addressOf(one) === address) ? [{ namespace: name, device: ifname }] : [],
    ),
  );
}

/** All that a frame from this interface can come to: itself, the other end, and through bridges whatever hangs on them, down or up. */
export function segmentOf(world: World, start: Spot): Spot[] {
  const reached = [start];
  const add = (spot: Spot | undefined): void => {
    if (spot !== undefined && !reached.some((one) => isSame(one, spot))) reached.push(spot);
  };
  // A list that grows while it is walked through is walked through to its new end.
  for (const spot of reached) {
    const link = linkOf(world, spot);
    add(peerOf(world, spot));
    if (link?.master !== undefined) add({ namespace: spot.namespace, device: link.master });
    if (link?.kind === 'bridge') for (const port of portsOf(world, spot.namespace, link.ifname)) add({ ...spot, device: port.ifname });
  }
  return reached;
}

/** Who on the link of this interface, but not itself, holds the address. */
export const holdersOnLink = (world: World, start: Spot, address: string): Spot[] => {
  const segment = segmentOf(world, start);
  return holdersOf(world, address).filter((holder) => !isSame(holder, start) && segment.some((one) => isSame(one, holder)));
};

/** The port of a bridge behind which an interface is; undefined where it is behind none. `passed`: bridges that the way has come through. */
export function portTowards(world: World, namespace: string, bridge: string, wanted: Spot, passed = new Set<string>()): Spot | undefined {
  passed.add(`${namespace}:${bridge}`);
  for (const port of portsOf(world, namespace, bridge)) {
    const spot = { namespace, device: port.ifname };
    const peer = peerOf(world, spot);
    if (isSame(spot, wanted) || (peer && isSame(peer, wanted))) return spot;
    const next = peer && bridgeOf(world, peer);
    // A bridge behind a bridge: it may be wanted itself. Not back to where the way has been.
    if (next === undefined || passed.has(`${next.namespace}:${next.device}`)) continue;
    if (isSame(next, wanted) || portTowards(world, next.namespace, next.device, wanted, passed)) return spot;
  }
  return undefined;
}

/** The bridge that an interface is a port of: not every master is one (vrf, bond). */
export function bridgeOf(world: World, spot: Spot): Spot | undefined {
  const device = linkOf(world, spot)?.master;
  const master = device === undefined ? undefined : { namespace: spot.namespace, device };
  return master && linkOf(world, master)?.kind === 'bridge' ? master : undefined;
}

/** Interfaces at which packets can be seen: those that are of use to a host with a thousand ports. */
const DEVICES_MAX = 256;

export const devicesOf = (world: World, namespace: string, first: readonly string[]): string[] => {
  const all = (world.namespaces.get(namespace)?.links ?? []).map(({ ifname }) => ifname);
  return [...new Set([...first.filter((name) => all.includes(name)), ...all])].slice(0, Math.max(DEVICES_MAX, first.length));
};
