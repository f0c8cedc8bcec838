import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { scriptOf } from '../../src/kernel/iproute/script.ts';
import type { Topology } from '../../src/model/topology.ts';
import { planDestroy } from '../../src/pipeline/plan.ts';
import { converge } from '../support/converge.ts';
import { changesOf, destroy, kernel, load, planOf } from '../support/lab.ts';
import { run, shell } from '../support/sandbox.ts';
import { startClient, startConnection, startServer, type Talker } from '../support/talk.ts';
import { buildLan } from './reachability/lan.ts';

/** The lab with what `one` and `two` publish. */
const lab = (one: readonly string[], two: readonly string[] = []): Topology =>
  load(`
version: 1
name: flow
subnets: { a: { ipv4: 10.77.1.0/24 } }
bridges: { br-a: { subnet: a } }
namespaces: { one: { publish: ${JSON.stringify(one)} }, two: { publish: ${JSON.stringify(two)} }, member: }
links: [["one:eth0", br-a], ["two:eth0", br-a], ["member:eth0", br-a]]
`);

const ALWAYS = ['8080:80', '7070:53/udp'];

const talkers: Talker[] = [];
async function begun(talker: Promise<Talker>): Promise<Talker> {
  talkers.push(await talker);
  return talker;
}

/** Tracked connections, by what was asked for: `tcp 192.0.2.9→192.0.2.1:8080` and the kernel's id of the entry. */
async function entries(): Promise<Map<string, string>> {
  const text = await run('conntrack', '-L', '-f', 'ipv4', '-o', 'id');
  return new Map(
    [...text.matchAll(/^(\w+) .*? src=(\S+) dst=(\S+) sport=\d+ dport=(\d+) .* id=(\d+)/gm)].map(([, protocol, from, to, port, id]) => [
      `${protocol} ${from}→${to}:${port}`,
      `${id}`,
    ]),
  );
}

beforeAll(async () => {
  await buildLan();
  await converge(kernel, lab(ALWAYS));
  for (const [place, protocol, port] of [
    ['one', 'tcp', 80],
    ['two', 'tcp', 80],
    ['one', 'udp', 53],
    ['two', 'udp', 53],
    ['far', 'tcp', 8081],
    ['far', 'udp', 5353],
  ] as const)
    await begun(startServer(place, protocol, port, place));
});

const servers = 6;
afterEach(async () => {
  for (const talker of talkers.splice(servers)) await talker.stop();
  await shell('conntrack -F 2>/dev/null');
});

afterAll(async () => {
  for (const talker of talkers) await talker.stop();
  await destroy('flow');
  await shell('ip netns del lan; ip netns del far');
});

test('a UDP client with a fixed source port reaches the new target at its very next datagram', async () => {
  await converge(kernel, lab([...ALWAYS, '5353:53/udp']));
  const client = await begun(startClient('lan', 4444, '192.0.2.1', 5353));
  const local = await begun(startClient('host', 4445, '127.0.0.1', 5353));
  const pinned = await begun(startClient('lan', 4446, '198.51.100.1', 5353));
  for (const one of [client, local, pinned]) expect([await one.say('a'), await one.say('b')]).toEqual(['one: a', 'one: b']);
  await converge(kernel, lab(ALWAYS, ['5353:53/udp']));
  for (const one of [client, local, pinned]) expect(await one.say('c')).toBe('two: c');
});

test('so it does at a port that was not published when it first tried, and no longer when it is removed', async () => {
  await converge(kernel, lab(ALWAYS));
  const client = await begun(startClient('lan', 4444, '192.0.2.1', 5353));
  expect(await client.say('a')).toBe('ECONNREFUSED');
  expect([...(await entries()).keys()]).toContain('udp 192.0.2.9→192.0.2.1:5353');
  await converge(kernel, lab(ALWAYS, ['5353:53/udp']));
  expect(await client.say('b')).toBe('two: b');
  await converge(kernel, lab(ALWAYS));
  expect(await client.say('c')).toBe('ECONNREFUSED');
});

test('a changed publish ends its own connections and no other: entries and open connections of the rest stay', async () => {
  const first = lab([...ALWAYS, '8081:80', '192.0.2.1:8082:80', '5353:53/udp']);
  await converge(kernel, first);
  const kept: readonly (readonly [talker: Talker, name: string, entry: string])[] = [
    [await begun(startConnection('lan', '192.0.2.1', 8080)), 'one', 'tcp 192.0.2.9→192.0.2.1:8080'],
    [await begun(startConnection('host', '127.0.0.1', 8080)), 'one', 'tcp 127.0.0.1→127.0.0.1:8080'],
    [await begun(startClient('lan', 4447, '192.0.2.1', 7070)), 'one', 'udp 192.0.2.9→192.0.2.1:7070'],
    // The same port numbers, but of another machine: one is masqueraded, and would not survive without its entry.
    [await begun(startConnection('member', '198.51.100.9', 8081)), 'far', 'tcp 10.77.1.4→198.51.100.9:8081'],
    [await begun(startConnection('lan', '198.51.100.9', 8081)), 'far', 'tcp 192.0.2.9→198.51.100.9:8081'],
    [await begun(startClient('member', 4448, '198.51.100.9', 5353)), 'far', 'udp 10.77.1.4→198.51.100.9:5353'],
  ];
  const ended: readonly (readonly [talker: Talker, entry: string])[] = [
    [await begun(startConnection('lan', '192.0.2.1', 8081)), 'tcp 192.0.2.9→192.0.2.1:8081'],
    [await begun(startConnection('far', '192.0.2.1', 8081)), 'tcp 198.51.100.9→192.0.2.1:8081'],
    [await begun(startConnection('lan', '192.0.2.1', 8082)), 'tcp 192.0.2.9→192.0.2.1:8082'],
  ];
  const moved = await begun(startClient('lan', 4449, '192.0.2.1', 5353));
  for (const [talker, name] of kept) expect(await talker.say('a')).toBe(`${name}: a`);
  for (const [talker] of [...ended, [moved] as const]) expect(await talker.say('a')).toBe('one: a');
  const before = await entries();

  // One changes, one goes, one comes.
  await converge(kernel, lab(ALWAYS, ['8081:80', '5353:53/udp', '8083:80']));

  const after = await entries();
  for (const [talker, name, entry] of kept) {
    expect(`${entry} ${after.get(entry)}`).toBe(`${entry} ${before.get(entry)}`);
    expect(await talker.say('b')).toBe(`${name}: b`);
  }
  for (const [talker, entry] of ended) {
    expect([before.has(entry), after.has(entry)]).toEqual([true, false]);
    expect(await talker.say('b')).toBe('ECONNRESET');
  }
  expect(await moved.say('b')).toBe('two: b');
});

