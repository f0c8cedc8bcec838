import { addressOf, contains, type Family, familyOf, formatCidr, linkLocalOf, networkOf, parseCidr, parseIp } from '../../model/ip.ts';
import { type FakeAddress, type FakeLink, refuse } from './state.ts';

const setting = (link: FakeLink, name: string): string => link.settings.values.get(name) ?? '0';

/** LOWER_UP: a veth needs its other end up, a bridge a port that has it. */
export function hasCarrier(link: FakeLink): boolean {
  if (!link.up) return false;
  if (link.peer) return link.peer.up;
  if (link.kind !== 'bridge') return true;
  return link.namespace.links.some((port) => port.master === link && hasCarrier(port));
}

const usableIpv6 = (link: FakeLink): boolean => link.ipv6 && setting(link, 'ipv6/disable_ipv6') === '0';

export function addAddress(link: FakeLink, text: string, where: string): void {
  const family = familyOf(text);
  if (family === 'ipv6' && !usableIpv6(link)) {
    refuse(where, ['ip'], link.ipv6 ? 'Error: ipv6: IPv6 is disabled on this device.' : 'RTNETLINK answers: Invalid argument');
  }
  // IPv6 compares addresses alone, IPv4 with their prefix lengths (ipv6_add_addr, __inet_insert_ifa).
  const same = (other: FakeAddress): boolean => (family === 'ipv4' ? other.text === text : addressOf(other.text) === addressOf(text));
  if (link.addresses.some(same)) refuse(where, ['ip'], `Error: ${family}: ${family === 'ipv4' ? 'A' : 'a'}ddress already assigned.`);
  insert(link, { family, text, automatic: false });
}

export function deleteAddress(link: FakeLink, text: string, where: string): void {
  const found = link.addresses.find((address) => address.text === text);
  if (!found) refuse(where, ['ip'], `Error: ${familyOf(text)}: ${familyOf(text) === 'ipv4' ? 'A' : 'a'}ddress not found.`);
  const wasPrimary = isPrimary(link, found);
  link.addresses = link.addresses.filter((address) => address !== found);
  if (found.family === 'ipv4' && wasPrimary && !promotesSecondaries(link)) {
    link.addresses = link.addresses.filter((address) => address.family !== 'ipv4' || networkText(address.text) !== networkText(text));
  }
  if (found.family === 'ipv4' && !link.addresses.some((address) => address.family === 'ipv4')) {
    // The last one takes every IPv4 route of the interface along (fib_disable_ip).
    dropRoutes(link, 'ipv4');
  }
  dropStaleConnected(link);
}

const promotesSecondaries = (link: FakeLink): boolean =>
  setting(link, 'ipv4/promote_secondaries') !== '0' || link.namespace.interfaces.all.values.get('ipv4/promote_secondaries') !== '0';

/** The first IPv4 address of its network is the primary one. */
const isPrimary = (link: FakeLink, address: FakeAddress): boolean =>
  link.addresses.find((other) => other.family === 'ipv4' && networkText(other.text) === networkText(address.text)) === address;

function insert(link: FakeLink, address: FakeAddress): void {
  const { addresses } = link;
  if (address.family === 'ipv4') {
    // From now on a write of `default` changes nothing here (inet_rtm_newaddr: ipv4_devconf_setall).
    for (const name of link.settings.values.keys()) if (name.startsWith('ipv4')) link.settings.touched.add(name);
    const lastPrimary = addresses.findLastIndex((other) => other.family === 'ipv4' && isPrimary(link, other));
    const secondary = addresses.some((other) => networkText(other.text) === networkText(address.text));
    const lastIpv4 = addresses.findLastIndex((other) => other.family === 'ipv4');
    addresses.splice((secondary ? lastIpv4 : lastPrimary) + 1, 0, address);
  } else {
    // The youngest of a scope first, link-local ones last (ipv6_link_dev_addr).
    const scope = ipv6Scope(address.text);
    const index = addresses.findIndex((other) => other.family === 'ipv6' && ipv6Scope(other.text) >= scope);
    addresses.splice(index === -1 ? addresses.length : index, 0, address);
  }
  if (link.up) connect(link, address);
}

