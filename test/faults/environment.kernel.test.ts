import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from '../../src/kernel/lock.ts';
import { sandboxCommand } from '../../src/kernel/sandbox.ts';
import { faultRow } from '../support/faults/table.ts';
import { hostState } from '../support/host-state.ts';
import { destroy, load } from '../support/lab.ts';
import { attempt, run, shell } from '../support/sandbox.ts';

const NETLOOM = new URL('../../bin/netloom.js', import.meta.url).pathname;
const TEXT = `version: 1
name: lab
subnets: { one: { ipv4: 10.31.1.0/24 } }
bridges: { br-one: { subnet: one } }
namespaces: { a: { publish: ["8080:80"] } }
links: [[a:eth0, br-one]]
checks: [{ from: host, to: a, tcp: 80 }]
`;

beforeEach(() => {
  mkdirSync('/run/lab/bin', { recursive: true });
  writeFileSync('/run/lab/lab.yaml', TEXT);
  // Which process has loaded it is what is to be seen.
  writeFileSync('/run/lab/preload.cjs', "require('node:fs').writeFileSync('/run/lab/node.' + process.pid, '');");
});

afterEach(async () => {
  await destroy('lab', { force: true });
  await shell('rm -rf /run/lab');
});

/** What decides which programs run, what is loaded into them, and how they read and write. */
const HOSTILE = {
  LD_PRELOAD: '/run/lab/lab.yaml',
  LD_AUDIT: '/run/lab/lab.yaml',
  LD_LIBRARY_PATH: '/run/lab',
  LD_DEBUG: 'files',
  LD_DEBUG_OUTPUT: '/run/lab/ld',
  NODE_OPTIONS: '--require /run/lab/preload.cjs',
  GCONV_PATH: '/run/lab',
  LOCPATH: '/run/lab',
  IFS: 'a',
  BASH_ENV: '/run/lab/bin/sh',
  ENV: '/run/lab/bin/sh',
  'BASH_FUNC_ip%%': '() { touch /run/lab/hijacked; }',
  PERL5OPT: '-MNone',
  IP_LIB_DIR: '/run/lab',
  XTABLES_LIBDIR: '/run/lab',
  LC_ALL: 'tr_TR.UTF-8',
  TMPDIR: '/run/lab',
};

const named = (prefix: string): number[] =>
  readdirSync('/run/lab')
    .filter((name) => name.startsWith(prefix))
    .map((name) => Number(name.slice(prefix.length)));

test('the loader, Node and the shells of what netloom starts get nothing of its environment', async () => {
  // The loader writes a file for each process that has these variables, and so does Node: netloom alone may have them.
  for (const args of [
    ['apply', '/run/lab/lab.yaml', '--verify', '--confirm', '60s'],
    ['confirm', '--revert'],
    ['plan', '/run/lab/lab.yaml'],
  ]) {
    const child = spawn(process.execPath, [NETLOOM, ...args], { env: { ...process.env, ...HOSTILE }, stdio: 'ignore' });
    const [code] = (await once(child, 'close')) as [number];
    expect([args[0], code, named('ld.'), named('node.')]).toEqual([args[0], args[0] === 'plan' ? 2 : 0, [child.pid], [child.pid]]);
    await shell('rm -f /run/lab/ld.* /run/lab/node.*');
  }
  faultRow(
    '`LD_PRELOAD`, `LD_AUDIT`, `LD_LIBRARY_PATH`, `NODE_OPTIONS`, `GCONV_PATH`, `BASH_ENV`, `IFS`, … in the environment',
    'no program that netloom starts gets them (netloom’s own process does)',
  );
});

test('what is started has a fixed environment, whole: programs that wait or listen show theirs', async () => {
  const waiting: ChildProcess[] = [];
  const started = (...args: string[]): ChildProcess => {
    const child = spawn(process.execPath, [NETLOOM, ...args], {
      env: { ...process.env, LD_LIBRARY_PATH: '/x', EVIL: 'yes' },
      stdio: 'ignore',
    });
    waiting.push(child);
    return child;
  };
  const FIXED = [
    'HOME=/',
    'LC_ALL=C',
    'NETLOOM_PROGRAM=1',
    'PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin',
    'TERM=dumb',
  ];
  try {
    await withLock(async () => {
      const [flock] = await childrenOf(started('apply', '/run/lab/lab.yaml', '--lock-timeout', '60s'), ['flock']);
      expect(flock).toEqual(FIXED);
    });
    const monitors = await childrenOf(started('watch', '/run/lab/lab.yaml'), ['ip', 'nft']);
    for (const one of monitors) expect(FIXED).toEqual(expect.arrayContaining(one));
  } finally {
    for (const child of waiting) {
      const closed = child.exitCode === null ? once(child, 'close') : undefined;
      child.kill();
      await closed;
    }
  }
});

/** The environments of a process's children once those programs are among them. */
async function childrenOf({ pid }: ChildProcess, programs: readonly string[]): Promise<string[][]> {
  for (;;) {
    const { stdout } = await attempt('ps', '--ppid', String(pid), '-o', 'pid=,comm=');
    const found = programs.map((program) => stdout.split('\n').find((line) => line.trim().split(/\s+/)[1] === program));
    if (found.every((line) => line !== undefined)) return found.map((line) => environmentOf(Number(line?.trim().split(/\s+/)[0])));
  }
}

const environmentOf = (pid: number): string[] =>
  readFileSync(`/proc/${pid}/environ`, 'utf8')
    .split('\0')
    .filter((line) => line !== '' && !/^(_|PWD|SHLVL|OLDPWD)=/.test(line))
    .sort();

