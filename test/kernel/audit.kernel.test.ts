import { spawn } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { appendFile, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { actorOf } from '../../src/kernel/audit/actor.ts';
import { appendAudit } from '../../src/kernel/audit/append.ts';
import { gitStateOf } from '../../src/kernel/audit/git.ts';
import { auditDirectory, auditPath, olderPath } from '../../src/kernel/audit/place.ts';
import { readAudit } from '../../src/kernel/audit/read.ts';
import type { AuditEntry } from '../../src/model/audit.ts';
import { netloom } from '../support/command-line.ts';
import { inSandbox, run, shell } from '../support/sandbox.ts';

const LAB = `version: 1
name: lab
subnets: { web: { ipv4: 172.31.1.0/24 } }
bridges: { br-web: { subnet: web } }
namespaces: { web: }
links: [[web:eth0, br-web]]
`;

const ENTRY: AuditEntry = {
  formatVersion: 1,
  time: '2026-11-20T12:30:07.000Z',
  ms: 147,
  command: 'apply',
  argv: ['apply', 'lab.yaml'],
  version: '0.1.0',
  who: { pid: 1, uid: 0 },
  topology: 'lab',
  outcome: 'converged',
  summary: { create: 1, update: 0, replace: 0, delete: 0 },
  changes: [{ action: 'create', id: 'bridge:br-web', fields: [] }],
  operations: { done: 3, failed: 0, skipped: 0 },
  errors: [],
};

const place = (): Promise<string> => mkdtemp(join(tmpdir(), 'netloom-audit-'));
const namesOf = async (directory: string): Promise<string[]> => (await readAudit(directory)).entries.map(({ topology }) => topology);
const named = (topology: string): AuditEntry => ({ ...ENTRY, topology });

/** Of the machine that the sandbox is on: its /var is to be seen here. */
const onMachine = (): unknown =>
  existsSync('/var/lib/netloom') ? readdirSync('/var/lib/netloom').map((name) => [name, lstatSync(`/var/lib/netloom/${name}`).size]) : [];

test('audit: in a sandbox the trail is the sandbox’s own, and the machine’s is not touched', async () => {
  const before = onMachine();
  expect(auditDirectory()).toBe('/run/netloom-sandbox');
  const cwd = await place();
  await writeFile(join(cwd, 'lab.yaml'), LAB);
  const env = { SUDO_USER: 'ada', SSH_CONNECTION: '192.0.2.9 50022 192.0.2.1 22' };
  expect((await netloom('apply lab.yaml', cwd, env)).code).toBe(0);
  expect((await netloom('apply lab.yaml', cwd)).code).toBe(0);
  expect((await netloom('destroy lab --yes', cwd)).code).toBe(0);
  const { code, stdout } = await netloom('log --json', cwd);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    path: '/run/netloom-sandbox/log.jsonl',
    entries: [
      {
        command: 'apply',
        argv: ['apply', 'lab.yaml'],
        topology: 'lab',
        file: `${cwd}/lab.yaml`,
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
        git: null,
        outcome: 'converged',
        who: { pid: process.pid, uid: 0, user: 'root', sudoUser: 'ada', ssh: '192.0.2.9' },
        operations: { failed: 0, skipped: 0 },
      },
      { command: 'apply', outcome: 'unchanged', changes: [] },
      { command: 'destroy', outcome: 'converged', file: `${cwd}/lab.yaml`, digest: null },
    ],
    warnings: [],
  });
  expect(lstatSync('/run/netloom-sandbox/log.jsonl').mode & 0o777).toBe(0o640);
  expect((await netloom('log lab -n 1', cwd)).stdout.split('\n')).toHaveLength(3);
  expect(onMachine()).toEqual(before);
  // Nor is it handed on to a sandbox in this one.
  expect((await inSandbox(['ls', '/run/netloom-sandbox'])).stdout).toBe('');
});

