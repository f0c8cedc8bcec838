import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { foreignState, makeForeign } from '../support/faults/foreign.ts';
import { everything } from '../support/faults/killing.ts';
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
): Promise<{ pid: number; code: number | null; hit: boolean; ended: Promise<number | null> }> {
  const monitor = spawn('ip', ['-o', 'monitor', 'link', 'address', 'route'], { stdio: ['ignore', 'pipe', 'ignore'] });
  // It listens once it has told of this.
  await shell('ip link add tick type dummy 2>/dev/null || ip link add tick type bridge; ip link del tick');
  const netloom = spawn(process.execPath, [NETLOOM, ...args, '--quiet'], { detached: true, stdio: 'ignore' });
  const exited = once(netloom, 'exit');
  const ended = exited.then(([code]) => code as number | null);
  const lines = createInterface({ input: monitor.stdout });
  let left = news;
  let hit = false;
  lines.on('line', (line) => {
    if (/\btick\b/.test(line)) return;
    left -= 1;
    if (left !== 0) return;
    hit = netloom.exitCode === null && netloom.kill(signal);
    if (signal === 'SIGSTOP') netloom.emit('stopped');
  });
  if (signal === 'SIGSTOP') await Promise.race([exited, once(netloom, 'stopped')]);
  else await exited;
  monitor.kill();
  return { pid: netloom.pid ?? 0, code: netloom.exitCode, hit, ended };
}

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
      numRuns: 5,
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
  expect(hits).toBeGreaterThan(5);
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
    const { pid, hit, ended } = await signalAfter(3, 'SIGSTOP', 'apply', FILE);
    expect(hit).toBe(true);
    await shell(`${harm} || true`);
    process.kill(pid, 'SIGCONT');
    const code = await ended;
    const left = await changesOf(load(LAB, FILE));
    // 3: it has gone back. 4: it says what is left. 0: it had not come to what was taken, or has made it.
    expect([harm, [0, 3, 4].includes(code ?? -1), code !== 0 || left.length === 0]).toEqual([harm, true, true]);
    expect(await foreignState()).toEqual(foreign);
    expect(await netloom('apply', FILE)).toMatchObject({ exitCode: 0 });
    expect(await changesOf(load(LAB, FILE))).toEqual([]);
    expect(await netloom('destroy', 'lab', '--yes')).toMatchObject({ exitCode: 0 });
    expect(await everything()).toEqual(start);
  }
  faultRow(
    'it is stopped in the midst of an apply while somebody removes what it has made',
    'it fails and says what is left, or arrives; the next apply arrives',
  );
});
