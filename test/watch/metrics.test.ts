import { expect, test } from 'vitest';
import type { Inventory } from '../../src/model/report.ts';
import type { Change } from '../../src/model/resource.ts';
import { complaintText, healthOf, summaryOf, type Vitals } from '../../src/watch/onlookers/health.ts';
import { createMetrics } from '../../src/watch/onlookers/metrics.ts';
import { shareRead } from '../../src/watch/onlookers/shared.ts';
import type { Standing, TopologyStatus } from '../../src/watch/tracked.ts';

const topology = (name: string, standing: Standing, more: Partial<TopologyStatus> = {}): TopologyStatus => ({
  name,
  file: `${name}.yaml`,
  standing,
  failures: 0,
  lastSuccess: standing === 'converged' ? 1_700_000_000_500 : undefined,
  contested: [],
  problems: [],
  ...more,
});
const vitals = (topologies: readonly TopologyStatus[], more: Partial<Vitals['status']> = {}, rest: Partial<Vitals> = {}): Vitals => ({
  status: { topologies, invalid: new Map(), unreadable: [], blind: [], rounds: 7, ...more },
  started: true,
  silentMs: 0,
  ...rest,
});
const problem = { code: 'E_X', message: 'the cat is in the way' };
const change = (kind: string, id: string): Change =>
  ({
    action: 'update',
    kind,
    id: `${kind}:${id}`,
    topology: 'a',
    namespace: 'host',
    before: {},
    after: {},
    fields: [],
    impact: 'none',
  }) as unknown as Change;

test.each<[string, Vitals, string[]]>([
  ['converged', vitals([topology('a', 'converged')]), []],
  ['contested, which is repaired all the same', vitals([topology('a', 'contested', { contested: ['bridge:b'] })]), []],
  ['watching nothing yet', vitals([]), []],
  ['starting', vitals([], {}, { started: false }), ['starting: not everything has been looked at yet']],
  ['failed', vitals([topology('a', 'converged'), topology('b', 'failed', { problems: [problem] })]), ['b: failed: the cat is in the way']],
  ['blocked', vitals([topology('b', 'blocked', { problems: [problem] })]), ['b: blocked: the cat is in the way']],
  ['waiting for the lock', vitals([topology('b', 'waiting', { problems: [problem] })]), ['b: waiting: the cat is in the way']],
  ['held', vitals([topology('b', 'held')]), ['b: held']],
  [
    'a wrong file',
    vitals([topology('a', 'converged')], { invalid: new Map([['/x.yaml', [problem]]]) }),
    ['/x.yaml: invalid: the cat is in the way'],
  ],
  ['files that cannot be read', vitals([], { unreadable: [problem] }), ['unreadable: the cat is in the way']],
  ['blind', vitals([topology('a', 'converged')], { blind: ['ip monitor: killed'] }), ['deaf: ip monitor: killed']],
  ['a loop that hangs', vitals([topology('a', 'converged')], {}, { silentMs: 61_000 }), ['hangs: the loop has not answered for 61 s']],
  ['a loop that is at work', vitals([topology('a', 'converged')], {}, { silentMs: 59_000 }), []],
])('health: %s', (_, now, reasons) => {
  const health = healthOf(now);
  expect([health.healthy, health.reasons.map(complaintText)]).toEqual([reasons.length === 0, reasons]);
});

test('health: in one line, without line breaks', () => {
  const broken = { code: 'E_X', message: 'two\nlines' };
  expect(summaryOf(vitals([topology('a', 'converged'), topology('b', 'converged')]))).toBe('2 topologies in order');
  expect(summaryOf(vitals([topology('a', 'failed', { problems: [broken] }), topology('b', 'held')]))).toBe(
    '2 topologies; a: failed: two lines (and 1 more)',
  );
  expect(summaryOf(vitals([topology('a', 'contested', { contested: ['bridge:b'] })]))).toBe(
    '1 topology in order; a: contested: somebody keeps changing bridge:b',
  );
});

const INVENTORY: Inventory = {
  formatVersion: 1,
  topologies: [
    {
      name: 'a',
      bridges: [{ name: 'br', up: true, mtu: 1500, addresses: [], members: [] }],
      namespaces: [
        { name: 'host', path: '', attached: false, interfaces: [], publish: [], routes: [] },
        { name: 'n', path: '', attached: false, interfaces: [], publish: [{ hostPort: 1, protocol: 'tcp', port: 1 }], routes: [] },
        { name: 'm', path: '', attached: false, shared: 'n', interfaces: [], publish: [], routes: [] },
      ],
    },
  ],
  uplinks: [],
  drift: [],
  errors: [],
  warnings: [],
};

const series = (text: string): string[] =>
  text.split('\n').filter((line) => line !== '' && !line.startsWith('#') && !/^process_|_build_info|_bucket/.test(line));

