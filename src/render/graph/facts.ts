import { addressOf, type Cidr, contains, formatCidr, networkOf, parseCidr } from '../../model/ip.ts';
import { type Allow, attachText, type Bridge, type Subnet, type Topology } from '../../model/topology.ts';
import type { Line } from './graph.ts';
import type { Marking } from './marks.ts';
import type { Wire } from './subjects.ts';

/** Filters of a bridge that are spelled out; of more it is said how many there are. */
const MOST_ALLOWED = 4;

const USUAL_MTU = 1500;

const note = (text: string): Line => ({ text, tone: 'note' });
const address = (text: string): Line => ({ text, tone: 'address' });

/** What a namespace is. */
export function namespaceCaption(topology: Topology, name: string): string {
  const namespace = topology.namespaces.find((one) => one.name === name);
  if (namespace?.attach !== undefined) return attachText(namespace.attach);
  return namespace?.forwarding ? 'router' : 'namespace';
}

/** What there is to say of a namespace besides its interfaces. */
export function namespaceLines(topology: Topology, name: string, marking: Marking, isAlone: boolean): Line[] {
  const namespace = topology.namespaces.find((one) => one.name === name);
  const shared = topology.namespaces.filter(({ share }) => share === name);
  return [
    ...(namespace?.loopback ?? []).map((text) => address(`lo ${text}`)),
    ...(namespace?.masquerade ?? []).map((device) => note(`NAT for what leaves ${device}`)),
    ...(namespace?.aliases.length ? [note(`alias ${namespace.aliases.join(', ')}`)] : []),
    ...shared.map((other): Line => {
      const mark = marking.of(`share:${other.name}`);
      return { ...note(`shared with ${other.name}`), ...(mark === undefined ? {} : { mark }) };
    }),
    ...(isAlone && !namespace?.loopback.length ? [note('only lo')] : []),
  ];
}

/** A bridge's network, its gateway, and who is let in. */
export function bridgeLines(bridge: Bridge, topology: Topology): Line[] {
  const networks = Object.values(bridge.subnet);
  const subnet = topology.subnets.find(({ cidr }) => Object.values(cidr).some((text) => networks.includes(text)));
  const gateways = subnet === undefined ? [] : Object.values(subnet.gateways).flat();
  return [
    ...(subnet === undefined || networks.length === 0 ? [] : [note(`subnet ${subnet.name}`)]),
    ...networks.map(address),
    ...gateways.map((text) => note(`gateway ${text}`)),
    ...(bridge.mtu === USUAL_MTU ? [] : [note(`mtu ${bridge.mtu}`)]),
    ...(bridge.icc ? [] : [note('members kept apart')]),
    ...(bridge.inbound === 'open' && networks.length > 0 ? [note('open to everybody')] : []),
    ...bridge.allow.slice(0, MOST_ALLOWED).map((one) => note(`lets in ${allowText(one, topology)}`)),
    ...(bridge.allow.length > MOST_ALLOWED ? [note(`and ${bridge.allow.length - MOST_ALLOWED} more`)] : []),
  ];
}

function allowText({ from, to, ports }: Allow, topology: Topology): string {
  const short = (cidrs: readonly string[]): string => holderOf(cidrs, topology) ?? (cidrs.length > 1 ? `${cidrs[0]} …` : (cidrs[0] ?? ''));
  const whence = from.kind === 'outside' ? 'outside' : from.kind === 'bridge' ? from.name : short(from.cidrs);
  const what = (ports ?? []).map(({ protocol, ports: ranges }) => {
    const numbers = ranges.map(({ first, last }) => (first === last ? String(first) : `${first}-${last}`));
    return `${protocol} ${numbers.join(', ')}`;
  });
  return [whence, to === undefined ? '' : `to ${short(to)}`, what.join(', ')].filter((word) => word !== '').join(' ');
}

/** The namespace that holds all of these addresses; undefined where none does. */
function holderOf(cidrs: readonly string[], topology: Topology): string | undefined {
  const wanted = cidrs.map((cidr) => cidr.replace(/\/(32|128)$/, ''));
  return topology.namespaces.find(({ name }) => {
    const ends = topology.links.flatMap((link) => link.ends.filter(({ namespace }) => namespace === name));
    const held = ends.flatMap(({ addresses }) => addresses.map(addressOf));
    return wanted.every((one) => held.includes(one));
  })?.name;
}

/** The networks that both ends of a link between two namespaces are in, with the subnet's name where it has one. */
export function networksOf(topology: Topology, { ends: [first, second] }: Wire): Line[] {
  const networks = new Set(
    first.addresses.flatMap((text) => {
      const cidr = parseCidr(text);
      const isShared = cidr && second.addresses.some((other) => shares(cidr, other));
      return isShared ? [formatCidr(networkOf(cidr))] : [];
    }),
  );
  const named = topology.subnets.find((subnet) => isNamed(subnet) && Object.values(subnet.cidr).some((text) => networks.has(text)));
  const mtu = first.mtu ?? USUAL_MTU;
  return [
    ...(named === undefined ? [] : [note(`subnet ${named.name}`)]),
    ...[...networks].map(address),
    ...(mtu === USUAL_MTU ? [] : [note(`mtu ${mtu}`)]),
  ];
}

function shares(cidr: Cidr, text: string): boolean {
  const other = parseCidr(text);
  return other !== undefined && contains(cidr, other);
}

/** An inline subnet bears the id of its link, which has a colon. */
const isNamed = ({ name }: Subnet): boolean => !name.includes(':');
