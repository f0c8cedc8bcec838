import type { Remark, Report } from './report.ts';
import type { Change, Plan } from './resource.ts';

/** What a command has done to one topology, as it is to be recorded. */
export interface Deed {
  /** `apply`, `destroy`, `watch`. */
  readonly command: string;
  /** What was typed, without the program's name. */
  readonly argv: readonly string[];
  /** Where claims about who it is are found: SUDO_USER, SSH_CONNECTION. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly began: Date;
  readonly ms: number;
  readonly topology: string;
  /** The file as an absolute path; absent where there is none. */
  readonly file?: string;
  /** SHA-256 of the file's text, in hex. */
  readonly digest?: string;
  /** What is about to be done, or was when something unforeseen ended it. Absent where it ended before anything was tried; `errors` then say why. */
  readonly plan?: Plan;
  /** What became of it; absent as long as that is not known. */
  readonly report?: Report;
  readonly errors: readonly Remark[];
}

/** Who ran a command. Only `uid`, `loginUid` and `tty` are the kernel's word; the rest is what the environment says. */
export interface Actor {
  readonly pid: number;
  readonly uid: number;
  /** The name of `uid`. */
  readonly user?: string;
  /** Who logged in, whatever he has become since (/proc/self/loginuid); absent for what no login has started. */
  readonly loginUid?: number;
  /** Who called sudo. */
  readonly sudoUser?: string;
  /** `pts/3` */
  readonly tty?: string;
  /** The address that an SSH session comes from. */
  readonly ssh?: string;
}

/** The commit that is checked out where the file is. */
export interface GitState {
  readonly commit: string;
  /** Whether the file differs from that commit; absent where git was not there or would not say. */
  readonly dirty?: boolean;
}

/** One line of the audit trail. */
export interface AuditEntry {
  readonly formatVersion: 1;
  /** When it began: ISO 8601, UTC. */
  readonly time: string;
  readonly ms: number;
  readonly command: string;
  readonly argv: readonly string[];
  /** Of netloom. */
  readonly version: string;
  readonly who: Actor;
  readonly topology: string;
  readonly file?: string;
  readonly digest?: string;
  readonly git?: GitState;
  /**
   * `begun`: it is under way, or was killed. `failed`: something that nobody foresaw has ended it. `refused`: it ended before anything was
   * tried.
   */
  readonly outcome: Report['status'] | 'begun' | 'failed' | 'refused';
  /** Of the changes that the plan had; what of them was done, `outcome` says. */
  readonly summary: Readonly<Record<Change['action'], number>>;
  /** The first of them. */
  readonly changes: readonly AuditChange[];
  readonly operations: { readonly done: number; readonly failed: number; readonly skipped: number };
  readonly errors: readonly { readonly code: string; readonly message: string }[];
}

export interface AuditChange {
  readonly action: Change['action'];
  readonly id: string;
  /** `mtu: 1500 → 1400` as JSON text each, cut where long; none where all of it came or went. */
  readonly fields: readonly { readonly path: string; readonly before: string; readonly after: string }[];
}

/** The audit trail as read. */
export interface AuditLog {
  readonly path: string;
  /** Oldest first. */
  readonly entries: readonly AuditEntry[];
  /** How many lines could not be read: a crash or somebody's editor. */
  readonly damaged: number;
}
