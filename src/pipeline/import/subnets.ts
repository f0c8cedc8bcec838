import {
  addressOf,
  type Cidr,
  contains,
  FAMILIES,
  type Family,
  formatCidr,
  formatIp,
  hostRange,
  networkOf,
  parseCidr,
} from '../../model/ip.ts';
import type { LinkState } from '../../model/snapshot.ts';
import type { WrittenSubnet } from '../../model/written.ts';
import type { Pair } from './pairs.ts';
import type { Scene } from './scene.ts';

/** The network of a bridge, in each family at most one. */
export interface Segment {
  readonly networks: { readonly [family in Family]?: Cidr };
  /** Addresses of the bridge itself in these networks; without a prefix length. */
  readonly gateways: { readonly [family in Family]?: readonly string[] };
}

export const isLinkLocal = (address: string): boolean => address.startsWith('fe80:');

/** What a bridge's own addresses say, and where it has none, those of its members. */
export function segmentOf(scene: Scene, bridge: LinkState, pairs: readonly Pair[]): Segment {
  const networks: { [family in Family]?: Cidr } = {};
  const gateways: { [family in Family]?: string[] } = {};
  for (const address of bridge.addresses.filter((one) => !isLinkLocal(one))) {
    const cidr = parseCidr(address);
    if (cidr === undefined) continue;
    const network = networkOf(cidr);
    networks[cidr.family] ??= network;
    if (formatCidr(networks[cidr.family] ?? network) === formatCidr(network))
      gateways[cidr.family] = [...(gateways[cidr.family] ?? []), addressOf(address)];
    else {
      const message = `${address} of ${bridge.ifname} is not in ${formatCidr(networks[cidr.family] ?? network)}; a bridge has one network of each family`;
      scene.omit({ path: ['bridges', bridge.ifname], code: 'W_IMPORT_CHANGED', message: `${message}, and an apply would remove it` });
    }
  }
  const members = pairs.filter((pair) => pair.bridge === bridge.ifname).flatMap(({ near }) => near.link.addresses);
  for (const family of FAMILIES) {
    if (networks[family] !== undefined) continue;
    const first = members
      .filter((one) => !isLinkLocal(one))
      .flatMap((one) => parseCidr(one) ?? [])
      .find((one) => one.family === family && one.prefix < (family === 'ipv4' ? 32 : 128));
    if (first !== undefined) networks[family] = networkOf(first);
  }
  return { networks, gateways };
}

/** As the file says it; undefined for a bridge without a network. */
export function writtenSubnet({ networks, gateways }: Segment): WrittenSubnet | undefined {
  const own = FAMILIES.filter((family) => networks[family] !== undefined);
  if (own.length === 0) return undefined;
  const texts = Object.fromEntries(own.map((family) => [family, formatCidr(networks[family] as Cidr)]));
  const held = own.filter((family) => gateways[family] !== undefined);
  if (held.length === 0) return { ...texts, gateway: false };
  const usual = held.length === own.length && held.every((family) => isUsual(networks[family] as Cidr, gateways[family] ?? []));
  if (usual) return texts;
  const list = held.flatMap((family) => gateways[family] ?? []);
  return { ...texts, gateway: list.length === 1 ? (list[0] ?? '') : list };
}

/** The first host address, and no other: what a bridge gets without being told. */
const isUsual = (network: Cidr, [first, ...more]: readonly string[]): boolean =>
  more.length === 0 && first === formatIp({ family: network.family, value: hostRange(network).first });

/** An address as a member of this segment has to write it: without the prefix length that the subnet gives. */
export function writtenAddress(address: string, { networks }: Segment): string {
  const cidr = parseCidr(address);
  const network = cidr && networks[cidr.family];
  return cidr !== undefined && network !== undefined && contains(network, cidr) && cidr.prefix === network.prefix
    ? addressOf(address)
    : address;
}
