import { DOOMED_GROUP, deriveMac, LINK_GROUP, parseAltname } from './marks.ts';
import { nameStateIn, type Sight } from './names.ts';
import type { Id, View } from './resource.ts';
import type { LinkState, NamespaceState } from './snapshot.ts';
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

/** Every link of the topology that the snapshot holds. */
export function ownedInterfaces(view: Sight): OwnedInterface[] {
  const wanted = wantedInterfaces(view.topology);
  const claims: Claim[] = [];
  for (const { state, own } of distinctNamespaces(view)) {
    for (const link of state.links) {
      // Nothing but what bears our marks is ours in somebody else's namespace, whatever may be adopted.
      if (!own && link.ifname === 'lo') continue;
      const claim = claimOf(own ? view : { ...view, adopt: false }, wanted, state.name, link);
      if (claim) claims.push(claim);
    }
  }
  return resolve(claims, wanted);
}

/** The host's, the topology's own, and attached namespaces, each once. */
function distinctNamespaces(view: Sight): { state: NamespaceState; own: boolean }[] {
  const seen = new Set<string>();
  return [...view.snapshot.namespaces.values()].flatMap((state) => {
    const is = state.name === HOST ? 'own' : nameStateIn(view, state.name).is;
    if (is !== 'own' && is !== 'attached') return [];
    if (is === 'attached' && seen.has(state.inode)) return [];
    seen.add(state.inode);
    return [{ state, own: is === 'own' }];
  });
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
