import { LINK_GROUP } from '../../model/marks.ts';
import type { LinkState } from '../../model/snapshot.ts';
import { HOST } from '../../model/topology.ts';
import type { Scene } from './scene.ts';

/** One end of a pair, where it is. */
export interface PairEnd {
  /** A member's name, or `host`. */
  readonly namespace: string;
  readonly link: LinkState;
}

/** A veth pair that the file can say. */
export interface Pair {
  /** `namespace:interface` of the end that is not a port and not the host's. */
  readonly id: string;
  readonly near: PairEnd;
  /** The port, the host's end, or the end of the other namespace. */
  readonly far: PairEnd;
  /** The bridge that the far end is a port of. */
  readonly bridge?: string;
}

/** The pairs between what was chosen; what leads elsewhere, and what is no pair, is left out and told. */
export function pairsOf(scene: Scene): Pair[] {
  const pairs = new Map<string, Pair>();
  const bridges = new Set(scene.bridges.map(({ ifname }) => ifname));
  for (const [namespace, { state, relation }] of scene.members) {
    for (const link of state.links) {
      // Of somebody else's namespace only what is ours.
      if (link.ifname === 'lo' || (relation.is === 'attached' && link.group !== LINK_GROUP)) continue;
      const pair = pairAt(scene, { namespace, link }, bridges);
      if (pair !== undefined) pairs.set(pair.id, pair);
    }
  }
  const taken = new Set([...pairs.values()].flatMap(({ far }) => (far.namespace === HOST ? [far.link.ifname] : [])));
  for (const link of scene.host.links) {
    if (link.master !== undefined && bridges.has(link.master) && !taken.has(link.ifname)) strayPort(scene, link);
  }
  return [...pairs.values()];
}

function pairAt(scene: Scene, near: PairEnd, bridges: ReadonlySet<string>): Pair | undefined {
  const { namespace, link } = near;
  const place = `${namespace}:${link.ifname}`;
  const leaveOut = (message: string, hint?: string): undefined => {
    scene.omit({ path: ['namespaces', namespace], code: 'W_IMPORT_OMITTED', message, ...(hint === undefined ? {} : { hint }) });
  };
  if (link.kind !== 'veth') return leaveOut(`${place} is ${link.kind || 'a physical interface'} and no veth; it is left as it is`);
  if (link.master !== undefined)
    return leaveOut(`${place} is a port of ${link.master} inside ${namespace}; a topology has its bridges on the host`);
  if (link.peer === undefined)
    return leaveOut(`${place} leads to a namespace without a name`, 'give it one: ip netns attach NAME PID; then name it too');
  const other = scene.memberOf(link.peer.namespace);
  if (other === undefined)
    return leaveOut(`${place} leads to ${link.peer.namespace}:${link.peer.ifname}`, `name it too: ${link.peer.namespace}`);
  const peer = (other === HOST ? scene.host : scene.members.get(other)?.state)?.links.find(({ ifname }) => ifname === link.peer?.ifname);
  if (peer === undefined) return undefined;
  const far: PairEnd = { namespace: other, link: peer };
  if (other === HOST) {
    if (peer.master === undefined) return { id: place, near, far };
    if (bridges.has(peer.master)) return { id: place, near, far, bridge: peer.master };
    return leaveOut(`${place} leads to ${peer.ifname}, a port of ${peer.master}`, `name it too: ${peer.master}`);
  }
  // A pair within one namespace, or one whose other end is a bridge's port in there.
  if (other === namespace) return leaveOut(`${place} and ${peer.ifname} are a pair within one namespace`);
  if (peer.master !== undefined) return undefined;
  const ends = [near, far].sort((a, b) => (`${a.namespace}:${a.link.ifname}` < `${b.namespace}:${b.link.ifname}` ? -1 : 1));
  const [first = near, second = far] = ends;
  return { id: `${first.namespace}:${first.link.ifname}`, near: first, far: second };
}

function strayPort(scene: Scene, { ifname, kind, peer, master = '' }: LinkState): void {
  const path = ['bridges', master];
  const leaveOut = (message: string, hint?: string): void =>
    scene.omit({ path, code: 'W_IMPORT_OMITTED', message, ...(hint === undefined ? {} : { hint }) });
  if (kind !== 'veth') leaveOut(`the port ${ifname} of ${master} is ${kind || 'a physical interface'} and no veth; it is left as it is`);
  else if (peer === undefined)
    leaveOut(
      `the port ${ifname} of ${master} leads to a namespace without a name`,
      'give it one: ip netns attach NAME PID; for containers of Docker: netloom import --docker NETWORK',
    );
  else if (scene.memberOf(peer.namespace) === HOST) leaveOut(`the port ${ifname} of ${master} leads to ${peer.ifname} of the host itself`);
  else if (scene.memberOf(peer.namespace) === undefined)
    leaveOut(`the port ${ifname} of ${master} leads to ${peer.namespace}:${peer.ifname}`, `name it too: ${peer.namespace}`);
}