test("a sandbox is set up by the host's programs, and its command has the caller's PATH, with netloom behind it", async () => {
  for (const name of ['unshare', 'sh', 'mount', 'umount', 'mkdir', 'readlink', 'sort', 'tr', 'ip', 'node']) {
    writeFileSync(`/run/lab/bin/${name}`, '#!/bin/sh\ntouch /run/lab/hijacked\nexit 1\n', { mode: 0o755 });
  }
  const env = { PATH: '/run/lab/bin' };
  const argv = [NETLOOM, 'sandbox', '--', '/bin/sh', '-c', 'echo "$PATH"'];
  const { exitCode, stdout } = await execa(process.execPath, argv, { env, extendEnv: false, reject: false, cwd: '/' });
  expect([exitCode, stdout]).toEqual([0, `/run/lab/bin:${dirname(NETLOOM)}:/usr/sbin:/sbin`]);
  expect(readdirSync('/run/lab')).not.toContain('hijacked');
  faultRow('a hostile `unshare`, `sh` and `mount` first in PATH, for `netloom sandbox`', 'what is run and how it is read does not change');
});

test('a sandbox of an ordinary user gives him nothing outside it', async () => {
  await shell(`mkdir -p /etc/netns/outer; echo mine > /etc/netns/outer/hosts; echo mine > /run/netloom/outer.json; ip netns add outer
    ip link add out0 type veth peer name out1; ip link set out0 up; nft add table inet outer; nft add table inet outer`);
  try {
    const before = await hostState();
    const files =
      'find /etc/netns /run/netns /run/netloom ! -name "lock-*" -printf "%p %s %m %U\\n" | sort; cat /etc/netns/outer/hosts /run/netloom/outer.json';
    const listed = await shell(files);
    const outside = String(process.pid);
    // Each line says what it could do; in the sandbox he is root.
    const attack = `id -u
      ip -o link show out0 && echo saw a link; ip link del out0 && echo removed a link
      nft list table inet outer && echo saw a table
      ls /run/netns/outer && echo saw a namespace; cat /etc/netns/outer/hosts && echo read a file
      echo x > /etc/netns/outer/hosts && echo wrote a file
      nsenter --net=/proc/${outside}/ns/net ip link del out0 && echo entered the network
      nsenter --mount=/proc/${outside}/ns/mnt true && echo entered the mounts
      ls /proc/${outside}/root/run/netloom && echo looked through a process; kill -0 ${outside} && echo may signal
      ip link add esc0 type veth peer name esc1 netns ${outside} && echo reached out
      umount /run /etc/netns /etc; cat /run/netloom/outer.json && echo uncovered /run; cat /etc/netns/outer/hosts && echo uncovered /etc
      mknod /tmp/mem-$$ c 1 1 && echo made a device; chown 0 /etc/passwd && echo took a file
      echo 1 > /proc/sys/kernel/panic && echo set a global sysctl
      exit 0`;
    const argv = sandboxCommand(['/bin/sh', '-c', attack], { privileged: false });
    const user = ['--reuid=4711', '--regid=4711', '--clear-groups', '--inh-caps=-all', '--'];
    const { exitCode, stdout } = await execa('setpriv', [...user, ...argv], { reject: false, cwd: '/' });
    // Nothing but the first line and what /run and /etc hold is readable for everybody outside, too.
    expect([exitCode, stdout.split('\n').filter((line) => !/^mine$|^(read|uncovered) /.test(line))]).toEqual([0, ['0']]);
    expect(await hostState()).toEqual(before);
    expect(await shell(files)).toBe(listed);
    faultRow(
      'root of an ordinary user’s sandbox goes for links, tables, files and processes outside',
      'he cannot see or change any of them',
    );
  } finally {
    await shell('ip link del out0; nft delete table inet outer; ip netns del outer; rm -rf /etc/netns/outer /run/netloom/outer.json');
  }
});

test("without CAP_SYS_PTRACE another user's process cannot be attached to, and that is said", async () => {
  const child = spawn('unshare', ['--net', '--', 'setpriv', '--reuid=4711', '--regid=4711', '--clear-groups', 'sleep', '600'], {
    stdio: 'ignore',
  });
  try {
    while (!/^Uid:\t4711/m.test(readFileSync(`/proc/${child.pid}/status`, 'utf8'))) await new Promise((done) => setTimeout(done, 5));
    const text = `version: 1\nname: lab\nsubnets: { one: { ipv4: 10.31.1.0/24 } }\nbridges: { br-one: { subnet: one } }
namespaces: { a: { attach: { pid: ${child.pid} } } }\nlinks: [[a:eth0, br-one]]\n`;
    writeFileSync('/run/lab/attach.yaml', text);
    load(text);
    const before = await hostState();
    const only = ['--bounding-set=-all,+net_admin,+sys_admin', '--inh-caps=-all,+net_admin,+sys_admin'];
    const { exitCode, stdout } = await attempt('setpriv', ...only, process.execPath, NETLOOM, 'apply', '/run/lab/attach.yaml');
    expect([exitCode, stdout]).toEqual([1, expect.stringMatching(/missing: CAP_SYS_PTRACE\) \(E_PRIVILEGE\)/)]);
    expect(await hostState()).toEqual(before);
    await run(process.execPath, NETLOOM, 'apply', '/run/lab/attach.yaml');
    faultRow("CAP_SYS_PTRACE is missing, to attach another user's process", 'E_PRIVILEGE, which names it; nothing is changed');
  } finally {
    await destroy('lab', { force: true });
    child.kill('SIGKILL');
  }
});