test('audit: what cannot be recorded does not keep anything from being done', async () => {
  const cwd = await place();
  await writeFile(join(cwd, 'lab.yaml'), LAB);
  await shell('mv /run/netloom-sandbox /run/aside; mkdir /run/netloom-sandbox; mkdir /run/netloom-sandbox/log.jsonl');
  const { code, stderr } = await netloom('apply lab.yaml', cwd);
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^warning: this is not in the audit trail: .*EISDIR.* \(W_AUDIT\)$/m)]);
  await netloom('destroy lab --yes', cwd);
  await shell('rm -r /run/netloom-sandbox; mv /run/aside /run/netloom-sandbox');
});

test('audit: no trail yet is an empty one', async () => {
  expect(await readAudit(join(await place(), 'nowhere'))).toMatchObject({ entries: [], damaged: 0 });
});

test('audit: what is written is what is read', async () => {
  const directory = await place();
  const git = { commit: 'a'.repeat(40), dirty: true };
  const full: AuditEntry = {
    ...ENTRY,
    who: actorOf({ SUDO_USER: 'ada' }),
    file: '/x',
    digest: 'b'.repeat(64),
    git,
    errors: [{ code: 'E_X', message: 'no' }],
  };
  appendAudit(full, directory);
  expect((await readAudit(directory)).entries).toEqual([full]);
});

test('audit: the file moves aside when it has grown, and the one before that goes', async () => {
  const directory = await place();
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) appendAudit(named(name), directory, 500);
  // Two lines are more than 500 bytes.
  expect(await namesOf(directory)).toEqual(['e', 'f', 'g']);
  expect(readdirSync(directory).sort()).toEqual(['log.1.jsonl', 'log.jsonl']);
  expect(lstatSync(olderPath(directory)).mode & 0o777).toBe(0o640);
});

test('audit: a line that was cut spoils no other, nor does what somebody else has written', async () => {
  const directory = await place();
  appendAudit(named('a'), directory);
  await appendFile(auditPath(directory), '{"formatVersion":1,"time":"2026-');
  appendAudit(named('b'), directory);
  await appendFile(auditPath(directory), 'null\n[]\n{}\n\n');
  appendAudit(named('c'), directory);
  expect(await readAudit(directory)).toMatchObject({ entries: [{ topology: 'a' }, { topology: 'b' }, { topology: 'c' }], damaged: 4 });
});

test('audit: a full disk takes no half lines', async () => {
  const directory = await place();
  await shell(`mount -n -t tmpfs -o size=16k,mode=755 tmpfs ${directory}`);
  const full = (): void => {
    for (let count = 0; count < 100; count += 1) appendAudit(named('a'), directory);
  };
  expect(full).toThrow(/ENOSPC|no space left/);
  const { entries, damaged } = await readAudit(directory);
  expect([entries.length > 10, damaged]).toEqual([true, 0]);
  await shell(`umount ${directory}`);
});

test('audit: a symbolic link is not followed, a pipe not waited for', async () => {
  const [linked, piped] = [await place(), await place()];
  await symlink(join(linked, 'elsewhere'), auditPath(linked));
  expect(() => appendAudit(ENTRY, linked)).toThrow(/ELOOP/);
  expect(existsSync(join(linked, 'elsewhere'))).toBe(false);
  await shell(`mkfifo ${auditPath(piped)}`);
  expect(() => appendAudit(ENTRY, piped)).toThrow(/no regular file/);
  for (const directory of [linked, piped]) {
    await expect(readAudit(directory)).rejects.toMatchObject({
      code: 'E_LOG_UNREADABLE',
      message: expect.stringContaining('no regular file'),
    });
  }
});

/* Git. */

/** A repository with one commit of lab.yaml; its directory. */
async function repository(): Promise<string> {
  const directory = await place();
  await writeFile(join(directory, 'lab.yaml'), LAB);
  await git(directory, 'init', '-q', '-b', 'main');
  await git(directory, 'add', '.');
  await git(directory, 'commit', '-q', '-m', 'lab');
  return directory;
}

