import { bitsOf, type Cidr, FAMILIES, type Family, formatCidr, formatIp, lastOf, networkOf } from '../../model/ip.ts';
import { HOST } from '../../model/topology.ts';
import { type Draft, type DraftEnd, type DraftSubnet, endName, type Interface, type Node, type Segment } from '../draft.ts';
import type { Faults } from '../faults.ts';
import type { Path } from '../syntax/places.ts';

/** Reports subnets that overlap, or that are used twice or not at all; addresses held twice; and two on-link routes to one network. */
export function checkOverlaps(draft: Draft, usedInRoutes: ReadonlySet<string>, faults: Faults): void {
  const sorted = { ipv4: sortedNetworks(draft, 'ipv4'), ipv6: sortedNetworks(draft, 'ipv6') };
  for (const family of FAMILIES) reportOverlaps(sorted[family], faults);
  for (const subnet of draft.subnets.values()) checkUse(subnet, usedInRoutes, faults);
  checkDuplicates(draft, faults);
  const strays = new Set<Path>();
  for (const { ends } of draft.links) for (const end of ends) checkStray(end, sorted, strays, faults);
  for (const node of draft.nodes.values()) checkOnLink(node, strays, faults);
}

interface Placed {
  readonly subnet: DraftSubnet;
  readonly network: Cidr;
}

const sortedNetworks = (draft: Draft, family: Family): Placed[] =>
  [...draft.subnets.values()]
    .flatMap((subnet) => {
      const network = subnet.networks[family];
      return network === undefined ? [] : [{ subnet, network }];
    })
    .sort((a, b) => compareNetworks(a.network, b.network));

const compareNetworks = (a: Cidr, b: Cidr): number => {
  const [one, other] = [networkOf(a).value, networkOf(b).value];
  return one < other ? -1 : one > other ? 1 : a.prefix - b.prefix;
};

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
    const message = `the subnet ${name} is also that of ${other.name} at line ${faults.origin(usePath(other)).line}`;
    faults.add(at, 'E_SUBNET_OVERLAP', message, 'one subnet is one segment: make a second subnet, or put both on one bridge');
  }
}

const usePath = (segment: Segment): Path => {
  if (segment.bridge !== undefined) return [...segment.bridge.path, 'subnet'];
  const [end] = [...segment.interfaces.values()].flat();
  return end !== undefined && 'link' in end ? [...(end as DraftEnd).link.path, 'subnet'] : [];
};

interface Holder {
  readonly who: string;
  readonly path: Path;
  readonly isLoopback: boolean;
  readonly namespace: string;
}

function checkDuplicates(draft: Draft, faults: Faults): void {
  const holders = new Map<string, Holder[]>();
  const enter = (cidr: Cidr, holder: Holder) => {
    const key = `${cidr.family} ${cidr.value}`;
    const all = holders.get(key);
    if (all === undefined) holders.set(key, [holder]);
    else all.push(holder);
  };
  for (const { name, path, own, segment } of draft.bridges.values()) {
    const at = segment.subnet?.gateway.kind === 'addresses' ? [...segment.subnet.path, 'gateway'] : [...path, 'subnet'];
    for (const cidr of own.addresses) enter(cidr, { who: `the bridge ${name}, as gateway`, path: at, isLoopback: false, namespace: HOST });
  }
  for (const end of draft.links.flatMap((link) => link.ends)) {
    const written = new Map(end.explicit.map(({ cidr, path }) => [cidr, path]));
    const holder = { who: endName(end), isLoopback: false, namespace: end.namespace };
    for (const cidr of end.addresses) enter(cidr, { ...holder, path: written.get(cidr) ?? end.path });
  }
  for (const node of draft.nodes.values()) {
    const holder = { who: `${node.name}:lo`, isLoopback: true, namespace: node.name };
    for (const { cidr, path } of node.loopback) enter(cidr, { ...holder, path });
  }
  for (const [key, all] of holders) if (all.length > 1) reportHolders(key, all, faults);
}

