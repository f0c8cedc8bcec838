import { HOST } from '../../model/topology.ts';
import type {
  Draft,
  DraftAlias,
  DraftBridge,
  DraftEnd,
  DraftLink,
  DraftSubnet,
  EndSettings,
  Interface,
  Segment,
  Setting,
} from '../draft.ts';
import { endName } from '../draft.ts';
import { findSubnet } from '../entities/bridges.ts';
import { expand, namesOf } from '../entities/ranges.ts';
import { readSubnet } from '../entities/subnets.ts';
import { compareText, type Faults } from '../faults.ts';
import { itemsOf, type RawLink, type RawLongLink } from '../raw.ts';
import { LIMITS } from '../syntax/limits.ts';
import type { Path } from '../syntax/places.ts';
import { quote } from '../syntax/quote.ts';
import { enterAliases } from './aliases.ts';
import { besideEnds, type FoundEnd, findEnd, merged, readEnd, type WrittenEnd } from './ends.ts';
import { checkOptions } from './options.ts';

type Parts = Pick<Draft, 'raw' | 'subnets' | 'bridges' | 'nodes'>;

/** The links, ranges expanded, each entered into its segment and its namespaces. */
export function readLinks(parts: Parts, faults: Faults): DraftLink[] {
  const links: DraftLink[] = [];
  for (const [raw, step] of itemsOf<RawLink>(parts.raw.links)) {
    const path = ['links', ...step];
    const [long, pairs] = readPairs(raw, path, faults);
    if (links.length + pairs.length > LIMITS.items) {
      faults.add(path, 'E_YAML_LIMIT', `there are more than ${LIMITS.items} links`, 'split the topology');
      faults.spoil('everything:');
      return [];
    }
    const made = pairs.flatMap((pair) => createLink(pair, long, path, parts, faults) ?? spoilt(pair, faults));
    enterAliases(long, made, path, parts.nodes, faults);
    for (const link of made) links.push(link);
  }
  return links;
}

function readPairs(raw: RawLink, path: Path, faults: Faults): [RawLongLink, Pair[]] {
  const long: RawLongLink = isShort(raw) ? { ends: raw } : raw;
  const inEnds = isShort(raw) ? path : [...path, 'ends'];
  const [first, second] = long.ends;
  if (first === undefined || second === undefined) return [long, []];
  return [long, pairUp([readEnd(first, [...inEnds, 0]), readEnd(second, [...inEnds, 1])], path, faults)];
}

const isShort = (raw: RawLink): raw is Exclude<RawLink, RawLongLink> => Array.isArray(raw);

function spoilt(pair: Pair, faults: Faults): [] {
  for (const end of pair) {
    const [name = ''] = end.at.split(':');
    faults.spoil(`namespace:${name}`, `bridge:${name}`);
  }
  return [];
}

type Pair = readonly [WrittenEnd, WrittenEnd];

/** A range against one end fans out; two ranges pair up. */
function pairUp(written: Pair, path: Path, faults: Faults): Pair[] {
  const [first, second] = written.map((end) => variants(end, faults));
  if (first === undefined || second === undefined || first.length === 0 || second.length === 0) return [];
  if (first.length > 1 && second.length > 1 && first.length !== second.length) {
    const message = `${quote(written[0].at)} has ${first.length} items and ${quote(written[1].at)} has ${second.length}`;
    faults.add(path, 'E_RANGE', message, 'two ranges pair up and must be as long as each other');
    faults.spoil('everything:');
    return [];
  }
  const length = Math.max(first.length, second.length);
  return Array.from({ length }, (_, index) => [first[index] ?? first[0], second[index] ?? second[0]] as Pair);
}

/** An end for each item of its range, its port's name counted up alike. */
function variants(end: WrittenEnd, faults: Faults): WrittenEnd[] {
  const ats = expand(end.at);
  if ('problem' in ats) {
    faults.add(end.path, 'E_RANGE', `${quote(end.at)}: ${ats.problem}`, 'for example pc(01-20):eth0');
    faults.spoil('everything:');
    return [];
  }
  const { name } = end.settings;
  if (name === undefined) return ats.map((at) => ({ ...end, at }));
  const names = namesOf(name.value);
  const settings = (index: number): EndSettings => ({ ...end.settings, name: { ...name, value: names[index] ?? name.value } });
  const length = Math.max(ats.length, names.length);
  return Array.from({ length }, (_, index) => ({ ...end, at: ats[index] ?? ats[0] ?? end.at, settings: settings(index) }));
}