test('metrics: what has happened and how things stand', async () => {
  const metrics = createMetrics({ version: '1.2.3', startedAt: 1_700_000_000_000 });
  metrics.reconciled({ topology: 'a', standing: 'converged', changed: ['bridge:b'], ms: 250 });
  metrics.reconciled({ topology: 'a', standing: 'converged', changed: [], ms: 20 });
  metrics.reconciled({ topology: 'b', standing: 'failed', changed: [], ms: 30 });
  metrics.said({
    event: 'converged',
    topology: 'a',
    cause: 'kernel',
    repair: true,
    ms: 1,
    changes: [change('bridge', 'b'), change('link', 'x'), change('link', 'y')],
  });
  metrics.said({ event: 'converged', topology: 'a', cause: 'file', repair: false, ms: 1, changes: [change('route', 'r')] });
  metrics.said({ event: 'pruned', topology: 'c', cause: 'prune', changes: [], ms: 1 });
  const now = vitals([topology('a', 'converged'), topology('b', 'failed', { failures: 3 })], { invalid: new Map([['/x', [problem]]]) });
  const text = await metrics.text(now, INVENTORY);
  expect(series(text)).toMatchInlineSnapshot(`
    [
      "netloom_reconciles_total{topology="a",outcome="converged"} 1",
      "netloom_reconciles_total{topology="a",outcome="unchanged"} 1",
      "netloom_reconciles_total{topology="b",outcome="failed"} 1",
      "netloom_reconciles_total{topology="c",outcome="removed"} 1",
      "netloom_reconcile_failures_total{topology="a"} 0",
      "netloom_reconcile_failures_total{topology="b"} 1",
      "netloom_drift_repaired_total{topology="a",kind="bridge"} 1",
      "netloom_drift_repaired_total{topology="a",kind="link"} 2",
      "netloom_reconcile_duration_seconds_sum{topology="a"} 0.27",
      "netloom_reconcile_duration_seconds_count{topology="a"} 2",
      "netloom_reconcile_duration_seconds_sum{topology="b"} 0.03",
      "netloom_reconcile_duration_seconds_count{topology="b"} 1",
      "netloom_rounds_total 7",
      "netloom_healthy 0",
      "netloom_topology_standing{topology="a",standing="converged"} 1",
      "netloom_topology_standing{topology="b",standing="failed"} 1",
      "netloom_last_success_timestamp_seconds{topology="a"} 1700000000.5",
      "netloom_consecutive_failures{topology="a"} 0",
      "netloom_consecutive_failures{topology="b"} 3",
      "netloom_contested_objects{topology="a"} 0",
      "netloom_contested_objects{topology="b"} 0",
      "netloom_invalid_files 1",
      "netloom_unreadable 0",
      "netloom_blind_listeners 0",
      "netloom_objects{topology="a",kind="bridge"} 1",
      "netloom_objects{topology="a",kind="namespace"} 1",
      "netloom_objects{topology="a",kind="link"} 0",
      "netloom_objects{topology="a",kind="publish"} 1",
      "netloom_objects{topology="a",kind="route"} 0",
      "netloom_inventory_up 1",
    ]
  `);
  expect(text).toContain('netloom_reconcile_duration_seconds_bucket{le="0.025",topology="a"} 1\n');
  expect(text).toContain(`netloom_build_info{version="1.2.3",node="${process.versions.node}"} 1\n`);
  expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
  expect(text).toContain('process_start_time_seconds 1700000000\n');
});

test('metrics: every series is explained, and every counter ends in _total', async () => {
  const text = await createMetrics({ version: '1', startedAt: 0 }).text(vitals([]), undefined);
  const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  expect(types.length).toBeGreaterThan(10);
  for (const [, name = '', type] of types) {
    expect(text).toContain(`# HELP ${name} `);
    expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter']);
  }
});

test('metrics: a topology that has gone, and an inventory that cannot be read, leave no gauges behind', async () => {
  const metrics = createMetrics({ version: '1', startedAt: 0 });
  await metrics.text(vitals([topology('a', 'converged')]), INVENTORY);
  const text = await metrics.text(vitals([]), undefined);
  expect(text).not.toContain('topology="a"');
  expect(text).toContain('netloom_inventory_up 0\n');
  expect(text).toContain('netloom_rounds_total 7\n');
});

test('shared read: those who come while it runs share it, and the next one reads anew', async () => {
  let reads = 0;
  let finish = (_: number): void => {};
  const shared = shareRead(
    () =>
      new Promise<number>((done) => {
        reads += 1;
        finish = done;
      }),
    1000,
  );
  const both = [shared.read(), shared.read()];
  finish(1);
  expect(await Promise.all(both)).toEqual([1, 1]);
  const next = shared.read();
  finish(2);
  expect([await next, reads]).toEqual([2, 2]);
});

test('shared read: for the same key it is not done again', async () => {
  let reads = 0;
  const shared = shareRead(async () => ++reads, 1000);
  expect([await shared.readFor(1), await shared.readFor(1), await shared.readFor(2)]).toEqual([1, 1, 2]);
});

test('shared read: one that hangs is given up by who asks, and not started twice', async () => {
  let reads = 0;
  const shared = shareRead(() => {
    reads += 1;
    return new Promise<never>(() => {});
  }, 5);
  await expect(shared.read()).rejects.toThrow('could not be read');
  await expect(shared.read()).rejects.toThrow('could not be read');
  expect(reads).toBe(1);
});
