import { afterAll, expect, test } from 'vitest';
import { dump } from '../../src/kernel/iproute/read/dump.ts';
import { run as runOperations } from '../../src/kernel/iproute/write/run.ts';
import { createPrograms, type RunProgram } from '../../src/kernel/program.ts';
import type { Kernel } from '../../src/model/kernel.ts';
import { applyPlan } from '../../src/pipeline/apply.ts';
import { planDestroy, planRevert, planTopology } from '../../src/pipeline/plan.ts';
import { linesOf } from '../support/converge.ts';
import { destroy, load } from '../support/lab.ts';
import { pings, run } from '../support/sandbox.ts';

const SIZE = 1000;

const lab = load(`
version: 1
name: scale
subnets:
  a: { ipv4: 172.30.0.0/22 }
  b: { ipv4: 172.30.4.0/22 }
bridges:
  br-a: { subnet: a }
  br-b: { subnet: b }
namespaces:
  a(001-${SIZE / 2}): {}
  b(001-${SIZE / 2}): {}
links:
  - [a(001-${SIZE / 2}):eth0, br-a]
  - [b(001-${SIZE / 2}):eth0, br-b]
`);

/** Programs that netloom itself starts, and what these start in turn, an `ip` for each visit with lines; and namespaces that are entered with requests. */
const spawned = { own: 0, started: 0, entered: 0 };
const programs = createPrograms({
  onSpawn: () => {
    spawned.own += 1;
  },
});
const counting: RunProgram = (argv, options) => {
  if (argv[0] === 'perl') {
    // NAMESPACE SETTINGS REQUESTS LINES
    const visits = [...(options?.input ?? '').matchAll(/^\S+ \d+ (\d+) (\d+)$/gm)];
    spawned.entered += visits.filter(([, requests]) => requests !== '0').length;
    spawned.started += visits.filter(([, , lines]) => lines !== '0').length;
  }
  return programs(argv, options);
};
const kernel: Kernel = {
  facts: async () => ({ resolvers: [] }),
  dump: (scope, signal) => dump(counting, scope, signal),
  run: (operations, options) => runOperations(counting, operations, options),
};

async function counted<T>(work: () => Promise<T>): Promise<{ result: T } & typeof spawned> {
  Object.assign(spawned, { own: 0, started: 0, entered: 0 });
  return { result: await work(), ...spawned };
}

afterAll(async () => {
  await destroy('scale', {}, kernel);
}, 120_000);

test(`${SIZE} namespaces on two bridges are applied, planned empty and destroyed, by few processes`, async () => {
  const before = (await run('ip', '-br', 'link', 'show')).split('\n').length;
  const replan = () => planTopology(kernel, lab, { adopt: false });
  const plan = await counted(replan);
  expect(plan.own).toBeLessThanOrEqual(15);
  expect(plan.entered).toBe(0);
  expect(plan.result.changes.length).toBeGreaterThan(5 * SIZE);

  const applied = await counted(() => applyPlan(kernel, plan.result, { replan, revert: () => planRevert(kernel, plan.result, lab) }));
  expect([applied.result.status, applied.result.error?.message]).toEqual(['converged', undefined]);
  // Once to configure it, and once to read it again.
  expect([applied.entered, applied.started]).toEqual([2 * SIZE, 0]);
  expect(applied.own).toBeLessThanOrEqual(40);

  const second = await counted(replan);
  expect(linesOf(second.result)).toEqual([]);
  expect([second.entered, second.started]).toEqual([SIZE, 0]);
  expect(second.own).toBeLessThanOrEqual(15);
  expect(await pings('a001', '172.30.3.245')).toBe(false);
  expect(await pings('a001', '172.30.1.245')).toBe(true);
  expect(await pings('host', '172.30.5.245')).toBe(true);

  const end = () => planDestroy(kernel, 'scale');
  const doomed = await counted(end);
  const destroyed = await counted(() =>
    applyPlan(kernel, doomed.result, { replan: end, revert: () => planRevert(kernel, doomed.result, undefined) }),
  );
  expect([destroyed.result.status, destroyed.result.error?.message]).toEqual(['converged', undefined]);
  expect(doomed.own).toBeLessThanOrEqual(25);
  // What is removed is not entered.
  expect([destroyed.entered, destroyed.own <= 25]).toEqual([0, true]);
  expect((await run('ip', '-br', 'link', 'show')).split('\n').length).toBe(before);
  expect(await run('ip', 'netns', 'list')).toBe('');
}, 300_000);
