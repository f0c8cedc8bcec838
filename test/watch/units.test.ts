import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { CHANGE_USAGES } from '../../src/cli/usages/change.ts';

const ROOT = join(import.meta.dirname, '../..');
const UNITS = join(ROOT, 'contrib/systemd');

const settings = (unit: string): Map<string, string> =>
  new Map(
    readFileSync(join(UNITS, unit), 'utf8')
      .split('\n')
      .flatMap((line) => {
        const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
        return name === undefined || value === undefined ? [] : [[name, value] as const];
      }),
  );

// systemd.exec(5): each of these has the service see a copy of the mounts, in which names made in /run/netns stay.
const MOUNTS =
  /^(Private(?!Users)|Protect|ReadOnlyPaths|ReadWritePaths|InaccessiblePaths|ExecPaths|NoExecPaths|Bind|TemporaryFileSystem|Mount|Root|DynamicUser|\w+Directory$)/;

test('netloom.service: no setting gives it mounts of its own', () => {
  const found = [...settings('netloom.service').keys()];
  expect(found.length).toBeGreaterThan(15);
  expect(found.filter((name) => MOUNTS.test(name) && name !== 'ConditionPathIsDirectory')).toEqual([]);
  expect([...settings('netloom-pull.service').keys()].filter((name) => MOUNTS.test(name))).toContain('PrivateTmp');
});

test('netloom.service: starts a command line that there is', () => {
  const [, , command, ...words] = settings('netloom.service').get('ExecStart')?.split(' ') ?? [];
  const options = CHANGE_USAGES.find(({ name }) => name === command)?.options.map(([flags]) => flags.split(' ')[0]);
  expect(options).toBeDefined();
  for (const word of words.filter((one) => one.startsWith('--'))) expect(options).toContain(word);
});

test('the units are shipped, and systemd has nothing against them', async () => {
  const { files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { files: string[] };
  expect(files).toContain('contrib');
  const units = readdirSync(UNITS).map((name) => join(UNITS, name));
  const { stdout, stderr } = await promisify(execFile)('systemd-analyze', ['verify', '--man=no', ...units]);
  // Only of ours: verify reads units of the machine as well.
  expect(`${stdout}${stderr}`.split('\n').filter((line) => line.includes('netloom'))).toEqual([]);
});
