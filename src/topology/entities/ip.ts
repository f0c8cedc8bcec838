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
    faults.add(path, 'E_IP', `${quote(text)} is not a network`, networkHint(text));
    return undefined;
  }
  const network = networkOf(cidr);
  if (network.value === cidr.value) return cidr;
  faults.add(path, 'E_IP', `${quote(text)} has host bits set`, `write ${formatCidr(network)}`);
  return undefined;
}

/** What is missing from a text that should be a network, or too much. */
function networkHint(text: string): string {
  const [address = '', prefix] = text.split('/');
  const ip = parseIp(address);
  if (ip !== undefined) {
    const [usual, bits] = ip.family === 'ipv4' ? [24, 32] : [64, 128];
    if (prefix === undefined)
      return `add the length of its prefix: ${formatCidr(networkOf({ ...ip, prefix: usual }))}, or ${text}/${bits} for this one address`;
    const mask = parseIp(prefix);
    if (mask?.family !== 'ipv4' || ip.family !== 'ipv4') return `what stands behind the / is a number from 0 to ${bits}`;
    const ones = mask.value.toString(2).replaceAll('0', '').length;
    return `write the mask as the length of a prefix: ${formatCidr(networkOf({ ...ip, prefix: ones }))}`;
  }
  const numbers = /^[0-9.]+$/.test(address) ? address.split('.') : [];
  if (numbers.length > 0 && numbers.length !== 4) return 'an IPv4 network has four numbers: 10.80.1.0/24';
  if (numbers.some((number) => Number(number) > 255)) return 'each of the four numbers is 0 to 255: 10.80.1.0/24';
  return 'for example 10.0.0.0/24 or fd00::/64';
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
