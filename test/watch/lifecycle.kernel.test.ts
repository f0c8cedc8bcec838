import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from '../../src/kernel/lock.ts';
import { changesOf, destroy, load } from '../support/lab.ts';
import { startStranger } from '../support/process.ts';
import { attempt, run, shell } from '../support/sandbox.ts';
import { NETLOOM, type Said, spawnWatch, startWatch, type Watcher } from '../support/watch.ts';

const TEXT = `
version: 1
name: w
subnets: { web: { ipv4: 172.30.1.0/24 } }
bridges: { br-web: { subnet: web } }
namespaces: { a: { publish: ["8080:80"] }, b: }
links: [[a:eth0, br-web], [b:eth0, br-web]]
`;
const lab = load(TEXT);
let directory: string;
let watchers: Watcher[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'netloom-watch-'));
  writeFileSync(join(directory, 'w.yaml'), TEXT);
});

afterEach(async () => {
  await Promise.all(watchers.map((one) => one.stop('SIGKILL')));
  watchers = [];
  await destroy('w', { force: true });
  await destroy('v', { force: true });
  rmSync(directory, { recursive: true, force: true });
});

async function watching(...args: string[]): Promise<Watcher> {
  const watcher = await startWatch(directory, ...args);
  watchers.push(watcher);
  return watcher;
}

/** Resolves once the host is what the file says. */
async function inOrder(): Promise<void> {
  while ((await changesOf(lab)).length > 0) await new Promise((done) => setTimeout(done, 20));
}

const on = (event: string) => (one: Said) => one.event === event;
const repairOf = (id: string) => (one: Said) => one.event === 'converged' && one.changes?.some((change) => change.id === id) === true;
const commandOf = (pid: number): string => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
const childOf = (watcher: Watcher, program: string): number => {
  const found = watcher.children().find((pid) => commandOf(pid).startsWith(program));
  if (found === undefined) throw new Error(`no ${program} is running`);
  return found;
};

test.each(['SIGTERM', 'SIGINT'] as const)('watch: %s ends it with 0 and leaves the network up', async (signal) => {
  const watcher = await watching('w.yaml');
  expect(await watcher.stop(signal)).toBe(0);
  expect(watcher.said.at(-1)).toMatchObject({ event: 'stopped', signal });
  expect(watcher.children()).toEqual([]);
  expect(await changesOf(lab)).toEqual([]);
});

test('watch: a signal in the middle of a reconcile lets it be finished', async () => {
  const watcher = spawnWatch(directory, 'w.yaml');
  watchers.push(watcher);
  // The lock is what a reconcile begins with.
  while ((await attempt('test', '-s', '/run/netloom/w.json')).exitCode !== 0) await new Promise((done) => setTimeout(done, 2));
  expect(await watcher.stop()).toBe(0);
  expect(await changesOf(lab)).toEqual([]);
});

test('watch: --destroy-on-exit removes it', async () => {
  const watcher = await watching('w.yaml', '--destroy-on-exit');
  expect(await watcher.stop()).toBe(0);
  expect(await run('ip', 'netns', 'list')).toBe('');
  expect(watcher.said.at(-2)).toMatchObject({ event: 'pruned', topology: 'w', cause: 'exit' });
});

test('watch: --once converges and ends, with a code that tells', async () => {
  const once = () => attempt(process.execPath, NETLOOM, 'watch', '--once', join(directory, 'w.yaml'));
  expect(await once()).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('w: converged') });
  expect(await once()).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('w: in order') });
  writeFileSync(join(directory, 'w.yaml'), 'nonsense');
  expect(await once()).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('invalid') });
});

test('watch: kill -9 leaves no listener behind, and the next one goes on', async () => {
  const watcher = await watching('w.yaml');
  const children = watcher.children();
  expect(children.length).toBe(2);
  await watcher.stop('SIGKILL');
  for (const pid of children)
    while ((await attempt('test', '-d', `/proc/${pid}`)).exitCode === 0) await new Promise((done) => setTimeout(done, 5));
  await shell('ip link set br-web mtu 1400');
  const next = await watching('w.yaml');
  expect(next.said.map(({ event }) => event)).toEqual(['converged', 'watching']);
});

test.each(['ip ', 'nft '])('watch: %s that is killed is started again, and what was missed is found', async (program) => {
  const watcher = await watching('w.yaml', '--resync', '0');
  await watcher.after(async () => {
    process.kill(childOf(watcher, program), 'SIGKILL');
    await shell('ip link set br-web mtu 1400; nft delete table inet netloom-w');
  }, repairOf('bridge:br-web'));
  await inOrder();
  await watcher.after(() => shell('ip link set br-web mtu 1450'), repairOf('bridge:br-web'));
  await watcher.after(() => shell('nft delete table inet netloom-w'), repairOf('table:netloom-w'));
});

