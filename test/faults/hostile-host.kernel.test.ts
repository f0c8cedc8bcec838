import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { execa } from 'execa';
import { afterEach, expect, test } from 'vitest';
import { converge } from '../support/converge.ts';
import { foreignState, makeForeign } from '../support/faults/foreign.ts';
import { everything } from '../support/faults/killing.ts';
import { faultRow } from '../support/faults/table.ts';
import { changesOf, destroy, kernel, load, planOf } from '../support/lab.ts';
import { attempt, run, shell } from '../support/sandbox.ts';

const NETLOOM = new URL('../../bin/netloom.js', import.meta.url).pathname;
const TEXT = `version: 1
name: lab
subnets: { one: { ipv4: 10.31.1.0/24 } }
bridges: { br-one: { subnet: one } }
namespaces: { a: { publish: ["8080:80"] }, b: { routes: [{ to: 10.9.0.0/16, type: blackhole }] } }
links: [[a:eth0, br-one], [b:eth0, br-one]]
`;
mkdirSync('/run/lab', { recursive: true });
writeFileSync('/run/lab/lab.yaml', TEXT);
const LAB = load(TEXT, '/run/lab/lab.yaml');

afterEach(async () => {
  await shell('umount /etc/iproute2 2>/dev/null || true; rm -rf /run/lab/evil');
  await destroy('lab');
  // Not by `ip netns del`, which would unmount what a link leads to.
  await shell('rm -rf /run/netns/a /etc/netns/a');
});

test("the caller's PATH, locale and loader, and the host's own names for numbers, change nothing", async () => {
  mkdirSync('/run/lab/bin', { recursive: true });
  for (const name of ['ip', 'nft', 'sh', 'nsenter', 'mount', 'flock', 'conntrack', 'grep', 'unshare', 'perl']) {
    writeFileSync(`/run/lab/bin/${name}`, '#!/bin/sh\ntouch /run/lab/hijacked\nexit 1\n', { mode: 0o755 });
  }
  await shell(`mkdir /run/lab/iproute2; for f in rt_protos group rt_tables rt_scopes; do
      printf '159 hostile\\n1853123693 hostile\\n4 hostile\\n253 hostile\\n0 hostile\\n254 hostile\\n' > /run/lab/iproute2/$f; done
    mkdir -p /etc/iproute2; mount --bind /run/lab/iproute2 /etc/iproute2`);
  const env = {
    PATH: '/run/lab/bin',
    LANG: 'de_DE.UTF-8',
    LC_ALL: 'tr_TR.UTF-8',
    LANGUAGE: 'de',
    IFS: 'a',
    ENV: '/run/lab/bin/sh',
    BASH_ENV: '/run/lab/bin/sh',
    PERL5OPT: '-Mhijacked',
    PERL5LIB: '/run/lab/bin',
    COLUMNS: '20',
  };
  const netloom = (...args: string[]) => execa(process.execPath, [NETLOOM, ...args], { env, extendEnv: false, reject: false });
  expect(await netloom('apply', '/run/lab/lab.yaml')).toMatchObject({ exitCode: 0 });
  expect(await netloom('plan', '/run/lab/lab.yaml')).toMatchObject({ exitCode: 0, stdout: 'No changes.' });
  expect((await netloom('exec', 'a', '--', '/bin/hostname')).exitCode).toBe(0);
  expect(await netloom('destroy', 'lab', '--yes')).toMatchObject({ exitCode: 0 });
  expect(await attempt('ls', '/run/lab/hijacked')).not.toMatchObject({ exitCode: 0 });
  await shell('umount /etc/iproute2');
  faultRow(
    'a hostile `ip` first in PATH, another locale, `/etc/iproute2` with other names for our numbers',
    'what is run and how it is read does not change',
  );
});

