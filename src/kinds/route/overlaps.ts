import type { Blocker } from '../../model/errors.ts';
import { topologyOfLink } from '../../model/holders.ts';
import { type Cidr, overlaps as cidrsOverlap, formatCidr, networkOf, parseCidr } from '../../model/ip.ts';
import { linkOf } from '../../model/lookup.ts';
import { ROUTE_PROTOCOL } from '../../model/marks.ts';
import type { View } from '../../model/resource.ts';
import type { RouteState } from '../../model/snapshot.ts';
import { HOST, type Origin, type Topology } from '../../model/topology.ts';

/** The host would have two ways to one network: subnets that the host itself joins, against routes that it has already. */
export function overlaps(topology: Topology, view: View): Blocker[] {
  const host = view.snapshot.namespaces.get(HOST);
  if (!host) return [];
  const own = new Set(view.interfaces.filter(({ namespace }) => namespace === HOST).map(({ link }) => link.ifname));
  const foreign = host.routes.flatMap((route) => {
    const cidr = route.to === 'default' ? undefined : parseCidr(route.to);
    const ours = route.dev !== undefined && own.has(route.dev);
    const linkLocal = route.to.startsWith('fe80:') || route.to.startsWith('ff00:');
    return cidr && !ours && !linkLocal && route.type === 'unicast' && route.protocol !== ROUTE_PROTOCOL ? [{ route, cidr }] : [];
  });
  return hostNetworks(topology).flatMap(({ cidr, text, origin }): Blocker[] => {
    const clash = foreign.find((one) => cidrsOverlap(one.cidr, cidr));
    if (!clash) return [];
    const holder = holderOf(clash.route, view);
    return [
      {
        code: 'E_SUBNET_OVERLAP',
        message: `${text} overlaps ${clash.route.to}, which this host reaches through ${holder}`,
        hint: 'choose a subnet that no route of this host covers (ip route shows them)',
        origin,
      },
    ];
  });
}

/** Networks of which the host holds an address. */
function hostNetworks(topology: Topology): { cidr: Cidr; text: string; origin: Origin }[] {
  const holders = [
    ...topology.bridges.map(({ addresses, origin }) => ({ addresses, origin })),
    ...topology.links.flatMap(({ ends }) => ends.filter((end) => end.namespace === HOST)),
  ];
  return holders.flatMap(({ addresses, origin }) =>
    addresses.flatMap((address) => {
      const cidr = parseCidr(address);
      return cidr ? [{ cidr: networkOf(cidr), text: formatCidr(networkOf(cidr)), origin }] : [];
    }),
  );
}

function holderOf(route: RouteState, view: View): string {
  const link = route.dev === undefined ? undefined : linkOf(view.snapshot.namespaces.get(HOST), route.dev);
  const owner = link && topologyOfLink(link, view.snapshot);
  return owner === undefined ? `${route.dev ?? 'no interface'}` : `${route.dev} of the topology ${owner.text}`;
}
