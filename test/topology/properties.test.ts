import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TopologyError } from '../../src/model/errors.ts';
import { loadTopology } from '../../src/topology/load.ts';

const HERE = import.meta.dirname;
const FILES = [
  readFileSync(join(HERE, 'shop.yaml'), 'utf8'),
  ...readdirSync(join(HERE, 'mistakes'))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => readFileSync(join(HERE, 'mistakes', name), 'utf8')),
];

/** Loads, and says what came of it; anything but a TopologyError with sound faults fails the property. */
function survives(source: string | Uint8Array): void {
  try {
    loadTopology(source, 'f');
  } catch (error) {
    if (!(error instanceof TopologyError)) throw error;
    expect(error.faults.length).toBeGreaterThan(0);
    const lines = error.source.split(/\r\n|\n|\r/).length;
    for (const { code, origin, length } of error.faults) {
      if (code === 'E_INTERNAL') throw error.cause;
      expect(origin.line).toBeGreaterThan(0);
      expect(origin.line).toBeLessThanOrEqual(lines);
      expect(origin.column).toBeGreaterThan(0);
      expect(length).toBeGreaterThan(0);
    }
    const positions = error.faults.map(({ origin }) => origin.line * 1e6 + origin.column);
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
  }
}

const scraps = fc.constantFrom(
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  ': ',
  '\n',
  '\n  ',
  '- ',
  '&a ',
  '*a',
  '<<: *a',
  '!x',
  '|',
  '>',
  '"',
  "'",
  '#',
  '?',
  '%',
  '~',
  'null',
  'true',
  '-1',
  '1e9',
  '0x10',
  '.nan',
  'web01',
  'br-web',
  'host',
  'lo',
  'eth0',
  'pc(01-20)',
  'pc(1-0)',
  '(',
  '10.0.0.1',
  '10.0.0.0/8',
  'fd00::/64',
  '::',
  '__proto__',
  'constructor',
  'share',
  'ends',
  'at',
  'subnet',
  'gateway',
  '${',
  '\t',
  '\r',
  '\u0000',
  '\u2028',
);

/** A file with some of its pieces cut, doubled or replaced. */
const mutated = fc
  .tuple(fc.constantFrom(...FILES), fc.array(fc.tuple(fc.nat(), fc.nat(30), scraps, fc.boolean()), { minLength: 1, maxLength: 4 }))
  .map(([file, edits]) =>
    edits.reduce((text, [at, length, scrap, keep]) => {
      const start = at % (text.length + 1);
      return text.slice(0, start) + (keep ? text.slice(start, start + length) : '') + scrap + text.slice(start + length);
    }, file),
  );

/** A file with one of its words replaced by another of its words. */
const shuffled = fc.tuple(fc.constantFrom(...FILES), fc.nat(), fc.nat(), fc.nat(), fc.nat()).map(([file, ...picks]) => {
  const words = [...file.matchAll(/[\w:./()-]+/g)];
  const word = (pick: number) => words[pick % words.length];
  const [a, b, c, d] = picks.map(word);
  const swap = (text: string, one: RegExpExecArray | undefined, other: RegExpExecArray | undefined) =>
    one === undefined || other === undefined ? text : text.slice(0, one.index) + other[0] + text.slice(one.index + one[0].length);
  return swap(swap(file, a, b), c, d);
});

describe('whatever the input, the outcome is a topology or a TopologyError', () => {
  test.each([
    ['arbitrary text', fc.string({ unit: 'binary', maxLength: 200 }), 500],
    ['scraps of YAML', fc.array(scraps, { maxLength: 40 }).map((parts) => parts.join('')), 1000],
    [
      'scraps after a good start',
      fc.array(scraps, { maxLength: 20 }).map((parts) => `version: 1\nname: lab\nnamespaces: { a: {} }\nlinks: ${parts.join('')}`),
      500,
    ],
    ['mutated files', mutated, 1000],
    ['files with words changed', shuffled, 1000],
  ] as const)('%s', (_what, source, numRuns) => {
    fc.assert(fc.property(source, survives), { numRuns });
  });

  test('arbitrary bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), survives), { numRuns: 300 });
  });

  test('arbitrary JSON, which is YAML', () => {
    const keys = fc.constantFrom(
      'version',
      'name',
      'subnets',
      'bridges',
      'namespaces',
      'links',
      'checks',
      'host',
      'defaults',
      'publish',
      'routes',
      'ends',
      'at',
      'ipv4',
      'gateway',
      'allow',
      'share',
      'x-a',
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom(null, true, 1, 'a', 'a:eth0', 'br', '10.0.0.0/24', '80:80'),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.oneof(keys, fc.constantFrom('a', 'br')), tie('value'), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(value, (data) =>
        survives(JSON.stringify(typeof data === 'object' ? { version: 1, name: 'lab', ...(data as object) } : data)),
      ),
      { numRuns: 1500 },
    );
  });
});
