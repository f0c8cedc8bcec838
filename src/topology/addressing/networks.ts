import { type Cidr, type Family, lastOf, networkOf } from '../../model/ip.ts';
import type { Draft, DraftSubnet } from '../draft.ts';

/** A network of the file with the subnet that it belongs to. */
export interface Placed {
  readonly subnet: DraftSubnet;
  readonly network: Cidr;
}

/** The networks of one family, sorted. */
export const sortedNetworks = (draft: Draft, family: Family): Placed[] =>
  [...draft.subnets.values()]
    .flatMap((subnet) => {
      const network = subnet.networks[family];
      return network === undefined ? [] : [{ subnet, network }];
    })
    .sort((a, b) => compareNetworks(a.network, b.network));

/** By first address, the wider first. */
export const compareNetworks = (a: Cidr, b: Cidr): number => {
  const [one, other] = [networkOf(a).value, networkOf(b).value];
  return one < other ? -1 : one > other ? 1 : a.prefix - b.prefix;
};

/** The first of the sorted networks that overlaps; binary search. */
export function overlapping(sorted: readonly Placed[], cidr: Cidr): Placed | undefined {
  const from = networkOf(cidr).value;
  const to = lastOf(cidr).value;
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const placed = sorted[middle];
    if (placed !== undefined && lastOf(placed.network).value < from) low = middle + 1;
    else high = middle;
  }
  const found = sorted[low];
  return found !== undefined && found.network.value <= to ? found : undefined;
}
