import { existsSync, readFileSync, statSync } from 'node:fs';
import { beforeEach, expect, test } from 'vitest';
import { WIDTH } from '../../../src/kernel/iproute/drivers/visit.ts';
import { createIprouteKernel } from '../../../src/kernel/iproute/kernel.ts';
import { scriptOf } from '../../../src/kernel/iproute/script.ts';
import { StepError } from '../../../src/model/errors.ts';
import { DOOMED_GROUP, LINK_GROUP } from '../../../src/model/marks.ts';
import type { NewEnd, Operation, Phase, Step } from '../../../src/model/operation.ts';
import { project } from '../projection.ts';
import { emptyHost, sh } from './support.ts';

beforeEach(emptyHost);

const kernel = createIprouteKernel();
const inPhase =
  (phase: Phase) =>
  (step: Step): Operation => ({ resource: 'test:case', phase, step });
const [create, configure, removal, settle] = [inPhase('create'), inPhase('configure'), inPhase('remove'), inPhase('settle')];
const statuses = async (operations: Operation[]): Promise<string[]> => (await kernel.run(operations)).map(({ status }) => status);
const errorsOf = async (operations: Operation[]): Promise<(Error | undefined)[]> =>
  (await kernel.run(operations)).map(({ error }) => error);
const everything = { namespaces: ['a', 'b', 'c'], topologies: 'all', sysctls: new Map(), files: [] } as const;
const end = (namespace: string, ifname: string): NewEnd => ({ namespace, ifname, mac: '02:00:00:00:00:01', mtu: 1500, group: LINK_GROUP });
const deleteLink = (dev: string, namespace = 'host'): Operation => removal({ do: 'link-delete', namespace, dev });
const links = (): string[] =>
  sh('ip -br link show')
    .trim()
    .split('\n')
    .map((line) => line.split(/[ @]/)[0] ?? '');
const pairs = (count: number): string => `for i in $(seq ${count}); do ip link add name p$i type veth peer name q$i; done`;

test('bulk: links of the host go together, and what else is there stays', async () => {
  sh(`${pairs(6)}; ip link add name br0 type bridge`);
  const index = sh('cat /sys/class/net/br0/ifindex 2>/dev/null || ip -o link show br0');
  expect(await statuses(['p1', 'p2', 'p3', 'p4', 'p5'].map((dev) => deleteLink(dev)))).toEqual(Array(5).fill('done'));
  expect(links()).toEqual(['lo', 'q6', 'p6', 'br0']);
  expect(sh('cat /sys/class/net/br0/ifindex 2>/dev/null || ip -o link show br0')).toBe(index);
});

test('bulk: both ends of pairs, absent ones, and names by altname', async () => {
  sh(`${pairs(3)}; ip link property add dev p3 altname netloom:t:a:x`);
  const names = ['p1', 'q1', 'p2', 'q2', 'netloom:t:a:x', 'nothing'];
  expect(await statuses(names.map((dev) => deleteLink(dev)))).toEqual(Array(6).fill('done'));
  expect(links()).toEqual(['lo']);
});

test('bulk: a foreign link of the doomed number survives', async () => {
  sh(`${pairs(5)}; ip link set dev p5 group ${DOOMED_GROUP}`);
  expect(await statuses(['p1', 'p2', 'p3', 'p4'].map((dev) => deleteLink(dev)))).toEqual(Array(4).fill('done'));
  expect(links()).toEqual(['lo', 'q5', 'p5']);
});

/** The arguments of each `ip` that removes links. */
async function deleted(devices: readonly string[]): Promise<string[]> {
  const started: string[] = [];
  const watched = createIprouteKernel({ onSpawn: ([, ...args]) => started.push(args.join(' ')) });
  expect((await watched.run(devices.map((dev) => deleteLink(dev)))).map(({ status }) => status)).toEqual(devices.map(() => 'done'));
  return started;
}

const MARKED = `for p in p1 q1 p2 q2; do ip link set dev $p group ${LINK_GROUP}; done`;
const [ALL, DOOMED] = ['-N -j link show', `-N -j link show group ${DOOMED_GROUP}`];

