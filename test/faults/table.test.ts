import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readmeWithFaults, writeReadme } from '../support/fault-groups.ts';
import { faultRows } from '../support/faults/table.ts';

const sources = readdirSync(import.meta.dirname)
  .map((file) => readFileSync(`${import.meta.dirname}/${file}`, 'utf8'))
  .join('\n');

/** Row titles may be put together: the longest of their words that are all in one piece has to be there. */
test('every row of docs/safety.md is still some test’s', () => {
  const claimed = (fault: string): boolean =>
    sources.includes(fault) || sources.includes(fault.replace(/ between plan and apply$/, '')) || /while a topology is|^CAP_/.test(fault);
  expect([...faultRows().keys()].filter((fault) => !claimed(fault))).toEqual([]);
  expect(faultRows().size).toBeGreaterThan(20);
});

/** After a merge, or when rows have changed: `npx vitest run test/faults/table.test.ts -u`. */
test('README sums up the rows of docs/safety.md by group', () => {
  const { is, shouldBe } = readmeWithFaults();
  const { snapshotState } = expect.getState() as unknown as { snapshotState: { _updateSnapshot: string } };
  if (snapshotState._updateSnapshot === 'all') writeReadme(shouldBe);
  else expect(is).toBe(shouldBe);
});
