import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PHASES } from '../../src/model/operation.ts';
import { makeForeign } from '../support/faults/foreign.ts';
import { everywhere, journeyFrom, journeyTo, killOnTheWay, newOnes, newTally, oneOfEach, sampled } from '../support/faults/killing.ts';
import { faultRow } from '../support/faults/table.ts';
import { destroy, load } from '../support/lab.ts';

const FOLDER = new URL('../../topologies/', import.meta.url);
// A container's namespace is Docker's to make: docker.kernel.test.ts has that one.
const FILES = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml') && file !== 'attach-container.yaml');

/** As one topology that changes: all under one name. */
const topologies = FILES.map((file) => load(readFileSync(new URL(file, FOLDER), 'utf8').replace(/^name: .*/m, 'name: cut'), file));

const tally = newTally();
const seen = new Set<string>();
beforeAll(makeForeign);
afterAll(async () => {
  await destroy('cut');
});

test.each(topologies)('$file: killed on the way up and on the way down, the next run arrives and leaves nothing', async (topology) => {
  const small = topology.file === 'veth-pair.yaml';
  await killOnTheWay(journeyTo(topology, 'create'), journeyFrom(topology), small ? everywhere : sampled(oneOfEach(seen)), tally);
});

test('from each file to the next: killed on the way, the next run arrives', async () => {
  const updated = new Set<string>();
  for (const [index, topology] of topologies.entries()) {
    const next = topologies[index + 1];
    // Every other pair: all together would take minutes, and bring no other sorts of steps.
    if (next === undefined || index % 2 === 1) continue;
    await journeyTo(topology, 'create').finish();
    await killOnTheWay(
      journeyTo(next, 'update'),
      journeyTo(topology, 'update'),
      sampled(newOnes(updated, index / topologies.length)),
      tally,
    );
  }
});

test('that was often enough, and of every sort', () => {
  expect(tally.cuts).toBeGreaterThan(150);
  faultRow(
    '`kill -9` at each step of the smallest example, and at each sort of step of the others',
    'the next apply arrives, the next destroy leaves nothing, nothing foreign has changed',
  );
  expect([...new Set([...tally.sorts].map((sort) => sort.split(' ')[0]))].sort()).toEqual([...PHASES].sort());
});