test('bulk: our own group goes as it is where it holds the doomed alone, its bridges as well', async () => {
  sh(`${pairs(2)}; ip link add name br0 type bridge; ip link set dev p1 master br0; ip link set dev br0 up group ${LINK_GROUP}; ${MARKED}`);
  expect(await deleted(['p1', 'q1', 'p2', 'q2', 'br0'])).toEqual([ALL, '-batch -']);
  expect(links()).toEqual(['lo']);
});

test('bulk: whoever else is in our own group survives', async () => {
  sh(`${pairs(3)}; ip link set dev p3 group ${LINK_GROUP}; ${MARKED}`);
  expect(await deleted(['p1', 'q1', 'p2', 'q2'])).toEqual([ALL, '-batch -', DOOMED, '-batch -']);
  expect(links()).toEqual(['lo', 'q3', 'p3']);
});

test('bulk: the doomed go together from whichever groups they are in', async () => {
  sh(`${pairs(3)}; ip link set dev p3 group ${DOOMED_GROUP}; ${MARKED}`);
  expect(await deleted(['p1', 'q1', 'p2', 'q2', 'p3', 'q3'])).toEqual([ALL, '-batch -', DOOMED, '-batch -']);
  expect(links()).toEqual(['lo']);
});

test('what is gone already is done, and what follows it is not lost', async () => {
  sh(
    `ip netns add a; ip link add name x netns a type veth peer name y netns a; ip -n a addr add 10.0.0.1/24 dev y; ip -n a link set lo up`,
  );
  const gone: Step[] = [
    { do: 'address-delete', namespace: 'a', dev: 'y', address: '10.0.0.9/24' },
    { do: 'address-delete', namespace: 'a', dev: 'y', address: 'fd00::9/64' },
    { do: 'address-delete', namespace: 'a', dev: 'nope', address: '10.0.0.9/24' },
    { do: 'route-delete', namespace: 'a', route: { family: 'ipv4', to: '10.9.0.0/16', type: 'unicast', dev: 'y', protocol: 4 } },
    { do: 'route-delete', namespace: 'a', route: { family: 'ipv6', to: 'fd09::/64', type: 'blackhole', protocol: 4 } },
    { do: 'altname-delete', namespace: 'a', dev: 'y', altname: 'none' },
    { do: 'altname-delete', namespace: 'a', dev: 'nope', altname: 'none' },
    { do: 'link-delete', namespace: 'a', dev: 'x' },
    { do: 'link-delete', namespace: 'a', dev: 'y' },
    { do: 'link-set', namespace: 'a', dev: 'lo', set: { up: false } },
    { do: 'netns-delete', name: 'nope' },
  ];
  expect(await statuses([...gone.map(removal), settle({ do: 'neighbour-flush', namespace: 'a', dev: 'y', address: '10.0.0.1' })])).toEqual(
    Array(12).fill('done'),
  );
  expect(project(await kernel.dump(everything))).toEqual(['a lo: down mtu 65536']);
});

