import { mkdirSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bindNames } from '../../src/kernel/iproute/write/bind.ts';
import { createPrograms } from '../../src/kernel/program.ts';
import { shell } from '../support/sandbox.ts';

test('bind: the table for mount has no name, so that a kill at any moment leaves none', async () => {
  await shell('ip netns add one');
  mkdirSync('/run/netloom', { recursive: true });
  const before = readdirSync('/run/netloom');
  const programs = createPrograms();
  const during: string[][] = [];
  const settled = await bindNames(
    (argv, options) => {
      if (argv.includes('-a')) during.push(readdirSync('/run/netloom'));
      return programs(argv, options);
    },
    [{ resource: 'share:two', phase: 'create', step: { do: 'netns-bind', name: 'two', source: 'one' } }],
  );
  expect([[...settled.values()], during]).toEqual([[undefined], [before]]);
  expect(await shell('ip netns exec two true; ls /run/netns | sort')).toBe('one\ntwo');
  await shell('ip netns del two; ip netns del one');
});
