import type { Id } from '../../model/resource.ts';
import type { WatchEvent } from '../../model/watch.ts';
import type { Standing } from '../tracked.ts';

/** One look at one topology, with what came of it; of most there is no event, because nothing differed. */
export interface Reconciled {
  readonly topology: string;
  /** How it stands since. */
  readonly standing: Standing;
  /** What was changed. */
  readonly changed: readonly Id[];
  readonly ms: number;
}

/** Somebody beside the loop who is told how it goes: the local endpoint, systemd. Neither throws nor keeps the loop waiting. */
export interface Onlooker {
  said(event: WatchEvent): void;
  reconciled(one: Reconciled): void;
  /** The watch has been asked to stop; what is under way is finished. */
  stopping(): void;
  /** Everything is being read again, until `done`. */
  reloading(done: Promise<void>): void;
  close(): Promise<void>;
}
