import type { Change, FieldChange, Id } from './resource.ts';

/** What `plan --out` writes: plans that `apply --plan` carries out, here or on another host. */
export interface SavedPlan {
  /** Of netloom, when it was made. */
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly made: string;
  readonly topologies: readonly SavedTopology[];
}

/** Everything that applying one topology needs, without its file. */
export interface SavedTopology {
  readonly name: string;
  /** The path as it was given; `-` for standard input. */
  readonly file: string;
  /** The same as an absolute path; absent for standard input. */
  readonly path?: string;
  /** SHA-256 of `source`, in hex. */
  readonly digest: string;
  /** The file's text. */
  readonly source: string;
  readonly adopt: boolean;
  /**
   * What was agreed to. They are all that the host's state comes to: whatever else the topology has was as the file wants it, and would be
   * among the changes of today had it moved. Nothing in them is a number of one host (ifindex, handle, inode), so another host may do.
   */
  readonly changes: readonly Change[];
}

/** Why a saved plan is stale. */
export type Moved = MovedFile | MovedObject;

export interface MovedFile {
  readonly what: 'file';
  readonly topology: string;
  readonly file: string;
  /** Digests of the file's content when the plan was made, and now. */
  readonly was: string;
  readonly is: string;
}

export interface MovedObject {
  readonly what: 'object';
  readonly topology: string;
  readonly id: Id;
  /**
   * `came`, `went`: it is there now, or no longer. `changed`: `fields` say what it was and is. `wanted`: it is what it was, and the same file
   * wants something else of it by now: what is the host's in it (`dns: host`), or netloom, is another one.
   */
  readonly how: 'came' | 'went' | 'changed' | 'wanted';
  /** `before` is from when the plan was made, `after` is now. */
  readonly fields: readonly FieldChange[];
}
