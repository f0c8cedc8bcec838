import type { Change } from '../../model/resource.ts';
import { type End, HOST, type Topology } from '../../model/topology.ts';
import { nameOf, specOf } from '../change/entry.ts';
import { endsOf, isRecord } from '../change/fold.ts';
import { type HostPort, hostPortOf } from './marks.ts';

/** What there is to draw: all that the file has, and what a plan would remove, as far as that is known. */
export interface Subjects {
  /** Names; shared ones not included. */
  readonly namespaces: readonly string[];
  readonly bridges: readonly string[];
  readonly wires: readonly Wire[];
  readonly publishes: readonly (HostPort & { readonly namespace: string; readonly port: number })[];
}

/** A veth pair. The first end is the bridge's port, or the host's. */
export interface Wire {
  readonly id: string;
  readonly bridge?: string;
  readonly ends: readonly [WireEnd, WireEnd];
}

export interface WireEnd {
  readonly namespace: string;
  readonly name: string;
  readonly addresses: readonly string[];
  /** Absent of what goes. */
  readonly mtu?: number;
}

export function subjectsOf(topology: Topology, changes: readonly Change[]): Subjects {
  const gone = changes.filter(({ action }) => action === 'delete');
  const named = (...kinds: string[]): string[] => gone.filter(({ kind }) => kinds.includes(kind)).map(nameOf);
  const own = topology.namespaces.filter(({ share }) => share === undefined).map(({ name }) => name);
  // What goes may have the name of what comes.
  const namespaces = [...new Set([...own, ...named('namespace', 'attach')])];
  const bridges = [...new Set([...topology.bridges.map(({ name }) => name), ...named('bridge')])];
  const isKnown = ({ bridge, ends }: Wire): boolean =>
    (bridge === undefined || bridges.includes(bridge)) && ends.every((end) => end.namespace === HOST || namespaces.includes(end.namespace));
  const wires = [
    ...topology.links.map(({ id, bridge, ends: [first, second] }) => wire(`link:${id}`, bridge, [endOf(first), endOf(second)])),
    ...gone
      .filter(({ kind }) => kind === 'link')
      .flatMap((change) => goneWire(change, gone))
      .filter(isKnown),
  ];
  return {
    namespaces: byBridge(namespaces, bridges, wires),
    bridges,
    wires,
    publishes: [
      ...topology.publishes,
      ...gone.filter(({ kind }) => kind === 'publish').flatMap((change) => hostPortOf(specOf(change)) ?? []),
    ],
  };
}

/** Those that share a bridge beside each other, as bridges are in order; else as the file has them. Lines then cross least. */
function byBridge(namespaces: readonly string[], bridges: readonly string[], wires: readonly Wire[]): string[] {
  const rankOf = (name: string): number => {
    const first = wires.find(({ bridge, ends }) => bridge !== undefined && ends[1].namespace === name);
    return first?.bridge === undefined ? bridges.length : bridges.indexOf(first.bridge);
  };
  return namespaces
    .map((name) => ({ name, rank: rankOf(name) }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ name }) => name);
}

const endOf = ({ namespace, ifname, addresses, mtu }: End): WireEnd => ({ namespace, name: ifname, addresses, mtu });

const wire = (id: string, bridge: string | undefined, ends: readonly [WireEnd, WireEnd]): Wire => ({
  id,
  ...(bridge === undefined ? {} : { bridge }),
  ends,
});

/** A pair that goes, from what it was; one whose other end is unknown is not drawn. */
function goneWire(change: Change, gone: readonly Change[]): Wire[] {
  const [near, far] = endsOf(change).map((end): WireEnd => {
    const [namespace = HOST, name = ''] = splitEnd(end);
    const addresses = gone.find(({ id }) => id === `address:${end}`);
    return { namespace, name, addresses: addresses === undefined ? [] : addressesOf(specOf(addresses)) };
  });
  if (near === undefined || far === undefined) return [];
  const spec = specOf(change);
  const bridge = isRecord(spec) && typeof spec.bridge === 'string' ? spec.bridge : undefined;
  return [wire(change.id, bridge, [far, near])];
}

const splitEnd = (end: string): string[] => [end.slice(0, end.indexOf(':')), end.slice(end.indexOf(':') + 1)];

function addressesOf(spec: unknown): string[] {
  const addresses = isRecord(spec) && Array.isArray(spec.addresses) ? spec.addresses : [];
  return addresses.filter((address) => typeof address === 'string' && !address.startsWith('fe80:'));
}
