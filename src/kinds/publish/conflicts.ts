import type { Blocker } from '../../model/errors.ts';
import { FAMILIES, type Family } from '../../model/ip.ts';
import { topologyOfTable } from '../../model/marks.ts';
import type { Resource, View } from '../../model/resource.ts';
import type { Listener, TableState } from '../../model/snapshot.ts';
import { specsOf } from './elements.ts';
import { isWildcard, type PublishSpec } from './spec.ts';

/** Host ports that somebody else has already: another topology, or a process that listens. */
export function conflicts(resources: readonly Resource<PublishSpec>[], view: View): Blocker[] {
  const others = [...view.snapshot.tables.values()].flatMap((table) => claimsOf(table, view));
  const othersByPort = groupBy(others, ({ spec }) => `${spec.protocol} ${spec.hostPort}`);
  const listenersByPort = groupBy(view.snapshot.listeners, (listener) => `${listener.protocol} ${listener.port}`);
  return resources.flatMap((resource): Blocker[] => {
    const { spec } = resource;
    const key = `${spec.protocol} ${spec.hostPort}`;
    const where = resource.origin ? { origin: resource.origin } : {};
    const what = `port ${spec.hostPort}/${spec.protocol}${isWildcard(spec.hostAddress) ? '' : ` of ${spec.hostAddress}`}`;
    const other = othersByPort.get(key)?.find((claim) => clash(spec, claim.spec));
    if (other) {
      const file = view.snapshot.records.get(other.topology)?.file;
      return [
        {
          code: 'E_PORT_TAKEN',
          message: `${what} of this host is published by ${other.spec.namespace} of the topology ${other.topology}${file ? ` (${file})` : ''}`,
          hint: 'publish it on another host port, or each on a host address of its own',
          ...where,
        },
      ];
    }
    const listener = listenersByPort.get(key)?.find((one) => heard(spec, one));
    if (!listener) return [];
    const who = listener.process ? `${listener.process.command} (pid ${listener.process.pid})` : 'a process of this host';
    return [
      {
        code: 'E_PORT_IN_USE',
        message: `${who} listens on ${what} already (${listener.address})`,
        hint: listener.process
          ? 'publish on another host port, or stop that process'
          : 'publish on another host port, or stop that process (ss -tulnp shows which)',
        ...where,
      },
    ];
  });
}

function claimsOf(table: TableState, view: View): { topology: string; spec: PublishSpec }[] {
  const topology = topologyOfTable(table.name);
  if (topology === undefined || topology === view.name) return [];
  return FAMILIES.flatMap((family) =>
    [...table.maps]
      .filter(([name]) => name.startsWith(`publish_${family}_`))
      .flatMap(([name, map]) => specsOf(family, name, map).map((spec) => ({ topology, spec }))),
  );
}

/** Whether one packet could be meant for both. */
function clash(a: PublishSpec, b: PublishSpec): boolean {
  if (a.interface !== undefined && b.interface !== undefined && a.interface !== b.interface) return false;
  return FAMILIES.some(
    (family) =>
      covers(a, family) && covers(b, family) && (isWildcard(a.hostAddress) || isWildcard(b.hostAddress) || a.hostAddress === b.hostAddress),
  );
}

const covers = (spec: PublishSpec, family: Family): boolean => spec.target[family] !== undefined;

/** A socket on `::` hears IPv4 too, unless it says otherwise, which cannot be seen from outside. */
function heard(spec: PublishSpec, { address }: Listener): boolean {
  const family: Family = address.includes(':') ? 'ipv6' : 'ipv4';
  if (address === '::') return isWildcard(spec.hostAddress) || covers(spec, 'ipv6') || covers(spec, 'ipv4');
  if (!covers(spec, family)) return false;
  return isWildcard(spec.hostAddress) || isWildcard(address) || spec.hostAddress === address;
}

function groupBy<T>(items: Iterable<T>, key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}
