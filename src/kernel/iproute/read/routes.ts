import { canonical, type Family } from '../../../model/ip.ts';
import type { RouteState } from '../../../model/snapshot.ts';
import { type Fields, listOf, optionalFields, optionalText, optionalWhole, text } from './edge.ts';

/** RTN_… of linux/rtnetlink.h, as `ip -N` prints them; the names are for versions that print them all the same. */
const TYPES: Readonly<Record<string, RouteState['type']>> = {
  1: 'unicast',
  6: 'blackhole',
  7: 'unreachable',
  8: 'prohibit',
  unicast: 'unicast',
  blackhole: 'blackhole',
  unreachable: 'unreachable',
  prohibit: 'prohibit',
};

/** RT_TABLE_MAIN */
const MAIN = 254;

/** IP6_RT_PRIO_USER (include/net/ip6_route.h): the metric of an IPv6 route that none was given for. */
const IPV6_METRIC = 1024;

/** Reads the main table from the document of `ip -N -j -d route show table all` (iproute2 6.1), which has both families. */
export function parseRoutes(document: unknown): RouteState[] {
  return listOf(document, 'ip route show')
    .filter((fields) => fields.dst !== undefined && (optionalWhole(fields, 'table') ?? MAIN) === MAIN)
    .map((fields) => parseRoute(fields, familyOf(fields)));
}

/** RTN_LOCAL and RT_TABLE_LOCAL */
const LOCAL = { type: 2, table: 255 } as const;

/** The addresses that the namespace answers to, from the same document. */
export const parseLocals = (document: unknown): string[] =>
  listOf(document, 'ip route show')
    .filter((fields) => (fields.type === 'local' || fields.type === String(LOCAL.type)) && optionalWhole(fields, 'table') === LOCAL.table)
    .map((fields) => canonical(text(fields, 'dst')));

/** A default route does not show its family; but `pref` (RFC 4191) is printed for every IPv6 route and for none of IPv4. */
const familyOf = (fields: Fields): Family => (fields.pref !== undefined || text(fields, 'dst').includes(':') ? 'ipv6' : 'ipv4');

function parseRoute(fields: Fields, family: Family): RouteState {
  const known = TYPES[optionalText(fields, 'type') ?? 'unicast'] ?? 'other';
  // A route for one type of service, or from one source, is none that a topology can ask for.
  const type = fields.tos === undefined && fields.from === undefined ? known : 'other';
  const via = optionalText(fields, 'gateway') ?? optionalText(optionalFields(fields, 'via'), 'host');
  const dev = optionalText(fields, 'dev');
  // Several next hops: reported as a route without one, which no topology asks for. The kernel names lo for IPv6 routes that lead nowhere.
  const single = type === 'unicast' && fields.nexthops === undefined;
  return {
    family,
    to: network(text(fields, 'dst'), family),
    type,
    ...(single && via !== undefined ? { via: canonical(via) } : {}),
    ...(single && dev !== undefined ? { dev } : {}),
    metric: optionalWhole(fields, 'metric') ?? (family === 'ipv4' ? 0 : IPV6_METRIC),
    protocol: optionalWhole(fields, 'protocol') ?? 0,
  };
}

function network(dst: string, family: Family): string {
  if (dst === 'default') return dst;
  return canonical(dst.includes('/') ? dst : `${dst}/${family === 'ipv4' ? 32 : 128}`);
}
