import { type Cidr, FAMILIES, type Family, formatCidr, formatIp, networkOf, parseIp } from '../../model/ip.ts';
import type { PerFamily, Route } from '../../model/topology.ts';
import type { Draft, DraftSubnet, Interface, Node } from '../draft.ts';
import { FAMILY_NAME, readNetwork } from '../entities/ip.ts';
import type { Faults } from '../faults.ts';
import { itemsOf, type RawRoute } from '../raw.ts';
import type { Path } from '../syntax/places.ts';
import { quote } from '../syntax/quote.ts';
import { didYouMean } from '../syntax/suggest.ts';
import { createOnLink, type Hop, hopTo, type OnLink } from './onlink.ts';

/** The written routes of a namespace, resolved, each with its place; and where it writes a default route of its own, by family. */
export interface WrittenRoutes {
  readonly routes: readonly { readonly route: Route; readonly path: Path }[];
  readonly defaults: PerFamily<Path>;
  /** Subnets that serve as destinations. */
  readonly subnets: readonly string[];
}

export function writtenRoutes(node: Node, draft: Draft, faults: Faults): WrittenRoutes {
  const routes: { route: Route; path: Path }[] = [];
  const defaults: { ipv4?: Path; ipv6?: Path } = {};
  const subnets: string[] = [];
  let onLink: OnLink | undefined;
  for (const [raw, step] of itemsOf<RawRoute>(node.share === undefined ? node.raw.routes : null)) {
    const path = [...node.path, 'routes', ...step];
    onLink ??= createOnLink(node);
    const destinations = readDestinations(raw, path, draft, faults);
    if (draft.subnets.has(raw.to)) subnets.push(raw.to);
    for (const route of resolve(raw, destinations, { node, path, draft, faults, onLink })) {
      routes.push({ route, path });
      if (route.to === 'default') defaults[route.family] ??= path;
    }
    // What could not be resolved was still meant to replace the implied one.
    if (raw.to === 'default' && faults.spoilt(`namespace:${node.name}`)) for (const family of FAMILIES) defaults[family] ??= path;
  }
  return { routes, defaults, subnets };
}

interface Destination {
  readonly family: Family;
  /** `default`, or a network. */
  readonly to: string;
}

interface Destinations {
  readonly all: readonly Destination[];
  /** Whether it is enough that one of them can be reached: `default` and names of subnets stand for both families. */
  readonly any: boolean;
}

interface At {
  readonly node: Node;
  readonly path: Path;
  readonly draft: Draft;
  readonly faults: Faults;
  readonly onLink: OnLink;
}

const textOf = (cidr: Cidr): string => (cidr.prefix === 0 ? 'default' : formatCidr(cidr));

function readDestinations(raw: RawRoute, path: Path, draft: Draft, faults: Faults): Destinations {
  if (raw.to === 'default') return { all: FAMILIES.map((family) => ({ family, to: 'default' })), any: true };
  const subnet: DraftSubnet | undefined = draft.subnets.get(raw.to);
  if (subnet !== undefined) {
    return {
      all: FAMILIES.flatMap((family) => subnet.networks[family] ?? []).map((cidr) => ({ family: cidr.family, to: formatCidr(cidr) })),
      any: true,
    };
  }
  if (!/^[0-9a-fA-F]*[.:/]/.test(raw.to)) {
    const hint = didYouMean(
      faults.suggest(raw.to, ['default', ...draft.subnets.keys()]),
      'write default, a network, or the name of a subnet',
    );
    faults.add([...path, 'to'], 'E_UNKNOWN_NAME', `there is no subnet ${quote(raw.to)}`, hint);
    return { all: [], any: false };
  }
  const network = readNetwork(raw.to, [...path, 'to'], faults);
  return { all: network === undefined ? [] : [{ family: network.family, to: textOf(network) }], any: false };
}

function resolve(raw: RawRoute, { all, any }: Destinations, at: At): Route[] {
  const { node, path, faults } = at;
  const type = raw.type ?? 'unicast';
  if (Array.isArray(raw.via)) {
    faults.addAtKey([...path, 'via'], 'E_NOT_YET', 'several next hops are not supported yet', 'name one of them');
    return [];
  }
  const origin = faults.origin(path);
  const made = (family: Family, to: string, hop: Partial<Hop>): Route => ({
    namespace: node.name,
    family,
    to,
    type,
    ...hop,
    ...metricOf(family, raw.metric),
    origin,
  });
  if (type !== 'unicast') {
    for (const key of ['via', 'interface'] as const) {
      if (raw[key] !== undefined)
        faults.addAtKey([...path, key], 'E_ROUTE', `a ${type} route leads nowhere and has no ${key}`, `remove ${key}, or type`);
    }
    return all.map(({ family, to }) => made(family, to, {}));
  }
  if (raw.via === undefined && raw.interface === undefined) {
    faults.add(
      path,
      'E_ROUTE',
      `the route to ${quote(raw.to)} does not say where`,
      'add via: with an address or a namespace, or type: blackhole',
    );
    return [];
  }
  const out = raw.interface === undefined ? undefined : findInterface(raw.interface, at);
  if (raw.interface !== undefined && out === undefined) return [];
  const hops = hopsOf(raw, out, at);
  if (hops === undefined) return [];
  const routes = all.flatMap(({ family, to }) => {
    const hop = hops[family];
    return hop === undefined ? [] : [made(family, to, hop)];
  });
  const isShort = any ? routes.length === 0 : routes.length < all.length;
  if (all.length > 0 && isShort) reportFamily(raw, all, at);
  return routes;
}

/** The kernel's own metric is the same as none: 0 in IPv4, 1024 in IPv6, where 0 means 1024. */
const metricOf = (family: Family, metric: number | undefined): { metric?: number } =>
  metric === undefined || metric === 0 || (family === 'ipv6' && metric === 1024) ? {} : { metric };

