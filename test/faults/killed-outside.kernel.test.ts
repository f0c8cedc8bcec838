import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { foreignState, makeForeign } from '../support/faults/foreign.ts';
import { everything } from '../support/faults/killing.ts';
import { signalAll } from '../support/faults/stopped.ts';
import { faultRow } from '../support/faults/table.ts';
import { changesOf, load } from '../support/lab.ts';
import { attempt, shell } from '../support/sandbox.ts';

const NETLOOM = new URL('../../bin/netloom.js', import.meta.url).pathname;
const FILE = '/run/lab/lab.yaml';

const LAB = `version: 1
name: lab
subnets: { one: { ipv4: 10.31.1.0/24, ipv6: "fd31:1::/64" }, two: { ipv4: 10.31.2.0/24 } }
bridges: { br-one: { subnet: one }, br-two: { subnet: two, icc: false } }
namespaces:
  a(1-6): { dns: [192.0.2.53] }
  web: { publish: ["8080:80"], forwarding: true }
  side: { share: web }
links:
  - [a(1-6):eth0, br-one]
  - [a(1-6):eth1, br-two]
  - [web:eth0, br-one]
`;
const CHANGED = LAB.replace('a(1-6)', 'b(1-6)').replaceAll('a(1-6):eth0', 'b(1-6):eth0').replaceAll('  - [a(1-6):eth1, br-two]\n', '');

/** What the kernel tells of links, addresses and routes is the clock: a kill after the nth piece of news strikes in the midst of the work. */
async function signalAfter(
  news: number,
  signal: 'SIGKILL' | 'SIGSTOP',
  ...args: string[]
): Promise<{ stopped: readonly number[]; code: number | null; hit: boolean; ended: Promise<number | null> }> {
  const monitor = spawn('ip', ['-o', 'monitor', 'link', 'address', 'route'], { stdio: ['ignore', 'pipe', 'ignore'] });
  // It listens once it has told of this.
  await shell('ip link add tick type dummy 2>/dev/null || ip link add tick type bridge; ip link del tick');
  const netloom = spawn(process.execPath, [NETLOOM, ...args, '--quiet'], { detached: true, stdio: 'ignore' });
  const exited = once(netloom, 'exit');
  const ended = exited.then(([code]) => code as number | null);
  const lines = createInterface({ input: monitor.stdout });
  let left = news;
  let hit = false;
  let stopped: readonly number[] = [];
  lines.on('line', (line) => {
    if (/\btick\b/.test(line)) return;
    left -= 1;
    if (left !== 0) return;
    if (signal === 'SIGSTOP') {
      // With `ip` and all else that it has started, in the midst of what they do.
      stopped = signalAll(netloom.pid ?? 0, signal);
      hit = stopped.length > 0;
      netloom.emit('stopped');
    } else hit = netloom.exitCode === null && netloom.kill(signal);
  });
  if (signal === 'SIGSTOP') await Promise.race([exited, once(netloom, 'stopped')]);
  else await exited;
  monitor.kill();
  return { stopped, code: netloom.exitCode, hit, ended };
}

const isThere = (pid: number): boolean => existsSync(`/proc/${pid}`);

const netloom = (...args: string[]) => attempt(process.execPath, NETLOOM, ...args);

beforeAll(async () => {
  await makeForeign();
  mkdirSync('/run/lab');
});

test('kill -9 from outside at random instants: the next run arrives, and a removal leaves nothing', async () => {
  const start = await everything();
  const foreign = await foreignState();
  const instants = fc.sample(
    fc.record({
      create: fc.integer({ min: 1, max: 60 }),
      update: fc.integer({ min: 1, max: 40 }),
      destroy: fc.integer({ min: 1, max: 40 }),
    }),
    {
      seed: 9,
      numRuns: 3,
    },
  );
  let hits = 0;
  for (const { create, update, destroy } of instants) {
    for (const [text, news] of [
      [LAB, create],
      [CHANGED, update],
    ] as const) {
      writeFileSync(FILE, text);
      const { hit } = await signalAfter(news, 'SIGKILL', 'apply', FILE);
      hits += hit ? 1 : 0;
      expect(await netloom('apply', FILE)).toMatchObject({ exitCode: 0 });
      expect(await changesOf(load(text, FILE))).toEqual([]);
      expect(await foreignState()).toEqual(foreign);
    }
    const { hit } = await signalAfter(destroy, 'SIGKILL', 'destroy', 'lab', '--yes');
    hits += hit ? 1 : 0;
    expect(await netloom('destroy', 'lab', '--yes')).toMatchObject({ exitCode: 0 });
    expect(await everything()).toEqual(start);
  }
  expect(hits).toBeGreaterThan(3);
  faultRow(
    '`kill -9` from outside at random instants',
    'the next apply arrives, the next destroy leaves nothing, nothing foreign has changed',
  );
});

test('stopped in the midst of its work while somebody removes what it has made: it says so or arrives, and the next run arrives', async () => {
  writeFileSync(FILE, LAB);
  const start = await everything();
  const foreign = await foreignState();
  for (const harm of ['ip link del br-two', 'ip netns del a3', 'nft delete table inet netloom-lab', 'rm -r /etc/netns/a4']) {
    const { stopped, hit, ended } = await signalAfter(3, 'SIGSTOP', 'apply', FILE);
    expect(hit).toBe(true);
    await shell(`${harm} || true`);
    for (const pid of stopped) if (isThere(pid)) process.kill(pid, 'SIGCONT');
    const code = await ended;
    // 3: it has gone back. 4: something is left, and said. 0: it had not come to what was taken, or has made it.
    const left = await changesOf(load(LAB, FILE));
    if (code === 3) expect([harm, await everything()]).toEqual([harm, start]);
    else expect([harm, code]).toEqual([harm, left.length === 0 ? 0 : 4]);
    expect(await foreignState()).toEqual(foreign);
    expect(await netloom('apply', FILE)).toMatchObject({ exitCode: 0 });
    expect(await changesOf(load(LAB, FILE))).toEqual([]);
    expect(await netloom('destroy', 'lab', '--yes')).toMatchObject({ exitCode: 0 });
    expect(await everything()).toEqual(start);
  }
  faultRow(
    'it and all its programs are stopped in the midst of an apply while somebody removes what it has made',
    'it goes back (exit code 3), or says what is left (4), or arrives (0); the next apply arrives',
  );
});
