import { DOOMED_GROUP, deriveMac, LINK_GROUP, parseAltname, topologyOfMark } from './marks.ts';
import type { Id, View } from './resource.ts';
import type { LinkState, NamespaceState, Snapshot } from './snapshot.ts';
import { HOST, type Topology } from './topology.ts';

/** A link in the kernel that is the topology's own, with the place in the file that it stands for. */
export interface OwnedInterface {
  /** Where it was found. */
  readonly namespace: string;
  readonly link: LinkState;
  /** What it is meant to be: where and under which name. They differ from what was found only after somebody moved or renamed it. */
  readonly home: { readonly namespace: string; readonly ifname: string };
  /** The resource that it belongs to: `bridge:br-web`, `link:web01:eth0`, `namespace:web01` for its lo. */
  readonly resource: Id;
  readonly role: 'bridge' | 'port' | 'member' | 'end' | 'lo';
}

/** First lines of the hosts files: which names under /run/netns are marked as whose. */
export function markOf(snapshot: Snapshot, name: string): string | undefined {
  const content = snapshot.files.get(hostsPath(name));
  return content === undefined ? undefined : topologyOfMark(content.split('\n', 1)[0] ?? '');
}

export const hostsPath = (namespace: string): string => `/etc/netns/${namespace}/hosts`;

/** How a name under /run/netns relates to a topology that marks it. */
export type NameState =
  | { readonly is: 'absent' }
  /** An empty file that a killed `ip netns add` left. */
  | { readonly is: 'remnant' }
  /** Ours, or made by us and not yet marked inside. */
  | { readonly is: 'own'; readonly state: NamespaceState }
  /** A second name of another namespace of the topology, or of the host's. */
  | { readonly is: 'shared'; readonly source: string; readonly current: boolean }
  | { readonly is: 'foreign'; readonly state: NamespaceState | undefined };

export function nameState(snapshot: Snapshot, topology: string, name: string): NameState {
  if (!snapshot.names.has(name)) return { is: 'absent' };
  const mark = markOf(snapshot, name);
  const marked = mark === topology;
  const inode = snapshot.names.get(name);
  if (inode === undefined) return { is: marked ? 'remnant' : 'foreign', state: undefined };
  const state = snapshot.namespaces.get(name);
  if (state === undefined) return { is: 'foreign', state };
  // Somebody has removed the hosts file, or its mark: what is inside still says enough to put it back.
  if (mark === undefined && holdsMarked(snapshot, state, topology)) {
    const within = loOwner(state, topology);
    if (within === name) return { is: 'own', state };
    if (within !== undefined && snapshot.names.get(within) === inode) return { is: 'shared', source: within, current: true };
  }
  if (!marked) return { is: 'foreign', state };
  if (inode === snapshot.namespaces.get(HOST)?.inode) return { is: 'shared', source: HOST, current: true };
  const owner = loOwner(state, topology);
  if (owner === undefined) return { is: isUnfinished(state.links) && (state.processes ?? []).length === 0 ? 'own' : 'foreign', state };
  if (owner === name) return { is: 'own', state };
  return { is: 'shared', source: owner, current: snapshot.names.get(owner) === inode };
}

/** As `nameState`, where the file may know better. With `adopt`, what nobody has marked and the file wants is our own. */
export function nameStateIn(view: Pick<View, 'name' | 'topology' | 'snapshot' | 'adopt'>, name: string): NameState {
  const state = nameState(view.snapshot, view.name, name);
  const wanted = view.topology?.namespaces.find((one) => one.name === name);
  // Without a mark on lo both names of the namespace look like its first one.
  const unmarked = state.is === 'own' && loOwner(state.state, view.name) === undefined;
  if (unmarked && wanted?.share !== undefined && view.snapshot.names.get(wanted.share) === state.state.inode) {
    return { is: 'shared', source: wanted.share, current: true };
  }
  if (!view.adopt || state.is !== 'foreign' || state.state === undefined) return state;
  if (![undefined, view.name].includes(markOf(view.snapshot, name))) return state;
  const isHosts = state.state.inode === view.snapshot.namespaces.get(HOST)?.inode;
  return wanted !== undefined && wanted.share === undefined && !isHosts ? { is: 'own', state: state.state } : state;
}

