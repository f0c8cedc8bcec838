import { bitsOf, formatCidr, networkOf } from '../../model/ip.ts';
import type { Route } from '../../model/topology.ts';
import type { Node } from '../draft.ts';
import type { Faults } from '../faults.ts';
import type { Path } from '../syntax/places.ts';

interface Placed {
  readonly route: Route;
  readonly path: Path;
}

/** Reports routes of one namespace with one destination and metric, the kernel's own routes to its networks among them. */
export function checkRoutes(node: Node, routes: readonly Placed[], faults: Faults): void {
  if (routes.length === 0) return;
  const connected = new Set<string>();
  for (const each of node.interfaces) {
    for (const cidr of each.addresses) {
      // The kernel gives them metric 0 in IPv4 and 256 in IPv6.
      if (cidr.prefix < bitsOf(cidr.family)) connected.add(`${formatCidr(networkOf(cidr))} ${cidr.family === 'ipv4' ? '' : 256}`);
    }
  }
  const seen = new Map<string, Placed>();
  for (const placed of routes) {
    const { family, to, metric } = placed.route;
    if (connected.has(`${to} ${metric ?? ''}`)) {
      const message = `${node.name} is on ${to} itself, and the kernel's own route would be lost`;
      faults.add([...placed.path, 'to'], 'E_ROUTE_DUPLICATE', message, 'remove the route, or give it a metric');
    }
    const key = `${family} ${to} ${metric ?? ''}`;
    const other = seen.get(key);
    if (other === undefined) seen.set(key, placed);
    else {
      report(placed, other, faults);
      report(other, placed, faults);
    }
  }
}

function report(here: Placed, there: Placed, faults: Faults): void {
  const { line } = faults.origin(there.path);
  const message = `the route at line ${line} has the same destination and metric`;
  faults.add([...here.path, 'to'], 'E_ROUTE_DUPLICATE', message, 'remove one, or give them different metrics');
}
