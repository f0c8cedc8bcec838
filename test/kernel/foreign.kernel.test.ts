import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LINK_GROUP } from '../../src/model/marks.ts';
import { applyPlan } from '../../src/pipeline/apply.ts';
import { planTopology } from '../../src/pipeline/plan.ts';
import { converge, linesOf } from '../support/converge.ts';
import { hostState } from '../support/host-state.ts';
import { changesOf, destroy, indexes, kernel, load, planOf } from '../support/lab.ts';
import { run, shell } from '../support/sandbox.ts';
import { emptyHost } from './iproute/support.ts';

const text = `
version: 1
name: shop
subnets:
  web: { ipv4: 172.31.1.0/24, ipv6: "fd31:1::/64" }
bridges:
  br-web: { subnet: web }
namespaces:
  web: { publish: ["8080:80"], dns: [192.0.2.53] }
  db:
  side: { share: db }
links:
  - [web:eth0, br-web]
  - [db:eth0, br-web]
  - { ends: [db:up0, host:to-db], subnet: { ipv4: 10.60.0.0/30, gateway: "host:to-db" } }
host: { routes: [{ to: 10.70.0.0/16, via: db }] }
`;
const lab = load(text);

beforeEach(async () => {
  await emptyHost();
  await shell('echo 0 > /proc/sys/net/ipv4/ip_forward; echo 0 > /proc/sys/net/ipv6/conf/all/forwarding');
});

afterEach(async () => {
  for (const name of ['shop', 'other']) await destroy(name, { force: true });
});

/** Everything that somebody else may have on a host, near what is ours; without addresses that come by themselves, in their own time. */
const STRANGERS = `
  ip link add br-mine type bridge; ip link set br-mine addrgenmode none; ip addr add 10.99.0.1/24 dev br-mine; ip link set br-mine up
  ip netns add theirs; ip link add th0 type veth peer name eth0 netns theirs; ip link set th0 addrgenmode none; ip link set th0 master br-mine up
  ip -n theirs link set eth0 addrgenmode none; ip -n theirs addr add 10.99.0.2/24 dev eth0; ip -n theirs link set eth0 up; ip -n theirs route add default via 10.99.0.1
  ip route add 10.98.0.0/16 via 10.99.0.2; ip route add blackhole 10.97.0.0/16; ip -6 route add unreachable fd97::/64
  ip route add 10.96.0.0/16 via 10.99.0.2 proto 159
  nft add table inet mine; nft add chain inet mine forward '{ type filter hook forward priority 10; }'; nft add rule inet mine forward accept
  nft add table ip netloom; nft add set ip netloom s '{ type ipv4_addr; elements = { 192.0.2.1 } }'
  mkdir -p /etc/netns/theirs /etc/netns/nobody; echo 192.0.2.1 mine > /etc/netns/theirs/hosts; echo x > /etc/netns/nobody/resolv.conf
`;

/** Foreign links that look like ours in one respect each. */
const LOOKALIKES: readonly { readonly what: string; readonly how: string }[] = [
  { what: 'the group number', how: `ip link add look type bridge; ip link set look group ${LINK_GROUP}` },
  { what: 'the group number of what is doomed', how: `ip link add look type bridge; ip link set look group ${LINK_GROUP + 1}` },
  { what: "a bridge's altname", how: 'ip link add look type bridge; ip link property add dev look altname netloom:shop:br-old' },
  {
    what: "a port's altname",
    how: 'ip link add look type veth peer name kool; ip link property add dev look altname netloom:shop:web:eth7',
  },
  {
    what: "an end's altname",
    how: 'ip link add look type veth peer name kool; ip link property add dev look altname netloom:shop:host:old',
  },
  { what: 'an alias', how: 'ip link add look type bridge; ip link set look alias "bridge of shop"' },
  {
    what: 'the altname of another kind of link',
    how: `ip link add look type veth peer name kool; ip link set look group ${LINK_GROUP}; ip link property add dev look altname netloom:shop:br-old`,
  },
  {
    what: 'the group number, inside',
    how: `ip netns add guest; ip -n guest link add look type bridge; ip -n guest link set look group ${LINK_GROUP}`,
  },
  {
    what: 'altname and group, but in a namespace that is not ours',
    how: `ip netns add guest; ip -n guest link add look type veth peer name kool; ip -n guest link set look group ${LINK_GROUP}; ip -n guest link property add dev look altname netloom:shop:guest:look`,
  },
];

