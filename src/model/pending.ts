import type { Before, Id } from './resource.ts';
import type { Topology } from './topology.ts';

/** Changes that go back to what was before, unless somebody confirms them in time. As it is kept in /run/netloom, complete: whoever goes back needs nothing else. */
export interface Pending {
  readonly formatVersion: 1;
  /** Unlike that of every other. */
  readonly id: string;
  /** How long there is to confirm, from the last change on. */
  readonly windowMs: number;
  readonly deadline: Deadline;
  /** Who has armed it. */
  readonly pid: number;
  /** The words of its command line, without the program's name. */
  readonly argv: readonly string[];
  /** In the order in which they were changed. */
  readonly topologies: readonly PendingTopology[];
}

export interface Deadline {
  /**
   * Time since boot, time asleep included (CLOCK_BOOTTIME), which decides: setting the clock neither shortens nor prolongs it, and a machine that
   * slept through it goes back on waking.
   */
  readonly uptimeMs: number;
  /** The same for people: ISO 8601, UTC. */
  readonly time: string;
}

export interface PendingTopology {
  readonly before: Before;
  /** What the file says; absent for a topology that was removed. */
  readonly topology?: Topology;
}

/** How a pending change has ended. */
export interface Ended {
  readonly formatVersion: 1;
  readonly id: string;
  readonly topologies: readonly string[];
  /**
   * `withdrawn`: the apply failed and went back by itself. `reverted`: everything is as before. `not-reverted`: `remaining` or `errors` say what
   * is not.
   */
  readonly ending: 'confirmed' | 'withdrawn' | 'reverted' | 'not-reverted';
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly remaining: readonly Id[];
  readonly errors: readonly string[];
}

/** What is known of confirmations on this host. */
export interface Confirmations {
  readonly pending?: Pending;
  /** The process that will go back; absent where it has died. */
  readonly guard?: number;
  /** Of what is pending; negative once the deadline has passed. */
  readonly leftMs?: number;
  readonly last?: Ended;
}
