import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeInventory } from '../../src/pipeline/show.ts';
import { converge } from '../support/converge.ts';
import { hostState } from '../support/host-state.ts';
import { changesOf, destroy, kernel, load, planOf } from '../support/lab.ts';
import { type Stranger, startStranger } from '../support/process.ts';
import { attempt, inNamespace, pings, run, shell } from '../support/sandbox.ts';

let stranger: Stranger;
let start: unknown;

beforeEach(async () => {
  stranger = await startStranger();
  // What is the stranger's own: an interface, its address, routes, settings.
  await inside(`
    echo 1 > /proc/sys/net/ipv6/conf/default/addr_gen_mode
    ip link set lo up
    ip link add own0 type veth peer name own1
    ip addr add 10.44.0.1/24 dev own0
    ip link set own0 up; ip link set own1 up
    ip route add 10.45.0.0/16 via 10.44.0.2
    ip route add blackhole 10.46.0.0/16
    echo 1 > /proc/sys/net/ipv4/ip_forward
  `);
  start = await states();
});

afterEach(async () => {
  await destroy('att');
  await shell('ip netns list | while read -r name _; do ip netns del "$name"; done');
  await stranger.stop();
});

const inside = (script: string): Promise<string> => run('nsenter', '-t', String(stranger.pid), '-n', 'sh', '-euc', script);

/** The host's state, and the stranger's by other means than netloom's. */
async function states(): Promise<unknown> {
  const own = await inside(
    'ip -N -j -d addr show | sed "s/\\"\\(valid\\|preferred\\)_life_time\\":[0-9]*//g"; ip -N route show table all; ip -N -6 route show table all; grep -rs "" /proc/sys/net/ipv4/conf /proc/sys/net/ipv6/conf /proc/sys/net/ipv4/ip_forward | grep -v "stable_secret\\|mc_forwarding" | sort',
  );
  return { host: await hostState(), own };
}

const file = (
  attach: string,
  { link = 'defaultRoute: true', more = '', old = '' }: { link?: string; more?: string; old?: string } = {},
): string => `
version: 1
name: att
subnets: { lan: { ipv4: 172.31.9.0/24, ipv6: "fd31:9::/64" } }
bridges: { br-att: { subnet: lan } }
namespaces:
  old: { attach: ${attach}, publish: ["8080:80"]${old} }
  pc1:
${more === '' ? '' : '  pc2:'}
links:
  - { ends: [old:lab0, br-att], ${link} }
  - [pc1:eth0, br-att]
${more}`;

const blockersOf = async (text: string): Promise<string[]> =>
  (await planOf(load(text))).blockers.map(({ code, message }) => `${code} ${message}`);