test('foreign links, namespaces, routes, tables and files are the same before and after', async () => {
  await shell(STRANGERS);
  const [before, numbers] = [await hostState(), await indexes()];
  await converge(kernel, lab);
  for (const [place, index] of numbers) expect([place, (await indexes()).get(place)]).toEqual([place, index]);
  expect(await theirs()).toEqual(before.theirs);
  expect((await destroy('shop')).status).toBe('converged');
  expect(await hostState()).toEqual(before);
  expect(await indexes()).toEqual(numbers);
});

test.each(LOOKALIKES)('a foreign link that bears $what stays as it is', async ({ how }) => {
  await shell(how);
  const [before, numbers] = [await hostState(), await indexes()];
  await converge(kernel, lab);
  expect(await changesOf(lab)).toEqual([]);
  expect((await destroy('shop')).status).toBe('converged');
  expect(await hostState()).toEqual(before);
  expect(await indexes()).toEqual(numbers);
});

test.each(LOOKALIKES)('a foreign link that comes later and bears $what stays as it is', async ({ how }) => {
  await converge(kernel, lab);
  await shell(how);
  const numbers = await indexes();
  expect(await changesOf(lab)).toEqual([]);
  expect((await destroy('shop')).status).toBe('converged');
  const left = await indexes();
  expect([...left.keys()].filter((place) => !place.endsWith(':lo') && !/:(look|kool)$/.test(place))).toEqual([]);
  for (const [place, index] of left) expect([place, numbers.get(place)]).toEqual([place, index]);
  expect([...left.keys()].filter((place) => /:look$/.test(place))).toHaveLength(1);
});

test('inside a namespace of ours: links, dynamic routes and addresses of somebody else are left alone', async () => {
  await converge(kernel, lab);
  await shell(`
    ip -n web link add mine type bridge; ip -n web addr add 10.55.0.1/24 dev mine; ip -n web link set mine up
    ip -n web route add 10.56.0.0/16 via 10.55.0.9 proto bird; ip -n web route add 10.57.0.0/16 dev mine proto zebra
    ip -n web addr add 172.31.1.88/24 dev eth0 valid_lft 3000 preferred_lft 3000
  `);
  const there = await withoutTimes();
  expect(await changesOf(lab)).toEqual([]);
  await converge(kernel, lab);
  expect(await withoutTimes()).toEqual(there);
});

const TAKEN: readonly { readonly what: string; readonly how: string; readonly code: string }[] = [
  { what: "a bridge's name", how: 'ip link add br-web type bridge', code: 'E_NAME_TAKEN' },
  { what: "a bridge's name by another kind of link", how: 'ip link add br-web type veth peer name x', code: 'E_NAME_TAKEN' },
  { what: "a port's name", how: 'ip link add web-eth0 type bridge', code: 'E_NAME_TAKEN' },
  { what: "a host end's name", how: 'ip link add to-db type bridge', code: 'E_NAME_TAKEN' },
  { what: "a namespace's name", how: 'ip netns add web; ip -n web link set lo up', code: 'E_NAMESPACE_TAKEN' },
  { what: 'a shared name', how: 'ip netns add side', code: 'E_NAMESPACE_TAKEN' },
  { what: 'a hosts file', how: 'mkdir -p /etc/netns/web; echo 192.0.2.1 mine > /etc/netns/web/hosts', code: 'E_FILE_TAKEN' },
  { what: 'a resolv.conf', how: 'mkdir -p /etc/netns/web; echo nameserver 192.0.2.1 > /etc/netns/web/resolv.conf', code: 'E_FILE_TAKEN' },
  {
    what: 'the name of a bridge as an altname',
    how: 'ip link add x type bridge; ip link property add dev x altname br-web',
    code: 'E_NAME_TAKEN',
  },
  {
    what: 'the long name of a bridge',
    how: 'ip link add x type bridge; ip link property add dev x altname netloom:shop:br-web',
    code: 'E_NAME_TAKEN',
  },
  { what: 'a subnet', how: 'ip link add x type bridge; ip addr add 172.31.1.200/25 dev x; ip link set x up', code: 'E_SUBNET_OVERLAP' },
];