function findInterface(name: string, { node, path, faults }: At): Interface | undefined {
  const found = node.interfaces.find((each) => each.ifname === name);
  if (found !== undefined || faults.spoilt(`namespace:${node.name}`)) return found;
  const names = node.interfaces.map((each) => each.ifname);
  const hint = didYouMean(faults.suggest(name, names), names.length === 0 ? 'it has no link' : `it has ${names.slice(0, 8).join(', ')}`);
  faults.add([...path, 'interface'], 'E_UNKNOWN_NAME', `${node.name} has no interface ${quote(name)}`, hint);
  return undefined;
}

/** The next hop in each family in which there is one; undefined where that has been reported. */
function hopsOf(raw: RawRoute, out: Interface | undefined, at: At): PerFamily<Partial<Hop>> | undefined {
  const { via } = raw;
  if (via === undefined) {
    const dev = out === undefined ? {} : { dev: out.ifname };
    const families = FAMILIES.filter((family) => raw.to !== 'default' || out?.addresses.some((cidr) => cidr.family === family));
    return Object.fromEntries(families.map((family) => [family, dev]));
  }
  if (typeof via !== 'string') return undefined;
  return parseIp(via) === undefined ? viaName(via, out, at) : viaAddress(via, out, at);
}

function viaAddress(text: string, out: Interface | undefined, { node, path, faults, onLink }: At): PerFamily<Partial<Hop>> | undefined {
  const at = [...path, 'via'];
  const ip = parseIp(text);
  if (ip === undefined) return undefined;
  const via = formatIp(ip);
  if (via.startsWith('fe80:')) {
    if (out !== undefined) return { ipv6: { via, dev: out.ifname } };
    faults.add(at, 'E_ROUTE', `${via} is link-local and could be on any interface`, 'add interface:');
    return undefined;
  }
  if (node.interfaces.some((each) => each.addresses.some((cidr) => cidr.family === ip.family && cidr.value === ip.value))) {
    faults.add(at, 'E_ROUTE', `${via} is an address of ${node.name} itself`, 'the next hop is the address of a neighbour');
    return undefined;
  }
  const reaching = onLink.reaching(ip).filter((each) => out === undefined || each === out);
  const [first] = reaching;
  if (first !== undefined) return { [ip.family]: { via, dev: first.ifname } };
  const where = out === undefined ? `no network that ${node.name} is on` : `no network of ${out.ifname}`;
  if (!faults.spoilt(`namespace:${node.name}`)) faults.add(at, 'E_ROUTE_NOWHERE', `${via} is on ${where}`, networksHint(node, ip.family));
  return undefined;
}

function networksHint(node: Node, family: Family): string {
  const networks = node.interfaces.flatMap((each) => each.addresses.filter((cidr) => cidr.family === family));
  const texts = [...new Set(networks.map((cidr) => formatCidr(networkOf(cidr))))];
  if (texts.length === 0) return `it has no ${FAMILY_NAME[family]} address on any link`;
  return `it is on ${texts.slice(0, 4).join(', ')}${texts.length > 4 ? ', …' : ''}`;
}

function viaName(text: string, out: Interface | undefined, { node, path, draft, faults }: At): PerFamily<Hop> | undefined {
  const at = [...path, 'via'];
  const [name = '', ifname] = text.split(':');
  const named = draft.nodes.get(name);
  const target = named?.share === undefined ? named : draft.nodes.get(named.share);
  if (target === undefined) {
    if (faults.spoilt('section:namespaces')) return undefined;
    const hint = didYouMean(faults.suggest(name, draft.nodes.keys()), 'write an address, a namespace, or namespace:interface');
    faults.add(at, 'E_UNKNOWN_NAME', `there is no namespace ${quote(name)}`, hint);
    return undefined;
  }
  if (target === node) {
    faults.add(at, 'E_ROUTE', `${name} is the namespace itself`, 'the next hop is a neighbour');
    return undefined;
  }
  const isSpoilt = faults.spoilt(`namespace:${node.name}`, `namespace:${target.name}`);
  if (ifname !== undefined && !target.interfaces.some((each) => each.ifname === ifname)) {
    const hint = `it has ${
      target.interfaces
        .slice(0, 8)
        .map((each) => each.ifname)
        .join(', ') || 'no link'
    }`;
    if (!isSpoilt) faults.add(at, 'E_UNKNOWN_NAME', `${name} has no interface ${quote(ifname)}`, hint);
    return undefined;
  }
  const hops: { ipv4?: Hop; ipv6?: Hop } = {};
  for (const family of FAMILIES) {
    const hop = hopTo(node, target, family, ifname, out?.ifname);
    if (hop !== undefined) hops[family] = hop;
  }
  if (hops.ipv4 !== undefined || hops.ipv6 !== undefined) return hops;
  const message = `${node.name} and ${text} have no addresses on one segment`;
  if (!isSpoilt) faults.add(at, 'E_ROUTE_NOWHERE', message, 'put both on one bridge or link with a subnet, or name another next hop');
  return undefined;
}

function reportFamily(raw: RawRoute, all: readonly Destination[], { node, path, faults }: At): void {
  if (faults.spoilt(`namespace:${node.name}`)) return;
  const families = [...new Set(all.map(({ family }) => FAMILY_NAME[family]))].join(' or ');
  const via = typeof raw.via === 'string' ? raw.via : raw.interface;
  const at = [...path, raw.via === undefined ? 'interface' : 'via'];
  faults.add(at, 'E_ROUTE', `${quote(via)} cannot carry ${families} to ${quote(raw.to)}`, 'destination and next hop must be of one family');
}
