import { expect, test } from 'vitest';
import { createSplitter, type Printed } from '../../../src/kernel/iproute/drivers/output.ts';
import { toursOf, visit } from '../../../src/kernel/iproute/drivers/visit.ts';
import type { ProgramResult } from '../../../src/kernel/program.ts';

/** What a driver prints of two visits. */
const OUTPUT = Buffer.from(`=1 1\n=3 Größe 16\n<0a0b\n[{"ifname":"боӯ"}]\n!a 0\n<ff\nrequest 2\n!b 4\n`);
const VISITS = [
  {
    exitCode: 0,
    settings: new Map([
      [1, '1'],
      [3, 'Größe 16'],
    ]),
    answers: [Buffer.of(0x0a, 0x0b)],
    lines: ['[{"ifname":"боӯ"}]'],
  },
  { exitCode: 4, settings: new Map(), answers: [Buffer.of(0xff)], lines: ['request 2'] },
];

test('output: the same visits are found wherever it is cut into chunks', () => {
  for (let size = 1; size <= OUTPUT.length; size++) {
    const visits: Printed[] = [];
    const take = createSplitter((printed) => visits.push(printed));
    for (let at = 0; at < OUTPUT.length; at += size) take(OUTPUT.subarray(at, at + size));
    expect(visits).toEqual(VISITS);
  }
});

test('output: a line of many chunks is not looked at again with each of them', () => {
  const visits: Printed[] = [];
  const take = createSplitter((printed) => visits.push(printed));
  const [chunk, chunks] = [Buffer.alloc(512, 'ab'), 16_384];
  take(Buffer.from('<'));
  // 8 MB: some 64 GB to look at, were it done anew each time.
  for (let index = 0; index < chunks; index++) take(chunk);
  take(Buffer.from('\n!a 0\n'));
  expect(visits[0]?.answers[0]?.length).toBe((chunk.length * chunks) / 2);
});

test.each<[string, Partial<ProgramResult>, string[]]>([
  ['was killed', { exitCode: undefined, stderr: '@a\n@b\n' }, ['', 'the driver ended before it was through: it was killed']],
  ['gave up', { exitCode: 1, stderr: '@a\n@b\nOut of memory!\n' }, ['', 'Out of memory!\n']],
  [
    'could not begin',
    { exitCode: 2, stdout: '', stderr: 'netns: Permission denied\n' },
    ['netns: Permission denied\n', 'netns: Permission denied\n'],
  ],
])('visits: of a driver that %s it is said why those that it was not through with did not take place', async (_, result, expected) => {
  const visits = ['a', 'b'].map((namespace) => ({ namespace, settings: ['net/ipv4/ip_forward'], lines: [] }));
  const run = async (argv: readonly string[]) => ({ argv, exitCode: 0, stdout: '!a 0\n', stderr: '', ...result });
  const results = await visit(run, [], toursOf(visits, 1), () => 'found');
  const went = result.stdout === '' ? [] : ['a'];
  expect(visits.map((one) => results.get(one))).toEqual(
    visits.map(({ namespace }, index) => ({
      ...(went.includes(namespace) ? { exitCode: 0, found: 'found' } : { exitCode: 255, found: undefined }),
      stderr: expected[index],
    })),
  );
});
