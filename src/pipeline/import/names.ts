import { addressOf } from '../../model/ip.ts';
import { topologyOfMark } from '../../model/marks.ts';
import { hostsPath } from '../../model/names.ts';
import type { Pair } from './pairs.ts';
import type { Scene } from './scene.ts';
import { isLinkLocal } from './subnets.ts';

/** A line of a hosts file of ours. */
interface HostsLine {
  readonly address: string;
  readonly names: readonly string[];
}

/** What the hosts files that netloom has written say, in their order: who is on which segment, and by which names he is called. */
export interface Names {
  /** Further names of a namespace. */
  aliasesOf(namespace: string): readonly string[];
  /** What a namespace alone calls others: by the id of the link that says so. */
  readonly oneWay: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** Ids of pairs and names of bridges, in the order in which the file must have had them. */
  readonly linkOrders: readonly (readonly string[])[];
  readonly bridgeOrders: readonly (readonly string[])[];
}

/** What stands in each of our hosts files before the lines of neighbours. */
const COMMON = new Set(['127.0.0.1', '::1']);

export function namesIn(scene: Scene, pairs: readonly Pair[]): Names {
  const files = new Map([...scene.members.keys()].flatMap((name) => linesOf(scene, name)));
  const holders = new Map<string, { readonly namespace: string; readonly pair: Pair }>();
  for (const pair of pairs) {
    for (const { namespace, link } of [pair.near, pair.far]) {
      for (const address of link.addresses) if (!isLinkLocal(address)) holders.set(addressOf(address), { namespace, pair });
    }
  }
  const aliases = new Map<string, readonly string[]>();
  const oneWay = new Map<string, Record<string, string>>();
  const linkOrders: string[][] = [];
  const bridgeOrders: string[][] = [];
  for (const [reader, lines] of files) {
    const seen = lines.flatMap((line) => {
      const holder = holders.get(line.address);
      return holder !== undefined && line.names[0] === holder.namespace ? [{ ...holder, line }] : [];
    });
    for (const { namespace, line } of seen) aliases.set(namespace, line.names.slice(1));
    for (const {
      address,
      names: [alias = ''],
    } of lines.filter((line) => !seen.some((one) => one.line === line))) {
      const link = linkOf(scene, reader, address, pairs, holders.get(address)?.pair);
      if (link !== undefined) oneWay.set(link, { ...oneWay.get(link), [reader]: alias });
    }
    for (const own of [true, false]) {
      const part = seen.filter(({ namespace }) => (namespace === reader) === own);
      bridgeOrders.push([...new Set(part.flatMap(({ pair }) => pair.bridge ?? []))]);
      for (const bridge of [undefined, ...scene.bridges.map(({ ifname }) => ifname)]) {
        linkOrders.push([...new Set(part.filter(({ pair }) => pair.bridge === bridge).map(({ pair }) => pair.id))]);
      }
    }
  }
  return { aliasesOf: (namespace) => aliases.get(namespace) ?? [], oneWay, linkOrders, bridgeOrders };
}

/** Whose alias it is: the link that holds the address; of a bridge's own address the reader's link to it. */
function linkOf(scene: Scene, reader: string, address: string, pairs: readonly Pair[], held: Pair | undefined): string | undefined {
  if (held !== undefined) return held.id;
  const bridge = scene.bridges.find(({ addresses }) => addresses.some((one) => addressOf(one) === address))?.ifname;
  return pairs.find((pair) => bridge !== undefined && pair.bridge === bridge && pair.near.namespace === reader)?.id;
}

function linesOf(scene: Scene, name: string): [string, HostsLine[]][] {
  const content = scene.snapshot.files.get(hostsPath(name)) ?? '';
  const [mark = '', ...lines] = content.split('\n');
  if (topologyOfMark(mark) !== scene.name) return [];
  const parsed = lines.flatMap((line): HostsLine[] => {
    const [address = '', ...names] = line.split(/\s+/).filter((word) => word !== '');
    return address === '' || address.startsWith('#') || COMMON.has(address) ? [] : [{ address, names }];
  });
  return [[name, parsed]];
}
