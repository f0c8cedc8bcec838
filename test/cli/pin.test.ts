import { chmod, lstat, mkdtemp, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { replaceFile } from '../../src/cli/replace.ts';
import { run, topology } from './run.ts';

const LAB = topology('lab', undefined, undefined, undefined, '# the end\n');
const PINNED = LAB.replace('[web01:eth0, br-web]', '{ ends: [web01:eth0, br-web], addresses: [172.30.1.2] }');

test('pin writes the file, says what, and a second time there is nothing to do', async () => {
  const { code, stdout, stderr, cwd } = await run('pin lab.yaml', { files: { 'lab.yaml': LAB } });
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toBe('lab  lab.yaml\n  address  web01:eth0  172.30.1.2\n1 address pinned\n');
  expect(await readFile(join(cwd, 'lab.yaml'), 'utf8')).toBe(PINNED);
  const again = await run('pin lab.yaml', { files: { 'lab.yaml': PINNED } });
  expect(again.stdout).toBe('lab  lab.yaml\n  nothing to pin: the file says every address and host port itself\n');
});

test('pin --dry-run writes nothing', async () => {
  const { stdout, cwd } = await run('pin lab.yaml --dry-run', { files: { 'lab.yaml': LAB } });
  expect(stdout).toContain('1 address would be pinned');
  expect(await readFile(join(cwd, 'lab.yaml'), 'utf8')).toBe(LAB);
});

test('pin -: the text goes to standard output, what was pinned to standard error', async () => {
  const { stdout, stderr } = await run('pin -', { stdin: LAB });
  expect(stdout).toBe(PINNED);
  expect(stderr).toContain('1 address pinned');
});

test('pin --json: one document with what was pinned and what was left', async () => {
  const source = LAB.replaceAll('web01:', 'pc(1-2):');
  const { code, stdout } = await run('pin lab.yaml --json', { files: { 'lab.yaml': source } });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    topologies: [{ name: 'lab', file: 'lab.yaml', pinned: [], text: null }],
    dryRun: false,
    errors: [],
    warnings: [{ code: 'W_NOT_PINNED', file: 'lab.yaml', hint: '--expand writes each of them out' }],
  });
});

test('pin: where one file is wrong none is written', async () => {
  const { code, cwd } = await run('pin lab.yaml bad.yaml', { files: { 'lab.yaml': LAB, 'bad.yaml': 'version: 1\n' } });
  expect(code).toBe(1);
  expect(await readFile(join(cwd, 'lab.yaml'), 'utf8')).toBe(LAB);
});

test('pin keeps mode and symbolic link, and leaves nothing beside the file', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'netloom-pin-'));
  await writeFile(join(cwd, 'real.yaml'), 'old');
  await chmod(join(cwd, 'real.yaml'), 0o640);
  await symlink('real.yaml', join(cwd, 'lab.yaml'));
  await replaceFile('lab.yaml', 'old', 'new', cwd);
  expect((await lstat(join(cwd, 'lab.yaml'))).isSymbolicLink()).toBe(true);
  expect([await readFile(join(cwd, 'real.yaml'), 'utf8'), (await stat(join(cwd, 'real.yaml'))).mode & 0o7777]).toEqual(['new', 0o640]);
  expect((await readdir(cwd)).toSorted()).toEqual(['lab.yaml', 'real.yaml']);
});

test('pin: what an editor has saved meanwhile is not lost', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'netloom-pin-'));
  await writeFile(join(cwd, 'lab.yaml'), 'edited');
  await expect(replaceFile('lab.yaml', 'old', 'new', cwd)).rejects.toMatchObject({ code: 'E_FILE_CHANGED' });
  expect(await readFile(join(cwd, 'lab.yaml'), 'utf8')).toBe('edited');
  expect(await readdir(cwd)).toEqual(['lab.yaml']);
});
