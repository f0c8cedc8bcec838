import { FAMILIES, formatCidr, lastOf } from '../../model/ip.ts';
import type { Draft, DraftEnd, DraftSubnet, Segment } from '../draft.ts';
import type { Faults } from '../faults.ts';
import type { Path } from '../syntax/places.ts';
import { type Placed, sortedNetworks } from './networks.ts';

/** Reports subnets that overlap, that are used on two segments, or not at all. */
export function checkSubnets(draft: Draft, usedInRoutes: ReadonlySet<string>, faults: Faults): void {
  for (const family of FAMILIES) reportOverlaps(sortedNetworks(draft, family), faults);
  for (const subnet of draft.subnets.values()) checkUse(subnet, usedInRoutes, faults);
}

function reportOverlaps(sorted: readonly Placed[], faults: Faults): void {
  let widest: Placed | undefined;
  for (const placed of sorted) {
    if (widest !== undefined && placed.network.value <= lastOf(widest.network).value) {
      reportPair(placed, widest, faults);
      reportPair(widest, placed, faults);
    } else widest = placed;
  }
}

function reportPair(here: Placed, there: Placed, faults: Faults): void {
  const at = [...there.subnet.path, there.network.family];
  const message = `${formatCidr(here.network)} overlaps ${formatCidr(there.network)} at line ${faults.origin(at).line}`;
  faults.add([...here.subnet.path, here.network.family], 'E_SUBNET_OVERLAP', message, 'give each subnet a network of its own');
}

function checkUse({ name, path, segments, gateway }: DraftSubnet, usedInRoutes: ReadonlySet<string>, faults: Faults): void {
  if (segments.length === 0 && !usedInRoutes.has(name) && !faults.spoilt(`subnet:${name}`)) {
    faults.addAtKey(path, 'E_NO_EFFECT', `nothing uses the subnet ${name}`, `write subnet: ${name} in a bridge or link, or remove it`);
  }
  if (segments.length === 0 && usedInRoutes.has(name) && gateway.kind !== 'default') {
    faults.addAtKey(
      [...path, 'gateway'],
      'E_NO_EFFECT',
      `no bridge or link uses the subnet ${name}, so nothing has its gateway`,
      'remove gateway',
    );
  }
  const [first, second] = segments;
  if (first === undefined || second === undefined) return;
  for (const segment of segments) {
    const other = segment === first ? second : first;
    const at = usePath(segment);
    const message = `the subnet ${name} is also that of ${other.bridge === undefined ? 'the link of' : 'the bridge'} ${other.name} at line ${faults.origin(usePath(other)).line}`;
    faults.add(at, 'E_SUBNET_OVERLAP', message, 'one subnet is one segment: make a second subnet, or put both on one bridge');
  }
}

const usePath = (segment: Segment): Path => {
  if (segment.bridge !== undefined) return [...segment.bridge.path, 'subnet'];
  const [end] = [...segment.interfaces.values()].flat();
  return end !== undefined && 'link' in end ? [...(end as DraftEnd).link.path, 'subnet'] : [];
};
