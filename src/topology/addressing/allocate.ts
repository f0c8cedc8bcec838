import { bitsOf, type Cidr, FAMILIES, type Family, formatCidr, hostRange, lastOf } from '../../model/ip.ts';
import { type Draft, type DraftEnd, type DraftSubnet, endName } from '../draft.ts';
import { FAMILY_NAME } from '../entities/ip.ts';
import type { Faults } from '../faults.ts';
import { isAutomatic } from './gateways.ts';

/** Values that are spoken for, in each family. */
type Taken = Readonly<Record<Family, Set<bigint>>>;

/**
 * Gives every end its addresses: the written ones, then an automatic one of each family that the subnet has, in the order of the links.
 * Gateways, reserved addresses and written ones anywhere in the file are passed over.
 */
export function allocate(draft: Draft, held: ReadonlyMap<DraftEnd, readonly Cidr[]>, faults: Faults): void {
  const taken = spokenFor(draft);
  const pools = new Map<DraftSubnet, Readonly<Record<Family, () => bigint | undefined>>>();
  const poolOf = (subnet: DraftSubnet) => {
    const pool = pools.get(subnet) ?? { ipv4: createPool(subnet, 'ipv4', taken), ipv6: createPool(subnet, 'ipv6', taken) };
    pools.set(subnet, pool);
    return pool;
  };
  const short = new Map<string, { end: DraftEnd; network: Cidr; more: number }>();
  for (const end of draft.links.flatMap((link) => link.ends)) {
    if (end.isPort) continue;
    end.addresses.push(...end.explicit.map(({ cidr }) => cidr));
    const { subnet } = end.segment;
    for (const family of FAMILIES) {
      const network = subnet?.networks[family];
      if (subnet === undefined || network === undefined || !isAutomatic(end, family)) continue;
      const gateway = held.get(end)?.find((cidr) => cidr.family === family);
      const value = gateway?.value ?? poolOf(subnet)[family]();
      if (value !== undefined) end.addresses.push({ family, value, prefix: network.prefix });
      else count(short, end, network);
    }
  }
  for (const { end, network, more } of short.values()) reportFull(end, network, more, faults);
}

function spokenFor(draft: Draft): Taken {
  const taken: Taken = { ipv4: new Set(), ipv6: new Set() };
  for (const { ends } of draft.links) for (const end of ends) for (const { cidr } of end.explicit) taken[cidr.family].add(cidr.value);
  for (const node of draft.nodes.values()) for (const { cidr } of node.loopback) taken[cidr.family].add(cidr.value);
  for (const subnet of draft.subnets.values()) {
    for (const family of FAMILIES) for (const ip of subnet.gateways[family] ?? []) taken[family].add(ip.value);
    for (const cidr of subnet.reserved) if (cidr.prefix === bitsOf(cidr.family)) taken[cidr.family].add(cidr.value);
  }
  return taken;
}

/** Hands out the addresses of a subnet one after the other; undefined once there are no more. */
function createPool(subnet: DraftSubnet, family: Family, taken: Taken): () => bigint | undefined {
  const next = candidates(subnet, family);
  return () => {
    for (let each = next.next(); !each.done; each = next.next()) {
      if (taken[family].has(each.value)) continue;
      // Two ranges of one subnet may overlap.
      taken[family].add(each.value);
      return each.value;
    }
    return undefined;
  };
}

/** Every address that hosts may hold, range by range, without the reserved networks. */
function* candidates(subnet: DraftSubnet, family: Family): Generator<bigint, void> {
  const network = subnet.networks[family];
  if (network === undefined) return;
  const hosts = hostRange(network);
  const reserved = subnet.reserved.filter((cidr) => cidr.family === family && cidr.prefix < bitsOf(family)).sort(byValue);
  for (const pool of subnet.pools[family] ?? [network]) {
    let value = later(pool.value, hosts.first);
    const end = earlier(lastOf(pool).value, hosts.last);
    let index = 0;
    while (value <= end) {
      const block = reserved[index];
      if (block === undefined || value < block.value) yield value++;
      else {
        // Blocks may nest; one that ends before this value is simply behind.
        if (lastOf(block).value >= value) value = lastOf(block).value + 1n;
        index += 1;
      }
    }
  }
}

const earlier = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const later = (a: bigint, b: bigint): bigint => (earlier(a, b) === a ? b : a);

const byValue = (a: Cidr, b: Cidr): number => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0);

function count(short: Map<string, { end: DraftEnd; network: Cidr; more: number }>, end: DraftEnd, network: Cidr): void {
  const key = `${end.link.path.join('/')} ${network.family}`;
  const entry = short.get(key);
  if (entry === undefined) short.set(key, { end, network, more: 0 });
  else entry.more += 1;
}

function reportFull(end: DraftEnd, network: Cidr, more: number, faults: Faults): void {
  const others = more === 0 ? '' : ` and ${more} more`;
  const range = end.segment.subnet?.pools[network.family] === undefined ? '' : 'the range of ';
  const message = `${range}${formatCidr(network)} is full: no ${FAMILY_NAME[network.family]} address is left for ${endName(end)}${others}`;
  faults.spoil(`namespace:${end.namespace}`);
  faults.add(end.path, 'E_SUBNET_FULL', message, 'use a larger subnet or range, or fewer reserved addresses');
}
