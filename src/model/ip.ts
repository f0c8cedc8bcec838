import ipaddr from 'ipaddr.js';

export type Family = 'ipv4' | 'ipv6';

export const FAMILIES: readonly Family[] = ['ipv4', 'ipv6'];

/** An address as a number, so that arithmetic and comparison are exact in both families. */
export interface Ip {
  readonly family: Family;
  readonly value: bigint;
}

/** An address with a prefix length: `172.30.1.10/24`. Host bits may be set; `networkOf` clears them. */
export interface Cidr extends Ip {
  readonly prefix: number;
}

export const bitsOf = (family: Family): number => (family === 'ipv4' ? 32 : 128);

/** Four decimals without leading zeros. A lab of thousands reads and writes these so often that it is done without the library. */
const IPV4 =
  /^(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)$/;

/** Reads `192.0.2.1` or `2001:db8::1`; nothing else (no octal, no shorthand, no zone). Undefined when it is not an address. */
export function parseIp(text: string): Ip | undefined {
  const parts = IPV4.exec(text);
  if (parts !== null) {
    return {
      family: 'ipv4',
      value: BigInt(((Number(parts[1]) * 256 + Number(parts[2])) * 256 + Number(parts[3])) * 256 + Number(parts[4])),
    };
  }
  if (text.includes(':') && !text.includes('%') && ipaddr.IPv6.isValid(text)) {
    return { family: 'ipv6', value: fromBytes(ipaddr.IPv6.parse(text).toByteArray()) };
  }
  return undefined;
}

/** Reads `172.30.1.0/24` or `fd00::1/64`; the prefix length is required. Undefined when it is not one. */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(text);
  const ip = match?.[1] === undefined ? undefined : parseIp(match[1]);
  const prefix = Number(match?.[2]);
  if (ip === undefined || prefix > bitsOf(ip.family)) return undefined;
  return { ...ip, prefix };
}

/** The canonical text, as the kernel prints it: RFC 5952 for IPv6. */
export function formatIp(ip: Ip): string {
  if (ip.family === 'ipv6') return formatIpv6(new ipaddr.IPv6(toBytes(ip.value, 16)));
  const value = Number(ip.value);
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

/** inet_ntop, and so the kernel's tools, print IPv4-mapped addresses in dotted form. */
function formatIpv6(ip: ipaddr.IPv6): string {
  return ip.isIPv4MappedAddress() ? `::ffff:${ip.toIPv4Address().toString()}` : ip.toRFC5952String();
}

export const formatCidr = (cidr: Cidr): string => `${formatIp(cidr)}/${cidr.prefix}`;

/** The canonical text of an address or CIDR; text that is neither comes back as it is. */
export function canonical(text: string): string {
  // Most are IPv4, whose decimal form is canonical: there is one for each address.
  const [, address = text, prefix] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  if (IPV4.test(address)) return prefix === undefined || Number(prefix) > 32 ? text : `${address}/${Number(prefix)}`;
  const cidr = parseCidr(text);
  if (cidr) return formatCidr(cidr);
  const ip = parseIp(text);
  return ip ? formatIp(ip) : text;
}

const hostMask = (cidr: Cidr): bigint => (1n << BigInt(bitsOf(cidr.family) - cidr.prefix)) - 1n;

/** The CIDR with its host bits cleared: 172.30.1.10/24 → 172.30.1.0/24. */
export const networkOf = (cidr: Cidr): Cidr => ({ ...cidr, value: cidr.value & ~hostMask(cidr) });

/** The last address of the network (for IPv4 its broadcast address). */
export const lastOf = (cidr: Cidr): Ip => ({ family: cidr.family, value: cidr.value | hostMask(cidr) });

export const contains = (cidr: Cidr, ip: Ip): boolean =>
  cidr.family === ip.family && (ip.value & ~hostMask(cidr)) === networkOf(cidr).value;

export function overlaps(a: Cidr, b: Cidr): boolean {
  return a.prefix <= b.prefix ? contains(a, b) : contains(b, a);
}

/**
 * The addresses that hosts may hold: without the network and broadcast addresses in IPv4 (all of them in /31 and /32, RFC 3021),
 * without the subnet-router anycast address in IPv6 (RFC 4291 §2.6.1; all of them in /127 and /128, RFC 6164).
 */
export function hostRange(cidr: Cidr): { readonly first: bigint; readonly last: bigint } {
  const network = networkOf(cidr).value;
  const last = lastOf(cidr).value;
  if (bitsOf(cidr.family) - cidr.prefix <= 1) return { first: network, last };
  return { first: network + 1n, last: cidr.family === 'ipv4' ? last - 1n : last };
}

export const familyOf = (text: string): Family => (text.includes(':') ? 'ipv6' : 'ipv4');

/** The address without its prefix length. */
export const addressOf = (cidr: string): string => cidr.replace(/\/\d+$/, '');

/** The link-local address that a MAC gives by EUI-64 (RFC 4291 appendix A), with its prefix length. */
export function linkLocalOf(mac: string): string {
  const bytes = mac.split(':').map((part) => Number.parseInt(part, 16));
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = bytes;
  const value = fromBytes([0xfe, 0x80, 0, 0, 0, 0, 0, 0, a ^ 2, b, c, 0xff, 0xfe, d, e, f]);
  return `${formatIp({ family: 'ipv6', value })}/64`;
}

function fromBytes(bytes: readonly number[]): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function toBytes(value: bigint, length: number): number[] {
  return Array.from({ length }, (_, index) => Number((value >> BigInt(8 * (length - 1 - index))) & 0xffn));
}