const git = (directory: string, ...args: string[]): Promise<string> =>
  run('git', '-C', directory, '-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args);

test('audit: the commit, from a branch, a packed one, a detached one, a worktree and a directory below', async () => {
  const directory = await repository();
  const commit = await git(directory, 'rev-parse', 'HEAD');
  const clean = { commit, dirty: false };
  expect(await gitStateOf(join(directory, 'lab.yaml'))).toEqual(clean);
  await git(directory, 'pack-refs', '--all');
  expect(await gitStateOf(join(directory, 'lab.yaml'))).toEqual(clean);
  const tree = `${directory}-tree`;
  await git(directory, 'worktree', 'add', '-q', '-b', 'feature/x', tree);
  expect(await gitStateOf(join(tree, 'lab.yaml'))).toEqual(clean);
  await git(directory, 'checkout', '-q', '--detach');
  expect(await gitStateOf(join(directory, 'lab.yaml'))).toEqual(clean);
  await shell(`mkdir -p ${directory}/a/b; cp ${directory}/lab.yaml ${directory}/a/b`);
  expect(await gitStateOf(join(directory, 'a/b/lab.yaml'))).toEqual({ commit, dirty: true });
});

test('audit: a file that differs from the commit is dirty; others do not matter', async () => {
  const directory = await repository();
  await writeFile(join(directory, 'other'), 'x');
  expect(await gitStateOf(join(directory, 'lab.yaml'))).toMatchObject({ dirty: false });
  await appendFile(join(directory, 'lab.yaml'), '# x\n');
  expect(await gitStateOf(join(directory, 'lab.yaml'))).toMatchObject({ dirty: true });
});

test('audit: where there is no repository or no commit there is none to name', async () => {
  const directory = await place();
  expect(await gitStateOf(join(directory, 'lab.yaml'))).toBeUndefined();
  await run('git', '-C', directory, 'init', '-q');
  expect(await gitStateOf(join(directory, 'lab.yaml'))).toBeUndefined();
});

test.each([
  ['a HEAD that leads elsewhere', 'printf "ref: refs/../../secret" >.git/HEAD; echo 0123456789012345678901234567890123456789 >secret'],
  ['a HEAD that is a pipe', 'rm .git/HEAD; mkfifo .git/HEAD'],
  ['a .git that is a pipe', 'rm -r .git; mkfifo .git'],
  ['a .git that leads to a device', 'rm -r .git; echo "gitdir: /dev/zero" >.git'],
])('audit: %s is no commit, and nothing is waited for', async (_, script) => {
  const directory = await repository();
  await shell(`cd ${directory}; ${script}`);
  expect(await gitStateOf(join(directory, 'lab.yaml'))).toBeUndefined();
});

test('audit: what a repository of another user makes git run is run with his rights', async () => {
  const directory = await repository();
  // A user namespace of an ordinary user has nobody but root in it.
  const owner = /^\s*0\s+\d+\s+1$/.test(readFileSync('/proc/self/uid_map', 'utf8').trimEnd()) ? 0 : 65534;
  // A clean filter is what `git status` runs; a root would write the file.
  await shell(`cd ${directory}; chmod 755 .
    echo '*.yaml filter=evil' >.git/info/attributes
    git config filter.evil.clean 'id -u >>/run/evil/out; cat'
    mkdir -p /run/evil; chmod 777 /run/evil
    chown -R ${owner}:${owner} .; touch -d 2001-01-01 lab.yaml`);
  const state = await gitStateOf(join(directory, 'lab.yaml'));
  expect(state?.commit).toMatch(/^[0-9a-f]{40}$/);
  expect(readFileSync('/run/evil/out', 'utf8')).toMatch(new RegExp(`^(${owner}\\n)+$`));
});

test('audit: netloom processes that write at once lose nothing', async () => {
  const directory = await place();
  const script = `
    const { openSync, writeSync, constants: c } = require('node:fs');
    const fd = openSync(process.argv[1], c.O_WRONLY | c.O_APPEND | c.O_CREAT, 0o640);
    for (let i = 0; i < 200; i += 1) writeSync(fd, process.argv[2] + '\\n');`;
  appendAudit(named('first'), directory);
  const others = ['x', 'y', 'z'].map(
    (name) =>
      new Promise((done) => spawn(process.execPath, ['-e', script, auditPath(directory), JSON.stringify(named(name))]).on('exit', done)),
  );
  await Promise.all(others);
  const { entries, damaged } = await readAudit(directory);
  expect([entries.length, damaged]).toEqual([601, 0]);
});
