import { addressOf, contains, FAMILIES, type Family, parseCidr } from '../../model/ip.ts';
import { ROUTE_PROTOCOL } from '../../model/marks.ts';
import type { RouteState } from '../../model/snapshot.ts';
import { HOST } from '../../model/topology.ts';
import type { WrittenRoute } from '../../model/written.ts';
import type { Pair } from './pairs.ts';
import type { Member, Scene } from './scene.ts';
import type { Segment } from './subnets.ts';

/** RTPROT_BOOT and RTPROT_STATIC: what people add by hand. */
const BY_HAND: readonly number[] = [3, 4];
const USUAL_METRIC = { ipv4: 0, ipv6: 1024 } as const;

/** Routes of a namespace as its entry and its links say them. */
export interface MemberRoutes {
  readonly routes: readonly WrittenRoute[];
  /** What its links have to say about the default route, which they would give by themselves; absent: nothing. */
  readonly defaultRoute?: { readonly value: boolean; readonly links: readonly string[] };
}

/** `pairs` in the order of the file; `segments` by bridge. */
export function routesOf(
  scene: Scene,
  { name, state, relation }: Member,
  pairs: readonly Pair[],
  segments: ReadonlyMap<string, Segment>,
): MemberRoutes {
  const attached = relation.is === 'attached';
  const found = state.routes.filter(({ protocol }) => (attached ? protocol === ROUTE_PROTOCOL : BY_HAND.includes(protocol)));
  const usable = found.filter((route) => isSayable(scene, name, route));
  const defaults = usable.filter(({ to }) => to === 'default');
  const offers = offersTo(name, pairs, segments);
  const rest = usable.filter(({ to }) => to !== 'default').map(written);
  const taken = (['ipv4', 'ipv6'] as const).flatMap((family) => offers.find((offer) => offer.family === family) ?? []);
  const isImplied = defaults.length === taken.length && taken.every((offer) => defaults.some((route) => fits(route, offer)));
  const links = [...new Set(offers.map(({ link }) => link))];
  if (attached) {
    const chosen = taken.length > 0 && isImplied ? links.slice(0, 1) : [];
    return {
      routes: [...(chosen.length > 0 ? [] : defaults.map(written)), ...rest],
      ...(chosen.length > 0 ? { defaultRoute: { value: true, links: chosen } } : {}),
    };
  }
  if (isImplied) return { routes: rest };
  return { routes: [...defaults.map(written), ...rest], ...(links.length === 0 ? {} : { defaultRoute: { value: false, links } }) };
}

interface Offer {
  readonly link: string;
  readonly dev: string;
  readonly family: Family;
  readonly via: string;
}

/** Default routes that the links of a namespace would give it, the first of each family first. */
function offersTo(name: string, pairs: readonly Pair[], segments: ReadonlyMap<string, Segment>): Offer[] {
  return pairs.flatMap(({ id, near, bridge }) => {
    const segment = near.namespace === name && bridge !== undefined ? segments.get(bridge) : undefined;
    if (segment === undefined) return [];
    return FAMILIES.flatMap((family): Offer[] => {
      const [network, via] = [segment.networks[family], segment.gateways[family]?.[0]];
      if (network === undefined || via === undefined) return [];
      const isOn = near.link.addresses.some((address) => {
        const cidr = parseCidr(address);
        return cidr !== undefined && cidr.prefix === network.prefix && contains(network, cidr) && addressOf(address) !== via;
      });
      return isOn ? [{ link: id, dev: near.link.ifname, family, via }] : [];
    });
  });
}

const fits = (route: RouteState, { family, via, dev }: Offer): boolean =>
  route.family === family && route.via === via && route.dev === dev && route.metric === USUAL_METRIC[family] && route.type === 'unicast';

/** Several next hops, and what depends on more than the destination, the language cannot say. */
function isSayable(scene: Scene, name: string, { type, to, via, dev }: RouteState): boolean {
  if (type !== 'other' && (type !== 'unicast' || via !== undefined || dev !== undefined)) return true;
  const message = `the route to ${to} of ${name} has several next hops, or a condition, and cannot be said; an apply would remove it`;
  scene.omit({ path: ['namespaces', name], code: 'W_IMPORT_CHANGED', message });
  return false;
}

function written({ family, to, type, via, dev, metric }: RouteState): WrittenRoute {
  // `default` alone means both families; where there is a next hop, that tells which.
  const network = to === 'default' && via === undefined ? { ipv4: '0.0.0.0/0', ipv6: '::/0' }[family] : to;
  return {
    to: network,
    ...(via === undefined ? {} : { via }),
    ...(dev === undefined || type !== 'unicast' || (via !== undefined && !via.startsWith('fe80:')) ? {} : { interface: dev }),
    ...(metric === USUAL_METRIC[family] ? {} : { metric }),
    ...(type === 'unicast' || type === 'other' ? {} : { type }),
  };
}

/** The host's routes that are this topology's: by our protocol number, out of what was chosen. */
export function hostRoutes({ host, snapshot, name, bridges }: Scene, pairs: readonly Pair[]): WrittenRoute[] {
  const devices = new Set([
    ...bridges.map(({ ifname }) => ifname),
    ...pairs.flatMap(({ far }) => (far.namespace === HOST ? [far.link.ifname] : [])),
  ]);
  const recorded = snapshot.records.get(name)?.routes ?? [];
  return host.routes
    .filter(({ protocol }) => protocol === ROUTE_PROTOCOL)
    .filter(({ dev, type, to }) =>
      type === 'unicast' ? dev !== undefined && devices.has(dev) : recorded.some((id) => id.includes(`:${to}`)),
    )
    .map(written);
}
