import { isWildcard } from '../../model/host-ports.ts';
import { canonical, FAMILIES, type Family } from '../../model/ip.ts';
import type { MapState, TableState } from '../../model/snapshot.ts';
import { type PublishSpec, wildcardOf } from './spec.ts';

/** An element of one of the table's maps, in nft's language. */
export interface Element {
  readonly map: string;
  /** `tcp . 8080` */
  readonly key: string;
  /** `172.30.1.2 . 80` */
  readonly value: string;
  /** The publishing namespace. */
  readonly comment: string;
}

export function elementsOf(spec: PublishSpec): Element[] {
  const wildcard = isWildcard(spec.hostAddress);
  const suffix = [...(spec.interface === undefined ? [] : ['iface']), ...(wildcard ? [] : ['addr'])].join('_') || 'any';
  const key = [
    ...(spec.interface === undefined ? [] : [`"${spec.interface}"`]),
    ...(wildcard || spec.hostAddress === undefined ? [] : [spec.hostAddress]),
    spec.protocol,
    `${spec.hostPort}`,
  ].join(' . ');
  return FAMILIES.flatMap((family) => {
    const target = spec.target[family];
    return target === undefined
      ? []
      : [{ map: `publish_${family}_${suffix}`, key, value: `${target} . ${spec.port}`, comment: spec.namespace }];
  });
}

/** What a whole table publishes, each family for itself. */
export const specsIn = (table: TableState): PublishSpec[] =>
  FAMILIES.flatMap((family) =>
    [...table.maps].filter(([name]) => name.startsWith(`publish_${family}_`)).flatMap(([name, map]) => specsOf(family, name, map)),
  );

/** Reads one map back; what is not of the form that we write is left out. */
export function specsOf(family: Family, name: string, map: MapState): PublishSpec[] {
  return [...map.elements].flatMap(([key, { value, comment }]) => {
    const parts = key.split(' . ');
    const hostPort = Number(parts.pop());
    const protocol = parts.pop();
    const hostAddress = name.endsWith('_addr') ? parts.pop() : wildcardOf(family);
    const device = name.includes('_iface') ? parts.pop()?.replaceAll('"', '') : undefined;
    const [target, port] = value.split(' . ');
    if (protocol === undefined || target === undefined || port === undefined || hostAddress === undefined) return [];
    return [
      {
        namespace: comment,
        hostAddress: canonical(hostAddress),
        ...(device === undefined ? {} : { interface: device }),
        hostPort,
        protocol,
        port: Number(port),
        target: { [family]: canonical(target) },
      },
    ];
  });
}
