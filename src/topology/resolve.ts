import { formatCidr, formatIp } from '../model/ip.ts';
import { interfaceAltname } from '../model/marks.ts';
import type { Bridge, End, Link, Namespace, PerFamily, Subnet, Topology } from '../model/topology.ts';
import { HOST } from '../model/topology.ts';
import { allocate } from './addressing/allocate.ts';
import { checkDuplicates } from './addressing/duplicates.ts';
import { readExplicit } from './addressing/explicit.ts';
import { decideGateways } from './addressing/gateways.ts';
import { checkOnLink } from './addressing/onlink.ts';
import { checkSubnets } from './addressing/subnets.ts';
import { readChecks } from './checks.ts';
import type { Draft, DraftBridge, DraftEnd, DraftLink, DraftSubnet, Node } from './draft.ts';
import { checkAttached, readAttach } from './entities/attach.ts';
import { readBridges } from './entities/bridges.ts';
import { readDefaultDns, readDns } from './entities/dns.ts';
import { readNamespaces } from './entities/namespaces.ts';
import { checkScopes } from './entities/scopes.ts';
import { resolveShares } from './entities/share.ts';
import { readSubnets } from './entities/subnets.ts';
import { readSysctls } from './entities/sysctls.ts';
import type { Faults } from './faults.ts';
import { resolveAliases } from './links/aliases.ts';
import { readLinks } from './links/links.ts';
import { bridgeMac, decideMacs } from './links/macs.ts';
import { bridgeMtu, checkMtus, endMtu, wantsIpv6 } from './links/mtu.ts';
import { checkInterfaces, namePorts } from './links/ports.ts';
import type { RawTopology } from './raw.ts';
import { resolveRoutes } from './routing/resolve.ts';
import { readAllow } from './traffic/allow.ts';
import { checkBridge, readNat } from './traffic/bridges.ts';
import { checkCollisions } from './traffic/collisions.ts';
import { chooseHostPorts } from './traffic/derive.ts';
import { readMasquerade } from './traffic/masquerade.ts';
import { readPublishes } from './traffic/publishes.ts';

/** Decides everything that a file leaves open, in the order in which one thing hangs on another; reports what cannot be. */
export function resolve(raw: RawTopology, identity: Pick<Topology, 'name' | 'file' | 'digest'>, faults: Faults): Topology {
  const draft = createDraft(raw, identity.name, faults);
  namePorts(draft, faults);
  checkInterfaces(draft, faults);
  readExplicit(draft, faults);
  const held = decideGateways(draft, faults);
  allocate(draft, held, faults);
  decideMacs(draft, faults);
  const ends = draft.links.flatMap((link) => link.ends);
  checkMtus(draft.bridges.values(), ends, raw, faults);
  const { routes, byNamespace, subnets } = resolveRoutes(draft, faults);
  checkSubnets(draft, subnets, faults);
  checkDuplicates(draft, faults);
  checkOnLink(draft, faults);
  const publishes = chooseHostPorts(identity.name, readPublishes(draft, byNamespace, faults), faults);
  checkCollisions(publishes, faults);
  checkScopes(draft, faults);
  const oneWay = resolveAliases(draft, faults);
  const defaultDns = readDefaultDns(raw, faults);
  return {
    ...identity,
    ...(raw.description === undefined ? {} : { description: raw.description }),
    subnets: [...draft.subnets.values()].map((subnet) => toSubnet(subnet, faults)),
    bridges: [...draft.bridges.values()].map((bridge) => toBridge(bridge, draft, faults)),
    namespaces: [...draft.nodes.values()]
      .filter((node) => node.name !== HOST)
      .map((node) => toNamespace(node, oneWay.get(node.name) ?? [], defaultDns, faults)),
    links: draft.links.map((link) => toLink(link, draft, faults)),
    routes,
    publishes: publishes.map(({ publish }) => publish),
    checks: readChecks(draft, faults),
  };
}

