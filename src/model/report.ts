import type { Warning } from './errors.ts';
import type { Outcome } from './operation.ts';
import type { Change, Plan } from './resource.ts';
import type { Check } from './topology.ts';

/** What became of applying one plan. */
export interface Report {
  readonly plan: Plan;
  /**
   * `unchanged`: there was nothing to do. `converged`: done, and reading the host again showed no difference. `blocked`: nothing was changed.
   * `rolled-back`: an operation failed and the host is as it was before. `partial`: something is left, `cause` says why, `remaining` what.
   */
  readonly status: 'unchanged' | 'converged' | 'blocked' | 'rolled-back' | 'partial';
  /**
   * Of `partial`. `not-rolled-back`: an operation failed and going back did too. `kept`: it failed and what worked was kept, as asked.
   * `did-not-stick`: every operation was done, and the host is not as they should have left it.
   */
  readonly cause?: 'not-rolled-back' | 'kept' | 'did-not-stick';
  readonly outcomes: readonly Outcome[];
  /** Of `not-rolled-back` what differs from the state before; otherwise what still differs from the file. */
  readonly remaining: readonly Change[];
  /** The first thing that went wrong. */
  readonly error?: Error;
  readonly warnings: readonly Warning[];
  readonly ms: number;
}

/** One probe: a check of the file between one source and one target in one family. */
export interface CheckResult {
  readonly check: Check;
  readonly from: string;
  readonly to: string;
  /** The address that was probed; absent where there is none. */
  readonly address?: string;
  readonly expected: Check['expect'];
  readonly seen: Check['expect'] | 'impossible';
  readonly passed: boolean;
  /** Why, where it failed: `no route`, `server saw 10.0.0.1`. */
  readonly reason?: string;
  readonly ms: number;
}

/** What netloom owns on the host, as `show` prints it. JSON field names bind (docs/commands.md). */
export interface Inventory {
  readonly formatVersion: 1;
  readonly topologies: readonly TopologyInventory[];
  /** The host's interfaces that its default routes leave through, whoever's they are. */
  readonly uplinks: readonly Uplink[];
  /** What differs from the files, where they could be read. */
  readonly drift: readonly Change[];
  readonly errors: readonly Remark[];
  readonly warnings: readonly Remark[];
}

export interface Uplink {
  readonly name: string;
  /** Up, and hearing something. */
  readonly up: boolean;
  /** With prefix length; link-local ones not included. */
  readonly addresses: readonly string[];
}

/** The form of errors and warnings in every JSON document. */
export interface Remark {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

export interface TopologyInventory {
  readonly name: string;
  /** From the record in /run/netloom; absent when that is lost. */
  readonly file?: string;
  readonly bridges: readonly {
    readonly name: string;
    readonly up: boolean;
    readonly mtu: number;
    readonly addresses: readonly string[];
    /** Host-side names of the ports. */
    readonly members: readonly string[];
  }[];
  readonly namespaces: readonly NamespaceInventory[];
}

export interface NamespaceInventory {
  /** `host` appears where the topology has interfaces of its own in the host's namespace besides bridges and their ports. */
  readonly name: string;
  /** `/run/netns/web01` */
  readonly path: string;
  readonly attached: boolean;
  /** The namespace that this is another name of. */
  readonly shared?: string;
  readonly interfaces: readonly InterfaceInventory[];
  readonly publish: readonly {
    readonly hostAddress?: string;
    readonly hostPort: number;
    readonly protocol: string;
    readonly port: number;
    readonly interface?: string;
  }[];
  readonly routes: readonly {
    readonly to: string;
    readonly via?: string;
    readonly dev?: string;
    readonly type: string;
    readonly metric?: number;
  }[];
}

export interface InterfaceInventory {
  readonly name: string;
  readonly kind: string;
  readonly up: boolean;
  readonly carrier: boolean;
  readonly mtu: number;
  readonly mac: string;
  readonly addresses: readonly string[];
  /** The other end; `host` and the port's name where a bridge carries it. */
  readonly peer?: { readonly namespace: string; readonly interface: string };
  /** The bridge that the other end is a port of. */
  readonly bridge?: string;
}
