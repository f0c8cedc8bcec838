import { FAMILIES, type Family } from '../../model/ip.ts';
import { publishesOn } from '../../model/lookup.ts';
import type { SetState } from '../../model/snapshot.ts';
import type { Bridge, Topology } from '../../model/topology.ts';
import { addressType } from './words.ts';

/** Without NAT a published port is also reachable at the member's own address. */
export function directSets(topology: Topology): Record<string, SetState> {
  return Object.fromEntries(
    FAMILIES.flatMap((family) => {
      const elements = topology.bridges.flatMap((bridge) => directElements(topology, bridge, family));
      return elements.length === 0
        ? []
        : [
            [
              directName(family),
              { key: `${addressType[family]} . inet_proto . inet_service`, elements: [...new Set(elements)].sort() },
            ] as const,
          ];
    }),
  );
}

export const directName = (family: Family): string => `direct_${family}`;

export function directElements(topology: Topology, bridge: Bridge, family: Family): string[] {
  if (bridge.nat[family] || bridge.inbound === 'open') return [];
  return publishesOn(topology, bridge.name)
    .filter((publish) => publish.target[family] !== undefined)
    .map((publish) => `${publish.target[family]} . ${publish.protocol} . ${publish.port}`);
}
