import type { Blocker } from './errors.ts';
import { linkOf, namespaceOf } from './lookup.ts';
import { attachedTo, DOOMED_GROUP, LINK_GROUP, parseAltname, topologyOfMark } from './marks.ts';
import type { View } from './resource.ts';
import type { LinkState, NamespaceState, Obstacle, Snapshot } from './snapshot.ts';
import { HOST } from './topology.ts';

/** What of a view decides what is whose. */
export type Sight = Pick<View, 'name' | 'topology' | 'snapshot' | 'adopt'>;

/** First lines of the hosts files: which names under /run/netns are marked as whose. */
export function markOf(snapshot: Snapshot, name: string): string | undefined {
  const hosts = snapshot.files.get(hostsPath(name));
  return hosts === undefined ? undefined : topologyOfMark(hosts);
}

export const namePath = (namespace: string): string => `/run/netns/${namespace}`;
export const hostsPath = (namespace: string): string => `/etc/netns/${namespace}/hosts`;

/** A name cannot be made where something else is: it is neither followed nor removed. */
export const oddName = ({ path, what }: Obstacle): Blocker => ({
  code: 'E_NAMESPACE_TAKEN',
  message: `${path} is ${what}, not a namespace`,
  hint: `look who has put it there, and remove it with: ${what === 'a directory' ? 'rmdir' : 'rm'} ${path}`,
});

/** How a name under /run/netns relates to a topology that marks it. */
export type NameState =
  | { readonly is: 'absent' }
  /** An empty file that a killed `ip netns add` left. */
  | { readonly is: 'remnant' }
  /** Ours, or made by us and not yet marked inside. */
  | { readonly is: 'own'; readonly state: NamespaceState }
  /** A second name of another namespace of the topology, or of the host's. */
  | { readonly is: 'shared'; readonly source: string; readonly current: boolean }
  /** Our name for somebody else's namespace; `to` is what its mark says. */
  | { readonly is: 'attached'; readonly state: NamespaceState; readonly to?: string }
  | { readonly is: 'foreign'; readonly state: NamespaceState | undefined };

/** By snapshot, which never changes, and topology: each kind asks for each name, some more than once. */
const known = new WeakMap<Snapshot, Map<string, Map<string, NameState>>>();

export function nameState(snapshot: Snapshot, topology: string, name: string): NameState {
  const ofSnapshot = known.get(snapshot) ?? new Map<string, Map<string, NameState>>();
  const states = ofSnapshot.get(topology) ?? new Map<string, NameState>();
  const state = states.get(name) ?? decideState(snapshot, topology, name);
  known.set(snapshot, ofSnapshot.set(topology, states.set(name, state)));
  return state;
}

function decideState(snapshot: Snapshot, topology: string, name: string): NameState {
  if (!snapshot.names.has(name)) return { is: 'absent' };
  const mark = markOf(snapshot, name);
  const marked = mark === topology;
  const inode = snapshot.names.get(name);
  const odd = snapshot.obstacles?.has(namePath(name)) ?? false;
  if (inode === undefined) return { is: marked && !odd ? 'remnant' : 'foreign', state: undefined };
  const state = snapshot.namespaces.get(name);
  if (state === undefined) return { is: 'foreign', state };
  // Somebody has removed the hosts file, or its mark: what is inside still says enough to put it back.
  if (mark === undefined && holdsMarked(snapshot, state, topology)) {
    const within = loOwner(state, topology);
    if (within === name) return { is: 'own', state };
    if (within !== undefined && snapshot.names.get(within) === inode) return { is: 'shared', source: within, current: true };
    if (within === undefined && holdsEndOf(state, topology, name)) return { is: 'attached', state };
  }
  if (!marked) return { is: 'foreign', state };
  if (inode === snapshot.namespaces.get(HOST)?.inode) return { is: 'shared', source: HOST, current: true };
  const owner = loOwner(state, topology);
  const to = owner === undefined ? attachedTo(snapshot.files.get(hostsPath(name)) ?? '') : undefined;
  if (to !== undefined) return { is: 'attached', state, to };
  if (owner === undefined) return { is: isUnfinished(state.links) && (state.processes ?? []).length === 0 ? 'own' : 'foreign', state };
  if (owner === name) return { is: 'own', state };
  return { is: 'shared', source: owner, current: snapshot.names.get(owner) === inode };
}

/** As `nameState`, where the file may know better. With `adopt`, what nobody has marked and the file wants is our own. */
export function nameStateIn(view: Sight, name: string): NameState {
  const state = nameState(view.snapshot, view.name, name);
  const wanted = namespaceOf(view.topology, name);
  // Without a mark on lo both names of the namespace look like its first one.
  const unmarked = state.is === 'own' && loOwner(state.state, view.name) === undefined;
  if (unmarked && wanted?.share !== undefined && view.snapshot.names.get(wanted.share) === state.state.inode) {
    return { is: 'shared', source: wanted.share, current: true };
  }
  if (!view.adopt || state.is !== 'foreign' || state.state === undefined) return state;
  if (![undefined, view.name].includes(markOf(view.snapshot, name))) return state;
  const isHosts = state.state.inode === view.snapshot.namespaces.get(HOST)?.inode;
  if (wanted === undefined || wanted.share !== undefined || isHosts) return state;
  if (wanted.attach === undefined) return { is: 'own', state: state.state };
  // A name that somebody has made by hand for what the file names: nothing else is taken over, and never what is inside.
  const target = view.snapshot.attached.get(name);
  return target?.found === true && target.inode === state.state.inode ? { is: 'attached', state: state.state } : state;
}

/** The namespace whose mark of this topology `lo` bears. */
function loOwner(state: NamespaceState, topology: string): string | undefined {
  const lo = linkOf(state, 'lo');
  for (const altname of lo?.altnames ?? []) {
    const parsed = parseAltname(altname);
    if (parsed?.topology === topology && 'ifname' in parsed && parsed.ifname === 'lo') return parsed.namespace;
  }
  return undefined;
}

/** Whether a link inside is ours and says that this is where it belongs. */
const holdsEndOf = (state: NamespaceState, topology: string, name: string): boolean =>
  state.links.some(
    (link) =>
      link.group === LINK_GROUP &&
      link.altnames.map(parseAltname).some((one) => one?.topology === topology && 'namespace' in one && one.namespace === name),
  );

/** Besides lo: a link that bears group and altname, or the record that an apply of ours left. */
function holdsMarked(snapshot: Snapshot, state: NamespaceState, topology: string): boolean {
  const marked = (link: LinkState) =>
    link.group === LINK_GROUP && link.altnames.some((altname) => parseAltname(altname)?.topology === topology);
  return state.links.some(marked) || snapshot.records.has(topology);
}

/** As `ip netns add` and the creation of our links leave it: nothing but lo and what is in our group, and nobody inside. */
export const isUnfinished = (links: readonly LinkState[]): boolean =>
  links.every((link) => link.ifname === 'lo' || link.group === LINK_GROUP || link.group === DOOMED_GROUP) &&
  !links.some((link) => link.ifname === 'lo' && link.altnames.some((altname) => altname.startsWith('netloom:')));
