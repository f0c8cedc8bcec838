import type { Blocker } from '../../model/errors.ts';
import { isWildcard, overlap } from '../../model/host-ports.ts';
import type { Family } from '../../model/ip.ts';
import { tableName, topologyOfTable } from '../../model/marks.ts';
import type { Resource, View } from '../../model/resource.ts';
import type { Listener, TableState } from '../../model/snapshot.ts';
import { derivedById, explicitHint, reservedPorts } from './derived.ts';
import { specsIn } from './elements.ts';
import type { PublishSpec } from './spec.ts';
import { translatorHint, translatorsOf, translatorText } from './translated.ts';

/** Host ports that somebody else has already: another topology, a rule that translates, a process that listens; or, of derived ones, that the host reserves. */
export function conflicts(resources: readonly Resource<PublishSpec>[], view: View): Blocker[] {
  const others = [...view.snapshot.tables.values()].flatMap((table) => claimsOf(table, view));
  const othersByPort = groupBy(others, ({ spec }) => keyOf(spec));
  const listenersByPort = groupBy(view.snapshot.listeners, (listener) => `${listener.protocol} ${listener.port}`);
  const derived = derivedById(view.topology);
  const isReserved = reservedPorts(view);
  const own = new Set(resources.map(({ spec }) => keyOf(spec)));
  let held: Set<string> | undefined;
  const isHeld = (key: string): boolean => {
    held ??= heldPorts(view);
    return held.has(key);
  };
  const translatorOf = translatorsOf(
    resources.map(({ spec }) => spec),
    view,
  );
  return resources.flatMap((resource): Blocker[] => {
    const { spec } = resource;
    const key = keyOf(spec);
    const publish = derived.get(resource.id);
    const isFree = (hostPort: number): boolean => {
      const other = keyOf({ ...spec, hostPort });
      return (
        !own.has(other) &&
        !othersByPort.has(other) &&
        !listenersByPort.has(other) &&
        !isReserved(hostPort) &&
        translatorOf({ ...spec, hostPort }) === undefined
      );
    };
    const hintOf = (hint: string): string => (publish === undefined ? hint : explicitHint(publish, isFree));
    const where = resource.origin ? { origin: resource.origin } : {};
    const what = `port ${spec.hostPort}/${spec.protocol}${isWildcard(spec.hostAddress) ? '' : ` of ${spec.hostAddress}`}`;
    const other = othersByPort.get(key)?.find((claim) => overlap(spec, claim.spec));
    if (other) {
      const file = view.snapshot.records.get(other.topology)?.file;
      return [
        {
          code: 'E_PORT_TAKEN',
          message: `${what} of this host is published by ${other.spec.namespace} of the topology ${other.topology}${file ? ` (${file})` : ''}`,
          hint: hintOf('publish it on another host port, or each on a host address of its own'),
          ...where,
        },
      ];
    }
    // Before who listens: a container's proxy does so on its behalf.
    const translator = translatorOf(spec);
    if (translator) {
      return [
        {
          code: 'E_PORT_TRANSLATED',
          message: `${what} of this host is sent elsewhere already by ${translatorText(translator)}`,
          hint: hintOf(`publish on another host port, or on a host address of its own; ${translatorHint(translator, spec.hostPort)}`),
          ...where,
        },
      ];
    }
    const listener = listenersByPort.get(key)?.find((one) => heard(spec, one));
    // One that we have already may well have been reserved for that very reason.
    if (!listener && publish !== undefined && isReserved(spec.hostPort) && !isHeld(key)) {
      return [
        {
          code: 'E_PORT_RESERVED',
          message: `this host reserves port ${spec.hostPort} (net.ipv4.ip_local_reserved_ports), which was derived for ${spec.port}/${spec.protocol} of ${spec.namespace}`,
          hint: explicitHint(publish, isFree),
          ...where,
        },
      ];
    }
    if (!listener) return [];
    const who = listener.process ? `${listener.process.command} (pid ${listener.process.pid})` : 'a process of this host';
    return [
      {
        code: 'E_PORT_IN_USE',
        message: `${who} listens on ${what} already (${listener.address})`,
        hint: hintOf(`publish on another host port, or stop that process${listener.process ? '' : ' (ss -tulnp shows which)'}`),
        ...where,
      },
    ];
  });
}

const keyOf = ({ protocol, hostPort }: Pick<PublishSpec, 'protocol' | 'hostPort'>): string => `${protocol} ${hostPort}`;

/** Host ports that the topology's own table has already. */
function heldPorts(view: View): Set<string> {
  const table = view.snapshot.tables.get(tableName(view.name));
  return new Set((table === undefined ? [] : specsIn(table)).map(keyOf));
}

function claimsOf(table: TableState, view: View): { topology: string; spec: PublishSpec }[] {
  const topology = topologyOfTable(table.name);
  if (topology === undefined || topology === view.name) return [];
  return specsIn(table).map((spec) => ({ topology, spec }));
}

const covers = (spec: PublishSpec, family: Family): boolean => spec.target[family] !== undefined;

/** Whether a packet for the published port could be meant for the socket. One on `::` hears IPv4 too, unless it says otherwise. */
function heard(spec: PublishSpec, { address, ipv6Only }: Listener): boolean {
  if (address === '::' && ipv6Only !== true) return true;
  if (!covers(spec, address.includes(':') ? 'ipv6' : 'ipv4')) return false;
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
