import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { hostState } from '../support/host-state.ts';
import { rerun } from './examples.ts';

const ROOT = join(import.meta.dirname, '../..');

let before: unknown;
afterEach(async () => {
  // A page ends as it should teach to: with nothing left.
  if (before !== undefined) expect(await hostState()).toEqual(before);
});

// `npx vitest run test/docs -u` writes real output into the pages.
test.each(['README.md', 'docs/language.md', 'docs/trace.md'])('%s: every command says what the page shows', async (page) => {
  before = await hostState();
  const cwd = await mkdtemp(join(tmpdir(), 'netloom-docs-'));
  await expect(await rerun(await readFile(join(ROOT, page), 'utf8'), cwd)).toMatchFileSnapshot(join(ROOT, page));
});
