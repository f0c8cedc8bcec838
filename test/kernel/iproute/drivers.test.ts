import { expect, test } from 'vitest';
import { createSplitter, type Printed } from '../../../src/kernel/iproute/drivers/output.ts';

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
