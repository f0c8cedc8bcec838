import { bitsOf, type Cidr, contains, FAMILIES, type Family, formatCidr, lastOf, networkOf } from '../../model/ip.ts';
import { HOST } from '../../model/topology.ts';
import { type Draft, type DraftEnd, endName, type Interface, type Node, type Segment } from '../draft.ts';
import type { Faults } from '../faults.ts';
import type { Path } from '../syntax/places.ts';
import { compareNetworks, overlapping, type Placed, sortedNetworks } from './networks.ts';

/** Reports addresses that belong to another segment's network, and interfaces of one namespace whose networks overlap. */
export function checkOnLink(draft: Draft, faults: Faults): void {
  const sorted = { ipv4: sortedNetworks(draft, 'ipv4'), ipv6: sortedNetworks(draft, 'ipv6') };
  const strays = new Set<Path>();
  for (const { ends } of draft.links) for (const end of ends) checkStray(end, sorted, strays, faults);
  for (const node of draft.nodes.values()) checkNode(node, strays, faults);
}

/** An address written on a link although its network is that of another segment: the trap of a veth beside its bridge. */
function checkStray(end: DraftEnd, sorted: Readonly<Record<Family, readonly Placed[]>>, strays: Set<Path>, faults: Faults): void {
  for (const { cidr, path } of end.explicit) {
    if (cidr.prefix === bitsOf(cidr.family)) continue;
    const hit = overlapping(sorted[cidr.family], cidr);
    const [segment] = hit?.subnet.segments ?? [];
    if (hit === undefined || segment === undefined || segment === end.segment) continue;
    strays.add(path);
    const owner = segment.bridge === undefined ? `the link of ${segment.name}` : `the bridge ${segment.name}`;
    const network = `${formatCidr(hit.network)}, the network of ${owner}`;
    const message =
      end.namespace === HOST && segment.bridge !== undefined
        ? `${formatCidr(cidr)} on ${endName(end)} makes two on-link routes to one subnet: ${network} has its own, so ARP here goes unanswered`
        : `${formatCidr(cidr)} on ${endName(end)} is within ${network}, which this link does not lead to`;
    faults.add(path, 'E_ONLINK_OVERLAP', message, strayHint(end, segment));
  }
}

function strayHint(end: DraftEnd, segment: Segment): string {
  if (segment.bridge === undefined) return 'choose a network of its own';
  if (end.namespace === HOST)
    return `leave the address out: the host reaches that subnet by ${segment.name}; or choose a network of its own`;
  return `make it a member, [${endName(end)}, ${segment.name}], or choose a network of its own`;
}

interface Route {
  readonly cidr: Cidr;
  readonly on: Interface;
  readonly path: Path;
}

/** Two interfaces of one namespace on overlapping networks: only one of the two routes is ever used. */
function checkNode(node: Node, strays: ReadonlySet<Path>, faults: Faults): void {
  for (const family of FAMILIES) {
    const routes = node.interfaces.flatMap((on) => onLinkRoutes(on, family, strays)).sort((a, b) => compareNetworks(a.cidr, b.cidr));
    let widest: Route | undefined;
    for (const route of routes) {
      if (widest === undefined || networkOf(route.cidr).value > lastOf(widest.cidr).value) widest = route;
      else if (route.on !== widest.on && isConflict(route, widest, node)) {
        reportOnLink(route, widest, faults);
        reportOnLink(widest, route, faults);
      }
    }
  }
}

/** Two routes into one segment both lead there, but not in the host, where the bridge itself is the segment's own interface. */
function isConflict(one: Route, other: Route, node: Node): boolean {
  if (one.on.segment === other.on.segment) return node.name === HOST;
  // Subnets that overlap have been reported as such.
  return !(isOwn(one) && isOwn(other));
}

const isOwn = ({ on, cidr }: Route): boolean => {
  const network = on.segment.subnet?.networks[cidr.family];
  return network !== undefined && contains(network, cidr);
};

function onLinkRoutes(on: Interface, family: Family, strays: ReadonlySet<Path>): Route[] {
  const written = 'explicit' in on ? new Map((on as DraftEnd).explicit.map(({ cidr, path }) => [cidr, path])) : new Map<Cidr, Path>();
  return on.addresses.flatMap((cidr) => {
    const path = written.get(cidr) ?? on.path;
    return cidr.family === family && cidr.prefix < bitsOf(family) && !strays.has(path) ? [{ cidr, on, path }] : [];
  });
}

function reportOnLink(here: Route, there: Route, faults: Faults): void {
  const other = `${endName(there.on)} at line ${faults.origin(there.path).line}`;
  const message = `${formatCidr(here.cidr)} on ${endName(here.on)} overlaps ${formatCidr(there.cidr)} on ${other}: two on-link routes to one network`;
  faults.add(here.path, 'E_ONLINK_OVERLAP', message, 'only one of them is ever used; choose a network of its own for one');
}