test('watch: thousands of foreign changes that fill its queue do not hide one of ours', async () => {
  const watcher = await watching('w.yaml', '--resync', '0');
  const ip = childOf(watcher, 'ip ');
  await watcher.after(async () => {
    process.kill(ip, 'SIGSTOP');
    const lines = Array.from({ length: 8000 }, (_, index) => `link set f0 mtu ${1400 + (index % 2)}`).join('\n');
    writeFileSync(join(directory, 'flood'), `link add f0 type veth peer name f1\n${lines}\nlink set br-web mtu 1400\nlink del f0\n`);
    await run('ip', '-batch', join(directory, 'flood'));
    process.kill(ip, 'SIGCONT');
  }, repairOf('bridge:br-web'));
  expect(await changesOf(lab)).toEqual([]);
});

test('watch: its own changes are no reason to look again', async () => {
  const watcher = await watching('w.yaml', '--resync', '0');
  await watcher.after(() => writeFileSync(join(directory, 'w.yaml'), TEXT.replace('8080:80', '8081:80')), on('converged'));
  await watcher.after(() => shell('ip link set br-web mtu 1400'), repairOf('bridge:br-web'));
  expect(watcher.said.map(({ event }) => event)).toEqual(['converged', 'watching', 'converged', 'converged']);
});

test('watch: what somebody keeps changing back is called contested, and all else is still repaired', async () => {
  const watcher = await watching('w.yaml', '--resync', '0');
  let fighting = true;
  const fight = (async () => {
    while (fighting) await shell('ip link set br-web mtu 1400; sleep 0.05');
  })();
  const contested = await watcher.until(on('contested'));
  expect(contested).toMatchObject({ topology: 'w', ids: ['bridge:br-web'] });
  await watcher.after(() => shell('ip -n b route del default'), repairOf('route:b:0.0.0.0/0'));
  fighting = false;
  await fight;
  // A changed file is a new beginning.
  await watcher.after(
    () => writeFileSync(join(directory, 'w.yaml'), TEXT.replace('{ subnet: web }', '{ subnet: web, mtu: 1450 }')),
    on('converged'),
  );
  expect(JSON.parse(await run('ip', '-j', 'link', 'show', 'br-web'))).toMatchObject([{ mtu: 1450 }]);
});

test('watch: two that claim the same names: one works, the other says so and waits', async () => {
  const first = await watching('w.yaml');
  writeFileSync(join(directory, 'v.yaml'), TEXT.replace('name: w', 'name: v'));
  const second = await watching('v.yaml');
  const blocked = await second.until(on('blocked'));
  expect(blocked.blockers?.map(({ message }) => message).join()).toMatch(/br-web|namespace a|172\.30\.1/);
  expect(await changesOf(lab)).toEqual([]);
  await second.after(async () => {
    await first.stop();
    await destroy('w');
  }, on('converged'));
  expect(await run('ip', '-d', 'link', 'show', 'br-web')).toContain('netloom:v:br-web');
});

test('watch: of two files that say the same name the first is kept up, and the second removes nothing', async () => {
  const first = await watching('w.yaml');
  mkdirSync(join(directory, 'other'));
  writeFileSync(join(directory, 'other/w.yaml'), TEXT.replace('{ subnet: web }', '{ subnet: web, mtu: 1400 }'));
  const second = await watching('other/w.yaml', '--destroy-on-exit');
  expect(second.said[0]).toMatchObject({ event: 'blocked', blockers: [{ code: 'E_TOPOLOGY_ELSEWHERE' }] });
  expect(await second.stop()).toBe(0);
  expect(await changesOf(lab)).toEqual([]);
  expect(first.said.filter(({ event }) => event === 'converged').length).toBe(1);
});

test('watch: --prune looks once more before it removes, when others have held it up', async () => {
  const watcher = await watching('./', '--prune');
  await withLock(async () => {
    await watcher.after(() => unlinkSync(join(directory, 'w.yaml')), on('gone'));
    await watcher.until(({ event, cause }) => event === 'failed' && cause === 'prune');
    writeFileSync(join(directory, 'w.yaml'), TEXT);
  });
  await watcher.after(() => shell('ip link set br-web mtu 1400'), repairOf('bridge:br-web'));
  expect(watcher.said.filter(({ event }) => event === 'pruned')).toEqual([]);
});

