import type { Direction, FlowRule } from './flow.ts';
import type { Family } from './ip.ts';
import type { Id } from './resource.ts';
import type { Attach, RouteType } from './topology.ts';

/**
 * The order in which operations run. Within a phase they are grouped by namespace; within a group they keep the plan's order, except that
 * sysctls come first.
 */
export const PHASES = [
  'mark', //      what must be on record before it is done: host files that mark namespaces, the record in /run/netloom
  'guard', //     nft: filters stand before what they guard
  'remove', //    links, then obsolete routes and addresses, everywhere before anything is added; names out of place are put right
  'forget', //    namespaces that go
  'create', //    namespaces, bridges, veth pairs
  'configure', // in each namespace: sysctls, link attributes, addresses, up, routes
  'raise', //     second names; bridges up, last (1,000 ports joining a bridge that is up flood each other); the host's routes
  'settle', //    files, neighbour and conntrack entries gone stale (of a table that goes: after it)
  'close', //     removal of guards that nothing needs any more, tables, files and records; host sysctls put back
] as const;

export type Phase = (typeof PHASES)[number];

/** One thing to do, at the level of the kernel's own verbs. `namespace` is where it is done; all names in it are checked names. */
export type Step =
  | { readonly do: 'netns-add'; readonly name: string }
  /** A second name for a namespace; source `host` is the host's own. */
  | { readonly do: 'netns-bind'; readonly name: string; readonly source: string }
  /** A name for a namespace that is not ours. Refused where it is found to be another one than the plan has looked into. */
  | { readonly do: 'netns-attach'; readonly name: string; readonly source: Attach; readonly inode?: string }
  | { readonly do: 'netns-delete'; readonly name: string }
  | { readonly do: 'bridge-add'; readonly namespace: string; readonly ifname: string; readonly mac: string; readonly group: number }
  /** Both ends are born in their namespaces, down. `master` is a bridge in the first end's namespace. */
  | { readonly do: 'veth-add'; readonly ends: readonly [NewEnd, NewEnd]; readonly master?: string }
  | { readonly do: 'link-set'; readonly namespace: string; readonly dev: string; readonly set: LinkSettings }
  | { readonly do: 'altname-add' | 'altname-delete'; readonly namespace: string; readonly dev: string; readonly altname: string }
  /** Several in a row in the host's namespace are removed in bulk. The other end of a veth goes with it. */
  | { readonly do: 'link-delete'; readonly namespace: string; readonly dev: string }
  | { readonly do: 'address-add' | 'address-delete'; readonly namespace: string; readonly dev: string; readonly address: string }
  /** Adds it where it is missing. */
  | { readonly do: 'address-ensure'; readonly namespace: string; readonly dev: string; readonly address: string }
  | { readonly do: 'route-replace' | 'route-delete'; readonly namespace: string; readonly route: RouteSpec }
  | { readonly do: 'neighbour-flush'; readonly namespace: string; readonly dev: string; readonly address: string }
  /** `path` is below /proc/sys, with slashes: `net/ipv4/conf/br.5/rp_filter`. */
  | { readonly do: 'sysctl'; readonly namespace: string; readonly path: string; readonly value: string }
  /** Part of the one transaction of that namespace; lines of nft's own language. */
  | { readonly do: 'nft'; readonly namespace: string; readonly lines: readonly string[] }
  /** Entries whose original destination is that port of the host: on that address where one is given, else on any of its own. */
  | {
      readonly do: 'conntrack-flush';
      readonly namespace: string;
      readonly family: Family;
      readonly protocol: string;
      readonly hostPort: number;
      readonly hostAddress?: string;
      /** Only entries that lead to one of these, or are not translated; absent: wherever they lead. */
      readonly leadingTo?: readonly { readonly address: string; readonly port: number }[];
    }
  /** Entries of forwarded connections that rules let in before and would not any more. */
  | {
      readonly do: 'conntrack-cut';
      readonly namespace: string;
      readonly family: Family;
      readonly were: readonly FlowRule[];
      readonly are: readonly FlowRule[];
      /** Where addresses are, as far as the rules tell interfaces apart. */
      readonly directions: readonly Direction[];
    }
  /**
   * In iptables' chain DOCKER-USER: added in the order of the steps, in front of the first rule that decides about everything. All of a family
   * are one transaction. See `DockerUserRule`.
   */
  | {
      readonly do: 'docker-user-add' | 'docker-user-delete';
      readonly family: Family;
      readonly topology: string;
      readonly bridge: string;
      readonly direction: 'in' | 'out';
      readonly past?: string;
      /** In the tables of iptables-legacy. */
      readonly legacy?: true;
    }
  | { readonly do: 'file-write'; readonly path: string; readonly content: string }
  | { readonly do: 'file-delete'; readonly path: string };

export interface NewEnd {
  readonly namespace: string;
  readonly ifname: string;
  readonly mac: string;
  readonly mtu: number;
  readonly group: number;
}

/** What `ip link set` can set; only what is present is touched. */
export interface LinkSettings {
  readonly name?: string;
  readonly up?: boolean;
  readonly mtu?: number;
  readonly mac?: string;
  readonly group?: number;
  readonly alias?: string;
  /** A bridge to be a port of; null leaves the one it has. */
  readonly master?: string | null;
  /** Of a bridge's port: kept from other isolated ports of the same bridge. */
  readonly isolated?: boolean;
  /** Of a bridge's port: frames may leave where they came from. */
  readonly hairpin?: boolean;
  /** Of a bridge. */
  readonly stp?: boolean;
}

export interface RouteSpec {
  readonly family: Family;
  /** `default` or a canonical network. */
  readonly to: string;
  readonly type: RouteType;
  readonly via?: string;
  readonly dev?: string;
  /** Absent: the family's default. */
  readonly metric?: number;
  /** Routing protocol number; 4 is `static`. */
  readonly protocol: number;
}

/** A step of a plan with its place in it. */
export interface Operation {
  readonly resource: Id;
  readonly phase: Phase;
  /** Order within the phase; absent is 0. */
  readonly rank?: number;
  readonly step: Step;
}

export interface Outcome {
  readonly operation: Operation;
  readonly status: 'done' | 'failed' | 'skipped';
  /** Of the batch that it was part of. */
  readonly ms: number;
  readonly error?: Error;
  /** Of what was skipped because of another object: that one. */
  readonly because?: Id;
}

/** The namespace in which a step is carried out. Namespaces, veth pairs and files are made from the host's. */
export function namespaceOf(step: Step): string {
  return 'namespace' in step ? step.namespace : 'host';
}
