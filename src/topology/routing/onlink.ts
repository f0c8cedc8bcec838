import { bitsOf, type Cidr, contains, type Family, formatIp, type Ip, networkOf } from '../../model/ip.ts';
import type { Interface, Node } from '../draft.ts';

/** Which interface of a namespace reaches an address without a router. Built once a namespace, so that lookups stay cheap. */
export interface OnLink {
  /** Every interface that reaches it, the longest prefix first, then in the order of the file. */
  reaching(ip: Ip): readonly Interface[];
}

export function createOnLink(node: Node): OnLink {
  const byNetwork = new Map<string, Interface[]>();
  const prefixes: Record<Family, Set<number>> = { ipv4: new Set(), ipv6: new Set() };
  for (const each of node.interfaces) {
    for (const cidr of each.addresses) {
      const key = keyOf(cidr);
      const same = byNetwork.get(key);
      if (same === undefined) byNetwork.set(key, [each]);
      else if (!same.includes(each)) same.push(each);
      prefixes[cidr.family].add(cidr.prefix);
    }
  }
  const sorted = { ipv4: descending(prefixes.ipv4), ipv6: descending(prefixes.ipv6) };
  return { reaching: (ip) => sorted[ip.family].flatMap((prefix) => byNetwork.get(keyOf({ ...ip, prefix })) ?? []) };
}

const descending = (prefixes: ReadonlySet<number>): number[] => [...prefixes].sort((a, b) => b - a);

const keyOf = (cidr: Cidr): string => `${cidr.family} ${networkOf(cidr).value}/${cidr.prefix}`;

/** A next hop: its address and the interface that leads there. */
export interface Hop {
  readonly via: string;
  readonly dev: string;
}

/**
 * How `from` reaches `to` on a segment that both are on; undefined where no address of that family is on-link. Interfaces count in the order
 * of the links. `toIfname` and `dev` narrow the choice.
 */
export function hopTo(from: Node, to: Node, family: Family, toIfname: string | undefined, dev: string | undefined): Hop | undefined {
  // A router may have thousands of interfaces and its clients one each: walk the shorter list.
  const walkOwn = from.interfaces.length <= to.interfaces.length;
  const pairs = (walkOwn ? from : to).interfaces.flatMap((each) =>
    (each.segment.interfaces.get((walkOwn ? to : from).name) ?? []).map((other) =>
      walkOwn ? ([each, other] as const) : ([other, each] as const),
    ),
  );
  const ordered = walkOwn || pairs.length < 2 ? pairs : pairs.sort(([a], [b]) => from.interfaces.indexOf(a) - from.interfaces.indexOf(b));
  for (const [own, other] of ordered) {
    if (own === other || (toIfname !== undefined && other.ifname !== toIfname) || (dev !== undefined && own.ifname !== dev)) continue;
    const address = other.addresses.find((cidr) => cidr.family === family && own.addresses.some((mine) => reaches(mine, cidr)));
    if (address !== undefined) return { via: formatIp(address), dev: own.ifname };
  }
  return undefined;
}

const reaches = (mine: Cidr, other: Cidr): boolean =>
  mine.prefix < bitsOf(mine.family) && contains(mine, other) && mine.value !== other.value;
