import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { manPages } from '../../src/cli/manual/man.ts';
import { USAGES } from '../../src/cli/usage.ts';
import { versionText } from '../../src/cli/version.ts';

const MAN = join(import.meta.dirname, '../../man');

test('man: a page for netloom and one for each command, as they are in man/', () => {
  const pages = manPages(versionText());
  expect(pages.map(({ file }) => file).toSorted()).toEqual(readdirSync(MAN).toSorted());
  expect(pages).toHaveLength(USAGES.length + 1);
  for (const { file, text } of pages) expect(readFileSync(join(MAN, file), 'utf8')).toBe(text);
});

test('man: npm installs every page', () => {
  const { man } = JSON.parse(readFileSync(join(MAN, '../package.json'), 'utf8'));
  expect(man).toEqual(
    readdirSync(MAN)
      .sort()
      .map((file) => `man/${file}`),
  );
});

/** A page as the formatter behind man(1) sets it, and what it has to say about it. */
const rendered = (file: string) =>
  spawnSync('groff', ['-ww', '-man', '-Tutf8', '-P-cbou', '-rLL=100n', join(MAN, file)], { encoding: 'utf8' });

test('man: every page is set without a warning', () => {
  for (const file of readdirSync(MAN)) {
    const { status, stderr } = rendered(file);
    expect([file, status, stderr]).toEqual([file, 0, '']);
  }
});

test.each(USAGES.map((usage) => [usage.name, usage] as const))('man netloom-%s says what --help says', (name, usage) => {
  const said = rendered(`netloom-${name}.1`).stdout.replaceAll('\u2010\n', '').replaceAll(/\s+/g, ' ');
  const all = [usage.summary, usage.description, ...usage.options.map(([, text]) => text), ...usage.exits.flat(), ...usage.examples.flat()];
  const plain = (text: string): string => text.replaceAll(/\s+/g, '');
  for (const text of all) expect(plain(said)).toContain(plain(text));
});