test('a failure in one namespace: what came before is done, what follows there and in later phases is skipped', async () => {
  sh('ip netns add a; ip netns add b');
  const outcomes = await kernel.run([
    configure({ do: 'link-set', namespace: 'a', dev: 'lo', set: { up: true } }),
    configure({ do: 'address-add', namespace: 'a', dev: 'nope', address: '10.0.0.1/24' }),
    configure({ do: 'link-set', namespace: 'a', dev: 'lo', set: { alias: 'later' } }),
    configure({ do: 'link-set', namespace: 'b', dev: 'lo', set: { up: true } }),
    settle({ do: 'link-set', namespace: 'b', dev: 'lo', set: { alias: 'later' } }),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['done', 'failed', 'skipped', 'done', 'skipped']);
  const error = outcomes[1]?.error;
  expect(error).toBeInstanceOf(StepError);
  expect(error).toMatchObject({ namespace: 'a', exitCode: 1, stderr: 'Cannot find device "nope"\n' });
  expect(error instanceof StepError && error.argv.join(' ')).toBe('ip addr add 10.0.0.1/24 dev nope');
});

test('sysctls: several in one namespace, the one that is refused is named with its errno', async () => {
  sh('ip netns add a');
  const sysctl = (namespace: string, path: string, value: string): Operation => configure({ do: 'sysctl', namespace, path, value });
  expect(
    (
      await errorsOf([
        configure({ do: 'link-set', namespace: 'a', dev: 'lo', set: { up: true } }),
        sysctl('a', 'net/ipv4/ip_local_port_range', '20000 30000'),
        sysctl('a', 'net/ipv4/ip_forward', 'much'),
        sysctl('a', 'net/ipv4/conf/lo/rp_filter', '1'),
      ])
    ).map((error) => error?.message),
  ).toEqual([undefined, undefined, expect.stringMatching(/^sysctl exited 3: .*ip_forward.*: Invalid argument$/), undefined]);
  expect(sh('nsenter --net=/run/netns/a cat /proc/sys/net/ipv4/ip_local_port_range')).toBe('20000\t30000\n');
  const [error] = await errorsOf([sysctl('host', 'net/ipv4/nope', '1')]);
  expect(error?.message).toMatch(/^sysctl exited 1: ENOENT: /);
});

test('text that could mean something else to a tool is refused before anything is started', async () => {
  sh('ip netns add a');
  const bad: Step[] = [
    { do: 'link-set', namespace: 'a', dev: 'lo', set: { alias: 'a "quoted" word' } },
    { do: 'link-set', namespace: 'a', dev: 'lo', set: { alias: 'a # comment' } },
    { do: 'link-set', namespace: 'a', dev: 'lo\nlink del dev lo', set: { up: true } },
    { do: 'address-add', namespace: 'a', dev: 'lo', address: '10.0.0.1/24 dev eth0' },
    { do: 'sysctl', namespace: 'a', path: 'net/../../../etc/passwd', value: '1' },
    { do: 'file-write', path: '/etc/passwd', content: '' },
    { do: 'file-write', path: '/etc/netns/../passwd', content: '' },
    { do: 'netns-add', name: '../a' },
  ];
  for (const step of bad) expect((await errorsOf([configure(step)]))[0]?.message).toMatch(/^refused /);
});

test('descriptions with spaces and letters of any script arrive whole', async () => {
  sh('ip netns add a');
  const alias = 'netloom: Müllers Netz $(id) `id` \u6771\u4eac';
  expect(await statuses([configure({ do: 'link-set', namespace: 'a', dev: 'lo', set: { alias } })])).toEqual(['done']);
  expect((await kernel.dump(everything)).namespaces.get('a')?.links[0]?.alias).toBe(alias);
});

test('a batch too long for an argument goes by standard input', async () => {
  sh('ip netns add a');
  const many = Array.from({ length: 5000 }, (_, index) =>
    configure({ do: 'address-add', namespace: 'a', dev: 'lo', address: `10.${(index >> 8) & 255}.${index & 255}.1/32` }),
  );
  const outcomes = await kernel.run([configure({ do: 'sysctl', namespace: 'a', path: 'net/ipv4/ip_forward', value: '1' }), ...many]);
  expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['done']));
  expect((await kernel.dump(everything)).namespaces.get('a')?.links[0]?.addresses).toHaveLength(5000);
});

test('processes: their number does not grow with that of objects', async () => {
  const started: string[] = [];
  const counting = createIprouteKernel({ onSpawn: ([file = '']) => started.push(file) });
  const names = Array.from({ length: 40 }, (_, index) => `n${index}`);
  const drivers = Array.from({ length: WIDTH }, () => 'perl');
  await counting.run([
    ...names.map((name) => create({ do: 'netns-add', name })),
    ...names.map((name) => create({ do: 'veth-add', ends: [end('host', `v${name}`), end(name, 'eth0')] })),
    ...names.map((name) => configure({ do: 'link-set', namespace: name, dev: 'eth0', set: { up: true } })),
  ]);
  expect(started.toSorted()).toEqual(['ip', ...drivers]);
  started.length = 0;
  await counting.dump({ ...everything, namespaces: names });
  expect(started.toSorted()).toEqual(['ip', 'nft', ...drivers]);
  started.length = 0;
  await counting.run(names.map((name) => deleteLink(`v${name}`)));
  expect(started).toEqual(['ip', 'ip']);
});

