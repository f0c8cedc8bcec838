import {
  bitsOf,
  type Cidr,
  contains,
  formatCidr,
  formatIp,
  hostRange,
  type Ip,
  lastOf,
  networkOf,
  overlaps,
  parseCidr,
  parseIp,
} from '../../model/ip.ts';
import type { Draft, DraftEnd, DraftSubnet, Node } from '../draft.ts';
import { FAMILY_NAME, SPECIAL } from '../entities/ip.ts';
import type { Faults } from '../faults.ts';
import { itemsOf } from '../raw.ts';
import type { Path } from '../syntax/places.ts';
import { quote } from '../syntax/quote.ts';

/** Reads the addresses that the file gives, those of links and of `lo`. */
export function readExplicit(draft: Draft, faults: Faults): void {
  for (const { ends } of draft.links) for (const end of ends) if (!end.isPort) readEndAddresses(end, faults);
  for (const node of draft.nodes.values()) readLoopback(node, faults);
}

function readEndAddresses(end: DraftEnd, faults: Faults): void {
  const { addresses } = end.settings;
  const { subnet, bridge } = end.segment;
  for (const [text, step] of itemsOf<string>(addresses?.value)) {
    const path = [...(addresses?.path ?? end.path), ...step];
    const cidr = readAddress(text, subnet, path, faults, faults.spoilt(...spoilers(subnet, bridge?.name)));
    if (cidr === undefined) faults.spoil(`namespace:${end.namespace}`);
    else end.explicit.push({ cidr, path });
  }
}

const spoilers = (subnet: DraftSubnet | undefined, bridge: string | undefined) =>
  [
    ...(subnet === undefined ? [] : [`subnet:${subnet.name}` as const]),
    ...(bridge === undefined ? [] : [`bridge:${bridge}` as const]),
  ] as const;

function readAddress(text: string, subnet: DraftSubnet | undefined, path: Path, faults: Faults, spoilt: boolean): Cidr | undefined {
  const written = parseCidr(text);
  const ip = written ?? parseIp(text);
  if (ip === undefined) {
    faults.add(path, 'E_IP', `${quote(text)} is not an IP address`, 'for example 172.30.1.10, 10.0.13.1/30 or fd00:30:1::10');
    return undefined;
  }
  const network = subnet?.networks[ip.family];
  const inside = network !== undefined && contains(network, ip);
  const prefix = written?.prefix ?? (inside ? network.prefix : undefined);
  if (prefix === undefined) {
    if (!spoilt) {
      const long = `${text}/${ip.family === 'ipv4' ? 24 : 64}`;
      if (network === undefined) {
        const message = `${text} needs a prefix length: the link has no ${FAMILY_NAME[ip.family]} subnet`;
        faults.add(path, 'E_ADDRESS_PREFIX', message, `write ${long}, say`);
      } else {
        const { first, last } = hostRange(network);
        const [from, to] = [first, last].map((value) => formatIp({ family: ip.family, value }));
        const message = `${text} is outside of ${formatCidr(network)}, the subnet here`;
        faults.add(
          path,
          'E_ADDRESS_PREFIX',
          message,
          `choose one from ${from} to ${to}; of another network write its prefix length too: ${long}`,
        );
      }
    }
    return undefined;
  }
  const cidr: Cidr = { family: ip.family, value: ip.value, prefix };
  if (inside && prefix !== network.prefix && prefix !== bitsOf(ip.family)) {
    const message = `${text} has another prefix length than its subnet ${formatCidr(network)}`;
    faults.add(path, 'E_ADDRESS_PREFIX', message, `write ${text.replace(/\/.*/, '')}, which takes /${network.prefix} from the subnet`);
    return undefined;
  }
  return isHoldable(text, cidr, path, faults) ? cidr : undefined;
}

function isHoldable(text: string, cidr: Cidr, path: Path, faults: Faults): boolean {
  const special = SPECIAL.find(({ network }) => contains(network, cidr));
  if (special !== undefined) {
    const isLinkLocal = special.what === 'is link-local';
    const hint = isLinkLocal
      ? 'link-local addresses come by themselves; `linkLocal: true` in the long form of the end asks for one'
      : 'choose another address';
    faults.add(path, 'E_ADDRESS', `no interface can hold ${text}: ${formatCidr(special.network)} ${special.what}`, hint);
    return false;
  }
  const { first, last } = hostRange(cidr);
  if (cidr.value >= first && cidr.value <= last) return true;
  const which = cidr.value < first ? (cidr.family === 'ipv4' ? 'network' : 'subnet-router anycast') : 'broadcast';
  const range = `${formatCidr(networkOf(cidr))}`;
  faults.add(
    path,
    'E_ADDRESS',
    `${text} is the ${which} address of ${range}`,
    'choose an address between the first and the last of the network',
  );
  return false;
}

const KERNEL_OWN: readonly Cidr[] = ['127.0.0.1/32', '::1/128'].flatMap((text) => parseCidr(text) ?? []);

function readLoopback(node: Node, faults: Faults): void {
  for (const [text, step] of itemsOf<string>(node.raw.interfaces?.lo?.addresses)) {
    const path = [...node.path, 'interfaces', 'lo', 'addresses', ...step];
    const written = parseCidr(text);
    const ip: Ip | undefined = written ?? parseIp(text);
    if (ip === undefined) {
      faults.add(path, 'E_IP', `${quote(text)} is not an IP address`, 'for example 10.255.0.1/32');
      continue;
    }
    const cidr: Cidr = { family: ip.family, value: ip.value, prefix: written?.prefix ?? bitsOf(ip.family) };
    if (KERNEL_OWN.some((own) => contains(own, cidr))) {
      faults.add(path, 'E_ADDRESS', `${text} is there by itself`, 'remove it');
    } else if (isLoopback(cidr) || isHoldable(text, cidr, path, faults)) node.loopback.push({ cidr, path });
  }
}

/** 127.0.0.0/8 may be held by `lo`, though by nothing else. */
const isLoopback = (cidr: Cidr): boolean => {
  const loopback = parseCidr('127.0.0.0/8');
  return loopback !== undefined && overlaps(loopback, cidr) && contains(loopback, cidr) && cidr.value !== lastOf(loopback).value;
};
