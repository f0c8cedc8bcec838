import { isWildcard } from '../../model/host-ports.ts';
import { FAMILIES, type Family } from '../../model/ip.ts';
import type { Id } from '../../model/resource.ts';
import type { PerFamily, Publish } from '../../model/topology.ts';

/** One host port and where it leads; an element of the maps of the topology's nft table in each family. */
export interface PublishSpec {
  readonly namespace: string;
  /** Absent: every address of the host, in both families. `0.0.0.0` and `::`: every one of that family. */
  readonly hostAddress?: string;
  readonly interface?: string;
  readonly hostPort: number;
  readonly protocol: string;
  readonly port: number;
  readonly target: PerFamily<string>;
}

const WILDCARD = { ipv4: '0.0.0.0', ipv6: '::' } as const;

/** Known by the host's side, so that a port that moves to another namespace is one change. */
export function idOf(spec: Pick<PublishSpec, 'hostAddress' | 'hostPort' | 'protocol' | 'interface'>): Id {
  const address = spec.hostAddress === undefined ? '' : spec.hostAddress.includes(':') ? `[${spec.hostAddress}]:` : `${spec.hostAddress}:`;
  return `publish:${address}${spec.hostPort}/${spec.protocol}${spec.interface === undefined ? '' : `@${spec.interface}`}`;
}

/** Each family on its own, a wildcard spelt out: as the kernel's maps hold them. */
export function splitByFamily(publish: Publish): PublishSpec[] {
  return FAMILIES.flatMap((family) => {
    const target = publish.target[family];
    if (target === undefined) return [];
    return [
      {
        namespace: publish.namespace,
        hostAddress: publish.hostAddress ?? WILDCARD[family],
        ...(publish.interface === undefined ? {} : { interface: publish.interface }),
        hostPort: publish.hostPort,
        protocol: publish.protocol,
        port: publish.port,
        target: { [family]: target },
      },
    ];
  });
}

export const wildcardOf = (family: Family): string => WILDCARD[family];

/**
 * As a person writes them: a wildcard names no address, and one of each family that lead to one port of one namespace are one. Only where
 * the families lead to different places does each say which it is. Where it is known what is wanted (by id), they are put together as there:
 * one whose other family is missing, or leads elsewhere, is still that one.
 */
export function mergeFamilies(specs: readonly PublishSpec[], wanted: ReadonlyMap<Id, PublishSpec> = new Map()): PublishSpec[] {
  const byId = new Map(specs.map((spec) => [idOf(spec), spec]));
  return [...byId.values()].flatMap((spec) => {
    if (!isWildcard(spec.hostAddress) || wanted.has(idOf(spec))) return [spec];
    const { hostAddress: _, ...anywhere } = spec;
    const other = byId.get(idOf({ ...spec, hostAddress: otherWildcard(spec.hostAddress) }));
    if (other === undefined) return [anywhere];
    if (leadsTo(spec, other) && !wanted.has(idOf(other))) {
      return spec.hostAddress === WILDCARD.ipv4 ? [{ ...anywhere, target: { ...spec.target, ...other.target } }] : [];
    }
    const asked = wanted.get(idOf(anywhere));
    return [asked !== undefined && leadsTo(spec, asked) ? anywhere : spec];
  });
}

const otherWildcard = (address: string | undefined): string => (address === WILDCARD.ipv4 ? WILDCARD.ipv6 : WILDCARD.ipv4);

const leadsTo = (a: PublishSpec, b: PublishSpec): boolean => a.namespace === b.namespace && a.port === b.port;
