import type { Family } from '../../model/ip.ts';
import type { Bridge } from '../../model/topology.ts';

/** Names of nft's own language for each family. */
export const ip = { ipv4: 'ip', ipv6: 'ip6' } as const;
export const addressType = { ipv4: 'ipv4_addr', ipv6: 'ipv6_addr' } as const;

export const quoted = (names: readonly string[]): string[] => names.map((name) => `"${name}"`);

/** A set in the order in which observed ones are put too: that of the text. */
export function oneOf(items: readonly string[]): string {
  const sorted = [...new Set(items)].sort();
  return sorted.length === 1 ? (sorted[0] ?? '') : `{ ${sorted.join(', ')} }`;
}

/** 128 bytes at most (NFTNL_UDATA_COMMENT_MAXLEN). */
export const comment = (text: string): string => ` comment "${text.slice(0, 120)}"`;

/** Whether the bridge itself holds an address of the family. */
export const holds = (bridge: Bridge, family: Family): boolean =>
  bridge.addresses.some((address) => address.includes(':') === (family === 'ipv6'));
