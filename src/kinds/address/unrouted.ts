import { formatCidr, networkOf, parseCidr } from '../../model/ip.ts';
import { routesOf } from '../../model/lookup.ts';
import type { OwnedInterface } from '../../model/ownership.ts';
import type { View } from '../../model/resource.ts';

/** Of routes that the kernel adds with an address (include/uapi/linux/rtnetlink.h). */
const KERNEL = 2;

/**
 * Addresses of an interface that is up whose network has no route there: somebody has flushed the routes, and the neighbours are out of
 * reach. Only the kernel makes these routes, when it is given the address.
 */
export function unroutedAddresses(own: OwnedInterface, view: View): string[] {
  // lo's networks are in the table `local`, and a single host is no network.
  if (own.role === 'lo' || !own.link.up) return [];
  const routes = routesOf(view.snapshot.namespaces.get(own.namespace), own.link.ifname);
  const known = new Set(routes.filter(({ protocol }) => protocol === KERNEL).map(({ to }) => to));
  return own.link.addresses.filter((address) => {
    const cidr = parseCidr(address);
    const single = cidr?.prefix === (cidr?.family === 'ipv4' ? 32 : 128);
    return cidr !== undefined && !single && !known.has(formatCidr(networkOf(cidr)));
  });
}
