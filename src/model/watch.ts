import type { Remark } from './report.ts';
import type { Change, Id } from './resource.ts';

/** What made the watch look again. */
export type Cause = 'start' | 'file' | 'kernel' | 'timer' | 'retry' | 'signal' | 'prune' | 'exit';

/** What a watch says, one line each. Times are milliseconds. */
export type WatchEvent =
  | { readonly event: 'watching'; readonly files: readonly string[]; readonly topologies: readonly string[] }
  /** Looked, and nothing differed. Said for the first look and after a failure. */
  | { readonly event: 'unchanged'; readonly topology: string; readonly cause: Cause; readonly ms: number }
  | {
      readonly event: 'converged';
      readonly topology: string;
      readonly cause: Cause;
      /** It had converged before, and the file is the same: somebody has changed the host. */
      readonly repair: boolean;
      readonly changes: readonly Change[];
      readonly ms: number;
    }
  /** Part of it may be done and stays done; `remaining` is what is not. */
  | {
      readonly event: 'failed';
      readonly topology: string;
      readonly cause: Cause;
      readonly errors: readonly Remark[];
      readonly remaining: readonly Change[];
      readonly retryMs: number;
    }
  | { readonly event: 'blocked'; readonly topology: string; readonly blockers: readonly Remark[]; readonly retryMs: number }
  /** Another netloom changes the host. */
  | { readonly event: 'waiting'; readonly topology: string; readonly holder: Remark; readonly retryMs: number }
  | { readonly event: 'contested'; readonly topology: string; readonly ids: readonly Id[]; readonly retryMs: number }
  /** A file is wrong; what it said last is still kept up, if anything is. */
  | { readonly event: 'invalid'; readonly file: string; readonly errors: readonly Remark[]; readonly keeps: readonly string[] }
  | { readonly event: 'valid'; readonly file: string }
  /** The files could not be listed or read at all. */
  | { readonly event: 'unreadable'; readonly errors: readonly Remark[] }
  /** A topology of this place has no file any more. */
  | { readonly event: 'gone'; readonly topology: string; readonly file: string; readonly prune: boolean }
  | { readonly event: 'pruned'; readonly topology: string; readonly cause: Cause; readonly changes: readonly Change[]; readonly ms: number }
  /** The file has no namespaces any more; without --prune that is taken for a mistake. */
  | { readonly event: 'held'; readonly topology: string; readonly file: string; readonly namespaces: readonly string[] }
  | { readonly event: 'deaf'; readonly reasons: readonly string[] }
  | { readonly event: 'hearing' }
  | { readonly event: 'stopped'; readonly signal: string };
