import { foundationOf, isAttached } from '../../model/attached.ts';
import type { OwnedInterface } from '../../model/ownership.ts';
import type { Id, Observed, View } from '../../model/resource.ts';
import { HOST } from '../../model/topology.ts';
import { BRIDGED, type EndSpec, type LinkSpec } from './spec.ts';

/** Puts the ends found back together as pairs, each under the id of its link. */
export function observeLinks(view: View): Observed<LinkSpec>[] {
  const byPlace = new Map(view.interfaces.map((own) => [place(own), own]));
  // A bridge that somebody has renamed is still the one that its ports are meant to be on.
  const bridges = new Map(view.interfaces.filter(({ role }) => role === 'bridge').map(({ link, home }) => [link.ifname, home.ifname]));
  const pairs = new Map<Id, Observed<LinkSpec>>();
  for (const own of view.interfaces) {
    if (own.role !== 'member' && own.role !== 'end') continue;
    const home = `${own.home.namespace}:${own.home.ifname}`;
    const peer = own.link.peer && byPlace.get(`${own.link.peer.namespace}:${own.link.peer.ifname}`);
    // Both ends of a pair between namespaces bear one id; the one that names it speaks for both, the other only where that one is gone.
    if (own.resource !== `link:${home}` && peer?.resource === own.resource) continue;
    pairs.set(own.resource, {
      kind: 'link',
      id: own.resource,
      topology: view.name,
      namespace: own.home.namespace,
      spec: specFound(own, peer, bridges),
      needs: needsOf(view, own, peer),
    });
  }
  // A port whose member cannot be seen: its namespace is gone from view, or the member bears another mark.
  for (const own of view.interfaces) {
    if (own.role !== 'port' || pairs.has(own.resource)) continue;
    const namespace = own.resource.split(':')[1] ?? HOST;
    pairs.set(own.resource, { kind: 'link', id: own.resource, topology: view.name, namespace, spec: orphanPort(own), needs: [] });
  }
  return [...pairs.values()];
}

const place = (own: OwnedInterface): string => `${own.namespace}:${own.link.ifname}`;

function specFound(own: OwnedInterface, peer: OwnedInterface | undefined, bridges: ReadonlyMap<string, string>): LinkSpec {
  const bridged = own.role === 'member';
  const port = peer?.link;
  return {
    ...endFound(own),
    peer: bridged ? BRIDGED : peer ? `${peer.home.namespace}:${peer.home.ifname}` : 'nothing of ours',
    ...(bridged
      ? {
          ...(port?.master === undefined ? {} : { bridge: bridges.get(port.master) ?? port.master }),
          isolated: port?.port?.isolated ?? false,
          hairpin: port?.port?.hairpin ?? false,
        }
      : {}),
    far: peer ? endFound(peer) : absent,
  };
}

const orphanPort = (own: OwnedInterface): LinkSpec => ({ ...absent, peer: 'nothing of ours', far: endFound(own) });

const absent: EndSpec = { namespace: '', name: '', mac: '', mtu: 0, up: false, group: 0, altname: '', alias: '' };

function endFound({ namespace, link, role, resource, home }: OwnedInterface): EndSpec {
  const suffix = role === 'port' ? resource.slice('link:'.length) : `${home.namespace}:${home.ifname}`;
  return {
    namespace,
    name: link.ifname,
    mac: link.mac,
    mtu: link.mtu,
    up: link.up,
    group: link.group,
    altname: link.altnames.find((altname) => altname.startsWith('netloom:') && altname.endsWith(`:${suffix}`)) ?? '',
    alias: link.alias,
  };
}

function needsOf(view: View, own: OwnedInterface, peer: OwnedInterface | undefined): Id[] {
  const namespaces = new Set([own.namespace, ...(peer ? [peer.namespace] : [])]);
  return [...namespaces].flatMap((name) => foundationOf(name, isAttached(view, name)));
}
