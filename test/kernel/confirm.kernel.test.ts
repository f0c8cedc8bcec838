import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, test } from 'vitest';
import { realHost } from '../../src/cli/host.ts';
import { withLock } from '../../src/kernel/lock.ts';
import type { Operation } from '../../src/model/operation.ts';
import { faultRow } from '../support/faults/table.ts';
import { hostState } from '../support/host-state.ts';
import { load } from '../support/lab.ts';
import { attempt, type Finished, pings, shell } from '../support/sandbox.ts';
import { spawnWatch } from '../support/watch.ts';
import { emptyHost } from './iproute/support.ts';

/** As built: the guard is a process of its own, which runs from dist/. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const NETLOOM = join(ROOT, 'bin', 'netloom.js');

/** Takes the uplink's bridge over and gives it another address: whoever has come through it is cut off. */
const CUT = `
version: 1
name: cut
subnets:
  lan: { ipv4: 198.51.100.0/24 }
bridges:
  br-lan: { subnet: lan }
namespaces:
  m(1-8):
links:
  - [m(1-8):eth0, br-lan]
`;

const OTHER = `
version: 1
name: other
subnets:
  o: { ipv4: 10.77.0.0/24 }
bridges:
  br-other: { subnet: o }
namespaces:
  o1:
links:
  - [o1:eth0, br-other]
`;

let directory: string;

beforeEach(async () => {
  await emptyHost();
  directory = await mkdtemp(join(tmpdir(), 'netloom-confirm-'));
  await writeFile(join(directory, 'cut.yaml'), CUT);
  await writeFile(join(directory, 'other.yaml'), OTHER);
  // The way to this host: a peer behind a bridge that is not netloom's.
  await shell(`echo 0 > /proc/sys/net/ipv4/ip_forward
    ip netns add far; ip link add up0 type veth peer name eth0 netns far
    ip link add br-lan address 02:00:00:00:00:99 type bridge; ip link set up0 master br-lan
    ip link set up0 addrgenmode none; ip link set br-lan addrgenmode none; ip -n far link set eth0 addrgenmode none; ip link set up0 up; ip link set br-lan up
    ip addr add 192.0.2.1/24 dev br-lan; ip -n far addr add 192.0.2.9/24 dev eth0; ip -n far link set lo up; ip -n far link set eth0 up`);
});

const SSH = { SSH_CONNECTION: '192.0.2.9 50022 192.0.2.1 22' };
const APPLY = ['apply', 'cut.yaml', '--adopt'];

function start(args: readonly string[], env: Readonly<Record<string, string>> = SSH): ChildProcess {
  return spawn(process.execPath, [NETLOOM, ...args], {
    cwd: directory,
    env: { ...process.env, LC_ALL: 'C', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
}

async function netloom(...args: readonly string[]): Promise<Finished> {
  const child = start(args);
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk) => (stdout += chunk));
  child.stderr?.on('data', (chunk) => (stderr += chunk));
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode: exitCode ?? -1, stdout, stderr };
}

const stateFile = (name: string): string => `/run/netloom/confirm-${statSync('/proc/self/ns/net').ino}/${name}.json`;
const read = (name: string): Record<string, unknown> => JSON.parse(readFileSync(stateFile(name), 'utf8'));

/** Waits for something to be so; only a test that hangs is ended from outside. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(2);
}

const gone = (): Promise<void> => until(() => !existsSync(stateFile('pending')) && existsSync(stateFile('last')));
/** What the table of faults says where it has done so. */
const GOES_BACK = 'the guard goes back at the deadline, and the host is as it was before';
const reaches = (): Promise<boolean> => pings('far', '192.0.2.1');

