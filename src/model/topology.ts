import type { Family } from './ip.ts';

/** Where in which file a value stands; lines and columns count from 1. */
export interface Origin {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The name of the host's own network namespace, in files, ids and JSON. */
export const HOST = 'host';

/** At most one value for each address family. */
export type PerFamily<T> = { readonly [family in Family]?: T };

/**
 * A validated topology file with everything decided: ranges expanded, addresses handed out, names, MACs and MTUs resolved, routes with
 * next hop and device. A pure function of the file's text. IP text is canonical everywhere.
 */
export interface Topology {
  readonly name: string;
  /** The path as the user gave it; `-` for standard input. */
  readonly file: string;
  /** SHA-256 of the file's text, in hex. */
  readonly digest: string;
  readonly description?: string;
  readonly subnets: readonly Subnet[];
  readonly bridges: readonly Bridge[];
  /** In the file's order; ranges expanded; shared names included. */
  readonly namespaces: readonly Namespace[];
  /** In the file's order; ranges expanded. */
  readonly links: readonly Link[];
  /** Every route: written ones, implied default routes, the host's. */
  readonly routes: readonly Route[];
  /** One for each host port: ranges expanded. */
  readonly publishes: readonly Publish[];
  readonly checks: readonly Check[];
}

export interface Subnet {
  /** The name in `subnets`; for an inline one the id of its link. */
  readonly name: string;
  /** The network, host bits clear: `172.30.1.0/24`. */
  readonly cidr: PerFamily<string>;
  /** Gateways in the order given; absent where there is none. */
  readonly gateways: PerFamily<readonly string[]>;
  readonly origin: Origin;
}

export interface Bridge {
  readonly name: string;
  readonly mac: string;
  readonly mtu: number;
  readonly stp: boolean;
  /** The networks of its subnet. */
  readonly subnet: PerFamily<string>;
  /** What the bridge itself holds, with prefix length: the gateways, where it is the gateway. */
  readonly addresses: readonly string[];
  /** Families in which what leaves this subnet through anything but this file's bridges is masqueraded. */
  readonly nat: Readonly<Record<Family, boolean>>;
  readonly inbound: 'published' | 'open';
  readonly icc: boolean;
  readonly internal: boolean;
  readonly allow: readonly Allow[];
  readonly origin: Origin;
}

/** Routed traffic let in towards a bridge besides published ports. */
export interface Allow {
  readonly from:
    | { readonly kind: 'outside' }
    | { readonly kind: 'bridge'; readonly name: string }
    | { readonly kind: 'addresses'; readonly cidrs: readonly string[] };
  /** Destination addresses; absent: every member. */
  readonly to?: readonly string[];
  /** Absent: every protocol and port. */
  readonly ports?: readonly { readonly protocol: Protocol; readonly ports: readonly PortRange[] }[];
  readonly origin: Origin;
}

export type Protocol = 'tcp' | 'udp' | 'sctp';

/** Both ends included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Where a namespace that is not ours is found: through a container's engine, a process, or an nsfs file. */
export type Attach = { readonly container: string } | { readonly pid: number } | { readonly path: string };

/** For people: `container old-shop`. */
export function attachText(attach: Attach): string {
  if ('container' in attach) return `container ${attach.container}`;
  return 'pid' in attach ? `process ${attach.pid}` : attach.path;
}

/** The other way round; undefined for text that `attachText` does not give. */
export function attachOf(text: string): Attach | undefined {
  if (text.startsWith('/')) return { path: text };
  const [, kind, word = ''] = /^(container|process) (\S+)$/.exec(text) ?? [];
  if (kind === undefined) return undefined;
  return kind === 'container' ? { container: word } : { pid: Number(word) };
}

export interface Namespace {
  readonly name: string;
  /** Set where this is another name for that namespace (`host`, or one that is not itself shared); everything below is empty then. */
  readonly share?: string;
  /** Set where this is a name for a namespace that somebody else has made; then it has no forwarding, sysctls, loopback and dns of ours. */
  readonly attach?: Attach;
  readonly forwarding: boolean;
  /** As written in the file: dotted key → value. */
  readonly sysctls: Readonly<Record<string, string>>;
  /** Of `lo`, with prefix length, besides the kernel's own. */
  readonly loopback: readonly string[];
  /** Interfaces through which what leaves bears the namespace's own address. */
  readonly masquerade: readonly string[];
  /** Further names that neighbours resolve. */
  readonly aliases: readonly string[];
  /** Names that it alone resolves: `as` on links, in their order. */
  readonly oneWayAliases: readonly OneWayAlias[];
  /** Resolvers; `host`: the host's real upstream ones; absent: no resolv.conf of its own. */
  readonly dns?: readonly string[] | 'host';
  readonly origin: Origin;
}

export interface OneWayAlias {
  readonly alias: string;
  /** Without prefix length; at least one. */
  readonly addresses: readonly string[];
}

/**
 * A veth pair. The first end is the bridge's port, or the host's end, or that of the namespace that sorts first: so the order in the file
 * means nothing, and one message can create the pair from its first end's namespace.
 */
export interface Link {
  /** `namespace:interface` of the end that names the link: the member of a bridge link, else the end that sorts first and is not the host's. */
  readonly id: string;
  readonly ends: readonly [End, End];
  /** Set where the first end is a port of this bridge. */
  readonly bridge?: string;
  readonly origin: Origin;
}

export interface End {
  /** `host`, or a namespace that is not a shared name. */
  readonly namespace: string;
  readonly ifname: string;
  /** The long name that marks it as ours. A bridge's port bears its member's. */
  readonly altname: string;
  readonly mac: string;
  readonly mtu: number;
  /** With prefix length, in the order of source address preference. Link-local ones not included. */
  readonly addresses: readonly string[];
  /** Those of them that netloom chose; absent where the file gives all. */
  readonly automatic?: readonly string[];
  /** Whether it has the link-local IPv6 address that its MAC gives: where it has an IPv6 address or the file asks. */
  readonly linkLocal: boolean;
  readonly origin: Origin;
}

export type RouteType = 'unicast' | 'blackhole' | 'unreachable' | 'prohibit';

export interface Route {
  readonly namespace: string;
  readonly family: Family;
  /** `default` or a network. */
  readonly to: string;
  readonly type: RouteType;
  /** Next hop; absent for on-link routes and for types other than unicast. */
  readonly via?: string;
  /** Outgoing interface; absent only for types other than unicast. */
  readonly dev?: string;
  /** Absent: the kernel's default of the family (0 in IPv4, 1024 in IPv6). */
  readonly metric?: number;
  readonly origin: Origin;
}

/** Where derived host ports lie: Linux's default range of ports for outgoing connections, which no well-known service claims. */
export const DERIVED_PORTS: PortRange = { first: 32_768, last: 60_999 };

/** One host port that leads to one port of a namespace. */
export interface Publish {
  readonly namespace: string;
  /** Absent: every address of the host, both families. */
  readonly hostAddress?: string;
  readonly hostPort: number;
  /** Set where the file leaves the host port to netloom. */
  readonly derived?: true;
  readonly port: number;
  readonly protocol: Protocol;
  /** Only for what arrives through this interface of the host. */
  readonly interface?: string;
  /** The namespace's own address in each family that is published. */
  readonly target: PerFamily<string>;
  /** The bridge that carries it. */
  readonly bridge: string;
  readonly origin: Origin;
}

export interface Check {
  /** Namespaces, `host`, or addresses that one of them holds. */
  readonly from: readonly string[];
  /** Namespaces, `host`, or addresses. */
  readonly to: readonly string[];
  readonly probe: { readonly kind: 'ping' } | { readonly kind: 'tcp' | 'udp'; readonly port: number };
  readonly expect: 'reachable' | 'refused' | 'unreachable';
  /** Absent: each family that both have. */
  readonly family?: Family;
  /** The client's address as the server must have seen it. */
  readonly source?: string;
  readonly timeoutMs: number;
  /** Whether `verify` may open a listener where none listens. */
  readonly serve: boolean;
  readonly origin: Origin;
}
