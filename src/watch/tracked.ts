import type { Remark } from '../model/report.ts';
import type { Id } from '../model/resource.ts';
import type { Topology } from '../model/topology.ts';
import type { Cause } from '../model/watch.ts';
import type { Clock, Due } from './clock.ts';
import { type Contest, createContest } from './contest.ts';

/** How a topology stands. */
export type Standing = 'new' | 'converged' | 'failed' | 'blocked' | 'waiting' | 'held' | 'contested';

/** A topology that is kept up, and how it went so far. */
export interface Tracked {
  topology: Topology;
  /** Absolute path of its file. */
  path: string;
  standing: Standing;
  /** What it last converged to: kept up while the new content is held back. */
  converged: Topology | undefined;
  /** When the present content was first read. */
  readAt: number;
  failures: number;
  /** Not before this moment, whatever is heard: it has failed just now. */
  rest: Due | undefined;
  /** When to try again by itself, and because of what. */
  retry: { readonly due: Due; readonly cause: Cause } | undefined;
  /** What was said last, so that it is not said again. */
  said: string;
  readonly contest: Contest;
  /** When it was last seen to be in order. Milliseconds since 1970. */
  lastSuccess: number | undefined;
  problems: readonly Remark[];
}

export const track = (topology: Topology, path: string): Tracked => ({
  topology,
  path,
  standing: 'new',
  converged: undefined,
  readAt: 0,
  failures: 0,
  rest: undefined,
  retry: undefined,
  said: '',
  contest: createContest(),
  lastSuccess: undefined,
  problems: [],
});

/** The state of one topology, for those who ask. */
export interface TopologyStatus {
  readonly name: string;
  readonly file: string;
  readonly standing: Standing;
  readonly failures: number;
  readonly lastSuccess: number | undefined;
  readonly contested: readonly Id[];
  readonly problems: readonly Remark[];
}

/** The state of a watch, for those who ask. */
export interface WatchStatus {
  readonly topologies: readonly TopologyStatus[];
  /** Files that are wrong, by path. */
  readonly invalid: ReadonlyMap<string, readonly Remark[]>;
  /** Why the files could not be read; empty when they could. */
  readonly unreadable: readonly Remark[];
  readonly blind: readonly string[];
  /** Rounds of looking so far, with or without changes. */
  readonly rounds: number;
}

export const statusOf = (one: Tracked, clock: Clock): TopologyStatus => ({
  name: one.topology.name,
  file: one.topology.file,
  standing: one.standing,
  failures: one.failures,
  lastSuccess: one.lastSuccess,
  contested: one.contest.contested(clock.now()),
  problems: one.problems,
});