/** Sorts as the kernel's scopes do: global, link-local, host. */
const ipv6Scope = (text: string): number => (text === '::1/128' ? 2 : /^fe[89ab]/.test(text) ? 1 : 0);

const network = (text: string) => {
  const cidr = parseCidr(text);
  return cidr ? networkOf(cidr) : undefined;
};

function networkText(text: string): string {
  const found = network(text);
  return found ? formatCidr(found) : text;
}

/** The route that an address brings with it (protocol 2, `kernel`), where it brings one to the main table. */
function connectedRoute(link: FakeLink, { family, text }: FakeAddress): { to: string; metric: number } | undefined {
  if (text === '::1/128') return undefined;
  if (family === 'ipv6') return { to: networkText(text), metric: 256 };
  // Those of lo are in the table `local`.
  return link.kind === 'loopback' || text.endsWith('/32') ? undefined : { to: networkText(text), metric: 0 };
}

function connect(link: FakeLink, address: FakeAddress): void {
  const route = connectedRoute(link, address);
  const { routes } = link.namespace;
  const { family } = address;
  if (!route || routes.some((other) => other.link === link && other.to === route.to && other.protocol === 2)) return;
  routes.push({ family, ...route, type: 'unicast', link, protocol: 2 });
}

function dropStaleConnected(link: FakeLink): void {
  const wanted = new Set(link.addresses.map((address) => connectedRoute(link, address)?.to));
  removeRoutes(link, (route) => route.protocol === 2 && !wanted.has(route.to));
}

const removeRoutes = (link: FakeLink, doomed: (route: FakeLink['namespace']['routes'][number]) => boolean): void => {
  const { routes } = link.namespace;
  routes.splice(0, routes.length, ...routes.filter((route) => route.link !== link || !doomed(route)));
};

export const dropRoutes = (link: FakeLink, family?: Family): void =>
  removeRoutes(link, (route) => family === undefined || route.family === family);

/** Takes away the IPv6 addresses and routes of a link; `keep_addr_on_down` saves the given addresses when it only goes down. */
export function dropIpv6Addresses(link: FakeLink, options: { readonly keepStatic: boolean }): void {
  const keeps = (address: FakeAddress): boolean => options.keepStatic && !address.automatic && ipv6Scope(address.text) === 0;
  link.addresses = link.addresses.filter((address) => address.family === 'ipv4' || keeps(address));
  dropRoutes(link, 'ipv6');
}

/** What happens to addresses and routes when a link has gone up. */
export function whenUp(link: FakeLink): void {
  if (link.kind === 'loopback') {
    const automatic = true;
    if (!link.addresses.some(({ family }) => family === 'ipv4')) insert(link, { family: 'ipv4', text: '127.0.0.1/8', automatic });
    if (usableIpv6(link)) insert(link, { family: 'ipv6', text: '::1/128', automatic });
  }
  for (const address of link.addresses) connect(link, address);
}

/** What happens to them when it has gone down. */
export function whenDown(link: FakeLink): void {
  const all = link.namespace.interfaces.all.values.get('ipv6/keep_addr_on_down');
  dropIpv6Addresses(link, { keepStatic: all === '1' || setting(link, 'ipv6/keep_addr_on_down') === '1' });
  dropRoutes(link);
}

/** Gives a link its EUI-64 link-local address, once it has a carrier and unless addr_gen_mode says otherwise. */
export function makeLinkLocal(link: FakeLink): void {
  if (link.kind === 'loopback' || !usableIpv6(link) || !hasCarrier(link) || setting(link, 'ipv6/addr_gen_mode') !== '0') return;
  if (link.addresses.some((address) => ipv6Scope(address.text) === 1)) return;
  insert(link, { family: 'ipv6', text: linkLocalOf(link.mac), automatic: false });
}

/** Whether an address is on a network that a link reaches directly. */
export function isOnLink(routeTo: string, address: string): boolean {
  const cidr = parseCidr(routeTo);
  const ip = parseIp(address);
  return cidr !== undefined && ip !== undefined && contains(cidr, ip);
}
