import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';

const PAGE = new URL('../../../docs/safety.md', import.meta.url);
const HEAD = '| fault | what happens |';

/** Rows of the table in docs/safety.md: fault → what happens. */
export function faultRows(): Map<string, string> {
  return new Map(
    tableOf(readFileSync(PAGE, 'utf8'))
      .rows.slice(2)
      .map((line) => {
        const [, fault = '', happens = ''] = line.split('|').map((cell) => cell.trim());
        return [fault, happens];
      }),
  );
}

/**
 * What a test has seen happen is what docs/safety.md says; `npx vitest run test/faults -u` writes it there. To be called behind what the test
 * has found out, with words that say no more than that.
 */
export function faultRow(fault: string, happens: string): void {
  const { snapshotState } = expect.getState() as unknown as { snapshotState: { _updateSnapshot: string } };
  if (snapshotState._updateSnapshot === 'all') {
    const page = readFileSync(PAGE, 'utf8');
    const { rows, before, after } = tableOf(page);
    const others = rows.slice(2).filter((line) => line.split('|')[1]?.trim() !== fault);
    const all = [...others, `| ${fault} | ${happens} |`].sort();
    writeFileSync(PAGE, `${before}${[HEAD, '| --- | --- |', ...all].join('\n')}\n${after}`);
    return;
  }
  expect(faultRows().get(fault)).toBe(happens);
}

function tableOf(page: string): { rows: string[]; before: string; after: string } {
  const start = page.search(/^\| fault +\| what happens +\|$/m);
  if (start === -1) throw new Error('docs/safety.md has no table of faults');
  const rest = page.slice(start);
  const end = rest.search(/^(?!\|)/m);
  const rows = (end === -1 ? rest : rest.slice(0, end)).trimEnd().split('\n');
  return { rows, before: page.slice(0, start), after: end === -1 ? '' : rest.slice(end) };
}
