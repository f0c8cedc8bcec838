import type { FilterState } from './firewall.ts';
import type { Family } from './ip.ts';
import type { Attach, RouteType } from './topology.ts';

/** What of the host enters a desired model: only what `dns: host` asks for. */
export interface HostFacts {
  /** The host's real upstream resolvers, never a stub on a loopback address. */
  readonly resolvers: readonly string[];
}

/** What a kernel was asked to read. */
export interface Scope {
  /** Namespaces to read besides the host's and those that files in /etc/netns mark as these topologies'. */
  readonly namespaces: readonly string[];
  /** Whose namespaces are read; `all` for every one of ours. */
  readonly topologies: readonly string[] | 'all';
  /** Sysctls to read, by namespace: paths below /proc/sys, with slashes. */
  readonly sysctls: ReadonlyMap<string, readonly string[]>;
  /** Files to read besides those in the /etc/netns directories of the namespaces read. */
  readonly files: readonly string[];
  /** Whether to look who is inside the topologies' own namespaces; otherwise only where it decides whose a namespace is. */
  readonly processes?: boolean;
  /** Namespaces whose nft table of these topologies is read too: those that may translate. The host's always are. */
  readonly tables?: readonly string[];
  /** Host ports: of the sockets that wait on these it is found out whose they are; and, with `filters`, what others translate. */
  readonly ports?: readonly number[];
  /** Namespaces of others to find, by the name that they are to get. */
  readonly attach?: ReadonlyMap<string, Attach>;
  /** Whether to look who else filters what the host forwards. */
  readonly filters?: boolean;
  /** Sysctls whose value in a new namespace is asked for: what a namespace of ours goes back to. */
  readonly fresh?: readonly string[];
  /** A second look at what a first one was not asked for: whatever is not in `sysctls` and `fresh` may be left out. */
  readonly only?: 'sysctls';
}

/** The host at one moment, as far as it was asked for. Data from outside has been checked; IP text is canonical. */
export interface Snapshot {
  /** By name; `host` is always there. Names that lead to one namespace have one inode. Only namespaces that could be entered. */
  readonly namespaces: ReadonlyMap<string, NamespaceState>;
  /** Every name under /run/netns: its namespace's inode, or undefined for a file that is none (a crash remnant). */
  readonly names: ReadonlyMap<string, string | undefined>;
  /** By path; absent ones are not there. */
  readonly files: ReadonlyMap<string, string>;
  /** What stands where a file of `Scope.files` or a wanted name under /run/netns has to be, and is not to be touched; by path, in words. */
  readonly obstacles?: ReadonlyMap<string, Obstacle>;
  /** nft tables of the host named `netloom-…`, by name, whoever's: what others publish may be in the way. */
  readonly tables: ReadonlyMap<string, TableState>;
  /** By topology, all of them: what /run/netloom/<name>.json holds. */
  readonly records: ReadonlyMap<string, TopologyRecord>;
  readonly listeners: readonly Listener[];
  /** Whether entries of connections can be removed: the program `conntrack` is installed. */
  readonly hasConntrack: boolean;
  /** Values of `Scope.fresh` in a namespace made for the purpose; by path. */
  readonly fresh: ReadonlyMap<string, string>;
  /** What was found of `Scope.attach`; by name. */
  readonly attached: ReadonlyMap<string, AttachState>;
  /** Only where asked for. */
  readonly filters?: FilterState;
}

/** Something that a file or a name cannot replace: a symbolic link, a FIFO, what belongs to another user. */
export interface Obstacle {
  /** Itself, or a directory on the way. */
  readonly path: string;
  /** `a symbolic link` */
  readonly what: string;
}

/** A namespace that somebody else has made, with what is inside; or why there is none to attach to. */
export type AttachState =
  | { readonly found: true; readonly inode: string; readonly links: readonly LinkState[]; readonly routes: readonly RouteState[] }
  | { readonly found: false; readonly code: string; readonly message: string; readonly hint: string };

export interface NamespaceState {
  readonly name: string;
  /** Identifies the namespace behind the name: device and inode of its nsfs file. */
  readonly inode: string;
  readonly links: readonly LinkState[];
  /** Of the main table. */
  readonly routes: readonly RouteState[];
  /** Of the host: every address that it answers to, dynamic ones included. */
  readonly locals?: readonly string[];
  /** Those asked for that exist; by path. */
  readonly sysctls: ReadonlyMap<string, string>;
  /** Its nft tables of ours, where asked for; by name. */
  readonly tables?: ReadonlyMap<string, TableState>;
  /** Processes inside; read only where asked for, or where it decides whose a namespace is: a marked name whose `lo` is not. */
  readonly processes?: readonly ProcessState[];
}

