import fc from 'fast-check';
import { expect } from 'vitest';
import { createIprouteKernel } from '../../src/kernel/iproute/kernel.ts';
import type { Plan } from '../../src/model/resource.ts';
import type { Topology } from '../../src/model/topology.ts';
import { planDestroy, planTopology } from '../../src/pipeline/plan.ts';
import { loadTopology } from '../../src/topology/load.ts';
import { converge, linesOf } from '../support/converge.ts';
import { hostState } from '../support/host-state.ts';
import { randomTopology } from '../support/random-topology.ts';

/**
 * For pairs of random topologies: a host that goes from A to B ends as one that got B alone; after each apply there is nothing left to do;
 * and what is left in the end is what was there at first.
 */
export async function checkPairs(seed: number, numRuns: number): Promise<void> {
  const kernel = createIprouteKernel();
  const load = (text: string): Topology => loadTopology(text, 'random.yaml');
  const apply = async (topology: Topology): Promise<Plan> => converge(kernel, topology);
  const destroy = async () => {
    await kernel.run((await planDestroy(kernel, 'random')).operations);
  };
  const start = await hostState();
  await fc.assert(
    fc.asyncProperty(randomTopology, randomTopology, async (a, b) => {
      const [from, to] = [load(a), load(b)];
      try {
        await apply(from);
        await apply(to);
        expect(linesOf(await planTopology(kernel, to, { adopt: false }))).toEqual([]);
        const reached = await hostState();
        await destroy();
        expect(await hostState()).toEqual(start);
        await apply(to);
        expect(reached).toEqual(await hostState());
      } finally {
        await destroy();
      }
    }),
    { seed, numRuns, endOnFailure: true },
  );
}
