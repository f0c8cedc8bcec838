import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { USAGES } from '../../src/cli/usage.ts';
import { COMMON } from '../../src/cli/usages/options.ts';
import { type Block, blocksOf } from './blocks.ts';
import { PAGES, ROOT } from './pages.ts';

const textOf = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

/** Commands that are shown and not run by a test, and why. */
const NOT_RUN: readonly (readonly [RegExp, string])[] = [
  [/^npm (start|test|link|install -g netloom)\b/, 'needs a registry, or is what runs this test'],
  [/^node bin\/netloom\.js (--help|sandbox)$/, 'a terminal for a person; --help is checked by test/cli/usage.test.ts'],
  [/^git clone /, 'needs a network'],
  [/^(install -d|cp) .*\/etc\//, 'writes to the /etc of the machine'],
  [/^cd /, 'between commands that are not run'],
  [/^systemctl /, 'a sandbox has no service manager'],
  [/^man -l /, 'a terminal for a person; test/cli/manual.test.ts renders the pages'],
  [/^docker network /, 'test/kernel/docker.kernel.test.ts does this with a real one'],
  [/^curl --unix-socket /, 'test/watch/serve.kernel.test.ts asks the same of a real one'],
];

/** Lines that a person fits to his own case; that they are command lines of netloom's is checked here. */
function isUsage(line: string): boolean {
  const words = (/(?:^|\| |<\()(netloom [^|>)]*)/.exec(line)?.[1] ?? '').trim().split(/ +/);
  const usage = USAGES.find(({ name }) => name === words[1]);
  const flags = [...(usage?.options ?? []).map(([flag]) => flag), ...COMMON.map(({ flags }) => flags)].flatMap((flag) =>
    flag.split(/[ ,]+/),
  );
  const own = words.slice(2, words.includes('--') ? words.indexOf('--') : undefined);
  return usage !== undefined && own.filter((word) => word.startsWith('-') && word !== '-').every((word) => flags.includes(word));
}

/** Blocks of languages that are no commands, and who checks them. */
const OTHERS: Readonly<Record<string, string>> = {
  ts: 'sample of a test; types of tests are checked',
  ini: 'systemd drop-in; test/watch/units.test.ts checks the units',
  text: 'pictures of text, and lines of a log that take a day to come',
  json: 'parsed below',
};

const inWhole = (page: string, { index }: Block): string => `${page}:${textOf(page).slice(0, index).split('\n').length}`;

describe('every fenced block is run, checked, or of a kind that is listed here with the reason', () => {
  test.each(PAGES)('%s', (page) => {
    const text = textOf(page);
    const blocks = blocksOf(text);
    // A fence that is not understood would hide what follows.
    const outside = blocks.reduce((rest, { source }) => rest.replace(source, ''), text);
    expect(outside.match(/^```.*/gm) ?? []).toEqual([]);
    const consoles = blocks.filter(({ language }) => language === 'console').map((block) => block.text);
    const unchecked = blocks.filter((block) => {
      switch (block.language) {
        case 'console':
          return !block.text.startsWith('$ ');
        case 'yaml':
          // A topology is used by a command; anything else is YAML at least.
          return block.file === undefined ? parse(block.text) === null : !consoles.some((one) => one.includes(block.file ?? ''));
        case 'json':
          return JSON.parse(block.text) === undefined;
        case 'sh':
          return !block.text
            .split('\n')
            .map((line) => line.replace(/ +#.*/, ''))
            .filter((line) => line !== '' && !line.startsWith('#'))
            .every((line) => isUsage(line) || NOT_RUN.some(([pattern]) => pattern.test(line)));
        default:
          return !(block.language in OTHERS);
      }
    });
    expect(unchecked.map((block) => inWhole(page, block))).toEqual([]);
  });
});

describe('docs/commands.md: a document of --json has the fields that the command gives', () => {
  const text = textOf('docs/commands.md');
  const samples = [...text.matchAll(/^`netloom ([a-z]+) --json`[^\n]*\n\n```json\n(.*?)^```$/gms)];

  test('there are samples', () => expect(samples.map(([, name]) => name)).toEqual(expect.arrayContaining(['plan', 'show', 'verify'])));

  test.each(samples.map(([, name = '', json = '']) => [name, json]))('%s', (name, json) => {
    const { document } = USAGES.find((usage) => usage.name === name) ?? {};
    const sample = Object.keys(JSON.parse(json));
    // `log` shows one of its entries.
    if (name !== 'log')
      expect(sample.toSorted()).toEqual(['formatVersion', ...Object.keys(document ?? {}), 'errors', 'warnings'].toSorted());
  });
});

describe('every link between pages leads somewhere', () => {
  test.each(PAGES)('%s', (page) => {
    const prose = textOf(page).replaceAll(/^(`{3,}).*?^\1$/gms, '');
    const broken = [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^https?:/.test(target))
      .filter((target) => {
        const [path = '', anchor] = target.split('#');
        const file = path === '' ? join(ROOT, page) : join(ROOT, dirname(page), path);
        if (!existsSync(file)) return true;
        return anchor !== undefined && !anchorsOf(readFileSync(file, 'utf8')).has(anchor);
      });
    expect(broken).toEqual([]);
  });
});

/** What GitHub makes of the headings of a page. */
function anchorsOf(text: string): Set<string> {
  const headings = text.replaceAll(/^(`{3,}).*?^\1$/gms, '').matchAll(/^#+ (.*)$/gm);
  return new Set(
    [...headings].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}