test.each([
  ['apply', (topology: Topology) => converge(kernel, topology)],
  ['the script', applyByScript],
])('%s: of one port on two interfaces, only what came to the changed one is forgotten', async (_, carryOut) => {
  await converge(kernel, lab([...ALWAYS, '9090:80@up0'], ['9090:80@up1']));
  const [near, far] = [await begun(startConnection('lan', '192.0.2.1', 9090)), await begun(startConnection('far', '198.51.100.1', 9090))];
  expect([await near.say('a'), await far.say('a')]).toEqual(['one: a', 'two: a']);
  const before = await entries();
  await carryOut(lab(ALWAYS, ['9090:80@up1']));
  const [kept, gone] = ['tcp 198.51.100.9→198.51.100.1:9090', 'tcp 192.0.2.9→192.0.2.1:9090'];
  const after = await entries();
  expect([after.get(kept), before.has(gone), after.has(gone)]).toEqual([before.get(kept), true, false]);
  expect([await near.say('b'), await far.say('b')]).toEqual(['ECONNRESET', 'two: b']);
});

test('the script forgets the same connections, and no others', async () => {
  await converge(kernel, lab([...ALWAYS, '5353:53/udp']));
  const client = await begun(startClient('lan', 4444, '192.0.2.1', 5353));
  const other = await begun(startClient('member', 4448, '198.51.100.9', 5353));
  expect([await client.say('a'), await other.say('a')]).toEqual(['one: a', 'far: a']);
  const before = await entries();
  const moved = lab(ALWAYS, ['5353:53/udp']);
  await applyByScript(moved);
  const entry = 'udp 10.77.1.4→198.51.100.9:5353';
  expect((await entries()).get(entry)).toBe(before.get(entry));
  expect([await client.say('b'), await other.say('b')]).toEqual(['two: b', 'far: b']);
});

test('without the program conntrack a plan that changes published ports warns, names the package, and is carried out', async () => {
  await converge(kernel, lab([...ALWAYS, '5353:53/udp']));
  const client = await begun(startClient('lan', 4444, '192.0.2.1', 5353));
  expect(await client.say('a')).toBe('one: a');
  const moved = lab(ALWAYS, ['5353:53/udp']);
  expect((await planOf(moved)).warnings).toEqual([]);
  await hideConntrack();
  try {
    const { warnings, blockers } = await planOf(moved);
    expect({ warnings, blockers }).toMatchObject({
      blockers: [],
      warnings: [
        {
          code: 'W_NO_CONNTRACK',
          message: expect.stringContaining(
            'the program conntrack is not installed: whoever uses 5353/udp now keeps going where it led before',
          ),
          hint: 'install it before you apply: apt-get install conntrack',
        },
      ],
    });
    await converge(kernel, moved);
    // What the warning says: he is still led to where the port led before, and others are not.
    expect(await client.say('b')).toBe('one: b');
    expect(await (await begun(startClient('lan', 4445, '192.0.2.1', 5353))).say('b')).toBe('two: b');
    expect((await planOf(moved)).warnings).toEqual([]);
  } finally {
    await shell('umount /usr/sbin; umount /run/sbin');
  }
  expect(readFileSync('/usr/sbin/conntrack').length).toBeGreaterThan(0);
});

test('destroy ends connections after the table has gone, so that none is made anew in between', async () => {
  await converge(kernel, lab([...ALWAYS, '5353:53/udp']));
  const client = await begun(startClient('lan', 4444, '192.0.2.1', 5353));
  expect(await client.say('a')).toBe('one: a');
  const { operations } = await planDestroy(kernel, 'flow');
  const steps = operations.map(({ step }) => (step.do === 'nft' ? step.lines.join() : step.do));
  expect(steps.indexOf('conntrack-flush')).toBeGreaterThan(steps.indexOf('delete table inet netloom-flow'));
  expect(steps).toContain('delete table inet netloom-flow');
  expect((await destroy('flow', { force: true })).status).toBe('converged');
  expect(await client.say('b')).toBe('ECONNREFUSED');
});

async function applyByScript(topology: Topology): Promise<void> {
  writeFileSync('/run/apply.sh', scriptOf((await planOf(topology)).operations));
  await run('sh', '/run/apply.sh');
  expect(await changesOf(topology)).toEqual([]);
}

/** A /usr/sbin that has everything but conntrack, in this sandbox's own mounts. */
const hideConntrack = () =>
  shell(`
    mkdir -p /run/sbin; mount --bind /usr/sbin /run/sbin; mount -t tmpfs tmpfs /usr/sbin
    for file in /run/sbin/*; do ln -s "$file" /usr/sbin/; done
    rm /usr/sbin/conntrack
  `);
