import fc from 'fast-check';
import { expect } from 'vitest';
import type { Topology } from '../../../src/model/topology.ts';
import { loadTopology } from '../../../src/topology/load.ts';
import { destroy } from '../lab.ts';
import { randomTopology } from '../random-topology.ts';
import { type Effect, runWith } from './effects.ts';
import { makeForeign } from './foreign.ts';
import {
  EVERY_CUT,
  everything,
  everywhere,
  type Journey,
  journeyFrom,
  journeyTo,
  killOnTheWay,
  newOnes,
  newTally,
  randomOf,
  type Tally,
} from './killing.ts';

/** Random topologies in pairs: to change from one of a pair to the other is an update. */
export const randomPairs = (seed: number, count: number): [Topology, Topology][] =>
  fc
    .sample(fc.tuple(randomTopology, randomTopology), { seed, numRuns: count })
    .map((pair) => pair.map((text) => loadTopology(text, 'random.yaml')) as [Topology, Topology]);

/**
 * For each pair A, B: killed while it makes A, while A becomes B, while B goes; each time the next run must arrive, and in the end the host is
 * what it was. Where the kills strike is what none of the pairs before was cut at, else anywhere; with NETLOOM_EVERY_CUT everywhere.
 */
export async function killRandomly(seed: number, count: number): Promise<Tally> {
  await makeForeign();
  const tally = newTally();
  const seen = new Set<string>();
  const start = await everything();
  const random = randomOf(seed);
  for (const [a, b] of randomPairs(seed, count)) {
    if (EVERY_CUT) {
      await killOnTheWay(journeyTo(a, 'create'), journeyFrom(a), everywhere, tally);
      await journeyTo(a, 'create').finish();
      await killOnTheWay(journeyTo(b, 'update'), journeyTo(a, 'update'), everywhere, tally);
      await journeyFrom(a).finish();
    } else {
      for (const journey of [journeyTo(a, 'create'), journeyTo(b, 'update'), journeyFrom(b)]) await killOnce(journey, seen, random, tally);
    }
    expect(await everything()).toEqual(start);
  }
  await destroy('random');
  return tally;
}

async function killOnce(journey: Journey, seen: Set<string>, random: () => number, tally: Tally): Promise<void> {
  const { operations } = await journey.plan();
  // What the effects will be is not known before: operations stand for them well enough.
  const expected: Effect[] = operations.map(({ phase, step }) => ({ phase, sort: step.do }));
  if (expected.length === 0) return;
  const [at = 0] = newOnes(seen, random, 1)(expected);
  // Most operations are one effect or two.
  const { effects, outcomes } = await runWith(operations, { after: Math.floor(at * (1 + random())), how: 'killed' });
  tally.places += expected.length;
  if (outcomes === undefined) {
    tally.cuts += 1;
    tally.sorts.add(`${effects.at(-1)?.phase} ${effects.at(-1)?.sort}`);
  }
  await journey.finish();
}
