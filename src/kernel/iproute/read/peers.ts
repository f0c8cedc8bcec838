import type { LinkState } from '../../../model/snapshot.ts';
import type { RawLink } from './links.ts';

/** Ids that a namespace gives to others: nsid → inode; undefined for those that no name under /run/netns leads to. */
export type NamespaceIds = ReadonlyMap<number, string | undefined>;

/** The other end of a veth: the namespace's inode and the interface there. */
export interface Peer {
  readonly inode: string;
  readonly link: LinkState;
}

interface End {
  readonly inode: string;
  readonly raw: RawLink;
}

/**
 * Finds the other ends of veths among the namespaces read (inode → links). A link tells the other end's ifindex and an id of its
 * namespace that means something only in the link's own one. What matches by ifindex both ways is a candidate; only the id decides, since
 * in a chain of namespaces everything matches everything. The host's ids are asked for once and settle every link to the host; `idsOf` is
 * called for every second of the namespaces with links still open, again and again, as one end of a pair is enough: in a chain whose names are in order
 * half of the namespaces tell all.
 */
export async function findPeers(
  namespaces: ReadonlyMap<string, readonly RawLink[]>,
  host: { readonly inode: string; readonly ids: NamespaceIds },
  idsOf: (inodes: readonly string[]) => Promise<ReadonlyMap<string, NamespaceIds>>,
): Promise<Map<LinkState, Peer>> {
  const peers = new Map<LinkState, Peer>();
  const byIndex = new Map([...namespaces].map(([inode, links]) => [inode, new Map(links.map((raw) => [raw.state.ifindex, raw]))]));
  const ends: End[] = [...namespaces].flatMap(([inode, links]) => links.filter(isVeth).map((raw) => ({ inode, raw })));

  const join = (a: End, b: End): void => {
    peers.set(a.raw.state, { inode: b.inode, link: b.raw.state });
    peers.set(b.raw.state, { inode: a.inode, link: a.raw.state });
  };
  const settle = (end: End, other: string | undefined): void => {
    const raw = other === undefined ? undefined : byIndex.get(other)?.get(end.raw.linkIndex ?? -1);
    if (other !== undefined && raw !== undefined && isVeth(raw) && raw.linkIndex === end.raw.state.ifindex)
      join(end, { inode: other, raw });
  };

  for (const end of ends) {
    if (end.raw.link !== undefined) {
      const raw = namespaces.get(end.inode)?.find(({ state }) => state.ifname === end.raw.link);
      if (raw !== undefined) join(end, { inode: end.inode, raw });
    } else if (end.inode === host.inode && end.raw.netnsid !== undefined) {
      settle(end, host.ids.get(end.raw.netnsid));
    }
  }
  const asked = new Set<string>();
  for (;;) {
    const open = openEnds(ends, peers, host.inode).filter(({ inode }) => !asked.has(inode));
    const inodes = [...new Set(open.map(({ inode }) => inode))].filter((_, index) => index % 2 === 0);
    if (inodes.length === 0) return peers;
    const ids = await idsOf(inodes);
    for (const inode of inodes) asked.add(inode);
    for (const end of open) settle(end, ids.get(end.inode)?.get(end.raw.netnsid ?? -1));
  }
}

const isVeth = ({ state, linkIndex, link }: RawLink): boolean => state.kind === 'veth' && (linkIndex !== undefined || link !== undefined);

/** Ends still without a peer that have at least one candidate. The host's are settled or lead to what was not read. */
function openEnds(ends: readonly End[], peers: ReadonlyMap<LinkState, Peer>, host: string): End[] {
  const open = ends.filter(({ inode, raw }) => inode !== host && raw.link === undefined && !peers.has(raw.state));
  const places = new Map<string, Set<string>>();
  for (const { inode, raw } of open) {
    const key = `${raw.state.ifindex} ${raw.linkIndex}`;
    places.set(key, (places.get(key) ?? new Set()).add(inode));
  }
  return open.filter(({ inode, raw }) => {
    const there = places.get(`${raw.linkIndex} ${raw.state.ifindex}`);
    return there !== undefined && (there.size > 1 || !there.has(inode));
  });
}
