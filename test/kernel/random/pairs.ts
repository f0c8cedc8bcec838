import fc from 'fast-check';
import { expect } from 'vitest';
import { createIprouteKernel } from '../../../src/kernel/iproute/kernel.ts';
import { addressOf } from '../../../src/model/ip.ts';
import type { Topology } from '../../../src/model/topology.ts';
import { planDestroy, planTopology } from '../../../src/pipeline/plan.ts';
import { loadTopology } from '../../../src/topology/load.ts';
import { converge, linesOf } from '../../support/converge.ts';
import { hostState } from '../../support/host-state.ts';
import { randomTopology } from '../../support/random-topology.ts';
import { pings } from '../../support/sandbox.ts';

/** How many pairs each of the four parts takes: 50 with NETLOOM_EVERY_PAIR=1, as before a release; else the first twelve. */
export const PAIRS = process.env.NETLOOM_EVERY_PAIR === '1' ? 50 : 12;

/**
 * For pairs of random topologies: a host that goes from A to B ends as one that got B alone; neighbours reach each other within a second;
 * after each apply there is nothing left to do; and what is left in the end is what was there at first.
 */
export async function checkPairs(parameters: { readonly seed: number; readonly numRuns: number }): Promise<void> {
  const kernel = createIprouteKernel();
  const destroy = async () => {
    await kernel.run((await planDestroy(kernel, 'random')).operations);
  };
  const start = await hostState();
  await fc.assert(
    fc.asyncProperty(randomTopology, randomTopology, async (a, b) => {
      const [from, to] = [a, b].map((text) => loadTopology(text, 'random.yaml')) as [Topology, Topology];
      try {
        await converge(kernel, from);
        // Fills neighbour caches, which must not stand in the way of what comes next.
        expect(await silentNeighbours(from)).toEqual([]);
        await converge(kernel, to);
        expect(await silentNeighbours(to)).toEqual([]);
        expect(linesOf(await planTopology(kernel, to, { adopt: false }))).toEqual([]);
        const reached = await hostState();
        await destroy();
        expect(await hostState()).toEqual(start);
        await converge(kernel, to);
        expect(reached).toEqual(await hostState());
      } finally {
        await destroy();
      }
    }),
    // Shrinking would take hours; the seed and the two files are enough to go on.
    { ...parameters, endOnFailure: true },
  );
}

/** Members of one bridge that do not answer the one before them, though nothing keeps them apart. */
async function silentNeighbours(topology: Topology): Promise<string[]> {
  const attempts = topology.bridges
    // Spanning tree listens for half a minute before it forwards.
    .filter(({ icc, stp }) => icc && !stp)
    .flatMap(({ name }) => {
      const members = topology.links.filter(({ bridge }) => bridge === name).map(({ ends }) => ends[1]);
      return members.slice(1).map((member, index) => ({ from: members[index]?.namespace ?? '', member }));
    })
    .filter(({ from, member }) => from !== member.namespace);
  const silent = await Promise.all(
    attempts.map(async ({ from, member }) => {
      const address = member.addresses.map(addressOf).find((one) => !one.includes(':'));
      return address === undefined || (await pings(from, address)) ? [] : [`${from} → ${member.namespace}:${member.ifname} (${address})`];
    }),
  );
  return silent.flat();
}