test('the uplink that an apply has cut comes back at the deadline', async () => {
  const before = await hostState();
  expect(await reaches()).toBe(true);
  const { exitCode, stderr } = await netloom(...APPLY, '--confirm', '2s');
  expect([exitCode, stderr]).toEqual([
    0,
    expect.stringMatching(/cut: goes back at \d\d:\d\d:\d\d \(in .*\) unless confirmed: netloom confirm/),
  ]);
  expect(await reaches()).toBe(false);
  await gone();
  expect(await reaches()).toBe(true);
  expect(await hostState()).toEqual(before);
  expect(read('last')).toMatchObject({ ending: 'reverted', topologies: ['cut'], remaining: [], errors: [] });
  expect((await netloom('confirm', '--status')).stdout).toMatch(/^cut: went back at .*: the host is as it was before\n$/);
  const late = await netloom('confirm');
  expect([late.exitCode, late.stderr]).toEqual([1, expect.stringContaining('E_CONFIRM_LATE')]);
  expect((await netloom('log', '--json')).stdout).toContain('not confirmed in time');
  faultRow('an apply with `--confirm` cuts the uplink, and nobody confirms it', GOES_BACK);
});

test('confirmed in time, it stays, and the guard ends', async () => {
  await netloom(...APPLY, '--confirm', '60s');
  const status = JSON.parse((await netloom('confirm', '--status', '--json')).stdout);
  expect(status).toMatchObject({ pending: { topologies: ['cut'], command: 'netloom confirm' }, last: null });
  expect(statSync(stateFile('pending')).mode & 0o777).toBe(0o600);
  const guard = Number(read('guard').pid);
  const { exitCode, stdout } = await netloom('confirm');
  expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^cut: confirmed at /)]);
  await until(() => !existsSync(`/proc/${guard}`));
  expect((await netloom('plan', 'cut.yaml')).exitCode).toBe(0);
  const again = await netloom('confirm');
  expect([again.exitCode, again.stderr]).toEqual([1, expect.stringContaining('nothing waits to be confirmed (E_CONFIRM_NONE)')]);
});

test.each([
  { when: 'right after arming', ready: () => existsSync(stateFile('guard')) },
  { when: 'in the middle', ready: () => readdirSync('/run/netns').length > 1 },
  { when: 'towards the end', ready: () => existsSync('/sys/class/net/m8-eth0') },
])('netloom killed $when: the host goes back at the deadline', async ({ ready }) => {
  const before = await hostState();
  const child = start([...APPLY, '--confirm', '2s']);
  await until(ready);
  child.kill('SIGKILL');
  await once(child, 'close');
  await gone();
  expect(await hostState()).toEqual(before);
  expect(read('last').ending).toBe('reverted');
  faultRow('`kill -9` of an apply with `--confirm`, at its beginning, in its middle and towards its end', GOES_BACK);
});