function createDraft(raw: RawTopology, name: string, faults: Faults): Draft {
  const subnets = readSubnets(raw, faults);
  const nodes = readNamespaces(raw, faults);
  resolveShares(nodes, faults);
  checkAttached(nodes, faults);
  const bridges = readBridges(raw, subnets, nodes, faults);
  const parts = { raw, subnets, bridges, nodes };
  return { name, ...parts, links: readLinks(parts, faults) };
}

function toSubnet(subnet: DraftSubnet, faults: Faults): Subnet {
  const cidr: PerFamily<string> = mapFamilies(subnet.networks, formatCidr);
  const gateways = mapFamilies(subnet.gateways, (ips) => ips.map(formatIp));
  return { name: subnet.name, cidr, gateways, origin: faults.origin(subnet.path, 'key') };
}

function mapFamilies<T, U>(from: PerFamily<T>, map: (value: T) => U): PerFamily<U> {
  return {
    ...(from.ipv4 === undefined ? {} : { ipv4: map(from.ipv4) }),
    ...(from.ipv6 === undefined ? {} : { ipv6: map(from.ipv6) }),
  };
}

function toBridge(bridge: DraftBridge, draft: Draft, faults: Faults): Bridge {
  const { name, raw, own, segment, path } = bridge;
  checkBridge(bridge, faults);
  return {
    name,
    mac: bridgeMac(draft.name, bridge),
    mtu: bridgeMtu(bridge, draft.raw).value,
    stp: raw.stp ?? false,
    subnet: mapFamilies(segment.subnet?.networks ?? {}, formatCidr),
    addresses: own.addresses.map(formatCidr),
    nat: readNat(bridge, faults),
    inbound: raw.inbound ?? 'published',
    icc: raw.icc ?? true,
    internal: raw.internal ?? false,
    allow: readAllow(bridge, draft, faults),
    origin: faults.origin(path, 'key'),
  };
}

function toNamespace(node: Node, oneWayAliases: Namespace['oneWayAliases'], defaultDns: Namespace['dns'], faults: Faults): Namespace {
  const origin = faults.origin(node.path, 'key');
  const { name, share } = node;
  if (share !== undefined)
    return { name, share, forwarding: false, sysctls: {}, loopback: [], masquerade: [], aliases: [], oneWayAliases, origin };
  const attach = readAttach(node);
  const aliases = (node.raw.aliases ?? []).filter((alias) => alias !== undefined);
  if (attach !== undefined)
    return { name, attach, forwarding: false, sysctls: {}, loopback: [], masquerade: [], aliases, oneWayAliases, origin };
  const dns = readDns(node, defaultDns, faults);
  return {
    name,
    forwarding: node.raw.forwarding ?? false,
    sysctls: readSysctls(node, faults),
    loopback: node.loopback.map(({ cidr }) => formatCidr(cidr)),
    masquerade: readMasquerade(node, faults),
    aliases,
    oneWayAliases,
    ...(dns === undefined ? {} : { dns }),
    origin,
  };
}

function toLink(link: DraftLink, draft: Draft, faults: Faults): Link {
  const [low, high] = link.ends;
  const altname = (end: DraftEnd) => interfaceAltname(draft.name, end.namespace, end.ifname);
  const end = (each: DraftEnd): End => ({
    namespace: each.namespace,
    ifname: each.ifname,
    // A port bears its member's name: they live in different namespaces.
    altname: each.isPort ? altname(high) : altname(each),
    mac: each.mac,
    mtu: endMtu(each, draft.raw).value,
    addresses: each.addresses.map(formatCidr),
    // `allocate` puts what it hands out behind what is written.
    ...(each.addresses.length > each.explicit.length ? { automatic: each.addresses.slice(each.explicit.length).map(formatCidr) } : {}),
    linkLocal: wantsIpv6(each),
    origin: faults.origin(each.path),
  });
  const bridge = link.bridge === undefined ? {} : { bridge: link.bridge.name };
  return { id: link.id, ends: [end(low), end(high)], ...bridge, origin: faults.origin(link.path) };
}
