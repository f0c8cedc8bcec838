import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readmeWithFaults, writeReadme } from '../support/fault-groups.ts';
import { faultRows } from '../support/faults/table.ts';

const FILES = [...readdirSync(import.meta.dirname), '../kernel/confirm.kernel.test.ts'];
const sources = FILES.map((file) => readFileSync(`${import.meta.dirname}/${file}`, 'utf8')).join('\n');

const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Titles that are put together, as patterns: what a row has in place of `${…}` must stand in a test, too. */
const composed = [...sources.matchAll(/faultRow\(\s*`((?:\\`|[^`])*)`/g)].map(
  ([, title = '']) =>
    new RegExp(
      `^${title
        .replaceAll('\\`', '`')
        .split(/\$\{[^}]*\}/)
        .map(literal)
        .join('(.+)')}$`,
    ),
);

test('every row of docs/safety.md is still some test’s', () => {
  const isThere = (text: string): boolean => sources.includes(text) || sources.includes(text.toLowerCase());
  const claimed = (fault: string): boolean =>
    isThere(fault) || composed.some((pattern) => pattern.exec(fault)?.slice(1).every(isThere) ?? false);
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