test.each(TAKEN)('$what is taken: a blocker, before anything changes', async ({ how, code }) => {
  await shell(how);
  const before = await hostState();
  const plan = await planOf(lab);
  expect([...new Set(plan.blockers.map((blocker) => blocker.code))]).toEqual([code]);
  for (const { message, hint, origin } of plan.blockers) expect([message, hint, origin?.file].every(Boolean)).toBe(true);
  const report = await applyPlan(kernel, plan, { replan: () => planOf(lab), revert: () => planOf(lab) });
  expect(report.status).toBe('blocked');
  expect(await hostState()).toEqual(before);
});

test("a namespace's name is taken by an empty file: a blocker", async () => {
  await shell('touch /run/netns/web');
  expect((await planOf(lab)).blockers.map(({ code }) => code)).toEqual(['E_NAMESPACE_TAKEN']);
  await shell('rm /run/netns/web');
});

test('a name inside a namespace of ours is taken: a blocker', async () => {
  const less = load(text.replace('  - [web:eth0, br-web]\n', '').replace('publish: ["8080:80"], ', ''));
  await converge(kernel, less);
  await shell('ip -n web link add eth0 type bridge');
  const before = await hostState();
  const { blockers } = await planOf(lab);
  expect(blockers.map(({ code }) => code)).toEqual(['E_NAME_TAKEN']);
  expect(await hostState()).toEqual(before);
  await shell('ip -n web link del eth0');
});

test.each([
  { what: 'a bridge', how: 'ip link add br-web type bridge; ip addr add 10.1.1.1/24 dev br-web', kept: ['host:br-web'] },
  { what: 'a namespace', how: 'ip netns add web; ip -n web link set lo up', kept: ['web:lo'] },
  { what: 'a hosts file', how: 'mkdir -p /etc/netns/web; echo 192.0.2.1 mine > /etc/netns/web/hosts', kept: [] },
  {
    what: 'a whole lab made by hand',
    how: `ip link add br-web type bridge; ip netns add web; ip link add web-eth0 type veth peer name eth0 netns web; ip link set web-eth0 master br-web
      ip -n web addr add 10.1.1.2/24 dev eth0`,
    kept: ['host:br-web', 'web:eth0', 'host:web-eth0'],
  },
])('--adopt takes over $what', async ({ how, kept }) => {
  await converge(kernel, lab);
  const wanted = await hostState();
  await destroy('shop');
  await shell(how);
  const before = await indexes();
  await converge(kernel, lab, { adopt: true });
  expect(linesOf(await planTopology(kernel, lab, { adopt: false }))).toEqual([]);
  expect(await hostState()).toEqual(wanted);
  const after = await indexes();
  for (const place of kept) expect([place, after.get(place)]).toEqual([place, before.get(place)]);
});

const other = (pieces: { bridge?: string; namespace?: string; subnet?: string; port?: number; ipv6?: string } = {}): string => `
version: 1
name: other
subnets: { a: { ipv4: ${pieces.subnet ?? '172.31.2.0/24'}${pieces.ipv6 === undefined ? '' : `, ipv6: "${pieces.ipv6}"`} } }
bridges: { ${pieces.bridge ?? 'br-other'}: { subnet: a } }
namespaces: { ${pieces.namespace ?? 'mail'}: { publish: ["${pieces.port ?? 25}:25"] } }
links: [["${pieces.namespace ?? 'mail'}:eth0", ${pieces.bridge ?? 'br-other'}]]
`;

