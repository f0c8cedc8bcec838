import type { Fault } from '../model/errors.ts';
import { overlap } from '../model/host-ports.ts';
import { type Cidr, FAMILIES, overlaps, parseCidr } from '../model/ip.ts';
import { HOST, type Origin, type Publish, type Topology } from '../model/topology.ts';

/** Something that only one topology on a host can have. */
interface Claim {
  readonly topology: Topology;
  readonly what: string;
  readonly key: string;
  readonly origin: Origin;
  readonly length: number;
}

/**
 * What topologies that are given together would take from each other: names, namespaces, interfaces of the host, subnets and host ports.
 * Each fault stands in the later file and names the earlier one. What is already on the host is the pipeline's to find.
 */
export function clashesOf(topologies: readonly Topology[]): Fault[] {
  const taken = new Map<string, Claim>();
  const faults: Fault[] = [];
  for (const claim of topologies.flatMap(claimsOf)) {
    const holder = taken.get(claim.key);
    if (holder === undefined) taken.set(claim.key, claim);
    else if (holder.topology !== claim.topology) faults.push(faultOf('E_CLASH', claim, holder));
  }
  return [...faults, ...subnetClashes(topologies), ...portClashes(topologies)];
}

function faultOf(code: string, claim: Pick<Claim, 'what' | 'origin' | 'length'>, holder: Pick<Claim, 'origin'>): Fault {
  const { file, line, column } = holder.origin;
  return {
    code,
    message: `${claim.what} is taken by ${file}:${line}:${column}`,
    hint: 'topologies on one host share names, subnets and ports: change one of the two, or give only one of the files',
    origin: claim.origin,
    length: claim.length,
  };
}

function claimsOf(topology: Topology): Claim[] {
  const claim = (what: string, key: string, origin: Origin, length = 1): Claim => ({ topology, what, key, origin, length });
  const name = claim(`the name ${topology.name}`, `topology ${topology.name}`, { file: topology.file, line: 1, column: 1 });
  const namespaces = topology.namespaces.map((one) => claim(`namespace ${one.name}`, `namespace ${one.name}`, one.origin, one.name.length));
  const bridges = topology.bridges.map((one) => claim(`bridge ${one.name}`, `interface ${one.name}`, one.origin, one.name.length));
  const ends = topology.links.flatMap(({ ends }) =>
    ends
      .filter((end) => end.namespace === HOST)
      .map((end) => claim(`the host's interface ${end.ifname}`, `interface ${end.ifname}`, end.origin)),
  );
  return [name, ...namespaces, ...bridges, ...ends];
}

/** Subnets sorted by their first address overlap only with ones that began before and have not ended. */
function subnetClashes(topologies: readonly Topology[]): Fault[] {
  return FAMILIES.flatMap((family) => {
    const all = topologies.flatMap((topology, order) =>
      topology.subnets.flatMap((subnet) => {
        const cidr = parseCidr(subnet.cidr[family] ?? '');
        return cidr === undefined ? [] : [{ topology, order, cidr, text: subnet.cidr[family], origin: subnet.origin }];
      }),
    );
    all.sort((a, b) => compare(a.cidr, b.cidr) || a.order - b.order);
    const open: typeof all = [];
    return all.flatMap((next) => {
      while (open.length > 0 && !overlaps(open.at(-1)?.cidr ?? next.cidr, next.cidr)) open.pop();
      const holder = open.find((one) => one.topology !== next.topology);
      open.push(next);
      if (holder === undefined) return [];
      const [later, earlier] = next.order > holder.order ? [next, holder] : [holder, next];
      return [
        faultOf('E_CLASH', { what: `subnet ${later.text} overlaps ${earlier.text}, which`, origin: later.origin, length: 1 }, earlier),
      ];
    });
  });
}

const compare = (a: Cidr, b: Cidr): number => (a.value === b.value ? a.prefix - b.prefix : a.value < b.value ? -1 : 1);

function portClashes(topologies: readonly Topology[]): Fault[] {
  const claims = new Map<string, { topology: Topology; publish: Publish }[]>();
  return topologies.flatMap((topology) =>
    topology.publishes.flatMap((publish) => {
      const key = `${publish.hostPort}/${publish.protocol}`;
      const others = claims.get(key) ?? [];
      const holder = others.find((other) => other.topology !== topology && overlap(other.publish, publish));
      claims.set(key, [...others, { topology, publish }]);
      if (holder === undefined) return [];
      return [faultOf('E_CLASH', { what: `host port ${key}`, origin: publish.origin, length: 1 }, holder.publish)];
    }),
  );
}
