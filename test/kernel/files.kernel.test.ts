import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { deleteFileSafely, writeFileSafely } from '../../src/kernel/files.ts';
import { shell } from '../support/sandbox.ts';

const path = '/etc/netns/web/hosts';

test('files: what a kill left of a write goes with the file', async () => {
  await shell('mkdir -p /etc/netns/web; echo half > /etc/netns/web/.hosts.netloom');
  writeFileSafely(path, 'whole\n');
  expect(readFileSync(path, 'utf8')).toBe('whole\n');
  expect(readdirSync('/etc/netns/web')).toEqual(['hosts']);
  await shell('rm /etc/netns/web/hosts; echo half > /etc/netns/web/.hosts.netloom');
  deleteFileSafely(path);
  expect(readdirSync('/etc/netns')).toEqual([]);
});

test('files: a full disk is an error, not half a file', async () => {
  writeFileSafely(path, 'x'.repeat(4000));
  await shell('mount -t tmpfs -o size=8k none /etc/netns/web; echo old > /etc/netns/web/hosts');
  expect(() => writeFileSafely(path, 'x'.repeat(100_000))).toThrow('ENOSPC');
});
