import type { Cause, Hop, Leg, RouteAnswer, Spot, TraceEvent, TraceProtocol, Tracer, Tuple } from '../../model/trace.ts';
import type { World } from './world.ts';

export interface FollowOptions {
  readonly world: World;
  readonly tracer: Pick<Tracer, 'route' | 'neighbour' | 'setting'>;
  readonly leg: Exclude<Leg, 'error'>;
  readonly protocol: TraceProtocol;
  /** Absent: nothing was sent, and the way is looked up alone. */
  readonly events?: readonly TraceEvent[];
  /** Namespaces in which packets were looked at. */
  readonly observed: ReadonlySet<string>;
}

/** How far a packet came. */
export interface Walk {
  readonly hops: readonly Hop[];
  readonly cause?: Cause;
  /** Where it was delivered. */
  readonly reached?: string;
  /** As it was at the end. */
  readonly tuple: Tuple;
  /** A namespace that it went into and in which nobody looked. */
  readonly unseen?: string;
  /** Where it left what can be seen: an uplink, a namespace without a name. */
  readonly beyond?: Spot;
  /** The interface that it should have come to next. */
  readonly next?: Spot;
  /** Addresses on its way that more than one holds on one link. */
  readonly duplicates: readonly { readonly address: string; readonly holders: readonly Spot[] }[];
}

/** A state of the walk, and what is known there. */
export type Step =
  | { readonly at: 'origin'; readonly namespace: string }
  | { readonly at: 'leave'; readonly namespace: string; readonly route: RouteAnswer & { readonly found: true } }
  | { readonly at: 'cross'; readonly spot: Spot }
  | { readonly at: 'enter'; readonly spot: Spot }
  | { readonly at: 'input'; readonly spot: Spot }
  | { readonly at: 'deliver'; readonly namespace: string }
  | { readonly at: 'end' };

export const END: Step = { at: 'end' };
/** More than any way that does not go round in circles. */
export const STEPS_MAX = 200;

/** A hop before it is said of which leg it is. */
export type HopBody = Hop extends infer H ? (H extends Hop ? Omit<H, 'leg'> : never) : never;
export type CauseBody = Cause extends infer C ? (C extends Cause ? Omit<C, 'leg'> : never) : never;
