import { expect, test } from 'vitest';
import { FakeCrash } from '../../src/kernel/fake/index.ts';
import { linesOf } from '../support/converge.ts';
import { asOneTopology } from '../support/faults/every-file.ts';
import { describeOperation, type FakeJourney, fakeJourneys, fakePlaces } from '../support/faults/fake.ts';
import { EVERY_CUT, randomOf } from '../support/faults/killing.ts';
import { randomPairs } from '../support/faults/killing-random.ts';

const topologies = asOneTopology();
const random = randomOf(4);
const seen = new Set<string>();

/** Killed after an operation, on a copy of the host each time; then the same is asked for again, and nothing is left to do. */
async function killAtEach(journey: FakeJourney, most: number): Promise<number> {
  const { operations } = await journey.planOn(journey.host);
  const places = fakePlaces(operations, most, seen, random);
  for (const after of places) {
    const kernel = journey.host.clone();
    kernel.crashAfter(after);
    await expect(kernel.run(operations)).rejects.toThrow(FakeCrash);
    const { blockers, operations: rest } = await journey.planOn(kernel);
    const failed = (await kernel.run(rest)).filter(({ status }) => status !== 'done').map(({ error }) => String(error));
    const left = await journey.planOn(kernel);
    const place = `${journey.what}, killed after ${after}, before ${describeOperation(operations[after])}`;
    expect([place, blockers, failed, linesOf(left), left.operations]).toEqual([place, [], [], [], []]);
  }
  return places.length;
}

async function killAll(pairs: Iterable<readonly [Parameters<typeof fakeJourneys>[0], Parameters<typeof fakeJourneys>[1]]>, most: number) {
  let kills = 0;
  for (const [from, to] of pairs) for (const journey of await fakeJourneys(from, to)) kills += await killAtEach(journey, most);
  if (EVERY_CUT) console.log(`fake kernel: ${kills} kills`);
  return kills;
}

test('each file of topologies/: killed after any operation of a creation, a change and a removal, the next run arrives', async () => {
  const pairs = topologies.map((topology, index) => [topology, topologies[(index + 1) % topologies.length] ?? topology] as const);
  expect(await killAll(pairs, 12)).toBeGreaterThan(250);
}, 3_600_000);

test('random pairs: killed after any operation of a creation, a change and a removal, the next run arrives', async () => {
  expect(await killAll(randomPairs(50, EVERY_CUT ? 50 : 25), 4)).toBeGreaterThan(150);
}, 3_600_000);
