import { addressOf } from '../../model/ip.ts';
import { attachMark, fileMark } from '../../model/marks.ts';
import { attachText, HOST, type Topology } from '../../model/topology.ts';

/** Who shares a bridge or a link, with the address that each holds there. */
interface Neighbour {
  readonly namespace: string;
  readonly addresses: readonly string[];
}

const LOCALHOST = '127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n';

/** The hosts file of every name of the topology: itself first, then those that it shares a bridge or a link with, then what it alone calls by an alias. */
export function hostsFiles(topology: Topology): Map<string, string> {
  const aliases = new Map(topology.namespaces.map(({ name, aliases }) => [name, [name, ...aliases].join(' ')]));
  const calls = new Map(topology.namespaces.map(({ name, oneWayAliases }) => [name, oneWayAliases]));
  const segments = segmentsOf(topology);
  // Neighbours of one segment have the same lines: made once, since a star of 1,000 has a million of them.
  const lines = new Map(segments.map((segment) => [segment, segment.map((neighbour) => linesOf(neighbour, aliases))]));
  const memberships = new Map<string, Neighbour[][]>();
  for (const segment of segments) {
    for (const name of new Set(segment.map(({ namespace }) => namespace)))
      memberships.set(name, [...(memberships.get(name) ?? []), segment]);
  }
  const contentOf = (name: string, mark: string): string => {
    const own: string[] = [];
    const others: string[] = [];
    for (const segment of memberships.get(name) ?? []) {
      for (const [index, { namespace }] of segment.entries()) (namespace === name ? own : others).push(lines.get(segment)?.[index] ?? '');
    }
    const oneWay = (calls.get(name) ?? []).flatMap(({ alias, addresses }) => addresses.map((address) => `${address}\t${alias}\n`));
    return `${mark}\n${LOCALHOST}${own.join('')}${unique(others)}${oneWay.join('')}`;
  };
  const mark = fileMark(topology.name);
  return new Map(
    topology.namespaces.map(({ name, share, attach }) => {
      if (share !== undefined) return [name, contentOf(share, `${mark} hosts of ${name}, another name of ${share}`)];
      return [name, contentOf(name, attach === undefined ? `${mark} hosts of ${name}` : attachMark(topology.name, attachText(attach)))];
    }),
  );
}

/** Two that share several segments see each other on each of them, but no line twice. */
const unique = (lines: readonly string[]): string => [...new Set(lines)].join('');

function segmentsOf(topology: Topology): Neighbour[][] {
  const bridges = new Map<string, Neighbour[]>(topology.bridges.map(({ name }) => [name, []]));
  const segments: Neighbour[][] = [...bridges.values()];
  for (const link of topology.links) {
    const ends = link.ends.map(({ namespace, addresses }) => ({ namespace, addresses }));
    if (link.bridge === undefined) segments.push(ends.filter(({ namespace }) => namespace !== HOST));
    else bridges.get(link.bridge)?.push(...ends.slice(1));
  }
  return segments;
}

const linesOf = ({ namespace, addresses }: Neighbour, aliases: ReadonlyMap<string, string>): string =>
  addresses.map((address) => `${addressOf(address)}\t${aliases.get(namespace) ?? namespace}\n`).join('');
