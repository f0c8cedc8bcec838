import { bitsOf, type Cidr, parseCidr, parseIp } from '../../model/ip.ts';
import type { LinkSettings, RouteSpec } from '../../model/operation.ts';
import * as checked from '../checked.ts';
import type { IpStep } from '../iproute/lines.ts';
import { findLink, type Request } from './requests.ts';
import * as uapi from './uapi.ts';
import { attribute, byte, type Hex, nested, request, short, terminated, text, word } from './wire.ts';

/**
 * The requests that do what each line of `ipLines` does, in their order, as `ip` (6.1) makes them; undefined for a step that is more than
 * requests (a flush is a loop of `ip`'s own), or is done in the host's namespace alone. Throws on text that is not plain.
 */
export function requestsOf(step: IpStep): readonly (readonly Request[])[] | undefined {
  switch (step.do) {
    case 'link-set':
      return linkSets(checked.device(step.dev), step.set);
    case 'altname-add':
      return [aboutLink(step.dev, uapi.RTM_NEWLINKPROP, uapi.NLM_F_CREATE | uapi.NLM_F_EXCL | uapi.NLM_F_APPEND, altnames(step.altname))];
    case 'altname-delete':
      return [renaming(aboutLink(step.dev, uapi.RTM_DELLINKPROP, 0, altnames(step.altname)))];
    case 'link-delete':
      return [renaming(aboutLink(step.dev, uapi.RTM_DELLINK, 0))];
    case 'address-add':
      return [aboutAddress(step, uapi.RTM_NEWADDR, uapi.NLM_F_CREATE | uapi.NLM_F_EXCL)];
    case 'address-ensure':
      return [aboutAddress(step, uapi.RTM_NEWADDR, uapi.NLM_F_CREATE | uapi.NLM_F_REPLACE)];
    case 'address-delete':
      return [aboutAddress(step, uapi.RTM_DELADDR, 0)];
    case 'route-replace':
      return [aboutRoute(step.route, uapi.RTM_NEWROUTE, uapi.NLM_F_CREATE | uapi.NLM_F_REPLACE)];
    case 'route-delete':
      return [aboutRoute(step.route, uapi.RTM_DELROUTE, 0)];
    default:
      return undefined;
  }
}

const DO = uapi.NLM_F_REQUEST | uapi.NLM_F_ACK;
/** Every request that is about a link has its ifindex as the second word, behind the header of 16 bytes. */
const INDEX_AT = 20;

/** `struct ifinfomsg`: family, type, ifindex, flags, and which of these are meant. */
function aboutLink(dev: string, type: number, flags: number, attributes: readonly Hex[] = [], up?: boolean): Request[] {
  const header = [word(0), word(0), word(up === true ? uapi.IFF_UP : 0), word(up === undefined ? 0 : uapi.IFF_UP)];
  return [findLink(checked.device(dev)), { hex: request(type, DO | flags, ...header, ...attributes), indexAt: INDEX_AT }];
}

const renaming = (requests: readonly Request[]): Request[] =>
  requests.map((one) => (one.looksFor === undefined ? { ...one, renames: true } : one));

const altnames = (name: string): Hex[] => [nested(uapi.IFLA_PROP_LIST, attribute(uapi.IFLA_ALT_IFNAME, terminated(checked.altname(name))))];

/** One request for each of the lines of `linkSetLines`; undefined for what only the host's bridges and their ports have. */
function linkSets(dev: string, set: LinkSettings): Request[][] | undefined {
  if (typeof set.master === 'string' || set.stp !== undefined || set.isolated !== undefined || set.hairpin !== undefined) return undefined;
  const now = set.name === undefined ? dev : checked.ifname(set.name);
  const attributes = [
    ...(set.master === null ? [attribute(uapi.IFLA_MASTER, word(0))] : []),
    ...(set.mtu === undefined ? [] : [attribute(uapi.IFLA_MTU, word(Number(checked.whole(set.mtu))))]),
    ...(set.mac === undefined ? [] : [attribute(uapi.IFLA_ADDRESS, checked.mac(set.mac).replaceAll(':', ''))]),
    ...(set.group === undefined ? [] : [attribute(uapi.IFLA_GROUP, word(Number(checked.whole(set.group))))]),
    ...(set.alias === undefined ? [] : [attribute(uapi.IFLA_IFALIAS, text(checked.alias(set.alias)))]),
  ];
  return [
    ...(set.up === false ? [aboutLink(dev, uapi.RTM_NEWLINK, 0, [], false)] : []),
    ...(set.name === undefined ? [] : [renaming(aboutLink(dev, uapi.RTM_NEWLINK, 0, [attribute(uapi.IFLA_IFNAME, terminated(now))]))]),
    ...(attributes.length === 0 ? [] : [aboutLink(now, uapi.RTM_NEWLINK, 0, attributes)]),
    ...(set.up === true ? [aboutLink(now, uapi.RTM_NEWLINK, 0, [], true)] : []),
  ];
}

