import { afterAll, beforeAll, expect, test } from 'vitest';
import { asOneTopology, makeContainer } from '../support/faults/every-file.ts';
import { makeForeign } from '../support/faults/foreign.ts';
import { journeyTo, killOnTheWay, newOnes, newTally, randomOf, sampled } from '../support/faults/killing.ts';
import { faultRow } from '../support/faults/table.ts';
import { destroy } from '../support/lab.ts';

const topologies = asOneTopology();
/** Each one is in one pair, and comes and goes in it: all pairs would bring no other sorts of steps. */
const pairs = topologies.flatMap((from, index) => {
  const to = topologies[index + 1] ?? topologies[0];
  return index % 2 === 1 || to === undefined ? [] : [{ from, to, what: `${from.file} and ${to.file}` }];
});
const tally = newTally();
const seen = new Set<string>();
const random = randomOf(2);
beforeAll(async () => {
  await makeForeign();
  await makeContainer();
});
afterAll(async () => {
  await destroy('cut');
});

test.each(pairs)(
  '$what: killed while one becomes the other, the next run arrives',
  async ({ from, to }) => {
    await journeyTo(from, 'create').finish();
    await killOnTheWay(journeyTo(to, 'update'), journeyTo(from, 'update'), sampled(newOnes(seen, random)), tally);
  },
  3_600_000,
);

test('that was at every sort of step in every phase', () => {
  expect(pairs.length * 2).toBeGreaterThanOrEqual(topologies.length);
  expect([...tally.allSorts].filter((sort) => !tally.sorts.has(sort))).toEqual([]);
  faultRow(
    '`kill -9` at each sort of step while one example becomes another',
    'the next apply arrives, nothing of the one before is left, nothing foreign has changed',
  );
});
