import type { Blocker, Warning } from './errors.ts';
import type { Operation } from './operation.ts';
import type { OwnedInterface } from './ownership.ts';
import type { HostFacts, Snapshot } from './snapshot.ts';
import type { Origin, Topology } from './topology.ts';

/** `kind:name`, stable across runs: `namespace:web01`, `bridge:br-web`, `link:web01:eth0`. */
export type Id = `${string}:${string}`;

/** Something that a topology asks for. `spec` is plain data whose values are normalised as `observe` of the same kind normalises them. */
export interface Resource<S = unknown> {
  readonly kind: string;
  readonly id: Id;
  readonly topology: string;
  /** The namespace that it lives in; `host` for the host's own. */
  readonly namespace: string;
  readonly spec: S;
  /** What it lives on: when that is removed or made anew, this goes with it. */
  readonly needs: readonly Id[];
  /** What else must be there before this is tried, though it does not go with it: a port's bridge, the addresses that a route needs. */
  readonly follows?: readonly Id[];
  /** Absent for what a rollback asks for. */
  readonly origin?: Origin;
}

/** Something that the kernel holds and that is ours to change: marked as this topology's, or taken over with `--adopt`. */
export interface Observed<S = unknown> {
  readonly kind: string;
  readonly id: Id;
  readonly topology: string;
  readonly namespace: string;
  readonly spec: S;
  readonly needs: readonly Id[];
}

/** A value within a spec that differs. Absent is `undefined`. */
export interface FieldChange {
  /** Path into the spec: `mtu`, `ends.0.mac`, `net.core.somaxconn`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What traffic notices: nothing, a moment of silence on this object, or its removal and new creation. */
export type Impact = 'none' | 'flap' | 'replace';

interface ChangeBase {
  readonly kind: string;
  readonly id: Id;
  readonly topology: string;
  readonly namespace: string;
  readonly impact: Impact;
  /** Where the file asks for it; absent for deletions. */
  readonly origin?: Origin;
}

export type Change<S = unknown> =
  | (ChangeBase & { readonly action: 'create'; readonly after: S })
  | (ChangeBase & { readonly action: 'update' | 'replace'; readonly before: S; readonly after: S; readonly fields: readonly FieldChange[] })
  | (ChangeBase & { readonly action: 'delete'; readonly before: S });

/** Everything that applying needs, as plain data. */
export interface Plan {
  readonly topology: string;
  /** The file's path; absent when the topology is known by name alone (destroy). */
  readonly file?: string;
  readonly changes: readonly Change[];
  /** In the order in which they run. */
  readonly operations: readonly Operation[];
  readonly blockers: readonly Blocker[];
  readonly warnings: readonly Warning[];
  /** What was there before, to go back to. */
  readonly before: readonly Observed[];
  /** Of what changes: what it cannot do without (`needs` and `follows` of both sides). Absent, and those not in it: nothing. */
  readonly dependence?: ReadonlyMap<Id, readonly Id[]>;
  /** What is as wanted and not yet at work. Absent: nothing. */
  readonly unsettled?: readonly Unsettled[];
  /** Unmarked objects are taken over, and counted among `before`. */
  readonly adopts?: true;
  /** The text of the record in /run/netloom as it was; absent where there was none. */
  readonly recordBefore?: string;
}

/** What of a plan it takes to go back to before it. */
export type Before = Pick<Plan, 'topology' | 'before' | 'adopts' | 'recordBefore'>;

/** An interface of ours that is set as wanted, and that the kernel has not finished with. */
export interface Unsettled {
  readonly namespace: string;
  readonly ifname: string;
  /** `tentative`: an address is still looked for on the link. `duplicate`: it was found. `listening`: a bridge keeps the port waiting. */
  readonly state: 'no-carrier' | 'tentative' | 'duplicate' | 'listening';
  /** The address concerned. */
  readonly address?: string;
}

/** What a kind may look at when it observes. */
export interface View {
  /** The topology whose objects are asked for. */
  readonly name: string;
  /** The file's content; absent where only the name is known. */
  readonly topology?: Topology;
  readonly snapshot: Snapshot;
  /** Whether unmarked objects that hold a wanted name count as ours. */
  readonly adopt: boolean;
  /** Which links in the snapshot are ours, computed once. */
  readonly interfaces: readonly OwnedInterface[];
}

/** Both sides, by id, as the kinds' `steps` may need them. */
export interface Sides {
  readonly desired: ReadonlyMap<Id, Resource>;
  readonly observed: ReadonlyMap<Id, Observed>;
  readonly changes: readonly Change[];
  /** What this plan removes, for good or to make it anew. */
  readonly going: ReadonlySet<Id>;
  readonly view: View;
}

/** Properties of a JSON Schema, by key. */
export type SchemaProperties = Readonly<Record<string, object>>;

/** What a kind adds to the language: properties of the sections of a topology file. */
export interface SchemaFragment {
  readonly topology?: SchemaProperties;
  readonly defaults?: SchemaProperties;
  readonly bridge?: SchemaProperties;
  readonly namespace?: SchemaProperties;
  readonly host?: SchemaProperties;
  /** Shared definitions, referred to as `#/$defs/NAME`. */
  readonly definitions?: SchemaProperties;
}

/** One kind of object: pure functions and what it adds to the language. Kinds import `model/` and nothing else of ours. */
export interface KindModule<S = unknown> {
  readonly kind: string;
  readonly schema?: SchemaFragment;
  /** What the file asks for. */
  compile(topology: Topology, facts: HostFacts): Resource<S>[];
  /** What of this kind the host holds that is the topology's. */
  observe(view: View): Observed<S>[];
  /** Paths whose change means removal and new creation. */
  readonly immutable: readonly string[];
  /** Paths whose change silences the object for a moment. */
  readonly flaps?: readonly string[];
  /** Whether it vanishes by itself with what it needs; its deletion is then not asked for. */
  readonly goesAlong?: true;
  /** Sysctls (namespace → paths) of what is to go, being none of those wanted (ids): read so that a rollback can bring them back. */
  leaves?(view: View, wanted: ReadonlySet<Id>): ReadonlyMap<string, readonly string[]>;
  /** What is not compared with the file, but has to come back with what it lives on when that is brought back; only of those asked for. */
  remember?(view: View, isAsked: (id: Id) => boolean): Observed<S>[];
  /** Whether what lives on it outlives it: a name of somebody else's namespace. Its tenants are then removed one by one. */
  readonly isOnlyName?: true;
  /** What takes the host from one side of the change to the other. A replacement is asked for as a deletion and a creation. */
  steps(change: Change<S>, sides: Sides): Operation[];
  /** What else must be done because of all changes together: routes that others took along, neighbour entries gone stale. */
  aftermath?(sides: Sides): Operation[];
  /** What is not as good as it should be on this host, about the changes. */
  warnings?(sides: Sides): Warning[];
  /** What is in the way of the resources on this host. */
  blockers?(resources: readonly Resource<S>[], view: View): Blocker[];
  /** One line for people, without the id: `172.30.1.1/24 mtu 1500`. */
  describe(spec: S): string;
}