/** `struct ifaddrmsg`: family, prefix length, flags, scope, ifindex. */
function aboutAddress({ dev, address }: { readonly dev: string; readonly address: string }, type: number, flags: number): Request[] {
  const cidr = cidrOf(address);
  const adds = type === uapi.RTM_NEWADDR;
  const loopback = cidr.family === 'ipv4' && cidr.value >> 24n === 127n;
  const header = [
    byte(numberOf(cidr.family)),
    byte(cidr.prefix),
    byte(adds && cidr.family === 'ipv6' ? uapi.IFA_F_NODAD : 0),
    byte(adds && loopback ? uapi.RT_SCOPE_HOST : uapi.RT_SCOPE_UNIVERSE),
    word(0),
  ];
  const bytes = bytesOf(cidr);
  const hex = request(type, DO | flags, ...header, attribute(uapi.IFA_LOCAL, bytes), attribute(uapi.IFA_ADDRESS, bytes));
  return [findLink(checked.device(dev)), { hex, indexAt: INDEX_AT }];
}

const TYPES: Readonly<Record<RouteSpec['type'], number>> = {
  unicast: uapi.RTN_UNICAST,
  blackhole: uapi.RTN_BLACKHOLE,
  unreachable: uapi.RTN_UNREACHABLE,
  prohibit: uapi.RTN_PROHIBIT,
};

/** `struct rtmsg`: family, lengths of destination and source, type of service, table, protocol, scope, type, flags. */
function aboutRoute(route: RouteSpec, type: number, flags: number): Request[] {
  const to = cidrOf(route.to === 'default' ? (route.family === 'ipv4' ? '0.0.0.0/0' : '::/0') : route.to);
  const header = [numberOf(to.family), to.prefix, 0, 0, uapi.RT_TABLE_MAIN, protocolOf(route), scopeOf(route, type), TYPES[route.type]]
    .map(byte)
    .join('');
  const before = [
    header,
    word(0),
    attribute(uapi.RTA_DST, bytesOf(to)),
    ...(route.via === undefined ? [] : [nextHop(route.family, route.via)]),
    ...(route.metric === undefined ? [] : [attribute(uapi.RTA_PRIORITY, word(Number(checked.whole(route.metric))))]),
  ];
  if (route.dev === undefined) return [{ hex: request(type, DO | flags, ...before) }];
  const hex = request(type, DO | flags, ...before, attribute(uapi.RTA_OIF, word(0)));
  return [findLink(checked.ifname(route.dev)), { hex, indexAt: hex.length / 2 - 4 }];
}

function protocolOf({ protocol }: RouteSpec): number {
  if (Number(checked.whole(protocol)) > 255) throw new Error(`refused protocol ${protocol}`);
  return protocol;
}

/** As `ip` has it (ip/iproute.c, iproute_modify): whatever is not said, `route del` finds in any scope. */
function scopeOf({ family, type, via }: RouteSpec, request: number): number {
  if (family === 'ipv6') return uapi.RT_SCOPE_UNIVERSE;
  if (request === uapi.RTM_DELROUTE) return uapi.RT_SCOPE_NOWHERE;
  return type === 'unicast' && via === undefined ? uapi.RT_SCOPE_LINK : uapi.RT_SCOPE_UNIVERSE;
}

/** IPv4 over an IPv6 next hop (RFC 5549) has its family said: `struct rtvia`. */
function nextHop(family: RouteSpec['family'], via: string): Hex {
  const ip = parseIp(checked.address(via));
  if (ip === undefined) throw new Error(`refused next hop: ${via}`);
  const bytes = bytesOf(ip);
  return ip.family === family ? attribute(uapi.RTA_GATEWAY, bytes) : attribute(uapi.RTA_VIA, short(numberOf(ip.family)) + bytes);
}

function cidrOf(network: string): Cidr {
  const cidr = parseCidr(checked.cidr(network));
  if (cidr === undefined) throw new Error(`refused network: ${network}`);
  return cidr;
}

const numberOf = (family: Cidr['family']): number => (family === 'ipv4' ? uapi.AF_INET : uapi.AF_INET6);

const bytesOf = ({ family, value }: Pick<Cidr, 'family' | 'value'>): Hex => value.toString(16).padStart(bitsOf(family) / 4, '0');
