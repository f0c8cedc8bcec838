import { addressOf } from '../../model/ip.ts';
import { attachMark, fileMark } from '../../model/marks.ts';
import { attachText, HOST, type Topology } from '../../model/topology.ts';

/** Who shares a bridge or a link, with the address that each holds there. */
interface Neighbour {
  readonly namespace: string;
  readonly addresses: readonly string[];
}

const LOCALHOST = '127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n';

/**
 * The text of a hosts file and what it is put together from, one part after the other. Each is 30 KB in a star of 1,000, nearly all of it a segment's text, which all members
 * share: as long as nobody asks for its characters, it takes no room of its own.
 */
export interface HostsFile {
  readonly text: string;
  readonly parts: readonly string[];
}

/** Whether a text is that of the file; part by part, for which the file's own is not made. */
export function isTextOf({ text, parts }: HostsFile, found: string): boolean {
  if (found.length !== text.length) return false;
  let start = 0;
  return parts.every((part) => {
    const from = start;
    start += part.length;
    return found.slice(from, start) === part;
  });
}

/** By topology, which never changes: they are asked for to be wanted, and again to be compared. */
const made = new WeakMap<Topology, ReadonlyMap<string, HostsFile>>();

export function hostsFiles(topology: Topology): ReadonlyMap<string, HostsFile> {
  const files = made.get(topology) ?? makeFiles(topology);
  made.set(topology, files);
  return files;
}

/** The hosts file of every name of the topology: itself first, then those that it shares a bridge or a link with, then what it alone calls by an alias. */
function makeFiles(topology: Topology): Map<string, HostsFile> {
  const aliases = new Map(topology.namespaces.map(({ name, aliases }) => [name, [name, ...aliases].join(' ')]));
  const calls = new Map(topology.namespaces.map(({ name, oneWayAliases }) => [name, oneWayAliases]));
  const memberships = new Map<string, Segment[]>();
  for (const segment of segmentsOf(topology).map((neighbours) => segmentOf(neighbours, aliases))) {
    for (const name of segment.places.keys()) {
      const all = memberships.get(name);
      if (all === undefined) memberships.set(name, [segment]);
      else all.push(segment);
    }
  }
  const fileOf = (name: string, mark: string): HostsFile => {
    const segments = memberships.get(name) ?? [];
    const own = segments.flatMap((segment) => ownLines(segment, name));
    const oneWay = (calls.get(name) ?? []).flatMap(({ alias, addresses }) => addresses.map((address) => `${address}\t${alias}\n`));
    const parts = [`${mark}\n${LOCALHOST}${own.join('')}`, ...othersLines(segments, name), oneWay.join('')];
    return { text: parts.reduce((text, part) => text + part, ''), parts };
  };
  const mark = fileMark(topology.name);
  return new Map(
    topology.namespaces.map(({ name, share, attach }) => {
      if (share !== undefined) return [name, fileOf(share, `${mark} hosts of ${name}, another name of ${share}`)];
      return [name, fileOf(name, attach === undefined ? `${mark} hosts of ${name}` : attachMark(topology.name, attachText(attach)))];
    }),
  );
}

/** Neighbours of one segment have the same lines: made once, since a star of 1,000 has a million of them. */
interface Segment {
  readonly lines: readonly string[];
  /** Where the lines of each namespace are. */
  readonly places: ReadonlyMap<string, readonly number[]>;
  readonly text: string;
  /** Where each line begins in the text, and where the last one ends. */
  readonly starts: readonly number[];
}

function segmentOf(neighbours: readonly Neighbour[], aliases: ReadonlyMap<string, string>): Segment {
  const lines = neighbours.map((neighbour) => linesOf(neighbour, aliases));
  const places = new Map<string, number[]>();
  for (const [index, { namespace }] of neighbours.entries()) {
    const all = places.get(namespace);
    if (all === undefined) places.set(namespace, [index]);
    else all.push(index);
  }
  const starts = [0];
  for (const line of lines) starts.push((starts.at(-1) ?? 0) + line.length);
  return { lines, places, text: lines.join(''), starts };
}

const ownLines = ({ lines, places }: Segment, name: string): string[] => (places.get(name) ?? []).map((index) => lines[index] ?? '');

/** In parts. Of a namespace that is on one segment with one address: the segment's text around its own lines. Two that share several segments see each other on each of them, but no line twice. */
function othersLines(segments: readonly Segment[], name: string): string[] {
  const [only, ...more] = segments;
  if (only === undefined) return [];
  const [place, ...further] = only.places.get(name) ?? [];
  if (more.length === 0 && place !== undefined && further.length === 0) {
    return [only.text.slice(0, only.starts[place]), only.text.slice(only.starts[place + 1])];
  }
  const lines = segments.flatMap((segment) => segment.lines.filter((_, index) => !segment.places.get(name)?.includes(index)));
  return [[...new Set(lines)].join('')];
}

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
