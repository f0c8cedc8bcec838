import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Inventory } from '../../model/report.ts';
import type { Change } from '../../model/resource.ts';
import type { WatchEvent } from '../../model/watch.ts';
import { healthOf, type Vitals } from './health.ts';
import type { Reconciled } from './onlooker.ts';

/** What is measured, in the Prometheus text format. Names follow https://prometheus.io/docs/practices/naming/. */
export interface Metrics {
  readonly contentType: string;
  said(event: WatchEvent): void;
  reconciled(one: Reconciled): void;
  /** The text of a scrape. Without an inventory the series of it are left out. */
  text(vitals: Vitals, inventory: Inventory | undefined): Promise<string>;
}

export interface MetricsOptions {
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** From a look that finds nothing, at some 20 ms, to a lab of a thousand namespaces. */
const BUCKETS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export function createMetrics({ version, startedAt }: MetricsOptions): Metrics {
  const registers = [new Registry()];
  const counter = <T extends string>(name: string, help: string, ...labelNames: T[]) => new Counter({ name, help, labelNames, registers });
  const gauge = <T extends string>(name: string, help: string, ...labelNames: T[]) => new Gauge({ name, help, labelNames, registers });

  const reconciles = counter('netloom_reconciles_total', 'Looks at a topology, by what came of them.', 'topology', 'outcome');
  const failures = counter(
    'netloom_reconcile_failures_total',
    'Looks at a topology that failed, were blocked, or waited for the lock in vain.',
    'topology',
  );
  const repairs = counter('netloom_drift_repaired_total', 'Objects repaired that somebody else had changed.', 'topology', 'kind');
  const durations = new Histogram({
    name: 'netloom_reconcile_duration_seconds',
    help: 'How long a look at a topology took, with what it changed.',
    labelNames: ['topology'],
    buckets: BUCKETS,
    registers,
  });
  const rounds = counter('netloom_rounds_total', 'Rounds of looking, each at one or more topologies or files.');
  const healthy = gauge('netloom_healthy', '1 where /healthz answers 200, 0 where it answers 503.');
  const standing = gauge('netloom_topology_standing', '1 for the state that a topology is in.', 'topology', 'standing');
  const success = gauge('netloom_last_success_timestamp_seconds', 'When a topology was last seen to be as its file says.', 'topology');
  const inRow = gauge('netloom_consecutive_failures', 'Failures of a topology since its last success.', 'topology');
  const contested = gauge('netloom_contested_objects', 'Objects that somebody else keeps changing back.', 'topology');
  const invalid = gauge('netloom_invalid_files', 'Files that are wrong; what they said last is kept up.');
  const unreadable = gauge('netloom_unreadable', '1 where the watched files cannot be listed or read.');
  const blind = gauge('netloom_blind_listeners', 'Listeners for changes of the host that do not run.');
  const objects = gauge('netloom_objects', 'What netloom owns on this host.', 'topology', 'kind');
  const inventoryUp = gauge('netloom_inventory_up', '1 where the host could be read for netloom_objects.');
  gauge('netloom_build_info', 'Always 1; versions are labels.', 'version', 'node').set({ version, node: process.versions.node }, 1);
  // prom-client's own process metrics come with a timer that wakes an idle process a hundred times a second.
  const memory = gauge('process_resident_memory_bytes', 'Resident memory of this process.');
  const processor = counter(
    'process_cpu_seconds_total',
    'Processor time of this process, in user and system mode; programs that it runs not counted.',
  );
  gauge('process_start_time_seconds', 'When this process was started, in seconds since 1970.').set(startedAt / 1000);

  const fromStatus = (vitals: Vitals): void => {
    const { status } = vitals;
    // Topologies come and go: only those of now are told of.
    for (const one of [standing, success, inRow, contested, rounds, processor]) one.reset();
    for (const { name: topology, standing: current, lastSuccess, failures: count, contested: ids } of status.topologies) {
      standing.set({ topology, standing: current }, 1);
      if (lastSuccess !== undefined) success.set({ topology }, lastSuccess / 1000);
      inRow.set({ topology }, count);
      contested.set({ topology }, ids.length);
    }
    rounds.inc(status.rounds);
    healthy.set(healthOf(vitals).healthy ? 1 : 0);
    invalid.set(status.invalid.size);
    unreadable.set(status.unreadable.length > 0 ? 1 : 0);
    blind.set(status.blind.length);
    memory.set(process.memoryUsage.rss());
    const { user, system } = process.cpuUsage();
    processor.inc((user + system) / 1e6);
  };
  const fromInventory = (inventory: Inventory | undefined): void => {
    objects.reset();
    inventoryUp.set(inventory === undefined ? 0 : 1);
    for (const { topology, kind, count } of inventory === undefined ? [] : countsOf(inventory)) objects.set({ topology, kind }, count);
  };

  return {
    contentType: 'text/plain; version=0.0.4',
    said: (event) => {
      if (event.event === 'converged' && event.repair)
        countKinds(event.changes, (kind, count) => repairs.inc({ topology: event.topology, kind }, count));
      if (event.event === 'pruned') reconciles.inc({ topology: event.topology, outcome: 'removed' });
    },
    reconciled: ({ topology, standing: outcome, changed, ms }) => {
      reconciles.inc({ topology, outcome: outcome === 'converged' && changed.length === 0 ? 'unchanged' : outcome });
      durations.observe({ topology }, ms / 1000);
      // That nothing has failed yet is worth a series, too: a rate needs its first zero.
      failures.inc({ topology }, ['failed', 'blocked', 'waiting'].includes(outcome) ? 1 : 0);
    },
    text: async (vitals, inventory) => {
      fromStatus(vitals);
      fromInventory(inventory);
      return (await Promise.all(registers.map((one) => one.metrics()))).join('');
    },
  };
}

function countKinds(changes: readonly Change[], tell: (kind: string, count: number) => void): void {
  const counts = new Map<string, number>();
  for (const { kind } of changes) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  for (const [kind, count] of counts) tell(kind, count);
}

/** What of an inventory is counted, by topology. Interfaces of namespaces are links; ports of bridges are the other ends of them. */
const countsOf = ({ topologies }: Inventory) =>
  topologies.flatMap(({ name: topology, bridges, namespaces }) => {
    const inside = namespaces.filter(({ shared, name }) => shared === undefined && name !== 'host');
    const counts = {
      bridge: bridges.length,
      namespace: inside.length,
      link: namespaces.reduce((sum, { interfaces }) => sum + interfaces.length, 0),
      publish: namespaces.reduce((sum, { publish }) => sum + publish.length, 0),
      route: namespaces.reduce((sum, { routes }) => sum + routes.length, 0),
    };
    return Object.entries(counts).map(([kind, count]) => ({ topology, kind, count }));
  });
