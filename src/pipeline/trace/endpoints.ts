import { HostError } from '../../model/errors.ts';
import { addressOf, canonical, contains, FAMILIES, type Family, familyOf, parseCidr, parseIp } from '../../model/ip.ts';
import type { NamespaceState } from '../../model/snapshot.ts';
import { HOST } from '../../model/topology.ts';
import type { Spot, TraceRequest } from '../../model/trace.ts';
import { holdersOf, type World } from './world.ts';

export const OUTSIDE = 'outside';

/** Where a probe begins. */
export type Source =
  | { readonly kind: 'namespace'; readonly namespace: string /** Absent: what the kernel chooses. */; readonly address?: string }
  /** Beyond an uplink of the host: nothing can be sent from there. */
  | { readonly kind: 'outside'; readonly address: string; readonly uplink: Spot };

export interface Target {
  readonly address: string;
  readonly family: Family;
  /** The namespace that it was named by. */
  readonly namespace?: string;
}

const stateOf = (world: World, name: string): NamespaceState | undefined => world.namespaces.get(world.names.get(name) ?? name);

/** Throws HostError E_NAMESPACE_UNKNOWN, with the name that is nearest; `more`: what could be meant besides namespaces. */
function namespaceNamed(world: World, name: string, nearest: Nearest, more: readonly string[] = []): NamespaceState {
  const state = stateOf(world, name);
  if (state !== undefined) return state;
  const meant = nearest(name, [...world.names.keys(), ...more]);
  const hint = meant === undefined ? '`netloom show` lists them; an address will do, too' : `did you mean ${meant}?`;
  throw new HostError('E_NAMESPACE_UNKNOWN', `there is no namespace ${name}`, hint);
}

export type Nearest = (word: string, candidates: Iterable<string>) => string | undefined;

export function sourceOf(world: World, request: TraceRequest, nearest: Nearest): Source {
  const { from } = request;
  if (from === OUTSIDE || parseIp(from)) {
    const [holder] = from === OUTSIDE ? [] : holdersOf(world, canonical(from));
    if (holder) return { kind: 'namespace', namespace: holder.namespace, address: canonical(from) };
    return outside(world, from === OUTSIDE ? undefined : canonical(from), request);
  }
  return { kind: 'namespace', namespace: namespaceNamed(world, from, nearest, [OUTSIDE]).name };
}

/** By the interface of the default route; without an address, the neighbour that the route leads to. */
function outside(world: World, given: string | undefined, request: TraceRequest): Source {
  const families = given === undefined ? familiesTowards(world, request) : [familyOf(given)];
  const routes = world.namespaces.get(HOST)?.routes ?? [];
  const ip = given === undefined ? undefined : parseIp(given);
  const onLink =
    ip &&
    routes.find((route) => route.dev !== undefined && parseCidr(route.to) && contains(parseCidr(route.to) ?? { ...ip, prefix: 0 }, ip));
  const defaults = families.flatMap((family) =>
    routes.filter((route) => route.family === family && route.to === 'default' && route.dev !== undefined),
  );
  const uplink = onLink ?? (given === undefined ? defaults.find(({ via }) => via !== undefined) : undefined) ?? defaults[0];
  const address = given ?? uplink?.via;
  if (uplink?.dev === undefined)
    throw new HostError(
      'E_TRACE_SOURCE',
      `this host has no uplink: no default route of ${families.map((family) => NAMES[family]).join(' or ')}`,
      'name a namespace, or an address of a network of this host',
    );
  if (address === undefined)
    throw new HostError(
      'E_TRACE_SOURCE',
      `who is outside of ${uplink.dev} cannot be told: its default route has no gateway`,
      'name the address that it comes from',
    );
  return { kind: 'outside', address, uplink: { namespace: HOST, device: uplink.dev } };
}

/** The families in which somebody outside could ask for it, the likelier first. */
function familiesTowards(world: World, { to, family }: TraceRequest): readonly Family[] {
  if (parseIp(to)) return [familyOf(to)];
  if (family !== undefined) return [family];
  const state = stateOf(world, to);
  const held = FAMILIES.filter((one) => state && addresses(state, one).length > 0);
  return held.length > 0 ? held : FAMILIES;
}

