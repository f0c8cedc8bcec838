import { attachedNames, insideAttached } from '../../model/attached.ts';
import type { Blocker } from '../../model/errors.ts';
import { overlaps as cidrsOverlap, formatCidr, networkOf, parseCidr } from '../../model/ip.ts';
import { ROUTE_PROTOCOL } from '../../model/marks.ts';
import type { View } from '../../model/resource.ts';

/** RTPROT_KERNEL: the route that an address brings with it. */
const KERNEL = 2;

/**
 * Networks that a link of ours would join inside somebody else's namespace although it has a way there of its own: one of the two would get no
 * traffic, most likely not ours.
 */
export function overlapsInside(view: View): Blocker[] {
  const { topology } = view;
  const attached = topology === undefined ? new Set<string>() : attachedNames(topology);
  const ends = (topology?.links ?? []).flatMap((link) => link.ends).filter(({ namespace }) => attached.has(namespace));
  return ends.flatMap(({ namespace, ifname, addresses, origin }): Blocker[] => {
    const own = new Set(view.interfaces.filter((one) => one.namespace === namespace).map(({ link }) => link.ifname));
    // Where the name is not bound yet, none of ours is inside, unless an earlier name of it was lost.
    const foreign = (insideAttached(view, namespace)?.routes ?? []).filter(
      ({ dev, type, to, protocol }) =>
        type === 'unicast' && to !== 'default' && protocol !== ROUTE_PROTOCOL && dev !== undefined && !own.has(dev) && dev !== ifname,
    );
    return addresses.flatMap((address): Blocker[] => {
      const cidr = parseCidr(address);
      if (cidr === undefined || address.startsWith('fe80:')) return [];
      const clash = foreign.find(({ to }) => {
        const other = parseCidr(to);
        return other !== undefined && !to.startsWith('fe80:') && !to.startsWith('ff00:') && cidrsOverlap(cidr, other);
      });
      if (clash === undefined) return [];
      const how = clash.protocol === KERNEL ? 'is on already' : `reaches already${clash.via ? ` via ${clash.via}` : ''}`;
      return [
        {
          code: 'E_SUBNET_OVERLAP',
          message: `${formatCidr(networkOf(cidr))} of ${namespace}:${ifname} overlaps ${clash.to}, which ${namespace} ${how} by its own interface ${clash.dev}`,
          hint: 'choose another subnet for this link, or start the container with --network none',
          origin,
        },
      ];
    });
  });
}