test.each([
  ['a symbolic link to another namespace in /run/netns', 'ln -s /run/netns/foreign /run/netns/a', '/run/netns/a is a symbolic link'],
  ['a FIFO in /run/netns', 'mkfifo /run/netns/a', '/run/netns/a is a FIFO'],
  ['a directory in /run/netns', 'mkdir /run/netns/a', '/run/netns/a is a directory'],
  ['a file with content in /run/netns', 'echo x > /run/netns/a', '/run/netns/a is a file'],
  [
    'a hosts file that is a symbolic link',
    'mkdir /etc/netns/a; ln -s /run/lab/lab.yaml /etc/netns/a/hosts',
    '/etc/netns/a/hosts is a symbolic link',
  ],
  ['a file in /etc/netns where a directory should be', 'echo x > /etc/netns/a', '/etc/netns/a is a file'],
  ['a hosts file that is a FIFO', 'mkdir /etc/netns/a; mkfifo /etc/netns/a/hosts', '/etc/netns/a/hosts is a FIFO'],
  [
    'a directory in /etc/netns that is a symbolic link',
    'mkdir /run/lab/evil; ln -s /run/lab/evil /etc/netns/a',
    '/etc/netns/a is a symbolic link',
  ],
  ["another user's directory in /etc/netns", 'mkdir /etc/netns/a; chown 1000 /etc/netns/a', '/etc/netns/a is a directory of another user'],
  [
    "another user's hosts file with our mark",
    'mkdir /etc/netns/a; echo "# netloom:lab" > /etc/netns/a/hosts; chown 1000 /etc/netns/a/hosts',
    '/etc/netns/a/hosts is a file of another user',
  ],
  [
    'a directory in /etc/netns that everybody may write to',
    'mkdir /etc/netns/a; chmod 777 /etc/netns/a',
    '/etc/netns/a is a directory that everybody may write to',
  ],
])('%s is in the way, and is not touched', async (what, make, says) => {
  if ((await attempt('ls', '/etc/netns/foreign')).exitCode !== 0) await makeForeign();
  const foreign = await foreignState();
  // Also where our own mark stands, which a crash leaves.
  for (const marked of [false, true]) {
    await shell(make);
    if (marked && what.includes('/run/netns')) await shell('mkdir -p /etc/netns/a; echo "# netloom:lab" > /etc/netns/a/hosts');
    const before = await listing();
    const told = await planOf(LAB).then(
      ({ blockers }) => blockers.map(({ message }) => message),
      (error: Error) => [error.message],
    );
    expect(told).toEqual([expect.stringContaining(says)]);
    await destroy('lab').catch(() => undefined);
    const after = await listing();
    // `ip -d` opens every name, and would wait at a FIFO.
    await shell('rm -rf /run/netns/a /etc/netns/a /run/lab/evil');
    const others = (lines: readonly string[]): string[] => lines.filter((line) => !line.includes('/etc/netns/a'));
    expect([await foreignState(), others(after)]).toEqual([foreign, others(before)]);
  }
  faultRow(what, 'a blocker that names it and says what to do; it is neither followed nor replaced; exit code 1');
});

const listing = async (): Promise<string[]> =>
  (await shell('find /run/netns /etc/netns /run/lab -printf "%p %y %U %m\n" | sort')).split('\n');

test('whatever the umask, files have their modes', async () => {
  for (const umask of [0o000, 0o077]) {
    const old = process.umask(umask);
    try {
      await converge(kernel, LAB);
    } finally {
      process.umask(old);
    }
    const modes = ['/etc/netns/a', '/etc/netns/a/hosts', '/run/netloom/lab.json'].map((path) => (statSync(path).mode & 0o777).toString(8));
    expect(modes).toEqual(['755', '644', '644']);
    chmodSync('/etc/netns/a/hosts', 0o600);
    await destroy('lab');
  }
  faultRow('any umask', 'directories are 755 and files 644');
});

test.each(['net_admin', 'sys_admin'])('without CAP_%s it says which capability is missing, and changes nothing', async (capability) => {
  const start = await everything();
  const drop = ['setpriv', `--bounding-set=-${capability}`, `--inh-caps=-${capability}`];
  const { exitCode, stderr } = await attempt('env', ...drop, process.execPath, NETLOOM, 'apply', '/run/lab/lab.yaml');
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`CAP_${capability.toUpperCase()}`)]);
  expect(stderr).toContain('E_PRIVILEGE');
  expect(await everything()).toEqual(start);
  faultRow(`CAP_${capability.toUpperCase()} is missing`, 'E_PRIVILEGE, which names it; nothing is changed');
});

test('CAP_NET_ADMIN and CAP_SYS_ADMIN are all that it takes, as root', async () => {
  const only = ['--bounding-set=-all,+net_admin,+sys_admin', '--inh-caps=-all,+net_admin,+sys_admin'];
  await run('setpriv', ...only, process.execPath, NETLOOM, 'apply', '/run/lab/lab.yaml');
  expect(await changesOf(LAB)).toEqual([]);
  await run('setpriv', ...only, process.execPath, NETLOOM, 'destroy', 'lab', '--yes');
});
