import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { deleteFileSafely, writeFileSafely } from '../../src/kernel/files.ts';
import { shell } from '../support/sandbox.ts';

const path = '/etc/netns/web/hosts';

test('files: what a kill left of a write goes with the file', async () => {
  await shell('mkdir -p /etc/netns/web; echo half > /etc/netns/.netloom-lab.web.hosts');
  writeFileSafely(path, '# netloom:lab\n');
  expect(readFileSync(path, 'utf8')).toBe('# netloom:lab\n');
  expect([readdirSync('/etc/netns/web'), readdirSync('/etc/netns')]).toEqual([['hosts'], ['web']]);
  await shell('rm /etc/netns/web/hosts; echo half > /etc/netns/.netloom-lab.web.hosts');
  deleteFileSafely('/etc/netns/.netloom-lab.web.hosts');
  expect(readdirSync('/etc/netns')).toEqual([]);
});

test('files: a full disk is an error, not half a file', async () => {
  writeFileSafely(path, 'x'.repeat(4000));
  await shell('mount -t tmpfs -o size=8k,mode=755 none /etc/netns/web; echo old > /etc/netns/web/hosts');
  expect(() => writeFileSafely(path, 'x'.repeat(100_000))).toThrow('ENOSPC');
  expect(readFileSync(path, 'utf8')).toBe('old\n');
});