test('watch: who fights faster than it can look is called contested too', async () => {
  const watcher = await watching('w.yaml', '--resync', '0');
  const script = 'ip -o monitor link | while read -r line; do ip link set br-web mtu 1400 2>/dev/null; done';
  const enemy = spawn('sh', ['-c', script], { detached: true, stdio: 'ignore' });
  await shell('ip link set br-web mtu 1400');
  expect(await watcher.until(on('contested'))).toMatchObject({ ids: ['bridge:br-web'] });
  process.kill(-(enemy.pid ?? 0), 'SIGKILL');
});

test('watch: a signal ends the waiting for another netloom', async () => {
  const watcher = await watching('w.yaml', '--resync', '0', '--lock-timeout', '5m');
  await withLock(async () => {
    await shell('ip link set br-web mtu 1400');
    while (!watcher.children().some((pid) => commandOf(pid).startsWith('flock'))) await new Promise((done) => setTimeout(done, 5));
    expect(await watcher.stop()).toBe(0);
  });
});

test('watch: while another netloom changes the host it waits, and says for whom', async () => {
  const watcher = await watching('w.yaml', '--resync', '0');
  await withLock(async () => {
    const waiting = await watcher.after(() => shell('ip link set br-web mtu 1400'), on('waiting'));
    expect(JSON.stringify(waiting)).toContain(`process ${process.pid}`);
  });
  await watcher.until(repairOf('bridge:br-web'));
});

/** Changes what nobody tells of, until it is repaired for another reason than the looks that follow the start. */
async function quietly(watcher: Watcher, also: () => unknown): Promise<Said> {
  for (;;) {
    const repaired = await watcher.after(async () => {
      await shell('ip netns exec b sysctl -qw net.ipv4.conf.eth0.promote_secondaries=0');
      also();
    }, on('converged'));
    if (repaired.cause !== 'kernel') return repaired;
  }
}

test('watch: SIGHUP looks at everything anew', async () => {
  const watcher = await watching('w.yaml', '--resync', '0');
  expect(await quietly(watcher, () => process.kill(watcher.pid, 'SIGHUP'))).toMatchObject({ cause: 'signal', repair: true });
});

test('watch: --resync finds what nobody tells of', async () => {
  const watcher = await watching('w.yaml', '--resync', '500ms');
  expect(await quietly(watcher, () => {})).toMatchObject({ cause: 'timer', repair: true });
});

test('watch: a failure is tried again, and what worked stays', async () => {
  const watcher = await watching('w.yaml', '--resync', '0');
  // /etc/netns/c is a file: that of the new namespace cannot be written.
  writeFileSync('/etc/netns/c', '');
  const failed = await watcher.after(
    () => writeFileSync(join(directory, 'w.yaml'), `${TEXT.replace(', b: }', ', b: , c: }').replace('8080:80', '8081:80')}`),
    (one) => one.event === 'failed' || one.event === 'blocked',
  );
  expect(failed).toMatchObject({ topology: 'w' });
  await watcher.after(async () => unlinkSync('/etc/netns/c'), on('converged'));
  expect(await run('ip', 'netns', 'list')).toContain('c');
});

test('watch: an attached namespace that leads elsewhere is linked anew', async () => {
  const path = join(directory, 'target');
  const strangers = [await startStranger(), await startStranger()];
  try {
    const [one, two] = strangers;
    symlinkSync(`/proc/${one?.pid}/ns/net`, path);
    const real = (pid: number | undefined) => `/proc/${pid}/ns/net`;
    const text = (pid: number | undefined) =>
      TEXT.replace(', b: }', `, b: , s: { attach: { path: ${real(pid)} } } }`).replace('links: [', 'links: [[s:lab0, br-web], ');
    writeFileSync(join(directory, 'w.yaml'), text(one?.pid));
    const watcher = await watching('w.yaml', '--resync', '0');
    await watcher.after(() => shell(`nsenter --net=/proc/${one?.pid}/ns/net ip link set lab0 mtu 1400`), repairOf('link:s:lab0'));
    await watcher.after(() => writeFileSync(join(directory, 'w.yaml'), text(two?.pid)), on('converged'));
    expect(await run('nsenter', `--net=/proc/${two?.pid}/ns/net`, 'ip', '-br', 'addr', 'show', 'lab0')).toContain('172.30.1.');
  } finally {
    await Promise.all(strangers.map((stranger) => stranger.stop()));
  }
});
