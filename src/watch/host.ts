import type { Report } from '../model/report.ts';
import type { Plan } from '../model/resource.ts';
import type { Topology } from '../model/topology.ts';
import type { Recorded } from './reading.ts';

/** What a watch asks of the host. */
export interface WatchedHost {
  plan(topology: Topology, options: { readonly adopt: boolean }): Promise<Plan>;
  planDestroy(name: string, options: { readonly force: boolean }): Promise<Plan>;
  /** Without `topology`, a destruction. What fails in part keeps what worked. */
  apply(
    plan: Plan,
    options: {
      readonly topology?: Topology;
      readonly keepGoing: true;
      replan(): Promise<Plan>;
    },
  ): Promise<Report>;
  /** Does something while no other netloom changes this host. Throws HostError E_LOCKED, and the signal's reason where that calls the waiting off. */
  exclusive<T>(work: (host: WatchedHost) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** What is on record at this moment. */
  recorded(): Promise<readonly Recorded[]>;
  /** Whether a file is there, is not the same as `besides`, and says that it holds the topology of this name; it may be wrong otherwise. */
  holds(file: string, name: string, besides?: string): Promise<boolean>;
}