test('the terminal is closed: the session is hung up, and the host goes back at the deadline', async () => {
  const before = await hostState();
  // `script` gives it a terminal of its own, whose end hangs up whoever is in its session.
  const terminal = spawn('script', ['-qec', `exec node ${NETLOOM} ${APPLY.join(' ')} --confirm 2s; sleep 600`, '/dev/null'], {
    cwd: directory,
    env: { ...process.env, ...SSH },
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  await until(() => existsSync(stateFile('guard')));
  terminal.kill('SIGKILL');
  await gone();
  expect(await hostState()).toEqual(before);
  faultRow('the terminal of an apply with `--confirm` is closed', GOES_BACK);
});

test('SIGHUP and SIGINT mean nothing to the guard; SIGTERM makes it go back at once', async () => {
  const before = await hostState();
  await netloom(...APPLY, '--confirm', '10m');
  const guard = Number(read('guard').pid);
  for (const signal of ['SIGHUP', 'SIGINT'] as const) process.kill(guard, signal);
  expect((await netloom('confirm', '--status')).stdout).toContain(`guarded by process ${guard}`);
  process.kill(guard, 'SIGTERM');
  await gone();
  expect(await hostState()).toEqual(before);
});

test('two at once: one is armed, the other one is refused and changes nothing', async () => {
  const both = await Promise.all([netloom(...APPLY, '--confirm', '60s'), netloom('apply', 'other.yaml', '--confirm', '60s')]);
  expect(both.map(({ exitCode }) => exitCode).sort()).toEqual([0, 1]);
  expect(both.find(({ exitCode }) => exitCode === 1)?.stderr).toContain('E_CONFIRM_PENDING');
  expect((read('pending').topologies as unknown[]).length).toBe(1);
});

test('while one is pending nothing else changes the host, and what changes nothing may', async () => {
  await netloom(...APPLY, '--confirm', '60s');
  const state = await hostState();
  for (const args of [
    ['apply', 'other.yaml'],
    ['destroy', 'cut', '--yes'],
    ['apply', 'cut.yaml', '--confirm', '60s'],
  ]) {
    const { exitCode, stderr } = await netloom(...args);
    expect([args, exitCode, stderr]).toEqual([args, 1, expect.stringContaining('E_CONFIRM_PENDING')]);
  }
  expect((await netloom('apply', 'cut.yaml')).exitCode).toBe(0);
  expect(await hostState()).toEqual(state);
});

test('one confirmation covers every topology of an apply, and --revert goes back at once', async () => {
  const before = await hostState();
  const { exitCode, stdout } = await netloom('apply', 'other.yaml', 'cut.yaml', '--adopt', '--confirm', '60s', '--json');
  expect([exitCode, JSON.parse(stdout).confirmation.topologies]).toEqual([0, ['other', 'cut']]);
  const guard = Number(read('guard').pid);
  expect((await netloom('confirm', '--revert')).exitCode).toBe(0);
  expect(await hostState()).toEqual(before);
  await until(() => !existsSync(`/proc/${guard}`));
});

test('a guard that was killed is told of; its change can be kept or taken back', async () => {
  const before = await hostState();
  await netloom(...APPLY, '--confirm', '60s');
  process.kill(Number(read('guard').pid), 'SIGKILL');
  await until(() => !existsSync(`/proc/${read('guard').pid}`));
  expect((await netloom('confirm', '--status')).stdout).toContain('the guard has died');
  expect((await netloom('apply', 'other.yaml')).stderr).toContain('whose guard has died');
  expect((await netloom('confirm', '--revert')).exitCode).toBe(0);
  expect(await hostState()).toEqual(before);
  faultRow(
    '`kill -9` of the guard while a change waits to be confirmed',
    'it is said, and nothing else may change the host; `netloom confirm --revert` goes back',
  );
});

test('an apply that fails and goes back by itself leaves nothing to confirm', async () => {
  const before = await hostState();
  const topology = load(OTHER, 'other.yaml');
  await realHost(directory).exclusive(async (host) => {
    const plan = await host.plan(topology, { adopt: false });
    const impossible: Operation = {
      resource: 'sysctl:host',
      phase: 'settle',
      step: { do: 'sysctl', namespace: 'host', path: 'net/ipv4/no_such', value: '1' },
    };
    const armed: string[] = [];
    const report = await host.apply(
      { ...plan, operations: [...plan.operations, impossible] },
      {
        topology,
        replan: () => host.plan(topology, { adopt: false }),
        confirmation: { id: 'x', windowMs: 60_000, argv: ['apply'], onArmed: () => armed.push('yes') },
      },
    );
    expect([report.status, armed]).toEqual(['rolled-back', ['yes']]);
  });
  expect(existsSync(stateFile('pending'))).toBe(false);
  expect(read('last').ending).toBe('withdrawn');
  expect(await hostState()).toEqual(before);
});

test('a change on the way of the SSH session needs --confirm or --yes where nobody can be asked', async () => {
  const before = await hostState();
  const refused = await netloom(...APPLY);
  expect([refused.exitCode, refused.stderr]).toEqual([
    1,
    expect.stringMatching(/192\.0\.2\.9 by br-lan\): .*address:host:br-lan.*E_SESSION/),
  ]);
  expect(await hostState()).toEqual(before);
  // A lab beside it touches nothing of it.
  expect((await netloom('apply', 'other.yaml')).exitCode).toBe(0);
  expect((await netloom(...APPLY, '--yes')).exitCode).toBe(0);
});

test('on a terminal it asks', async () => {
  const before = await hostState();
  const line = (answer: string) =>
    attempt(
      'sh',
      '-c',
      `cd ${directory}; echo ${answer} | SSH_CONNECTION='192.0.2.9 1 192.0.2.1 22' script -qec 'node ${NETLOOM} ${APPLY.join(' ')}' /dev/null`,
    );
  const no = await line('n');
  expect([no.exitCode, no.stdout]).toEqual([1, expect.stringContaining('Go on without --confirm?')]);
  expect(await hostState()).toEqual(before);
  expect((await line('y')).exitCode).toBe(0);
});

test('an apply or destroy that is refused while one is pending is on record as refused', async () => {
  await netloom(...APPLY, '--confirm', '60s');
  expect((await netloom('destroy', 'cut', '--yes')).exitCode).toBe(1);
  const { entries } = JSON.parse((await netloom('log', '--json')).stdout);
  expect(entries.at(-1)).toMatchObject({
    command: 'destroy',
    topology: 'cut',
    outcome: 'refused',
    errors: [{ code: 'E_CONFIRM_PENDING' }],
  });
});

test('a watch waits while one is pending, says so once and records nothing, and converges after the confirmation', async () => {
  await netloom(...APPLY, '--confirm', '60s');
  const before = JSON.parse((await netloom('log', '--json', '-n', '0')).stdout).entries.length;
  const watcher = spawnWatch(directory, 'other.yaml');
  try {
    const waits = await watcher.until(({ event }) => event === 'waiting');
    expect(waits).toMatchObject({ topology: 'other', holder: { code: 'E_CONFIRM_PENDING' } });
    expect(existsSync('/sys/class/net/br-other')).toBe(false);
    expect(JSON.parse((await netloom('log', '--json', '-n', '0')).stdout).entries.length).toBe(before);
    expect((await netloom('confirm')).exitCode).toBe(0);
    await watcher.until(({ event }) => event === 'converged');
    expect(watcher.said.filter(({ event }) => event === 'waiting').length).toBe(1);
    expect(existsSync('/sys/class/net/br-other')).toBe(true);
  } finally {
    await watcher.stop();
  }
});

test('the guard has loaded all that it needs: it goes back also when netloom is no longer on the disk', async () => {
  const before = await hostState();
  const copy = join(directory, 'installed');
  await shell(`mkdir ${copy} && cp -r ${ROOT}/bin ${ROOT}/dist ${ROOT}/package.json ${copy} && ln -s ${ROOT}/node_modules ${copy}`);
  await shell(`cd ${directory} && node ${copy}/bin/netloom.js ${APPLY.join(' ')} --confirm 10m`);
  await shell(`rm -r ${copy}`);
  process.kill(Number(read('guard').pid), 'SIGTERM');
  await gone();
  expect(await hostState()).toEqual(before);
  expect((await netloom('log', '--json')).stdout).toContain('asked to end');
  faultRow('netloom is gone from the disk while a change waits to be confirmed', 'the guard goes back all the same, and records it');
});

test('confirmed, but killed before it had tidied up: the guard does not go back', async () => {
  await netloom(...APPLY, '--confirm', '60s');
  const state = await hostState();
  const [pending, guard] = [read('pending'), Number(read('guard').pid)];
  const last = {
    formatVersion: 1,
    id: pending.id,
    topologies: ['cut'],
    ending: 'confirmed',
    time: new Date().toISOString(),
    remaining: [],
    errors: [],
  };
  writeFileSync(stateFile('last'), JSON.stringify(last));
  await until(() => !existsSync(`/proc/${guard}`));
  expect(await hostState()).toEqual(state);
  expect((await netloom('apply', 'other.yaml')).exitCode).toBe(0);
});

test('while it asks nobody waits for it; what has become of the plan meanwhile is asked about anew', async () => {
  const before = await hostState();
  const line = `SSH_CONNECTION='192.0.2.9 1 192.0.2.1 22' script -qefc 'node ${NETLOOM} ${APPLY.join(' ')}' /dev/null`;
  const child = spawn('sh', ['-c', line], { cwd: directory, stdio: ['pipe', 'pipe', 'ignore'] });
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  const asked = (): number => said.split('Go on without --confirm?').length - 1;
  await until(() => asked() === 1);
  // The lock is free, and somebody gives the uplink one more address, which this apply would remove.
  await withLock(() => shell('ip addr add 192.0.2.77/24 dev br-lan'), { timeoutMs: 0 });
  child.stdin.write('y\n');
  await until(() => asked() === 2);
  child.stdin.write('n\n');
  const [code] = (await once(child, 'close')) as [number];
  expect([code, said]).toEqual([1, expect.stringContaining('192.0.2.77')]);
  await shell('ip addr del 192.0.2.77/24 dev br-lan');
  expect(await hostState()).toEqual(before);
});
