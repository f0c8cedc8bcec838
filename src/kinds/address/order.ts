import { familyOf, formatCidr, networkOf, parseCidr } from '../../model/ip.ts';

/**
 * The order in which the kernel keeps IPv4 addresses: the first of each network in the order of their arrival, then the others
 * (net/ipv4/devinet.c, __inet_insert_ifa).
 */
function kernelOrderIpv4(addresses: readonly string[]): string[] {
  const seen = new Set<string>();
  const primary: string[] = [];
  const secondary: string[] = [];
  for (const address of addresses) {
    const cidr = parseCidr(address);
    const network = cidr ? formatCidr(networkOf(cidr)) : address;
    (seen.has(network) ? secondary : primary).push(address);
    seen.add(network);
  }
  return [...primary, ...secondary];
}

const isLinkLocal = (address: string): boolean => address.startsWith('fe80:');

/** One canonical order of a wanted or observed list: IPv4, then IPv6, then link-local; the preferred source first in each. */
export function normalise(addresses: readonly string[]): string[] {
  const ipv4 = addresses.filter((address) => familyOf(address) === 'ipv4');
  const ipv6 = addresses.filter((address) => familyOf(address) === 'ipv6');
  return [...kernelOrderIpv4(ipv4), ...ipv6.filter((address) => !isLinkLocal(address)), ...ipv6.filter(isLinkLocal)];
}

/** What takes a list to another by deleting and then adding: nothing is touched that may stay where it is. */
export interface Moves {
  readonly remove: readonly string[];
  /** In the order of adding. */
  readonly add: readonly string[];
}

export function moves(before: readonly string[], after: readonly string[]): Moves {
  const select = (list: readonly string[], pick: (address: string) => boolean) => list.filter(pick);
  const ipv4 = append(select(before, isIpv4), select(after, isIpv4));
  // The kernel puts a new IPv6 address before the older ones of its scope (net/ipv6/addrconf.c, ipv6_link_dev_addr), and prefers it as source.
  const globals = append(select(before, isGlobal6).reverse(), select(after, isGlobal6).reverse());
  const local = append(select(before, isLinkLocal).reverse(), select(after, isLinkLocal).reverse());
  return { remove: [...ipv4.remove, ...globals.remove, ...local.remove], add: [...local.add, ...ipv4.add, ...globals.add] };
}

const isIpv4 = (address: string): boolean => familyOf(address) === 'ipv4';
const isGlobal6 = (address: string): boolean => familyOf(address) === 'ipv6' && !isLinkLocal(address);

/** As new ones go to the end, only a beginning that is right already can stay. */
function append(before: readonly string[], after: readonly string[]): Moves {
  const wanted = new Set(after);
  let kept = 0;
  const remove: string[] = [];
  for (const address of before) {
    if (wanted.has(address) && address === after[kept]) kept += 1;
    else remove.push(address);
  }
  return { remove, add: after.slice(kept) };
}