test('names: many are made by several processes; one that is taken ends only what its process had to do', async () => {
  sh('ip netns add n30');
  const started: string[] = [];
  const counting = createIprouteKernel({ onSpawn: ([file = '']) => started.push(file) });
  const outcomes = await counting.run(Array.from({ length: 60 }, (_, index) => create({ do: 'netns-add', name: `n${index}` })));
  expect(started).toEqual(Array.from({ length: WIDTH }, () => 'ip'));
  const end = Math.ceil(31 / (60 / WIDTH)) * (60 / WIDTH);
  expect(outcomes.map(({ status }) => status)).toEqual([
    ...Array.from({ length: 30 }, () => 'done'),
    'failed',
    ...Array.from({ length: end - 31 }, () => 'skipped'),
    ...Array.from({ length: 60 - end }, () => 'done'),
  ]);
  expect(sh('ls /run/netns | wc -l').trim()).toBe(String(60 - (end - 31)));
});

test('a signal ends a run after the batch that is under way', async () => {
  const controller = new AbortController();
  const outcomes = await kernel.run(
    [create({ do: 'netns-add', name: 'a' }), configure({ do: 'link-set', namespace: 'a', dev: 'lo', set: { up: true } })],
    { signal: controller.signal, onProgress: () => controller.abort() },
  );
  expect(outcomes.map(({ status }) => status)).toEqual(['done', 'skipped']);
});

test('files: an existing one keeps its inode, a new one its mode, links are refused', async () => {
  const write = (path: string, content: string): Operation => settle({ do: 'file-write', path, content });
  expect(await statuses([write('/etc/netns/a/hosts', 'one\ntwo\n')])).toEqual(['done']);
  const { ino, mode } = statSync('/etc/netns/a/hosts');
  expect(mode & 0o777).toBe(0o644);
  expect(await statuses([write('/etc/netns/a/hosts', 'one\n')])).toEqual(['done']);
  expect([statSync('/etc/netns/a/hosts').ino, readFileSync('/etc/netns/a/hosts', 'utf8')]).toEqual([ino, 'one\n']);
  sh('ln -s /etc/passwd /etc/netns/a/evil; mkdir /tmp/elsewhere; ln -s /tmp/elsewhere /etc/netns/b');
  expect(await statuses([write('/etc/netns/a/evil', 'x')])).toEqual(['failed']);
  expect(await statuses([write('/etc/netns/b/hosts', 'x')])).toEqual(['failed']);
  expect(existsSync('/tmp/elsewhere/hosts')).toBe(false);
  sh('rmdir /tmp/elsewhere; rm /etc/netns/a/evil /etc/netns/b');
  expect(
    await statuses([
      settle({ do: 'file-delete', path: '/etc/netns/a/hosts' }),
      settle({ do: 'file-delete', path: '/etc/netns/gone/hosts' }),
    ]),
  ).toEqual(['done', 'done']);
  expect(existsSync('/etc/netns/a')).toBe(false);
});

test('conntrack: entries of a published port are flushed, none is fine', async () => {
  const flush = (hostAddress?: string): Operation =>
    settle({
      do: 'conntrack-flush',
      namespace: 'host',
      family: 'ipv4',
      protocol: 'udp',
      hostPort: 5353,
      ...(hostAddress ? { hostAddress } : {}),
    });
  sh('ip link set lo up; conntrack -I -p udp -s 127.0.0.1 -d 127.0.0.1 --sport 4000 --dport 5353 --timeout 100 >/dev/null 2>&1');
  expect(await statuses([flush('192.0.2.1')])).toEqual(['done']);
  expect(sh('conntrack -L -p udp 2>/dev/null | wc -l').trim()).toBe('1');
  expect(await statuses([flush(), flush()])).toEqual(['done', 'done']);
  expect(sh('conntrack -L -p udp 2>/dev/null | wc -l').trim()).toBe('0');
});

