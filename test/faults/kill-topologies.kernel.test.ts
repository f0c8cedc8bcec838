import { afterAll, beforeAll, expect, test } from 'vitest';
import { PHASES } from '../../src/model/operation.ts';
import { asOneTopology, insideContainer, makeContainer } from '../support/faults/every-file.ts';
import { makeForeign } from '../support/faults/foreign.ts';
import {
  everywhere,
  journeyFrom,
  journeyTo,
  killOnTheWay,
  newOnes,
  newTally,
  oneOfEach,
  randomOf,
  sampled,
} from '../support/faults/killing.ts';
import { faultRow } from '../support/faults/table.ts';
import { destroy } from '../support/lab.ts';

const topologies = asOneTopology();
/** Links of a topology that is large. */
const LARGE = 5;
const tally = newTally();
const seen = new Set<string>();
const random = randomOf(1);
beforeAll(async () => {
  await makeForeign();
  await makeContainer();
});
afterAll(async () => {
  await destroy('cut');
});

test.each(topologies)(
  '$file: killed on the way up and on the way down, the next run arrives and leaves nothing',
  async (topology) => {
    const container = await insideContainer();
    // What large ones alone bring, and one place each way: to bring back a large one takes seconds.
    const some = topology.links.length > LARGE ? newOnes : oneOfEach;
    const choose = topology.file === 'veth-pair.yaml' ? everywhere : sampled(some(seen, random));
    await killOnTheWay(journeyTo(topology, 'create'), journeyFrom(topology), choose, tally);
    await destroy('cut');
    expect(await insideContainer()).toBe(container);
  },
  3_600_000,
);

test('that was at every sort of step in every phase', () => {
  expect(tally.cuts).toBeGreaterThan(120);
  expect([...tally.allSorts].filter((sort) => !tally.sorts.has(sort))).toEqual([]);
  expect([...new Set([...tally.sorts].map((sort) => sort.split(' ')[0]))].sort()).toEqual([...PHASES].sort());
  faultRow(
    '`kill -9` at each step of the smallest example, and at each sort of step of the others',
    'the next apply arrives, the next destroy leaves nothing, nothing foreign has changed',
  );
});