export interface ProcessState {
  readonly pid: number;
  readonly command: string;
}

export interface LinkState {
  readonly ifindex: number;
  readonly ifname: string;
  /** `veth`, `bridge`, …; empty for lo and physical ones. */
  readonly kind: string;
  readonly up: boolean;
  /** LOWER_UP: the other end is up too. */
  readonly carrier: boolean;
  readonly mtu: number;
  readonly mac: string;
  readonly group: number;
  readonly altnames: readonly string[];
  readonly alias: string;
  /** Name of the bridge (or other device) that it is a port of. */
  readonly master?: string;
  /** Of a veth: the other end, where it is in a namespace that was read. */
  readonly peer?: { readonly namespace: string; readonly ifname: string };
  /** Static ones in the kernel's order; not those that the kernel or a daemon manages (dynamic). */
  readonly addresses: readonly string[];
  /** Those of them that the kernel still looks for on the link (tentative), or has found there (dadfailed). Absent: none. */
  readonly undecided?: readonly { readonly address: string; readonly duplicate: boolean }[];
  /** Of a bridge's port. `waiting`: listening or learning, and forwards nothing yet (spanning tree). `disabled`: the bridge has not seen its carrier yet. */
  readonly port?: { readonly isolated: boolean; readonly hairpin: boolean; readonly waiting?: boolean; readonly disabled?: boolean };
  /** Of a bridge. */
  readonly bridge?: { readonly stp: boolean; readonly vlanFiltering: boolean };
}

/** Of routes that router advertisements brought (RTPROT_RA, include/uapi/linux/rtnetlink.h). */
export const PROTOCOL_RA = 9;

export interface RouteState {
  readonly family: Family;
  readonly to: string;
  readonly type: RouteType | 'other';
  readonly via?: string;
  readonly dev?: string;
  readonly metric: number;
  /** Routing protocol number: 2 kernel, 3 boot, 4 static, 9 ra. */
  readonly protocol: number;
}

/** An nft table. Rules are in nft's own language, one canonical line each. */
export interface TableState {
  readonly name: string;
  readonly chains: ReadonlyMap<string, ChainState>;
  readonly maps: ReadonlyMap<string, MapState>;
  readonly sets: ReadonlyMap<string, SetState>;
}

export interface ChainState {
  /** Absent: a chain that only jumps reach. */
  readonly base?: { readonly type: string; readonly hook: string; readonly priority: number; readonly policy: string };
  /** With their comments: `oifname "br-web" drop comment "…"`. */
  readonly rules: readonly string[];
}

export interface MapState {
  /** `inet_proto . inet_service` */
  readonly key: string;
  /** `ipv4_addr . inet_service` */
  readonly value: string;
  /** Key → value and comment, in nft's own language: `tcp . 8080` → `172.30.1.2 . 80`, `web01`. */
  readonly elements: ReadonlyMap<string, { readonly value: string; readonly comment: string }>;
}

export interface SetState {
  readonly key: string;
  readonly elements: readonly string[];
}

/** A socket of the host's namespace that waits for connections or datagrams. */
export interface Listener {
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  /** `0.0.0.0` or `::` for every address. */
  readonly address: string;
  readonly port: number;
  /** A socket on `::` that does not hear IPv4; found out only for `Scope.ports`. */
  readonly ipv6Only?: true;
  /** Whose it is; found out only for `Scope.ports`, and where it can be seen: a socket of the kernel's own is nobody's. */
  readonly process?: ProcessState;
}

/**
 * What the kernel has no place for, in /run/netloom/<topology>.json. It decides nothing about ownership; losing it loses only the
 * values to put back.
 */
export interface TopologyRecord {
  readonly version: 1;
  readonly topology: string;
  readonly file: string;
  readonly digest: string;
  /** Ids of routes on the host and in attached namespaces that have no interface of ours to tell whose they are: blackholes and the like. */
  readonly routes: readonly string[];
  /**
   * Sysctls that netloom has changed: namespace → path → value. Of the host the value from before; of namespaces of ours it is empty, as
   * they go back to what a new namespace has.
   */
  readonly sysctls: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** `FilterState.hooks` from before the host's forwarding was turned on; absent where it was not, or nobody looked. */
  readonly hooks?: readonly string[];
}

export const recordPath = (topology: string): string => `/run/netloom/${topology}.json`;