/** The namespace whose mark of this topology `lo` bears. */
function loOwner(state: NamespaceState, topology: string): string | undefined {
  const lo = state.links.find((link) => link.ifname === 'lo');
  for (const altname of lo?.altnames ?? []) {
    const parsed = parseAltname(altname);
    if (parsed?.topology === topology && 'ifname' in parsed && parsed.ifname === 'lo') return parsed.namespace;
  }
  return undefined;
}

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

/** Every link of the topology that the snapshot holds. */
export function ownedInterfaces(view: Pick<View, 'name' | 'topology' | 'snapshot' | 'adopt'>): OwnedInterface[] {
  const wanted = wantedInterfaces(view.topology);
  const claims: Claim[] = [];
  for (const state of distinctNamespaces(view)) {
    for (const link of state.links) {
      const claim = claimOf(view, wanted, state.name, link);
      if (claim) claims.push(claim);
    }
  }
  return resolve(claims, wanted);
}

/** The host's and the topology's own namespaces, each once, by its own name. */
function distinctNamespaces(view: Pick<View, 'name' | 'topology' | 'snapshot' | 'adopt'>): NamespaceState[] {
  return [...view.snapshot.namespaces.values()].filter((state) => state.name === HOST || nameStateIn(view, state.name).is === 'own');
}

interface Claim {
  readonly namespace: string;
  readonly link: LinkState;
  readonly says: { readonly namespace: string; readonly ifname: string } | { readonly bridge: string };
}

/** What the file wants at a place, by `namespace:interface`. */
interface Wanted {
  readonly at: ReadonlyMap<
    string,
    { readonly mac: string; readonly kind: 'bridge' | 'veth'; readonly resource: Id; readonly role: OwnedInterface['role'] }
  >;
  /** Name of the host-side port, by its member's `namespace:interface`. */
  readonly ports: ReadonlyMap<string, string>;
}

function wantedInterfaces(topology: Topology | undefined): Wanted {
  const at = new Map<string, { mac: string; kind: 'bridge' | 'veth'; resource: Id; role: OwnedInterface['role'] }>();
  const ports = new Map<string, string>();
  for (const bridge of topology?.bridges ?? []) {
    at.set(`${HOST}:${bridge.name}`, { mac: bridge.mac, kind: 'bridge', resource: `bridge:${bridge.name}`, role: 'bridge' });
  }
  for (const link of topology?.links ?? []) {
    for (const [index, end] of link.ends.entries()) {
      const role = link.bridge === undefined ? 'end' : index === 0 ? 'port' : 'member';
      at.set(`${end.namespace}:${end.ifname}`, { mac: end.mac, kind: 'veth', resource: `link:${link.id}`, role });
    }
    if (link.bridge !== undefined) ports.set(link.id, link.ends[0].ifname);
  }
  return { at, ports };
}

function claimOf(view: Pick<View, 'name' | 'adopt'>, wanted: Wanted, namespace: string, link: LinkState): Claim | undefined {
  if (link.ifname === 'lo' && namespace !== HOST) return { namespace, link, says: { namespace, ifname: 'lo' } };
  const ours = link.group === LINK_GROUP || link.group === DOOMED_GROUP;
  const place = wanted.at.get(`${namespace}:${link.ifname}`);
  for (const altname of link.altnames) {
    const parsed = parseAltname(altname);
    if (parsed?.topology !== view.name || link.kind !== ('bridge' in parsed ? 'bridge' : 'veth')) continue;
    const said = 'bridge' in parsed ? { namespace: HOST, ifname: parsed.bridge } : parsed;
    // Somebody has changed the group: name and MAC together still say whose it is. An altname alone, which can be copied, does not.
    if (ours || [said, { namespace, ifname: link.ifname }].some((one) => hasMacOf(view.name, wanted, one, link))) {
      return { namespace, link, says: 'bridge' in parsed ? { bridge: parsed.bridge } : parsed };
    }
  }
  if (ours) {
    // A crash remnant: created by us (group and MAC come with the creating message), killed before the altname was given.
    const unmarked = !link.altnames.some((altname) => parseAltname(altname) !== undefined);
    const derived = hasMacOf(view.name, wanted, { namespace, ifname: link.ifname }, link);
    if (unmarked && derived && (link.kind === 'veth' || link.kind === 'bridge')) return { namespace, link, says: saysOf(namespace, link) };
  }
  // An altname of another topology is that topology's, adoption or not.
  if (view.adopt && place?.kind === link.kind && !(ours && link.altnames.some((altname) => parseAltname(altname)))) {
    return { namespace, link, says: saysOf(namespace, link) };
  }
  return undefined;
}

