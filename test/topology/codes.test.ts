import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CODES } from '../../src/topology/codes.ts';

const ROOT = join(import.meta.dirname, '../..');

const page = `# Faults of topology files

What \`netloom validate\` and every command that reads a file can find wrong, by code. Codes are stable. This page is made from
src/topology/codes.ts; \`npx vitest run test/topology/codes -u\` writes it anew.

| code | what it means, and the usual cure |
|---|---|
${Object.entries(CODES)
  .map(([code, text]) => `| \`${code}\` | ${text} |`)
  .join('\n')}
`;

test('docs/errors.md lists every code', async () => {
  await expect(page).toMatchFileSnapshot(join(ROOT, 'docs/errors.md'));
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
