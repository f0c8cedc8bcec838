import { readFile } from 'node:fs/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Kernel } from '../../src/model/kernel.ts';
import { type Operation, PHASES, type Phase } from '../../src/model/operation.ts';
import type { Report } from '../../src/model/report.ts';
import type { Plan } from '../../src/model/resource.ts';
import type { Topology } from '../../src/model/topology.ts';
import { applyPlan } from '../../src/pipeline/apply.ts';
import { planDestroy, planRevert, planTopology } from '../../src/pipeline/plan.ts';
import { converge, linesOf } from '../support/converge.ts';
import { hostState } from '../support/host-state.ts';
import { changesOf, destroy, kernel, load } from '../support/lab.ts';
import { shell } from '../support/sandbox.ts';
import { emptyHost } from './iproute/support.ts';

const before = load(`
version: 1
name: roll
subnets:
  a: { ipv4: 172.31.1.0/24, ipv6: "fd31:1::/64" }
  b: { ipv4: 172.31.2.0/24 }
bridges:
  br-a: { subnet: a }
  br-b: { subnet: b, mtu: 1400 }
namespaces:
  one: { publish: ["8080:80"], dns: [192.0.2.53], sysctls: { net.core.somaxconn: 777 } }
  two: { routes: [{ to: 10.9.0.0/16, via: one }] }
  old:
  side: { share: two }
links:
  - [one:eth0, br-a]
  - [two:eth0, br-a]
  - [one:eth1, br-b]
  - [old:eth0, br-b]
  - { ends: [one:p0, two:p0], subnet: { ipv4: 10.50.0.0/30, gateway: false } }
  - { ends: [two:up0, host:to-two], subnet: { ipv4: 10.60.0.0/30, gateway: "host:to-two" } }
host: { routes: [{ to: 10.70.0.0/16, via: two }, { to: 10.71.0.0/16, type: blackhole }] }
`);

/** Something of every kind comes, changes, is replaced, and goes. */
const after = load(`
version: 1
name: roll
subnets:
  a: { ipv4: 172.31.1.0/24, ipv6: "fd31:1::/64" }
  c: { ipv4: 172.31.3.0/24 }
bridges:
  br-a: { subnet: a, mtu: 1300, icc: false, mac: "02:00:00:00:00:aa" }
  br-c: { subnet: c }
namespaces:
  one: { publish: ["8080:81", "8081:80/udp"], sysctls: { net.core.somaxconn: 888 }, forwarding: true, aliases: [uno] }
  two: { routes: [{ to: 10.9.0.0/16, type: blackhole }, { to: 10.8.0.0/16, via: one }] }
  new:
  side: { share: new }
links:
  - [two:eth0, br-a]
  - [one:eth1, br-a]
  - [one:eth0, br-c]
  - [new:eth0, br-c]
  - { ends: [one:p0, new:p0], subnet: { ipv4: 10.50.0.0/30, gateway: false } }
  - { ends: [{ at: two:up0, mac: "02:00:00:00:00:bb" }, host:to-two], subnet: { ipv4: 10.61.0.0/30, gateway: "host:to-two" } }
host: { routes: [{ to: 10.70.0.0/16, type: blackhole }] }
`);

beforeEach(async () => {
  await emptyHost();
  await shell('echo 0 > /proc/sys/net/ipv4/ip_forward; echo 0 > /proc/sys/net/ipv6/conf/all/forwarding');
});

/** The kernel, but the first run fails, or stops, before or behind what it is told. */
interface Fault {
  readonly at: number;
  /** `fails`: the operation itself fails. `stops`: an interrupt ends the run after it. */
  readonly how: 'fails' | 'stops';
}

function faulty({ at, how }: Fault): Kernel {
  let armed = true;
  return {
    ...kernel,
    run: async (operations, options) => {
      if (!armed) return kernel.run(operations, options);
      armed = false;
      const done = operations.slice(0, at);
      const outcomes = await kernel.run(done);
      expect(outcomes.filter(({ status }) => status !== 'done')).toEqual([]);
      const [next, ...rest] = operations.slice(at);
      return [
        ...outcomes,
        ...(next === undefined
          ? []
          : [how === 'fails' ? ({ operation: next, status: 'failed', ms: 0, error: new Error('no') } as const) : skipped(next)]),
        ...rest.map(skipped),
      ];
    },
  };
}

const skipped = (operation: Operation) => ({ operation, status: 'skipped', ms: 0 }) as const;

const apply = (on: Kernel, plan: Plan, topology: Topology | undefined): Promise<Report> =>
  applyPlan(on, plan, {
    replan: () => (topology ? planTopology(kernel, topology, { adopt: false }) : planDestroy(kernel, plan.topology)),
    revert: () => planRevert(kernel, plan, topology),
  });

/** The first operation of each phase that a plan has, and the last of all. */
function starts({ operations }: Plan): { phase: Phase | 'end'; at: number }[] {
  const each = PHASES.map((phase) => ({ phase, at: operations.findIndex((one) => one.phase === phase) })).filter(({ at }) => at >= 0);
  return [...each, { phase: 'end', at: operations.length - 1 }];
}

/** An operation in the middle of each phase. */
const middles = (plan: Plan): { phase: Phase | 'end'; at: number }[] =>
  starts(plan)
    .slice(0, -1)
    .map(({ phase, at }) => ({ phase, at: at + Math.floor(plan.operations.filter((one) => one.phase === phase).length / 2) }));

interface Case {
  readonly what: string;
  readonly from: Topology | undefined;
  readonly to: Topology | undefined;
}