/** The address that is meant by `to`, as `source` would know it: one on a common link, else that of the default route's interface, else the first. */
export function targetOf(world: World, request: TraceRequest, source: Source, nearest: Nearest): Target {
  const { from: asked, to, family: wanted } = request;
  if (to === OUTSIDE && stateOf(world, to) === undefined)
    throw new HostError('E_TRACE_TARGET', 'outside is where a packet comes from', 'name an address out there: 9.9.9.9');
  const given = parseIp(to) ? canonical(to) : undefined;
  const own = source.address === undefined ? undefined : familyOf(source.address);
  if (given !== undefined && wanted !== undefined && familyOf(given) !== wanted)
    throw new HostError('E_TRACE_TARGET', `${to} is no address of ${NAMES[wanted]}`, 'leave the option out');
  if (own !== undefined && wanted !== undefined && own !== wanted)
    throw new HostError('E_TRACE_TARGET', `${asked} is no address of ${NAMES[wanted]}`, 'leave the option out');
  if (given !== undefined && own !== undefined && familyOf(given) !== own)
    throw new HostError(
      'E_TRACE_TARGET',
      `${asked} is an address of ${NAMES[own]} and ${to} one of ${NAMES[familyOf(given)]}: both must be of one family`,
      'name two addresses of one family, or a namespace',
    );
  if (given !== undefined) return { address: given, family: familyOf(given) };
  const target = namespaceNamed(world, to, nearest);
  const from = source.kind === 'namespace' ? world.namespaces.get(source.namespace) : undefined;
  const families = FAMILIES.filter((family) => family === (own ?? wanted ?? family));
  for (const family of families) {
    if (from && !isSelf(from, target) && addresses(from, family).length === 0 && families.length > 1) continue;
    const address = addressFor(target, family, source.kind === 'outside' ? world.namespaces.get(HOST) && source.uplink : undefined, from);
    if (address !== undefined) return { address, family, namespace: target.name };
  }
  const which = families.length === 1 && families[0] ? ` of ${NAMES[families[0]]}` : '';
  throw new HostError(
    'E_TRACE_TARGET',
    `${to} has no address${which} that ${request.from} could send to`,
    'name an address, or give the namespace one',
  );
}

const NAMES: Readonly<Record<Family, string>> = { ipv4: 'IPv4', ipv6: 'IPv6' };

const isSelf = (a: NamespaceState, b: NamespaceState): boolean => a.inode === b.inode;

/** Global ones, those of interfaces that are no loopback first. */
function addresses(state: NamespaceState, family: Family): { readonly cidr: string; readonly device: string }[] {
  const all = state.links.flatMap(({ ifname, addresses }) => addresses.map((cidr) => ({ cidr, device: ifname })));
  const usable = all.filter(({ cidr }) => familyOf(cidr) === family && !/^(?:127\.|::1\/|fe80:)/.test(cidr));
  return [...usable.filter(({ device }) => device !== 'lo'), ...usable.filter(({ device }) => device === 'lo')];
}

function addressFor(
  target: NamespaceState,
  family: Family,
  uplink: Spot | undefined,
  from: NamespaceState | undefined,
): string | undefined {
  if (from && isSelf(from, target)) return { ipv4: '127.0.0.1', ipv6: '::1' }[family];
  const own = addresses(target, family);
  const shared = own.find(({ cidr, device }) => {
    if (uplink) return device === uplink.device;
    const network = parseCidr(cidr);
    return (
      from &&
      addresses(from, family).some((one) => {
        const ip = parseIp(addressOf(one.cidr));
        return network !== undefined && ip !== undefined && contains(network, ip);
      })
    );
  });
  // A name for the host, seen from a member: its gateway.
  const gateways = from?.routes.flatMap(({ to, via }) => (to === 'default' && via !== undefined ? [via] : [])) ?? [];
  const gateway = own.find(({ cidr }) => gateways.includes(addressOf(cidr)));
  const main = target.routes.find(({ to, family: one }) => to === 'default' && one === family)?.dev;
  const found = shared ?? gateway ?? own.find(({ device }) => device === main) ?? own[0];
  return found && addressOf(found.cidr);
}