test.each([
  ['ipv4', '127.0.0.1', '192.0.2.7'],
  ['ipv6', '::1', 'fd00::7'],
] as const)("conntrack: entries of another machine's port of that number stay (%s)", async (family, own, other) => {
  sh('ip link set lo up');
  const insert = (to: string) => sh(`conntrack -I -p udp -s ${own} -d ${to} --sport 4000 --dport 5353 --timeout 100 2>&1`);
  const left = () => sh(`conntrack -L -f ${family} -p udp 2>/dev/null`).match(/ dst=(\S+) sport=4000/g);
  insert(own);
  insert(other);
  expect(left()?.length).toBe(2);
  expect(await statuses([settle({ do: 'conntrack-flush', namespace: 'host', family, protocol: 'udp', hostPort: 5353 })])).toEqual(['done']);
  expect(left()).toEqual([` dst=${other} sport=4000`]);
});

test('names: one that is taken is not bound over, and leaves nothing behind', async () => {
  sh('ip netns add a');
  const bind = (name: string, source: string): Operation => create({ do: 'netns-bind', name, source });
  expect(await statuses([bind('b', 'a'), bind('a', 'host'), bind('c', 'a')])).toEqual(['done', 'failed', 'skipped']);
  expect(await statuses([bind('c', 'nope')])).toEqual(['failed']);
  const { names } = await kernel.dump(everything);
  expect([...names.keys()]).toEqual(['a', 'b']);
  expect(names.get('a')).toBe(names.get('b'));
});

test('script: running it does what run does', async () => {
  const operations: Operation[] = [
    inPhase('mark')({ do: 'file-write', path: '/etc/netns/a/hosts', content: "# netloom:t\n127.0.0.1 $(id) it's\n" }),
    inPhase('guard')({ do: 'nft', namespace: 'host', lines: ['add table inet netloom-t', 'add chain inet netloom-t c'] }),
    inPhase('guard')({ do: 'nft', namespace: 'host', lines: ['add rule inet netloom-t c iifname "lo" accept comment "x"'] }),
    create({ do: 'netns-add', name: 'a' }),
    create({ do: 'netns-bind', name: 'b', source: 'a' }),
    create({ do: 'bridge-add', namespace: 'host', ifname: 'br0', mac: '02:00:00:00:00:09', group: LINK_GROUP }),
    create({ do: 'veth-add', ends: [end('host', 'p0'), end('a', 'eth0')], master: 'br0' }),
    configure({ do: 'link-set', namespace: 'a', dev: 'eth0', set: { up: true, alias: "it's $(id)" } }),
    configure({ do: 'sysctl', namespace: 'a', path: 'net/ipv6/conf/eth0/addr_gen_mode', value: '1' }),
    configure({ do: 'address-add', namespace: 'a', dev: 'eth0', address: '10.0.0.1/24' }),
    configure({
      do: 'route-replace',
      namespace: 'a',
      route: { family: 'ipv4', to: 'default', type: 'unicast', via: '10.0.0.2', protocol: 4 },
    }),
    settle({ do: 'neighbour-flush', namespace: 'a', dev: 'eth0', address: '10.0.0.9' }),
  ];
  const removals: Operation[] = [
    deleteLink('p0'),
    deleteLink('br0'),
    deleteLink('x'),
    deleteLink('y'),
    inPhase('forget')({ do: 'netns-delete', name: 'b' }),
    inPhase('close')({ do: 'file-delete', path: '/etc/netns/a/hosts' }),
  ];
  const seen: string[][] = [];
  for (const perform of [(list: Operation[]) => kernel.run(list), async (list: Operation[]) => sh(scriptOf(list))]) {
    await emptyHost();
    await perform(operations);
    seen.push(project(await kernel.dump(everything)));
    await perform(removals);
    seen.push(project(await kernel.dump(everything)));
  }
  expect(seen[2]).toEqual(seen[0]);
  expect(seen[3]).toEqual(seen[1]);
  expect(seen[0]).toContain('a eth0: veth up mtu 1500 02:00:00:00:00:01 group 1853123693 "it\'s $(id)" peer host:p0 [10.0.0.1/24]');
});
