import type { Cidr, Ip } from '../model/ip.ts';
import type { PerFamily } from '../model/topology.ts';
import type { RawBridge, RawList, RawNamespace, RawTopology } from './raw.ts';
import type { Path } from './syntax/places.ts';

/** The file on its way to a Topology: names are resolved, ranges expanded; what later stages decide is filled in as they go. */
export interface Draft {
  readonly name: string;
  readonly raw: RawTopology;
  /** Named ones first, then those written out in links. */
  readonly subnets: Map<string, DraftSubnet>;
  readonly bridges: ReadonlyMap<string, DraftBridge>;
  /** With `host`, and with shared names. */
  readonly nodes: ReadonlyMap<string, Node>;
  readonly links: readonly DraftLink[];
}

export interface DraftSubnet {
  readonly name: string;
  readonly path: Path;
  readonly networks: PerFamily<Cidr>;
  /** Where automatic addresses come from; absent: the whole network. */
  readonly pools: PerFamily<readonly Cidr[]>;
  readonly reserved: readonly Cidr[];
  readonly gateway: GatewayWish;
  /** Decided by addressing/gateways. */
  readonly gateways: { ipv4?: Ip[]; ipv6?: Ip[] };
  /** Bridges and links that use it; more than one is a fault. */
  readonly segments: Segment[];
}

/** What the file says about a subnet's gateway. */
export type GatewayWish =
  | { readonly kind: 'default' }
  | { readonly kind: 'none' }
  | { readonly kind: 'addresses'; readonly addresses: readonly { readonly ip: Ip; readonly path: Path }[] }
  | { readonly kind: 'end'; readonly end: string; readonly path: Path };

/** What can hear each other without a router: a bridge with its members, or the two ends of a link. */
export interface Segment {
  /** The bridge, or the id of the link. */
  readonly name: string;
  readonly bridge?: DraftBridge;
  readonly subnet?: DraftSubnet;
  /** What holds addresses here: members, ends, the bridge itself; by namespace. Ports hold none. */
  readonly interfaces: Map<string, Interface[]>;
}

export interface Interface {
  readonly namespace: string;
  readonly ifname: string;
  readonly path: Path;
  readonly segment: Segment;
  readonly addresses: Cidr[];
}

export interface DraftBridge {
  readonly name: string;
  readonly path: Path;
  readonly raw: RawBridge;
  readonly segment: Segment;
  readonly own: Interface;
  readonly ports: DraftEnd[];
}

/** A namespace, the host's included. */
export interface Node {
  readonly name: string;
  readonly path: Path;
  readonly raw: RawNamespace;
  /** Set by entities/share: the namespace that this is another name of. */
  share?: string;
  /** In the order of the links. */
  readonly interfaces: Interface[];
  /** The ends of links among them. */
  readonly ends: DraftEnd[];
  readonly loopback: { readonly cidr: Cidr; readonly path: Path }[];
}

/** A value with the place where it is written: in the long form of the end, or beside `ends`. */
export interface Setting<T> {
  readonly value: T;
  readonly path: Path;
}

export interface EndSettings {
  readonly name?: Setting<string>;
  readonly addresses?: Setting<RawList<string>>;
  readonly mac?: Setting<string>;
  readonly mtu?: Setting<number>;
  readonly linkLocal?: Setting<boolean>;
  readonly defaultRoute?: Setting<boolean>;
}

export interface DraftEnd extends Interface {
  /** Decided by links/ports for a bridge's port. */
  ifname: string;
  /** Decided by links/macs. */
  mac: string;
  readonly isPort: boolean;
  readonly settings: EndSettings;
  /** Written addresses, in the order of the file. */
  readonly explicit: { readonly cidr: Cidr; readonly path: Path }[];
  readonly link: DraftLink;
}

export interface DraftLink {
  readonly id: string;
  readonly path: Path;
  /** As `Link.ends`: the port first, or the host's end, or the one that sorts first. */
  readonly ends: readonly [DraftEnd, DraftEnd];
  readonly bridge?: DraftBridge;
  readonly segment: Segment;
  readonly mtu?: Setting<number>;
  /** Namespaces that know the other end of this link by a name of their own. */
  readonly as: DraftAlias[];
}

export interface DraftAlias {
  readonly namespace: string;
  readonly alias: string;
  readonly path: Path;
}

/** `web01:eth0` */
export const endName = (end: { readonly namespace: string; readonly ifname: string }): string => `${end.namespace}:${end.ifname}`;