test('two topologies live side by side, and each goes without the other', async () => {
  const start = await hostState();
  const second = load(other(), 'other.yaml');
  await converge(kernel, lab);
  const alone = await hostState();
  await converge(kernel, second);
  expect(await changesOf(lab)).toEqual([]);
  expect(await changesOf(second)).toEqual([]);
  await destroy('other');
  expect(await hostState()).toEqual(alone);
  await destroy('shop');
  expect(await hostState()).toEqual(start);
});

test.each([
  { what: 'a namespace', text: other({ namespace: 'web' }) },
  { what: 'a bridge', text: other({ bridge: 'br-web' }) },
  { what: 'a subnet', text: other({ subnet: '172.31.0.0/16' }) },
  { what: 'a port', text: other({ port: 8080 }) },
])('two topologies that clash over $what: the blocker names both files', async ({ text }) => {
  await converge(kernel, lab);
  const before = await hostState();
  const { blockers } = await planOf(load(text, 'other.yaml'));
  expect(blockers.length).toBeGreaterThan(0);
  expect(blockers.filter(({ message, origin }) => message.includes('(lab.yaml)') && origin?.file === 'other.yaml')).not.toEqual([]);
  expect(await hostState()).toEqual(before);
});

test.each([
  ['shop', 'other'],
  ['other', 'shop'],
])('ip_forward goes back with the last that needs it: first %s, then %s', async (first, second) => {
  const start = await hostState();
  const v6 = load(other({ ipv6: 'fd31:2::/64' }), 'other.yaml');
  for (const [one, two] of [[lab, v6] as const, [v6, lab] as const]) {
    await converge(kernel, one);
    await converge(kernel, two);
    await destroy(first);
    expect(await forwarding()).toEqual(['1', '1']);
    await destroy(second);
    expect(await forwarding()).toEqual(['0', '0']);
    expect(await hostState()).toEqual(start);
  }
});

test('ip_forward that was on before stays on', async () => {
  await shell('echo 1 > /proc/sys/net/ipv4/ip_forward');
  const start = await hostState();
  await converge(kernel, lab);
  await destroy('shop');
  expect(await hostState()).toEqual(start);
});

test('destroy works by name where the record and every file are lost', async () => {
  await converge(kernel, lab);
  await shell('rm -r /run/netloom/shop.json /etc/netns/web /etc/netns/db');
  await destroy('shop');
  const left = await indexes();
  expect([...left.keys()].filter((place) => place.startsWith('host:') && place !== 'host:lo')).toEqual([]);
  expect(await run('nft', 'list', 'ruleset')).toBe('');
});

test('destroy: who is inside a namespace is named, and --force goes on', async () => {
  const start = await hostState();
  await converge(kernel, lab);
  const there = await hostState();
  await shell('nsenter --net=/run/netns/web sleep 60 >/dev/null 2>&1 & echo $! > /run/sleeper');
  const pid = (await readFile('/run/sleeper', 'utf8')).trim();
  await shell(`until [ "$(readlink /proc/${pid}/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.01; done`);
  try {
    const report = await destroy('shop');
    expect(report.status).toBe('blocked');
    expect(report.plan.blockers.map(({ code, message }) => `${code} ${message}`)).toEqual([
      `E_NAMESPACE_BUSY namespace web is in use by sleep (pid ${pid})`,
    ]);
    expect(await hostState()).toEqual(there);
    expect((await destroy('shop', { force: true })).status).toBe('converged');
  } finally {
    process.kill(Number(pid));
  }
  expect(await hostState()).toEqual(start);
});

async function theirs(): Promise<unknown> {
  return (await hostState()).theirs;
}

async function forwarding(): Promise<string[]> {
  return (await shell('cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf/all/forwarding')).split('\n');
}

/** Lifetimes of addresses run. */
const withoutTimes = async (): Promise<unknown> =>
  JSON.parse(JSON.stringify(await hostState()), (key, value) => (key.endsWith('_life_time') ? undefined : value));
