import { linkLocalOf } from '../../model/ip.ts';
import { deriveMac } from '../../model/marks.ts';
import type { LinkState } from '../../model/snapshot.ts';
import { HOST } from '../../model/topology.ts';
import type { WrittenEnd, WrittenLink, WrittenLongEnd } from '../../model/written.ts';
import type { Pair, PairEnd } from './pairs.ts';
import { isLinkLocal, type Segment, writtenAddress } from './subnets.ts';

/** What a link says besides what its interfaces are. */
export interface Said {
  readonly defaultRoute?: boolean;
  readonly as?: Readonly<Record<string, string>>;
}

const DEFAULT_MTU = 1500;

/** A pair as an item of `links`. `bridge` is that of its far end, with its network. */
export function linkOf(
  topology: string,
  pair: Pair,
  said: Said,
  bridge?: { readonly link: LinkState; readonly segment: Segment },
): WrittenLink {
  const { near, far } = pair;
  const usualMtu = bridge?.link.mtu ?? DEFAULT_MTU;
  // One MTU for both ends stands beside them.
  const mtu = near.link.mtu === far.link.mtu ? near.link.mtu : usualMtu;
  const beside = { ...(mtu === usualMtu ? {} : { mtu }), ...said };
  const place = `${near.namespace}:${near.link.ifname}`;
  if (pair.bridge === undefined || bridge === undefined) {
    const { as, defaultRoute: _, ...rest } = beside;
    return { ends: [longEnd(topology, near, mtu), longEnd(topology, far, mtu)], ...rest, ...(as === undefined ? {} : { as }) };
  }
  const own = macOf(topology, near);
  const short = shortEnd({ at: place, ...ownMtu(near.link, mtu), ...(needsLinkLocal(near.link) ? { linkLocal: true as const } : {}) });
  return {
    ends: [short, portOf(topology, pair.bridge, near, far, mtu)],
    addresses: addressesOf(near.link).map((address) => writtenAddress(address, bridge.segment)),
    ...(own === undefined ? {} : { mac: own }),
    ...beside,
  };
}

function portOf(topology: string, bridge: string, near: PairEnd, far: PairEnd, mtu: number): WrittenEnd {
  const { ifname } = far.link;
  const mac = macOf(topology, far);
  return shortEnd({
    at: bridge,
    ...(ifname === `${near.namespace}-${near.link.ifname}` ? {} : { name: ifname }),
    ...(mac === undefined ? {} : { mac }),
    ...ownMtu(far.link, mtu),
  });
}

function longEnd(topology: string, end: PairEnd, mtu: number): WrittenEnd {
  const mac = macOf(topology, end);
  return {
    at: `${end.namespace}:${end.link.ifname}`,
    addresses: addressesOf(end.link),
    ...(mac === undefined ? {} : { mac }),
    ...ownMtu(end.link, mtu),
    ...(needsLinkLocal(end.link) ? { linkLocal: true as const } : {}),
  };
}

const shortEnd = (end: WrittenLongEnd): WrittenEnd => (Object.keys(end).length === 1 ? end.at : end);

const ownMtu = (link: LinkState, mtu: number) => (link.mtu === mtu ? {} : { mtu: link.mtu });

/** Absent where it is the one that follows from the names. */
const macOf = (topology: string, { namespace, link }: PairEnd): string | undefined =>
  link.mac === deriveMac(topology, namespace === HOST ? HOST : namespace, link.ifname) ? undefined : link.mac;

/** All but the link-local address that follows from the MAC, for which there is a word. */
const addressesOf = ({ addresses, mac }: LinkState): string[] => addresses.filter((address) => address !== linkLocalOf(mac));

/** It has that one, and no other IPv6 address that would bring it along. */
const needsLinkLocal = ({ addresses, mac }: LinkState): boolean =>
  addresses.includes(linkLocalOf(mac)) && !addresses.some((address) => address.includes(':') && !isLinkLocal(address));
