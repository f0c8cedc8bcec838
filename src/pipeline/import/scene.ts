import { LINK_GROUP, parseAltname, tableName } from '../../model/marks.ts';
import { markOf, type NameState, nameState } from '../../model/names.ts';
import type { View } from '../../model/resource.ts';
import type { LinkState, NamespaceState, Snapshot, TableState } from '../../model/snapshot.ts';
import { HOST } from '../../model/topology.ts';
import type { Omission } from '../../model/written.ts';
import { viewOf } from '../observe.ts';

/** What is to be put into a file. */
export interface Selection {
  /** The topology's name. */
  readonly name: string;
  readonly bridges: readonly string[];
  /** Names under /run/netns. */
  readonly namespaces: readonly string[];
}

/** A namespace that gets an entry of its own. */
export interface Member {
  readonly name: string;
  readonly state: NamespaceState;
  readonly relation: NameState;
}

/** All that the parts of an import look at. */
export interface Scene {
  readonly name: string;
  readonly snapshot: Snapshot;
  readonly host: NamespaceState;
  /** What is marked as this topology's, if it is there already. */
  readonly view: View;
  readonly table?: TableState;
  readonly bridges: readonly LinkState[];
  /** By name; each namespace once. */
  readonly members: ReadonlyMap<string, Member>;
  /** Further names: name → the member, or `host`. */
  readonly shares: ReadonlyMap<string, string>;
  /** The member that a name in a snapshot's peers means; `host` for the host; undefined for what was not chosen. */
  memberOf(namespace: string): string | undefined;
  omit(omission: Omission): void;
}

export function sceneOf(snapshot: Snapshot, { name, bridges, namespaces }: Selection, omit: Scene['omit']): Scene {
  const host = snapshot.namespaces.get(HOST) ?? { name: HOST, inode: '', links: [], routes: [], sysctls: new Map() };
  const members = new Map<string, Member>();
  const shares = new Map<string, string>();
  const byInode = new Map([[host.inode, HOST]]);
  const relations = namespaces.map((one) => ({ one, relation: nameState(snapshot, name, one) }));
  // What is another name of ours comes after the name that it is another of.
  for (const { one, relation } of relations.toSorted((a, b) => Number(a.relation.is === 'shared') - Number(b.relation.is === 'shared'))) {
    const state = snapshot.namespaces.get(one);
    const path = ['namespaces'];
    if (state === undefined) {
      omit({ path, code: 'W_IMPORT_OMITTED', message: `${one} leads to no namespace`, hint: `remove the name: ip netns del ${one}` });
      continue;
    }
    const first = byInode.get(state.inode);
    if (first === undefined) {
      byInode.set(state.inode, one);
      members.set(one, { name: one, state, relation });
    } else if (relation.is === 'shared') shares.set(one, first);
    else {
      const message = `${one} is another name of ${first === HOST ? "the host's own namespace" : first}; it cannot be taken over`;
      omit({
        path,
        code: 'W_IMPORT_OMITTED',
        message,
        hint: `remove the name (ip netns del ${one}), and add \`${one}: { share: ${first} }\``,
      });
    }
  }
  const table = snapshot.tables.get(tableName(name));
  return {
    name,
    snapshot,
    host,
    view: viewOf({ name, adopt: false }, snapshot),
    ...(table === undefined ? {} : { table }),
    bridges: bridges.flatMap((one) => host.links.filter(({ ifname, kind }) => ifname === one && kind === 'bridge')),
    members,
    shares,
    memberOf: (namespace) => byInode.get(snapshot.namespaces.get(namespace)?.inode ?? ''),
    omit,
  };
}

/** Topologies whose marks what is chosen bears. */
export function ownersOf(snapshot: Snapshot, { bridges, namespaces }: Omit<Selection, 'name'>): string[] {
  const links = (snapshot.namespaces.get(HOST)?.links ?? []).filter(
    ({ ifname, group }) => bridges.includes(ifname) && group === LINK_GROUP,
  );
  const ofLinks = links.flatMap(({ altnames }) => altnames.flatMap((altname) => parseAltname(altname)?.topology ?? []));
  return [...new Set([...ofLinks, ...namespaces.flatMap((one) => markOf(snapshot, one) ?? [])])].sort();
}

/** Whether it is what netloom has made for this topology. */
export const isOwn = ({ relation }: Member): boolean => relation.is === 'own' || relation.is === 'attached';