const cases: readonly Case[] = [
  { what: 'creation', from: undefined, to: before },
  { what: 'update', from: before, to: after },
  { what: 'destruction', from: before, to: undefined },
];

const planFor = (to: Topology | undefined): Promise<Plan> =>
  to ? planTopology(kernel, to, { adopt: false }) : planDestroy(kernel, 'roll');

describe.each(cases)('$what', ({ from, to }) => {
  test('an operation of any phase fails: the host is as it was before', async () => {
    if (from) await converge(kernel, from);
    const start = await everything();
    for (const { phase, at } of middles(await planFor(to))) {
      const plan = await planFor(to);
      const report = await apply(faulty({ at, how: 'fails' }), plan, to);
      expect([phase, at, report.status, linesOf({ changes: report.remaining }), report.error?.message]).toEqual([
        phase,
        at,
        'rolled-back',
        [],
        'no',
      ]);
      expect([phase, at, await everything()]).toEqual([phase, at, start]);
    }
  });

  test('it is interrupted in any phase: the host is as it was before', async () => {
    if (from) await converge(kernel, from);
    const start = await everything();
    for (const { phase, at } of starts(await planFor(to))) {
      const report = await apply(faulty({ at, how: 'stops' }), await planFor(to), to);
      expect([phase, at, report.status, report.error?.message]).toEqual([phase, at, 'rolled-back', 'interrupted']);
      expect([phase, at, await everything()]).toEqual([phase, at, start]);
    }
  });

  test('it is killed in any phase: the next apply converges, and nothing leaks', async () => {
    const empty = await hostState();
    if (to) await converge(kernel, to);
    const wanted = await hostState();
    for (const { phase, at } of middles(await planFromTo(from, to))) {
      await destroy('roll');
      expect([phase, at, await hostState()]).toEqual([phase, at, empty]);
      if (from) await converge(kernel, from);
      await kernel.run((await planFor(to)).operations.slice(0, at));
      if (to) await converge(kernel, to);
      else await destroy('roll');
      expect([phase, at, await hostState()]).toEqual([phase, at, wanted]);
      if (to) expect(await changesOf(to)).toEqual([]);
    }
    await destroy('roll');
    expect(await hostState()).toEqual(empty);
  });

  async function planFromTo(one: Topology | undefined, other: Topology | undefined): Promise<Plan> {
    await destroy('roll');
    if (one) await converge(kernel, one);
    return planFor(other);
  }
});

test('killed in any phase of a creation: destroy by name leaves nothing', async () => {
  const empty = await hostState();
  const plan = await planFor(before);
  for (const { phase, at } of starts(plan)) {
    await kernel.run(plan.operations.slice(0, at));
    const report = await destroy('roll');
    expect([phase, at, ['converged', 'unchanged'].includes(report.status)]).toEqual([phase, at, true]);
    expect([phase, at, await hostState()]).toEqual([phase, at, empty]);
  }
});

test('a signal ends an apply after the batch that is under way, and the host is as it was before', async () => {
  const start = await everything();
  for (let batches = 1; ; batches += 1) {
    const controller = new AbortController();
    let seen = 0;
    const plan = await planFor(before);
    const report = await applyPlan(kernel, plan, {
      replan: () => planFor(before),
      revert: () => planRevert(kernel, plan, before),
      signal: controller.signal,
      onProgress: () => {
        seen += 1;
        if (seen === batches) controller.abort();
      },
    });
    if (report.status === 'converged') break;
    expect([batches, report.status]).toEqual([batches, 'rolled-back']);
    expect([batches, await everything()]).toEqual([batches, start]);
  }
});

test.each([
  { what: 'a bridge', how: 'ip link add br-b type bridge', undo: 'ip link del br-b' },
  { what: 'a port', how: 'ip link add old-eth0 type bridge', undo: 'ip link del old-eth0' },
  { what: 'a namespace', how: 'ip netns add old; ip -n old link set lo up', undo: 'ip netns del old' },
  { what: 'a shared name', how: 'ip netns add side', undo: 'ip netns del side' },
])('$what takes a name between plan and apply: all else goes back, and it stays', async ({ how, undo }) => {
  const start = await everything();
  const plan = await planFor(before);
  await shell(how);
  const foreign = await everything();
  const report = await apply(kernel, plan, before);
  expect([report.status, linesOf({ changes: report.remaining })]).toEqual(['rolled-back', []]);
  expect(await everything()).toEqual(foreign);
  await shell(undo);
  expect(await everything()).toEqual(start);
});

test('a failed takeover gives back what it took', async () => {
  await shell(`ip link add br-a type bridge; ip addr add 10.1.1.1/24 dev br-a; ip netns add one; ip -n one link set lo up
    ip link add one-eth0 type veth peer name eth0 netns one; ip -n one addr add 10.1.1.2/24 dev eth0; ip -n one link set eth0 up; ip -n one route add default via 10.1.1.1`);
  const start = await everything();
  const adopt = () => planTopology(kernel, before, { adopt: true });
  for (const { phase, at } of middles(await adopt())) {
    const report = await apply(faulty({ at, how: 'fails' }), await adopt(), before);
    expect([phase, at, report.status, linesOf({ changes: report.remaining })]).toEqual([phase, at, 'rolled-back', []]);
    expect([phase, at, await everything()]).toEqual([phase, at, start]);
  }
});

/** The record, too. */
const everything = async (): Promise<unknown> => ({
  ...(await hostState()),
  record: await readFile('/run/netloom/roll.json', 'utf8').catch(() => undefined),
});
