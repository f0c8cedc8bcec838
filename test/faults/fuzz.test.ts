import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { sysctlPath, sysctlValue, writablePath } from '../../src/kernel/checked.ts';
import { createFakeKernel } from '../../src/kernel/fake/index.ts';
import { parseIds } from '../../src/kernel/iproute/read/ids.ts';
import { atEdge, parseDocuments } from '../../src/kernel/iproute/read/namespace.ts';
import { parseTable } from '../../src/kernel/iproute/read/tables.ts';
import { run } from '../../src/kernel/iproute/write/run.ts';
import type { RunProgram } from '../../src/kernel/program.ts';
import { StepError, TopologyError } from '../../src/model/errors.ts';
import type { Operation } from '../../src/model/operation.ts';
import { planTopology } from '../../src/pipeline/plan.ts';
import { loadTopology } from '../../src/topology/load.ts';
import { fromSchema, HOSTILE } from '../support/faults/from-schema.ts';
import { faultRow } from '../support/faults/table.ts';

const ROOT = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');
const FILES = readdirSync(new URL('topologies/', ROOT)).map((file) => read(`topologies/${file}`));

/** Only what hangs takes so long. Time of the processor, not of the clock, so that it says nothing about what else the machine does. */
const HANG_MS = 1000;

/** A plan, or the codes of faults that point into the file. Throws where neither came of it, or too late. */
async function planOrFaults(text: string): Promise<'plan' | 'faults'> {
  const begun = process.cpuUsage();
  const outcome = await load(text);
  const { user, system } = process.cpuUsage(begun);
  expect((user + system) / 1000).toBeLessThan(HANG_MS);
  return outcome;
}

async function load(text: string): Promise<'plan' | 'faults'> {
  try {
    const topology = loadTopology(text, 'f.yaml');
    const plan = await planTopology(createFakeKernel(), topology, { adopt: false });
    await ensureHarmless(plan.operations);
    return 'plan';
  } catch (error) {
    if (!(error instanceof TopologyError)) throw error;
    const lines = error.source.split(/\r\n|\n|\r/).length;
    for (const { code, origin, message } of error.faults) {
      if (code === 'E_INTERNAL') throw error.cause;
      expect([message, origin.line > 0 && origin.line <= lines && origin.column > 0]).toEqual([message, true]);
    }
    expect(error.faults.length).toBeGreaterThan(0);
    return 'faults';
  }
}

/** Words of `ip -batch`, as kernel/checked.ts lets them through; an alias stands in quotes. */
const IP_LINE = /^([A-Za-z0-9_.:/@-]+|"[^"\\#]*")( ([A-Za-z0-9_.:/@-]+|"[^"\\#]*"))*$/;
/** The same of nft: its own punctuation besides, and comments in quotes. */
const NFT_LINE = /^([A-Za-z0-9_.:/@,;{}=!<>&| \t-]|"[A-Za-z0-9_.:/@,;{}=!<>&|()' *-]*")*$/;
const ARGUMENT = /^(-{0,2}[A-Za-z0-9_.:/=@-]+)$/;

/** Has the writer say what it would start, and looks at every word. What Node would write itself is asked of its gates. */
async function ensureHarmless(operations: readonly Operation[]): Promise<void> {
  const spy: RunProgram = async (argv, { input = '' } = {}) => {
    const driver = argv[0] === 'perl';
    // Behind `-e` stands a constant script.
    for (const word of driver ? argv.slice(3) : argv) expect(word).toMatch(ARGUMENT);
    const lines = input.split('\n').filter((line) => line !== '');
    const pattern = argv.includes('nft') ? NFT_LINE : IP_LINE;
    for (const line of lines) {
      if (!argv[0]?.endsWith('-restore')) expect(line).toMatch(driver && line.includes('=') ? /^[A-Za-z0-9_./@-]+=[\x20-\x7e]*$/ : pattern);
    }
    // As a driver reports of each namespace.
    const visited = driver ? lines.flatMap((line) => /^(\S+) \d+ \d+ \d+$/.exec(line)?.[1] ?? []) : [];
    const stdout = argv.includes('show') ? '[]' : visited.map((name) => `!${name} 0\n`).join('');
    return { argv, exitCode: 0, stdout, stderr: '' };
  };
  const elsewhere = operations.filter(({ step }) => {
    if (step.do === 'file-write' || step.do === 'file-delete') return writablePath(step.path) === '';
    if (step.do === 'sysctl') return sysctlPath(step.path) !== '' && sysctlValue(step.value) !== undefined && step.namespace !== 'host';
    return step.do !== 'netns-bind' && step.do !== 'netns-attach';
  });
  const outcomes = await run(spy, elsewhere);
  const failed = outcomes.filter(({ status }) => status === 'failed').map(({ error }) => error?.message);
  expect(failed).toEqual([]);
}

const edit = fc.oneof(
  fc.record({
    what: fc.constant('word'),
    at: fc.nat(),
    with: fc.constantFrom(...HOSTILE, 'null', '[]', '{}', '1', 'host', '10.0.0.1', 'a:eth0'),
  }),
  fc.record({ what: fc.constant('byte'), at: fc.nat(), with: fc.string({ unit: 'binary', minLength: 1, maxLength: 2 }) }),
  fc.record({ what: fc.constantFrom('cut', 'double', 'indent', 'swap'), at: fc.nat(), with: fc.constant('') }),
);

/** A file of topologies/ with some bytes, words or lines changed. */
const mutated = fc
  .tuple(fc.constantFrom(...FILES), fc.array(edit, { minLength: 1, maxLength: 3 }))
  .map(([file, edits]) => edits.reduce(change, file));

function change(text: string, { what, at, with: other }: { what: string; at: number; with: string }): string {
  if (what === 'byte') return text.slice(0, at % text.length) + other + text.slice((at % text.length) + 1);
  if (what === 'word') {
    const words = [...text.matchAll(/[\w:./()-]+/g)];
    const one = words[at % words.length];
    return one === undefined ? text : text.slice(0, one.index) + other + text.slice(one.index + one[0].length);
  }
  const lines = text.split('\n');
  const line = at % lines.length;
  const [mine = ''] = lines.splice(line, 1);
  if (what === 'double') lines.splice(line, 0, mine, mine);
  if (what === 'indent') lines.splice(line, 0, `  ${mine}`);
  if (what === 'swap') lines.splice(line + 1, 0, mine);
  return lines.join('\n');
}

describe('whatever the file, the outcome is a plan of harmless words or faults that point into it', () => {
  const generated = fromSchema(JSON.parse(read('schemas/topology.schema.json'))).map((value) => stringify(value));
  test.each([
    ['2,000 files made from the schema', generated, 21],
    ['2,000 files of topologies/, mutated', mutated, 22],
  ] as const)('%s', async (what, texts, seed) => {
    const tally = { plan: 0, faults: 0 };
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        tally[await planOrFaults(text)] += 1;
      }),
      { numRuns: 2000, seed },
    );
    expect(tally.plan + tally.faults).toBe(2000);
    expect(tally.plan).toBeGreaterThan(20);
    faultRow(
      what,
      'within a second of processor time a plan, or faults with line and column; no word reaches a program that could be an option, a path or a command',
    );
  });
});

