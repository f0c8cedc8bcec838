import { bitsOf, type Cidr, contains, FAMILIES, type Family, formatCidr, hostRange, type Ip, overlaps, parseCidr } from '../../model/ip.ts';
import type { DraftSubnet, GatewayWish } from '../draft.ts';
import type { Faults, Subject } from '../faults.ts';
import { itemsOf, type RawSubnet, type RawTopology } from '../raw.ts';
import type { Path } from '../syntax/places.ts';
import { quote } from '../syntax/quote.ts';
import { FAMILY_NAME, readIp, readNetwork, SPECIAL } from './ip.ts';

/** The subnets with a name. Those that could not be read in full are marked as spoilt. */
export function readSubnets(raw: RawTopology, faults: Faults): Map<string, DraftSubnet> {
  const subnets = new Map<string, DraftSubnet>();
  for (const [name, subnet] of Object.entries(raw.subnets ?? {})) {
    const path = ['subnets', name];
    if (name === 'default')
      faults.addAtKey(path, 'E_NAME', 'default is reserved', '`to: default` is the default route; choose another name');
    subnets.set(name, readSubnet(name, subnet ?? {}, path, faults));
  }
  return subnets;
}

/** One subnet; `name` is that of its link where it is written out there. */
export function readSubnet(name: string, raw: RawSubnet, path: Path, faults: Faults): DraftSubnet {
  const subject: Subject = `subnet:${name}`;
  const networks: { ipv4?: Cidr; ipv6?: Cidr } = {};
  for (const family of FAMILIES) {
    const text = raw[family];
    if (text === undefined) continue;
    const network = readNetwork(text, [...path, family], faults);
    if (network === undefined || !isUsable(network, family, [...path, family], faults)) faults.spoil(subject);
    else networks[family] = network;
  }
  if (raw.ipv4 === undefined && raw.ipv6 === undefined && !faults.spoilt(subject)) {
    faults.addAtKey(path, 'E_SUBNET', `subnet ${name} has no network`, 'write ipv4: or ipv6: with a network, 172.30.1.0/24 for instance');
    faults.spoil(subject);
  }
  const within = { name, networks, faults, spoilt: faults.spoilt(subject) };
  return {
    name,
    path,
    networks,
    pools: readPools(raw, path, within),
    reserved: readReserved(raw, path, within),
    gateway: readGateway(raw, path, within),
    gateways: {},
    segments: [],
  };
}

interface Within {
  readonly name: string;
  readonly networks: Readonly<Partial<Record<Family, Cidr>>>;
  readonly faults: Faults;
  readonly spoilt: boolean;
}

function isUsable(network: Cidr, family: Family, path: Path, faults: Faults): boolean {
  if (network.family !== family) {
    const other = FAMILY_NAME[network.family];
    faults.add(path, 'E_SUBNET', `${formatCidr(network)} is an ${other} network`, `write it under ${network.family}:`);
    return false;
  }
  const special = SPECIAL.find((each) => overlaps(each.network, network));
  if (special === undefined) return true;
  const message = `${formatCidr(network)} cannot be a subnet: ${formatCidr(special.network)} ${special.what}`;
  faults.add(
    path,
    'E_SUBNET',
    message,
    family === 'ipv4' ? 'private networks are 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16' : 'private networks begin with fd',
  );
  return false;
}

/** Whether it lies in the subnet; reports that it does not, unless the network itself could not be read. */
function isInside(what: string, value: Ip, prefix: number, path: Path, { name, networks, faults, spoilt }: Within): boolean {
  const network = networks[value.family];
  if (network !== undefined && contains(network, value) && prefix >= network.prefix) return true;
  const has = FAMILIES.flatMap((family) => networks[family] ?? []).map(formatCidr);
  if (!spoilt) faults.add(path, 'E_SUBNET', `${what} is not within subnet ${name}`, `it has ${has.join(' and ')}`);
  return false;
}

function readPools(raw: RawSubnet, path: Path, within: Within): DraftSubnet['pools'] {
  const pools: { ipv4?: Cidr[]; ipv6?: Cidr[] } = {};
  for (const [text, step] of itemsOf<string>(raw.range)) {
    const at = [...path, 'range', ...step];
    const pool = readNetwork(text, at, within.faults);
    if (pool === undefined || !isInside(formatCidr(pool), pool, pool.prefix, at, within)) continue;
    pools[pool.family] = [...(pools[pool.family] ?? []), pool];
  }
  return pools;
}

function readReserved(raw: RawSubnet, path: Path, within: Within): Cidr[] {
  return itemsOf<string>(raw.reserved).flatMap(([text, step]) => {
    const at = [...path, 'reserved', ...step];
    const ip = text.includes('/') ? readNetwork(text, at, within.faults) : readIp(text, at, within.faults);
    if (ip === undefined) return [];
    const prefix = parseCidr(text)?.prefix ?? bitsOf(ip.family);
    return isInside(text, ip, prefix, at, within) ? [{ ...ip, prefix }] : [];
  });
}

function readGateway({ gateway }: RawSubnet, path: Path, within: Within): GatewayWish {
  const at = [...path, 'gateway'];
  if (gateway === undefined) return { kind: 'default' };
  if (gateway === false) return { kind: 'none' };
  if (gateway === true) {
    within.faults.add(at, 'E_GATEWAY', 'gateway: true says nothing', "leave it out for the subnet's first address, or write an address");
    return { kind: 'default' };
  }
  if (typeof gateway === 'string' && isEndLike(gateway)) return { kind: 'end', end: gateway, path: at };
  const addresses = itemsOf<string>(gateway).flatMap(([text, step]) => {
    if (/^[a-z][a-z0-9-]*$/.test(text)) {
      const hint = /^(none|no|off)$/.test(text) ? 'write gateway: false' : `write an address, or the end that holds it: ${text}:eth0`;
      within.faults.add([...at, ...step], 'E_GATEWAY', `${text} is neither an address nor namespace:interface`, hint);
      return [];
    }
    const ip = readIp(text, [...at, ...step], within.faults, 'E_GATEWAY');
    return ip !== undefined && canHold(text, ip, [...at, ...step], within) ? [{ ip, path: [...at, ...step] }] : [];
  });
  return { kind: 'addresses', addresses };
}

/** `r1:lan0`, told from an address by not being one. */
const isEndLike = (text: string): boolean => /^[a-z][a-z0-9-]*:[a-zA-Z][^:]*$/.test(text);

function canHold(text: string, ip: Ip, path: Path, within: Within): boolean {
  if (!isInside(quote(text), ip, bitsOf(ip.family), path, within)) return false;
  const network = within.networks[ip.family];
  if (network === undefined) return false;
  const { first, last } = hostRange(network);
  if (ip.value >= first && ip.value <= last) return true;
  within.faults.add(
    path,
    'E_GATEWAY',
    `${text} is the ${ip.value < first ? 'network' : 'broadcast'} address of ${formatCidr(network)}`,
    'choose an address between',
  );
  return false;
}