function reportHolders(key: string, all: readonly Holder[], faults: Faults): void {
  const [family, value = '0'] = key.split(' ');
  const address = formatIp({ family: family === 'ipv6' ? 'ipv6' : 'ipv4', value: BigInt(value) });
  const interfaces = all.filter((holder) => !holder.isLoopback);
  for (const holder of all) {
    // One address on the lo of several routers is anycast, and meant.
    const rivals = holder.isLoopback ? [...interfaces, ...all.filter((each) => each.namespace === holder.namespace)] : all;
    const other = rivals.find((rival) => rival !== holder);
    if (other === undefined) continue;
    const message = `${address} is also held by ${other.who} at line ${faults.origin(other.path).line}`;
    faults.add(holder.path, 'E_ADDRESS_DUPLICATE', message, 'give one of them another address');
  }
}

/** An address written on a link although its network is that of another segment: the trap of a veth beside its bridge. */
function checkStray(end: DraftEnd, sorted: Readonly<Record<Family, readonly Placed[]>>, strays: Set<Path>, faults: Faults): void {
  for (const { cidr, path } of end.explicit) {
    if (cidr.prefix === bitsOf(cidr.family)) continue;
    const hit = overlapping(sorted[cidr.family], cidr);
    const [segment] = hit?.subnet.segments ?? [];
    if (hit === undefined || segment === undefined || segment === end.segment) continue;
    strays.add(path);
    const owner = segment.bridge === undefined ? `the link of ${segment.name}` : `the bridge ${segment.name}`;
    const why =
      end.namespace === HOST && segment.bridge !== undefined ? `: answers leave by ${segment.name}, and ARP for it goes unanswered` : '';
    const message = `${formatCidr(cidr)} on ${endName(end)} makes a second on-link route to ${formatCidr(hit.network)}, the network of ${owner}${why}`;
    const hint =
      segment.bridge === undefined
        ? 'choose a network of its own'
        : `make it a member, [${endName(end)}, ${segment.name}], or choose a network of its own`;
    faults.add(path, 'E_ONLINK_OVERLAP', message, hint);
  }
}

/** The first of the sorted networks that overlaps; binary search. */
function overlapping(sorted: readonly Placed[], cidr: Cidr): Placed | undefined {
  const from = networkOf(cidr).value;
  const to = lastOf(cidr).value;
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const placed = sorted[middle];
    if (placed !== undefined && lastOf(placed.network).value < from) low = middle + 1;
    else high = middle;
  }
  const found = sorted[low];
  return found !== undefined && found.network.value <= to ? found : undefined;
}

interface Route {
  readonly cidr: Cidr;
  readonly on: Interface;
  readonly path: Path;
}

/** Two interfaces of one namespace on overlapping networks: only one of the two routes is ever used. */
function checkOnLink(node: Node, strays: ReadonlySet<Path>, faults: Faults): void {
  for (const family of FAMILIES) {
    const routes = node.interfaces.flatMap((on) => onLinkRoutes(on, family, strays)).sort((a, b) => compareNetworks(a.cidr, b.cidr));
    let widest: Route | undefined;
    for (const route of routes) {
      if (widest === undefined || networkOf(route.cidr).value > lastOf(widest.cidr).value) widest = route;
      else if (route.on !== widest.on && (route.on.segment !== widest.on.segment || node.name === HOST)) {
        reportOnLink(route, widest, faults);
        reportOnLink(widest, route, faults);
      }
    }
  }
}

function onLinkRoutes(on: Interface, family: Family, strays: ReadonlySet<Path>): Route[] {
  const written = 'explicit' in on ? new Map((on as DraftEnd).explicit.map(({ cidr, path }) => [cidr, path])) : new Map<Cidr, Path>();
  return on.addresses.flatMap((cidr) => {
    const path = written.get(cidr) ?? on.path;
    return cidr.family === family && cidr.prefix < bitsOf(family) && !strays.has(path) ? [{ cidr, on, path }] : [];
  });
}

function reportOnLink(here: Route, there: Route, faults: Faults): void {
  const other = `${endName(there.on)} at line ${faults.origin(there.path).line}`;
  const message = `${formatCidr(here.cidr)} on ${endName(here.on)} overlaps ${formatCidr(there.cidr)} on ${other}: two on-link routes to one network`;
  faults.add(here.path, 'E_ONLINK_OVERLAP', message, 'only one of them is ever used; choose a network of its own for one');
}
