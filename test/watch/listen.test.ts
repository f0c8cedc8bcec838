import { expect, test } from 'vitest';
import { run } from '../cli/run.ts';

test.each([
  ['--listen 0.0.0.0:9750', 'other machines can reach 0.0.0.0:9750'],
  ['--listen [::]:9750', 'other machines can reach [::]:9750'],
  ['--listen 9750', 'neither an address with a port nor a socket'],
  ['--listen-remote', '--listen-remote is about --listen'],
  ['--once --listen 127.0.0.1:9750', '--listen has no effect'],
])('watch %s is refused as a wrong command line, before anything is looked at', async (options, says) => {
  const { code, stdout, stderr } = await run(`watch ${options}`);
  expect([code, stdout]).toEqual([64, '']);
  expect(stderr).toContain(says);
});
