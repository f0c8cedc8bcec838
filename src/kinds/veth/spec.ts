import { LINK_GROUP } from '../../model/marks.ts';
import { type Bridge, type End, HOST, type Link } from '../../model/topology.ts';

/** One end of a pair. */
export interface EndSpec {
  readonly namespace: string;
  /** Its name now; differs from the wanted one only after somebody renamed it. */
  readonly name: string;
  readonly mac: string;
  readonly mtu: number;
  readonly up: boolean;
  readonly group: number;
  /** Its long name, by which it is known as ours; empty where it is missing. */
  readonly altname: string;
  /** For people: what the other end is. */
  readonly alias: string;
}

/** A veth pair: the end that names the link, and the far one: a bridge's port, an interface of the host, or of another namespace. */
export interface LinkSpec extends EndSpec {
  /** Where the other end belongs: `bridge`, or `namespace:interface`. */
  readonly peer: string;
  /** The bridge that the far end is a port of. */
  readonly bridge?: string;
  /** Of a bridge's port: kept from other isolated ports, as `icc: false` asks. */
  readonly isolated?: boolean;
  /** Of a bridge's port: a namespace that publishes may reach itself through the host (needed where bridge-nf-call-iptables is 1). */
  readonly hairpin?: boolean;
  readonly far: EndSpec;
}

export const BRIDGED = 'bridge';

/** The far end first, as the topology keeps bridge ports and host ends; then the one that names the link. */
export function endsOf(link: Link): { near: End; far: End } {
  const [first, second] = link.ends;
  return `${first.namespace}:${first.ifname}` === link.id ? { near: first, far: second } : { near: second, far: first };
}

export function specOf(link: Link, bridges: ReadonlyMap<string, Bridge>, publishers: ReadonlySet<string>): LinkSpec {
  const { near, far } = endsOf(link);
  const end = (one: End, alias: string): EndSpec => ({
    namespace: one.namespace,
    name: one.ifname,
    mac: one.mac,
    mtu: one.mtu,
    up: true,
    group: LINK_GROUP,
    altname: one.altname,
    alias,
  });
  const bridge = link.bridge === undefined ? undefined : bridges.get(link.bridge);
  const farPlace = `${far.namespace}:${far.ifname}`;
  return {
    ...end(near, `to ${bridge?.name ?? farPlace}`),
    peer: bridge ? BRIDGED : farPlace,
    ...(bridge
      ? {
          bridge: bridge.name,
          isolated: !bridge.icc,
          hairpin: publishers.has(near.namespace),
        }
      : {}),
    far: end(far, `to ${near.namespace}:${near.ifname}`),
  };
}

/** `host:to-r1` lives in the host's namespace; a link of that end needs no namespace there. */
export const isHost = (namespace: string): boolean => namespace === HOST;