/** Whether it bears the MAC that the file gives to a place, or that is derived from the place's name. */
const hasMacOf = (
  topology: string,
  wanted: Wanted,
  { namespace, ifname }: { namespace: string; ifname: string },
  link: LinkState,
): boolean => link.mac === deriveMac(topology, namespace, ifname) || link.mac === wanted.at.get(`${namespace}:${ifname}`)?.mac;

const saysOf = (namespace: string, link: LinkState): Claim['says'] =>
  link.kind === 'bridge' ? { bridge: link.ifname } : { namespace, ifname: link.ifname };

/** Pairs the claims of both ends and finds out which resource each belongs to. */
function resolve(claims: readonly Claim[], wanted: Wanted): OwnedInterface[] {
  const found = new Map(claims.map((claim) => [`${claim.namespace}:${claim.link.ifname}`, claim]));
  return claims.map((claim) => {
    const { namespace, link } = claim;
    if ('bridge' in claim.says) {
      return {
        namespace,
        link,
        home: { namespace: HOST, ifname: claim.says.bridge },
        resource: `bridge:${claim.says.bridge}`,
        role: 'bridge',
      };
    }
    const said = claim.says;
    if (said.ifname === 'lo') return { namespace, link, home: said, resource: `namespace:${namespace}`, role: 'lo' };
    const peer = link.peer && found.get(`${link.peer.namespace}:${link.peer.ifname}`);
    const peerSaid = peer && !('bridge' in peer.says) ? peer.says : undefined;
    // A port bears its member's altname; a port killed before it had one is a port by its master.
    const isPort =
      namespace === HOST &&
      (said.namespace !== HOST
        ? link.kind === 'veth' && samePlace(peerSaid ?? said, said)
        : link.master !== undefined && wanted.at.get(`${HOST}:${said.ifname}`)?.role !== 'end');
    if (isPort) {
      const member = said.namespace === HOST ? (peerSaid ?? said) : said;
      const id = `${member.namespace}:${member.ifname}`;
      return {
        namespace,
        link,
        home: { namespace: HOST, ifname: wanted.ports.get(id) ?? link.ifname },
        resource: `link:${id}`,
        role: 'port',
      };
    }
    const at = `${said.namespace}:${said.ifname}`;
    const isMember =
      peer !== undefined &&
      peer.namespace === HOST &&
      peerSaid !== undefined &&
      (samePlace(peerSaid, said) || (peerSaid.namespace === HOST && peer.link.master !== undefined));
    if (isMember) return { namespace, link, home: said, resource: `link:${at}`, role: 'member' };
    const resource = resourceOfPair(said, peerSaid, wanted);
    return { namespace, link, home: said, resource, role: 'end' };
  });
}

/** A pair has one id, whichever end is looked at: the file's, where it wants just these two joined, else the one that its ends give. */
function resourceOfPair(said: Place, peer: Place | undefined, wanted: Wanted): Id {
  const asked = wanted.at.get(`${said.namespace}:${said.ifname}`)?.resource;
  const together = peer === undefined || wanted.at.get(`${peer.namespace}:${peer.ifname}`)?.resource === asked;
  return asked !== undefined && together ? asked : `link:${nameOfPair(said, peer)}`;
}

interface Place {
  readonly namespace: string;
  readonly ifname: string;
}

const samePlace = (a: Place, b: Place): boolean => a.namespace === b.namespace && a.ifname === b.ifname;

/** As the loader names a link between two namespaces: by the end that sorts first, and not by the host's. */
function nameOfPair(a: Place, b: Place | undefined): string {
  const names = [a, ...(b ? [b] : [])]
    .filter((end, _, all) => all.length === 1 || end.namespace !== HOST)
    .map((end) => `${end.namespace}:${end.ifname}`);
  return names.sort()[0] ?? `${a.namespace}:${a.ifname}`;
}