const fixture = (name: string): string => read(`test/kernel/iproute/fixtures/${name}`);

/** Recorded output with a piece cut off its end, or some values of other types; see fixtures/record.sh for versions. */
const spoilt = (text: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc.nat(text.length).map((length) => text.slice(0, length)),
    fc
      .array(fc.tuple(fc.nat(), fc.constantFrom('null', '7', '-1', '"x"', '[]', '{}', '[null]', '[[1]]', 'true', '1e99')), {
        minLength: 1,
        maxLength: 3,
      })
      .map((edits) =>
        edits.reduce((now, [at, value]) => {
          const values = [...now.matchAll(/(?<=[:[,]\s*)("[^"]*"|-?\d+|true|false|null)(?=\s*[,}\]])/g)];
          const one = values[at % Math.max(values.length, 1)];
          return one === undefined ? now : now.slice(0, one.index) + value + now.slice(one.index + one[0].length);
        }, text),
      ),
  );

test.each([
  ['ip -j addr and route, of a namespace', 'namespace.jsonl', (text: string) => parseDocuments(text.trim().split('\n'))],
  ['ip -j addr and route, of the host', 'host.jsonl', (text: string) => parseDocuments(text.trim().split('\n').slice(0, 2))],
  ['ip -j netns list', 'host.jsonl', (text: string) => parseIds(text.trim().split('\n')[2], new Map())],
  ['nft -j list table', 'table.json', (text: string) => parseTable('netloom-shop', text)],
] as const)('%s, cut short or with other values: read, or a StepError that names the command', (_what, name, parse) => {
  let refused = 0;
  fc.assert(
    fc.property(spoilt(fixture(name)), (text) => {
      try {
        atEdge(['ip', '-j'], 'host', () => parse(text));
      } catch (error) {
        if (!(error instanceof StepError)) throw error;
        refused += 1;
        expect(error.message).toMatch(/^ip exited 0: unexpected output: /);
      }
    }),
    { numRuns: 1000, seed: 5 },
  );
  expect(refused).toBeGreaterThan(20);
});

test('output of ip and nft that is not what it should be', () => {
  expect(() => atEdge(['nft', '-j'], 'host', () => parseTable('netloom-shop', '{"nftables": ['))).toThrow(StepError);
  faultRow(
    '`ip` or `nft` prints something else than it should, or half of it',
    'an error that names the program and what was unexpected; nothing is changed',
  );
});