test.each(['pid', 'path'] as const)('attach by %s: linked, reachable, nothing else touched, and left as it was', async (way) => {
  const attach = way === 'pid' ? `{ pid: ${stranger.pid} }` : `{ path: /proc/${stranger.pid}/ns/net }`;
  const topology = load(file(attach));
  await converge(kernel, topology);
  expect(await changesOf(topology)).toEqual([]);
  expect(await pings('pc1', '172.31.9.2')).toBe(true);
  expect(await pings('old', '172.31.9.1')).toBe(true);
  expect(await pings('old', 'fd31:9::3')).toBe(true);
  expect(await inside('ip route show default')).toBe('default via 172.31.9.1 dev lab0 proto 159 ');
  expect(await inside('ip link show lo')).not.toContain('netloom');
  expect(await inside('cat /proc/sys/net/ipv4/ip_forward')).toBe('1');
  expect(readFileSync('/etc/netns/old/hosts', 'utf8')).toMatch(/^# netloom:att attached to \S+.*\n/);
  expect(await inNamespace('old', 'getent', 'hosts', 'pc1')).toContain('pc1');
  const [shown] = (await takeInventory(kernel, { name: 'att' })).topologies;
  expect(shown?.namespaces.map(({ name, attached }) => [name, attached])).toEqual([
    ['old', true],
    ['pc1', false],
  ]);
  expect((await destroy('att')).status).toBe('converged');
  expect(await states()).toEqual(start);
});

test('attach: started anew, it is linked anew by the next apply', async () => {
  const before = stranger;
  stranger = await startStranger();
  await before.stop();
  // A pid is another one after a restart; a path may stay.
  await converge(kernel, load(file(`{ pid: ${stranger.pid} }`)));
  const third = await startStranger();
  await stranger.stop();
  stranger = third;
  const topology = load(file(`{ pid: ${stranger.pid} }`));
  const changes = await changesOf(topology);
  expect(changes).toContain('replace attach:old current: false → true');
  expect(changes.filter((line) => line.includes('pc1:'))).toEqual([]);
  await converge(kernel, topology);
  expect(await changesOf(topology)).toEqual([]);
  expect(await pings('pc1', '172.31.9.2')).toBe(true);
  expect((await destroy('att')).status).toBe('converged');
  expect(await inside('ip -o link')).not.toContain('lab0');
});

test('attach: what is gone, refused or unheard of is a blocker, and nothing is changed', async () => {
  expect(await blockersOf(file('{ pid: 4194304 }'))).toEqual(['E_ATTACH_GONE old: there is no process 4194304']);
  expect(await blockersOf(file('{ path: /run/netns/nowhere }'))).toEqual(['E_ATTACH_GONE old: /run/netns/nowhere is not there']);
  expect(await blockersOf(file('{ path: /etc/passwd }'))).toEqual(['E_ATTACH_GONE old: /etc/passwd is no network namespace']);
  expect(await blockersOf(file(`{ path: /proc/${stranger.pid}/ns/mnt }`))).toEqual([
    `E_ATTACH_GONE old: /proc/${stranger.pid}/ns/mnt is no network namespace`,
  ]);
  expect(await blockersOf(file(`{ pid: ${process.pid} }`))).toEqual([
    `E_ATTACH_HOST old: /proc/${process.pid}/ns/net leads to the host's own namespace`,
  ]);
  // No daemon in this sandbox.
  expect((await blockersOf(file('{ container: nobody }'))).map((line) => line.split(' ')[0])).toEqual(['E_ATTACH_ENGINE']);
  expect(await states()).toEqual(start);
});

test('attach: an interface or a route of its own in the way is a blocker', async () => {
  const text = file(`{ pid: ${stranger.pid} }`);
  await inside('ip route add default via 10.44.0.2');
  expect(await blockersOf(text)).toEqual(['E_ROUTE_TAKEN old has a route to default of its own already, via 10.44.0.2 on own0']);
  expect(await blockersOf(text.replace('defaultRoute: true', 'mtu: 1400'))).toEqual([]);
  await inside('ip route del default');
  expect(await blockersOf(text.replaceAll('lab0', 'own0'))).toEqual([
    "E_NAME_TAKEN old has an interface own0 already (veth), which is not this topology's",
  ]);
});

test.each([
  ['172.31.9.77/16 dev own0', '172.31.9.0/24 of old:lab0 overlaps 172.31.0.0/16, which old is on already by its own interface own0'],
  ['fd31:9::77/80 dev own0', 'fd31:9::/64 of old:lab0 overlaps fd31:9::/80, which old is on already by its own interface own0'],
])('attach: a network of its own that ours would overlap is a blocker that names both (%s)', async (address, message) => {
  const text = file(`{ pid: ${stranger.pid} }`);
  await inside(`ip addr add ${address}${address.includes(':') ? ' nodad' : ''}`);
  expect(await blockersOf(text)).toEqual([`E_SUBNET_OVERLAP ${message}`]);
  await inside(`ip addr del ${address}`);
  await inside('ip route add 172.31.9.128/25 via 10.44.0.2');
  expect(await blockersOf(text)).toEqual([
    'E_SUBNET_OVERLAP 172.31.9.0/24 of old:lab0 overlaps 172.31.9.128/25, which old reaches already via 10.44.0.2 by its own interface own0',
  ]);
  await inside('ip route del 172.31.9.128/25');
  await converge(kernel, load(text));
  expect(await blockersOf(text)).toEqual([]);
});

test('attach: a name that is there already, or two names for one namespace, are blockers', async () => {
  const text = file(`{ pid: ${stranger.pid} }`);
  await run('ip', 'netns', 'add', 'old');
  expect(await blockersOf(text)).toEqual(["E_NAMESPACE_TAKEN a namespace old is there already and is not netloom's"]);
  await run('ip', 'netns', 'del', 'old');
  const twice = text.replace('  pc1:\n', `  pc1:\n  too: { attach: { path: /proc/${stranger.pid}/ns/net } }\n`);
  expect(await blockersOf(twice)).toEqual([
    'E_ATTACH_TWICE old and too lead to one namespace',
    'E_ATTACH_TWICE too and old lead to one namespace',
  ]);
});

test('attach: every kind of meddling is named and repaired', async () => {
  const old = ', routes: [{ to: 10.99.0.0/16, type: blackhole }, { to: 10.98.0.0/16, via: pc1 }]';
  const more = `  - { ends: [pc2:p0, old:p0], subnet: { ipv4: 10.77.0.0/30, gateway: false } }`;
  const topology = load(file(`{ pid: ${stranger.pid} }`, { old, more }));
  await converge(kernel, topology);
  const meddling: Record<string, string> = {
    'ip netns del old': 'create attach:old',
    'rm -r /etc/netns/old': 'create file:/etc/netns/old/hosts',
    'ip -n old link del lab0': 'create link:old:lab0',
    'ip -n old addr flush dev lab0 scope global': 'address:old:lab0',
    'ip -n old route del default': 'create route:old:0.0.0.0/0',
    'ip -n old route del blackhole 10.99.0.0/16': 'create route:old:10.99.0.0/16',
    'ip -n old link set p0 down': 'update link:old:p0',
    'ip -n old link set lab0 name odd0': 'update link:old:lab0',
    'ip netns exec old sysctl -qw net.ipv6.conf.lab0.accept_ra=1': 'update sysctl:old:lab0',
  };
  for (const [script, expected] of Object.entries(meddling)) {
    await shell(script);
    expect((await changesOf(topology)).join('\n'), script).toContain(expected);
    await converge(kernel, topology);
    expect(await changesOf(topology), script).toEqual([]);
    expect(await pings('old', '10.77.0.2'), script).toBe(true);
    expect(await pings('pc1', '172.31.9.2'), script).toBe(true);
  }
  expect((await destroy('att')).status).toBe('converged');
  expect(await states()).toEqual(start);
});

test('attach: destroyed by name alone after its process has ended, without a trace', async () => {
  await converge(kernel, load(file(`{ pid: ${stranger.pid} }`)));
  await stranger.stop();
  expect((await destroy('att')).status).toBe('converged');
  expect((await attempt('ip', 'netns', 'list')).stdout).toBe('');
  expect(await run('ip', '-o', 'link')).not.toContain('old-lab0');
});

test('attach: a name changes between a namespace of our own, a further name and an attached one', async () => {
  const attached = file(`{ pid: ${stranger.pid} }`);
  const own = attached.replace(/\{ attach: \{[^}]*\}, publish: (\[[^\]]*\]) \}/, '{ publish: $1 }');
  const shared = attached.replace(/\{ attach: .* \}\n/, '{ share: pc1 }\n').replace(/ {2}- \{ ends: \[old.*\n/, '');
  for (const text of [attached, own, attached, shared, attached, shared]) {
    await converge(kernel, load(text));
    expect(await changesOf(load(text))).toEqual([]);
    if (text !== shared) expect(await pings('pc1', '172.31.9.2')).toBe(true);
  }
  expect((await destroy('att')).status).toBe('converged');
  expect(await states()).toEqual(start);
});
