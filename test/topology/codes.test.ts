import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CODES } from '../../src/topology/codes.ts';

const ROOT = join(import.meta.dirname, '../..');

const PAGE = join(ROOT, 'docs/errors.md');

/** The last table of the page is made from the list; the rest is written by hand. */
const HEAD = '| code | what it means, and the usual cure |\n|---|---|\n';

test('docs/errors.md lists every code of topology files', async () => {
  const [before = ''] = readFileSync(PAGE, 'utf8').split(HEAD);
  const rows = Object.entries(CODES).map(([code, text]) => `| \`${code}\` | ${text} |\n`);
  await expect(`${before}${HEAD}${rows.join('')}`).toMatchFileSnapshot(PAGE);
});

test('docs/errors.md knows every code of the sources, and no other', () => {
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(ROOT, 'src', name), 'utf8'))
    .join('\n');
  // Programs that may be missing: E_NO_ and the name of one.
  const programs = /const PACKAGES.*= \{([^}]*)\}/.exec(sources)?.[1] ?? '';
  const missing = [...programs.matchAll(/(\w+):/g)].map(([, program]) => `E_NO_${program?.toUpperCase()}`);
  const written = [...sources.matchAll(/['`]([EW]_[A-Z_]*[A-Z])['`]/g)].map(([, code]) => code);
  const explained = [...readFileSync(PAGE, 'utf8').matchAll(/`([EW]_[A-Z_]+)`/g)].map(([, code]) => code);
  const all = new Set([...written, ...missing, ...Object.keys(CODES)]);
  expect(missing.length).toBeGreaterThan(3);
  expect([...new Set(explained)].sort()).toEqual([...all].sort());
});

test('every code is used, and every one but that for bugs is seen in a test', () => {
  const read = (folder: string) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|txt)$/.test(name) && !/codes/.test(name))
      .map((name) => readFileSync(join(ROOT, folder, name), 'utf8'))
      .join('\n');
  const [sources, tests] = [read('src/topology'), read('test/topology')];
  const codes = Object.keys(CODES);
  expect(codes.filter((code) => !sources.includes(`'${code}'`))).toEqual([]);
  expect(codes.filter((code) => code !== 'E_INTERNAL' && !new RegExp(`\\b${code}\\b`).test(tests))).toEqual([]);
});
