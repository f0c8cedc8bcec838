import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createFakeKernel, FakeCrash, type FakeKernel } from '../../src/kernel/fake/index.ts';
import type { Operation } from '../../src/model/operation.ts';
import type { Topology } from '../../src/model/topology.ts';
import { planDestroy, planTopology } from '../../src/pipeline/plan.ts';
import { loadTopology } from '../../src/topology/load.ts';
import { converge, linesOf } from '../support/converge.ts';
import { randomPairs } from '../support/faults/killing-random.ts';

const FOLDER = new URL('../../topologies/', import.meta.url);
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml') && file !== 'attach-container.yaml');
const topologies = files.map((file) => loadTopology(readFileSync(new URL(file, FOLDER), 'utf8').replace(/^name: .*/m, 'name: cut'), file));

const planFor = (kernel: FakeKernel, to: Topology | undefined, name: string) =>
  to === undefined ? planDestroy(kernel, name) : planTopology(kernel, to, { adopt: false });

/**
 * Killed after the 1st, 2nd, … nth operation, on a copy of the host each time; then `to` is asked for again. Of a topology with more than
 * `most` operations every few are taken, another few each time.
 */
async function killAtEach(host: FakeKernel, to: Topology | undefined, name: string, most: number): Promise<number> {
  const { operations } = await planFor(host, to, name);
  const step = Math.ceil(operations.length / most);
  let cuts = 0;
  for (let after = operations.length % step; after < operations.length; after += step) {
    const kernel = host.clone();
    kernel.crashAfter(after);
    await expect(kernel.run(operations)).rejects.toThrow(FakeCrash);
    cuts += 1;
    if (to === undefined) await kernel.run((await planFor(kernel, to, name)).operations);
    else await converge(kernel, to);
    const left = await planFor(kernel, to, name);
    expect({ after, before: describe(operations[after]), changes: linesOf(left), operations: left.operations }).toEqual({
      after,
      before: describe(operations[after]),
      changes: [],
      operations: [],
    });
  }
  return cuts;
}

const describe = (operation: Operation | undefined): string => `${operation?.phase} ${JSON.stringify(operation?.step)}`;

async function killAll(from: Topology, to: Topology, most: number): Promise<number> {
  const empty = createFakeKernel();
  const made = createFakeKernel();
  await converge(made, from);
  return (
    (await killAtEach(empty, from, from.name, most)) +
    (await killAtEach(made, to, from.name, most)) +
    (await killAtEach(made, undefined, from.name, most))
  );
}

test('each file of topologies/: killed after any operation of a creation, a change and a removal, the next run arrives', async () => {
  let cuts = 0;
  for (const [index, topology] of topologies.entries())
    cuts += await killAll(topology, topologies[(index + 1) % topologies.length] ?? topology, 25);
  expect(cuts).toBeGreaterThan(400);
}, 300_000);

test('50 random pairs: killed after any operation of a creation, a change and a removal, the next run arrives', async () => {
  let cuts = 0;
  for (const [from, to] of randomPairs(50, 50)) cuts += await killAll(from, to, 8);
  expect(cuts).toBeGreaterThan(800);
}, 300_000);
