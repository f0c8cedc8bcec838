import { writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { scriptOf } from '../../src/kernel/iproute/script.ts';
import type { Topology } from '../../src/model/topology.ts';
import { converge } from '../support/converge.ts';
import { changesOf, destroy, kernel, load, planOf } from '../support/lab.ts';
import { run, shell } from '../support/sandbox.ts';
import { startClient, startConnection, startServer, type Talker } from '../support/talk.ts';
import { buildLan } from './reachability/lan.ts';

/** The lab with what is said of the bridge of `db`, and what `db` publishes. */
const lab = (bridge: string, publish = '["8080:80"]'): Topology =>
  load(`
version: 1
name: gate
subnets: { db: { ipv4: 172.31.1.0/24, ipv6: "fd31:1::/64" }, web: { ipv4: 172.31.2.0/24 } }
bridges:
  br-db: { subnet: db, ${bridge} }
  br-web: { subnet: web }
namespaces: { db: { publish: ${publish} }, peer: , web: }
links: [["db:eth0", br-db], ["peer:eth0", br-db], ["web:eth0", br-web]]
`);

const OUTSIDE = (ports: string): string => `{ from: outside, to: db, ${ports} }`;
const WEB = '{ from: br-web, to: db, tcp: [5432] }';
const ALLOWED = `allow: [${OUTSIDE('tcp: [80, 5432, 5433], udp: [53]')}, ${WEB}]`;

const talkers: Talker[] = [];
async function begun(talker: Promise<Talker>): Promise<Talker> {
  talkers.push(await talker);
  return talker;
}

/** Tracked connections, by what was asked for: `tcp 192.0.2.9→172.31.1.2:5432` and the kernel's id of the entry. */
async function entries(): Promise<Map<string, string>> {
  const text = await run('conntrack', '-L', '-o', 'id');
  return new Map(
    [...text.matchAll(/^(\w+) .*? src=(\S+) dst=(\S+) sport=\d+ dport=(\d+) .* id=(\d+)/gm)].map(([, protocol, from, to, port, id]) => [
      `${protocol} ${from}→${to}:${port}`,
      `${id}`,
    ]),
  );
}

const SERVERS = [
  ['db', 'tcp', 80],
  ['db', 'tcp', 5432],
  ['db', 'tcp', 5433],
  ['db', 'udp', 53],
  ['lan', 'tcp', 9000],
  ['far', 'tcp', 9000],
] as const;

beforeAll(async () => {
  await buildLan();
  await converge(kernel, lab(ALLOWED));
  for (const [place, protocol, port] of SERVERS) await begun(startServer(place, protocol, port, place));
});

afterEach(async () => {
  for (const talker of talkers.splice(SERVERS.length)) await talker.stop();
  await shell('conntrack -F 2>/dev/null');
});

afterAll(async () => {
  for (const talker of talkers) await talker.stop();
  await destroy('gate');
  await shell('ip netns del lan; ip netns del far');
});

/** Open connections of every way past the bridge: the tracker's words for each. */
const OPEN = {
  a: ['lan', '172.31.1.2', 5432, 'tcp 192.0.2.9→172.31.1.2:5432'],
  b: ['lan', '172.31.1.2', 5433, 'tcp 192.0.2.9→172.31.1.2:5433'],
  far: ['far', '172.31.1.2', 5432, 'tcp 198.51.100.9→172.31.1.2:5432'],
  web: ['web', '172.31.1.2', 5432, 'tcp 172.31.2.2→172.31.1.2:5432'],
  published: ['lan', '192.0.2.1', 8080, 'tcp 192.0.2.9→192.0.2.1:8080'],
  out: ['db', '192.0.2.9', 9000, 'tcp 172.31.1.2→192.0.2.9:9000'],
  host: ['host', '172.31.1.2', 5432, 'tcp 172.31.1.1→172.31.1.2:5432'],
  past: ['lan', '198.51.100.9', 9000, 'tcp 192.0.2.9→198.51.100.9:9000'],
} as const;
type Name = keyof typeof OPEN | 'udp';
const UDP = 'udp 192.0.2.9→172.31.1.2:53';
const wordOf = (name: Name): string => (name === 'udp' ? UDP : OPEN[name][3]);

async function openAll(): Promise<Map<Name, Talker>> {
  await shell('ip -n far route replace 172.31.0.0/16 via 198.51.100.1');
  const all = new Map<Name, Talker>();
  for (const [name, [from, to, port]] of Object.entries(OPEN)) all.set(name as Name, await begun(startConnection(from, to, port)));
  all.set('udp', await begun(startClient('lan', 4444, '172.31.1.2', 53)));
  for (const talker of all.values()) expect(await talker.say('a')).toMatch(/: a$/);
  return all;
}

const CHANGES: readonly (readonly [what: string, before: string, after: string, ended: readonly Name[]])[] = [
  ['a port leaves an allow', ALLOWED, `allow: [${OUTSIDE('tcp: [80, 5432], udp: [53]')}, ${WEB}]`, ['b']],
  ['a protocol leaves an allow', ALLOWED, `allow: [${OUTSIDE('tcp: [80, 5432-5433]')}, ${WEB}]`, ['udp']],
  ['an allow goes', ALLOWED, `allow: [${OUTSIDE('tcp: [80, 5432, 5433], udp: [53]')}]`, ['web']],
  ['an allow becomes one of a network', ALLOWED, `allow: [{ from: 192.0.2.0/24, to: db, tcp: [5432, 5433], udp: [53] }, ${WEB}]`, ['far']],
  ['all allows go', ALLOWED, '', ['a', 'b', 'far', 'web', 'udp']],
  ['an open bridge closes', 'inbound: open', `allow: [${OUTSIDE('tcp: [5433]')}]`, ['a', 'far', 'web', 'udp']],
  ['a bridge opens', ALLOWED, 'inbound: open', []],
  ['allows come', ALLOWED, `allow: [${OUTSIDE('tcp: [80, 5432, 5433], udp: [53]')}, ${WEB}, { from: outside }]`, []],
  ['an allow is put otherwise', ALLOWED, `allow: [{ from: br-web }, { from: outside }]`, []],
];

test.each(CHANGES)('%s: connections that would not be let in any more are forgotten, and no other', async (_, before, after, ended) => {
  await converge(kernel, lab(before));
  const open = await openAll();
  const tracked = await entries();
  await converge(kernel, lab(after));
  const left = await entries();
  const gone = [...open.keys()].filter((name) => left.get(wordOf(name)) !== tracked.get(wordOf(name)));
  expect(gone.toSorted()).toEqual(ended.toSorted());
  for (const name of ended) expect(left.has(wordOf(name))).toBe(false);
  for (const [name, talker] of open) if (!ended.includes(name)) expect(await talker.say('b')).toMatch(/: b$/);
});

test('a connection that was let in by an allow that goes is silent until it comes back', async () => {
  await converge(kernel, lab(ALLOWED));
  const [closed, kept] = [await begun(startConnection('lan', '172.31.1.2', 5433)), await begun(startConnection('lan', '172.31.1.2', 5432))];
  expect([await closed.say('a'), await kept.say('a')]).toEqual(['db: a', 'db: a']);
  await converge(kernel, lab(`allow: [${OUTSIDE('tcp: [5432]')}]`));
  const heard: string[] = [];
  const answer = closed.say('b').then((text) => heard.push(text));
  for (const word of ['b', 'c', 'd']) expect(await kept.say(word)).toBe(`db: ${word}`);
  await dropped('192.0.2.9', 5433);
  expect([heard, (await entries()).has('tcp 192.0.2.9→172.31.1.2:5433')]).toEqual([[], false]);
  await converge(kernel, lab(ALLOWED));
  await answer;
  expect(heard).toEqual(['db: b']);
});

test('the script forgets them too; what is let in, and what was published, goes on', async () => {
  await converge(kernel, lab(ALLOWED));
  const open = await openAll();
  const closed = lab(`allow: [${OUTSIDE('tcp: [5432]')}]`);
  writeFileSync('/run/apply.sh', scriptOf((await planOf(closed)).operations));
  await run('sh', '/run/apply.sh');
  expect(await changesOf(closed)).toEqual([]);
  const left = await entries();
  expect((['b', 'web', 'udp'] as const).filter((name) => left.has(wordOf(name)))).toEqual([]);
  for (const name of ['a', 'far', 'published', 'out', 'host', 'past'] as const) expect(await open.get(name)?.say('b')).toMatch(/: b$/);
});

test('internal: what went in and out is forgotten; the neighbours and the host go on', async () => {
  const allowed = `allow: [${OUTSIDE('tcp: [5432]')}]`;
  await converge(kernel, lab(allowed, '[]'));
  const [inside, out, host] = [
    await begun(startConnection('lan', '172.31.1.2', 5432)),
    await begun(startConnection('db', '192.0.2.9', 9000)),
    await begun(startConnection('host', '172.31.1.2', 5432)),
  ];
  for (const one of [inside, out, host]) expect(await one.say('a')).toMatch(/: a$/);
  const before = await entries();
  await converge(kernel, lab('internal: true', '[]'));
  const after = await entries();
  expect([OPEN.a, OPEN.out, OPEN.host].map(([, , , word]) => [before.has(word), after.has(word)])).toEqual([
    [true, false],
    [true, false],
    [true, true],
  ]);
  expect(await host.say('b')).toBe('db: b');
});

test('icc: what passed from neighbour to neighbour, where the tracker sees it, is forgotten; the rest goes on', async () => {
  await run('sysctl', '-qw', 'net.bridge.bridge-nf-call-iptables=1');
  try {
    await converge(kernel, lab(ALLOWED));
    const neighbour = await begun(startConnection('peer', '172.31.1.2', 80));
    const open = await openAll();
    expect(await neighbour.say('a')).toBe('db: a');
    const word = 'tcp 172.31.1.3→172.31.1.2:80';
    expect((await entries()).has(word)).toBe(true);
    await converge(kernel, lab(`icc: false, ${ALLOWED}`));
    expect((await entries()).has(word)).toBe(false);
    for (const talker of open.values()) expect(await talker.say('b')).toMatch(/: b$/);
  } finally {
    await run('sysctl', '-qw', 'net.bridge.bridge-nf-call-iptables=0');
  }
});

test('what came in while the rules were away is forgotten when they are back', async () => {
  await converge(kernel, lab(`allow: [${OUTSIDE('tcp: [5432]')}]`));
  // Something that keeps the tracker at work, as any other firewall does.
  await shell(`nft 'table inet other { chain forward { type filter hook forward priority 0; ct state established accept; }; }'`);
  await run('nft', 'delete', 'table', 'inet', 'netloom-gate');
  const [early, wanted] = [
    await begun(startConnection('lan', '172.31.1.2', 5433)),
    await begun(startConnection('lan', '172.31.1.2', 5432)),
  ];
  for (const one of [early, wanted]) expect(await one.say('a')).toBe('db: a');
  await converge(kernel, lab(`allow: [${OUTSIDE('tcp: [5432]')}]`));
  expect([...(await entries()).keys()].filter((one) => /:543/.test(one))).toEqual(['tcp 192.0.2.9→172.31.1.2:5432']);
  expect(await wanted.say('b')).toBe('db: b');
  await run('nft', 'delete', 'table', 'inet', 'other');
});

test('ipv6: likewise', async () => {
  await shell('ip -n lan -6 route replace fd31::/16 via fd00:aa::1');
  await converge(kernel, lab(ALLOWED));
  const client = await begun(startConnection('lan', 'fd31:1::2', 5433));
  expect(await client.say('a')).toBe('db: a');
  const word = 'tcp fd00:aa::9→fd31:1::2:5433';
  expect((await entries()).has(word)).toBe(true);
  await converge(kernel, lab(`allow: [${OUTSIDE('tcp: [5432]')}]`));
  expect((await entries()).has(word)).toBe(false);
});

test('a plan that makes nothing stricter looks up no connections, nor does one of a lab that is not there yet', async () => {
  const cuts = async (topology: Topology) => (await planOf(topology)).operations.filter(({ step }) => step.do === 'conntrack-cut').length;
  await converge(kernel, lab(ALLOWED));
  expect(await cuts(lab(`allow: [${OUTSIDE('tcp: [80, 5432, 5433], udp: [53]')}, ${WEB}, { from: outside, udp: [1] }]`))).toBe(0);
  expect(await cuts(lab(''))).toBe(2);
  await destroy('gate', { force: true });
  expect(await cuts(lab(ALLOWED))).toBe(0);
  await converge(kernel, lab(ALLOWED));
  expect(await changesOf(lab(ALLOWED))).toEqual([]);
});

/** Waits until a segment to that port has been sent anew, and so was dropped: nothing else of that connection is retransmitted. */
async function dropped(from: string, port: number): Promise<void> {
  for (;;) {
    const text = await run('nsenter', '--net=/run/netns/lan', 'ss', '-tin', 'src', from, 'dport', `= :${port}`);
    if (/retrans:\d+\/[1-9]/.test(text)) return;
  }
}
