import { type Cidr, type Family, formatCidr, type Ip, networkOf, parseCidr, parseIp } from '../../model/ip.ts';
import type { Code } from '../codes.ts';
import type { Faults } from '../faults.ts';
import type { Path } from '../syntax/places.ts';
import { quote } from '../syntax/quote.ts';

export const FAMILY_NAME: Readonly<Record<Family, string>> = { ipv4: 'IPv4', ipv6: 'IPv6' };

/** Reads an address without prefix length; reports what is not one. */
export function readIp(text: string, path: Path, faults: Faults, code: Code = 'E_IP'): Ip | undefined {
  const ip = parseIp(text);
  if (ip !== undefined) return ip;
  const cidr = parseCidr(text);
  const hint =
    cidr === undefined ? 'for example 192.0.2.1 or 2001:db8::1' : `write ${text.replace(/\/.*$/, '')}, without the prefix length`;
  faults.add(path, code, `${quote(text)} is not an IP address`, hint);
  return undefined;
}

/** Reads a network whose host bits are clear; reports what is not one. `lone`: whether an address alone will do. */
export function readNetwork(text: string, path: Path, faults: Faults): Cidr | undefined {
  const cidr = parseCidr(text);
  if (cidr === undefined) {
    const ip = parseIp(text);
    const bits = ip?.family === 'ipv4' ? 32 : 128;
    const hint =
      ip === undefined
        ? 'for example 10.0.0.0/24 or fd00::/64'
        : `write ${text}/${bits} for this one address, or the prefix length of its network`;
    faults.add(path, 'E_IP', `${quote(text)} is not a network`, hint);
    return undefined;
  }
  const network = networkOf(cidr);
  if (network.value === cidr.value) return cidr;
  faults.add(path, 'E_IP', `${quote(text)} has host bits set`, `write ${formatCidr(network)}`);
  return undefined;
}

const named = (text: string): Cidr => parseCidr(text) ?? { family: 'ipv4', value: 0n, prefix: 0 };

/** Networks that no interface of a topology can be on, and why. */
export const SPECIAL: readonly { readonly network: Cidr; readonly what: string }[] = [
  { network: named('0.0.0.0/8'), what: 'means this host (RFC 1122)' },
  { network: named('127.0.0.0/8'), what: 'is loopback' },
  { network: named('224.0.0.0/4'), what: 'is multicast' },
  { network: named('240.0.0.0/4'), what: 'is reserved' },
  { network: named('::/127'), what: 'holds the unspecified and the loopback address' },
  { network: named('::ffff:0:0/96'), what: 'holds IPv4-mapped addresses' },
  { network: named('fe80::/10'), what: 'is link-local' },
  { network: named('ff00::/8'), what: 'is multicast' },
];
