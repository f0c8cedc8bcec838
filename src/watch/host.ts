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
  /** Does something while no other netloom changes this host. Throws HostError E_LOCKED. */
  exclusive<T>(work: (host: WatchedHost) => Promise<T>): Promise<T>;
  recorded(): Promise<readonly Recorded[]>;
}