function createLink(pair: Pair, long: RawLongLink, path: Path, parts: Parts, faults: Faults): [DraftLink] | undefined {
  const found = pair.map((end) => findEnd(end.at, end.path, parts, faults));
  const [one, other] = found;
  if (one === undefined || other === undefined) return undefined;
  const ends = [
    { ...pair[0], found: one },
    { ...pair[1], found: other },
  ] as const;
  const [low, high] = normal(ends[0], ends[1]);
  if (high.found.is === 'bridge') {
    faults.add(
      path,
      'E_LINK_END',
      'both ends are bridges',
      'one end is a namespace:interface; put two bridges together through a namespace',
    );
    return undefined;
  }
  const bridge = low.found.is === 'bridge' ? low.found.bridge : undefined;
  if (bridge !== undefined && high.found.node.name === HOST) {
    // Both ends would be in one namespace, where a name says which end it is.
    const hint = `take ${high.at} out: the host has the addresses of ${bridge.name} itself`;
    faults.add(path, 'E_LINK_END', `${high.at} and ${bridge.name} are both in the host's namespace`, hint);
    return undefined;
  }
  checkOptions(low, high, long, path, faults);
  const beside = besideEnds(long, path);
  const settings = [low.settings, bridge === undefined ? high.settings : merged(high.settings, beside, faults)] as const;
  const member = { namespace: high.found.node.name, ifname: high.found.ifname };
  const id = endName(bridge === undefined ? firstOf(nameOf(low.found), member) : member);
  const segment = bridge?.segment ?? ownSegment(id, long, path, parts, faults);
  const link = { id, path, segment, ...(bridge === undefined ? {} : { bridge }), ...mtuOf(long, path), as: [] as DraftAlias[] };
  const create = (end: Found, own: EndSettings): DraftEnd => ({
    namespace: end.found.is === 'bridge' ? HOST : end.found.node.name,
    ifname: end.found.is === 'bridge' ? '' : end.found.ifname,
    mac: '',
    path: end.path,
    segment,
    addresses: [],
    isPort: end.found.is === 'bridge',
    settings: own,
    explicit: [],
    link: link as DraftLink,
  });
  const made: DraftLink = Object.assign(link, { ends: [create(low, settings[0]), create(high, settings[1])] as const });
  for (const end of made.ends) enter(end, bridge, parts);
  const { subnet } = segment;
  // Without its subnet whole, what its members lack proves nothing.
  if (faults.spoilt(`bridge:${segment.name}`, `subnet:${subnet?.name ?? ''}`))
    for (const end of made.ends) faults.spoil(`namespace:${end.namespace}`);
  return [made];
}

export type Found = WrittenEnd & { readonly found: FoundEnd };

const nameOf = (found: FoundEnd): { namespace: string; ifname: string } =>
  found.is === 'bridge' ? { namespace: HOST, ifname: found.bridge.name } : { namespace: found.node.name, ifname: found.ifname };

interface Named {
  readonly namespace: string;
  readonly ifname: string;
}

const byName = (a: Named, b: Named): number => compareText(a.namespace, b.namespace) || compareText(a.ifname, b.ifname);

/** The end that names a link without a bridge: the one that sorts first and is not the host's. */
const firstOf = (a: Named, b: Named): Named => {
  if ((a.namespace === HOST) !== (b.namespace === HOST)) return a.namespace === HOST ? b : a;
  return byName(a, b) <= 0 ? a : b;
};

/** A bridge comes first, then an end in the host, then the end that sorts first: the order in the file means nothing. */
function normal(a: Found, b: Found): readonly [Found, Found] {
  const rank = ({ found }: Found) => (found.is === 'bridge' ? 0 : found.node.name === HOST ? 1 : 2);
  const order = rank(a) - rank(b) || byName(nameOf(a.found), nameOf(b.found));
  return order <= 0 ? [a, b] : [b, a];
}

const mtuOf = (long: RawLongLink, path: Path): { mtu?: Setting<number> } =>
  long.mtu === undefined ? {} : { mtu: { value: long.mtu, path: [...path, 'mtu'] } };

/** The segment of a link without a bridge, with its subnet, if it has one. */
function ownSegment(id: string, long: RawLongLink, path: Path, { subnets }: Parts, faults: Faults): Segment {
  const at = [...path, 'subnet'];
  let subnet: DraftSubnet | undefined;
  if (typeof long.subnet === 'string') subnet = findSubnet(long.subnet, at, subnets, faults);
  else if (long.subnet !== undefined) {
    subnet = readSubnet(id, long.subnet, at, faults);
    subnets.set(id, subnet);
  }
  const segment: Segment = { name: id, interfaces: new Map(), ...(subnet === undefined ? {} : { subnet }) };
  subnet?.segments.push(segment);
  return segment;
}

function enter(end: DraftEnd, bridge: DraftBridge | undefined, { nodes }: Parts): void {
  if (end.isPort) {
    bridge?.ports.push(end);
    return;
  }
  const here: Interface[] = end.segment.interfaces.get(end.namespace) ?? [];
  end.segment.interfaces.set(end.namespace, [...here, end]);
  const node = nodes.get(end.namespace);
  node?.interfaces.push(end);
  node?.ends.push(end);
}
