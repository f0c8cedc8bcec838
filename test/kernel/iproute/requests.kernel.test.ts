import { beforeEach, expect, test } from 'vitest';
import { driverArgv } from '../../../src/kernel/iproute/drivers/perl.ts';
import type { IpStep } from '../../../src/kernel/iproute/lines.ts';
import { ipLines, isAlreadyGone } from '../../../src/kernel/iproute/lines.ts';
import type { RawLink } from '../../../src/kernel/iproute/read/links.ts';
import { parseDocuments, READ_LINES, readNamespaces } from '../../../src/kernel/iproute/read/namespace.ts';
import { namespacesPart } from '../../../src/kernel/iproute/write/namespaces.ts';
import { createPrograms, type RunProgram } from '../../../src/kernel/program.ts';
import { READ_REQUESTS } from '../../../src/kernel/rtnetlink/requests.ts';
import { requestsOf } from '../../../src/kernel/rtnetlink/steps.ts';
import type { LinkSettings, RouteSpec } from '../../../src/model/operation.ts';
import { emptyHost, sh } from './support.ts';

beforeEach(emptyHost);

const run = createPrograms();

/** What `ip` prints is the measure of what the requests are answered with. */
async function bothWays(namespace: string) {
  const documents = sh(`nsenter --net=/run/netns/${namespace} ip -N -j -d -batch - <<'EOF'\n${READ_LINES.join('\n')}\nEOF`);
  const byIp = parseDocuments(documents.split('\n').filter((line) => line !== ''));
  const found = (await readNamespaces(run, new Map([[namespace, []]]))).get(namespace);
  return { byIp, byRequests: found && { links: found.links, routes: found.routes } };
}

test('reading: links, addresses and routes of every sort are found as `ip` prints them', async () => {
  sh(`ip netns add a; ip netns add b
    ip link add name h0 type veth peer name x netns a; ip link set h0 up
    ip link add name y netns a type veth peer name y netns b
    nsenter --net=/run/netns/a sh -eu <<'EOF'
    ip link set lo up
    ip link set lo alias 'Schleife — боӯ'
    ip link property add dev lo altname netloom:t:a:lo altname second-name-of-the-same
    ip link add name m0 address 02:00:00:00:00:01 group 2147483647 mtu 1400 type veth peer name m1
    ip link add name br0 type bridge stp_state 1 forward_delay 200
    ip link add name br1 type bridge
    ip link set m0 master br0
    ip link set m1 master br1
    ip link set dev m0 type bridge_slave isolated on hairpin on
    ip link add name vx0 type vxlan id 7 dstport 4789 remote 192.0.2.9 dev x
    ip link add name mac0 link x type macvlan mode bridge
    ip tuntap add dev tap0 mode tap
    ip tuntap add dev tun0 mode tun
    for kind in 'ipip' 'sit' 'gre'; do ip tunnel add name t-$kind mode $kind local 192.0.2.1 remote 192.0.2.2 2>/dev/null || true; done
    ip link add name g6 type ip6gre local fd00::1 remote fd00::2 2>/dev/null || true
    ip link set x up; ip link set y up; ip link set m0 up; ip link set m1 up; ip link set br0 up
    ip addr add 10.0.0.1/24 dev x
    ip addr add 10.0.0.2/24 dev x
    ip addr add 10.9.0.1 peer 10.9.0.2/32 dev y
    ip addr add 127.0.0.5/8 dev lo
    ip addr add 10.0.9.1/24 dev x valid_lft 1000 preferred_lft 900
    ip addr add fd00::1/64 dev x nodad
    ip addr add fd00:1::1 peer fd00:1::2/64 dev x
    ip addr add fd00:2::1/64 dev br1
    ip addr add fd00:3::1/64 dev x nodad valid_lft 1000 preferred_lft 0
    ip addr add ::ffff:10.1.2.3/128 dev lo
    ip route add default via 10.0.0.9
    ip route add default via 10.0.0.8 metric 7 proto static
    ip route add 10.1.0.0/16 via inet6 fd00::9 dev x
    ip route add 10.2.0.0/16 nexthop via 10.0.0.7 weight 2 nexthop via 10.0.0.6
    ip nexthop add id 5 via 10.0.0.5 dev x
    ip route add 10.3.0.0/16 nhid 5
    ip route add blackhole 10.4.0.0/16
    ip route add unreachable 10.5.0.0/16 metric 9
    ip route add prohibit 10.6.0.0/16 proto 200
    ip route add throw 10.61.0.0/16
    ip route add 10.7.0.0/16 via 10.0.0.9 tos 0x10
    ip route add 10.8.0.0/16 dev x scope link
    ip route add 10.10.0.0/16 via 10.0.0.9 table 100
    ip route add 10.11.0.0/16 via 10.0.0.9 table 1000
    ip route add local 10.12.0.0/16 dev lo table main
    ip route add default via fd00::9 metric 3
    ip route add fd01::/48 via fd00::9
    ip route add fd02::/48 from fd00:5::/64 via fd00::9 2>/dev/null || true
    ip route add blackhole fd03::/48
    ip route add fd04::/48 nexthop via fd00::8 nexthop via fd00::7
    ip route add fd05::/48 dev x metric 12 pref high
    ip route add fd06::/48 via fd00::9 table 100
EOF`);
  const { byIp, byRequests } = await bothWays('a');
  expect(byIp.links.length).toBeGreaterThan(10);
  expect(byIp.routes.length).toBeGreaterThan(20);
  expect(byRequests).toEqual(byIp);
});

test('reading: an address that is not decided, and one that is held by somebody else', async () => {
  sh(`for ns in a b; do ip netns add $ns; done
    ip link add name x netns a type veth peer name x netns b
    for ns in b a; do nsenter --net=/run/netns/$ns sh -c 'echo 1 > /proc/sys/net/ipv6/conf/x/accept_dad; ip link set x up'; done
    nsenter --net=/run/netns/b ip addr add fd00::1/64 dev x nodad
    nsenter --net=/run/netns/a ip addr add fd00::1/64 dev x
    for try in $(seq 100); do nsenter --net=/run/netns/a ip addr show dev x | grep -q dadfailed && break; sleep 0.1; done
    nsenter --net=/run/netns/a sh -c 'ip link add name down type veth peer name other; ip addr add fd00:1::1/64 dev down'`);
  const { byIp, byRequests } = await bothWays('a');
  const undecided = ({ state }: RawLink) =>
    (state.undecided ?? []).map(({ address, duplicate }) => `${state.ifname} ${address} ${duplicate}`);
  expect(byRequests?.links.flatMap(undecided)).toEqual(expect.arrayContaining(['x fd00::1/64 true']));
  expect(byRequests).toEqual(byIp);
});

test('reading: an empty namespace, and one with more links than one answer holds', async () => {
  sh(`ip netns add a; ip netns add b
    for i in $(seq 0 299); do echo "link add name p$i type veth peer name q$i"; done | nsenter --net=/run/netns/b ip -batch -`);
  for (const namespace of ['a', 'b']) {
    const { byIp, byRequests } = await bothWays(namespace);
    expect(byRequests).toEqual(byIp);
  }
});

const link = (set: LinkSettings, dev = 'x'): IpStep => ({ do: 'link-set', namespace: 'a', dev, set });
const address = (what: 'add' | 'ensure' | 'delete', cidr: string, dev = 'x'): IpStep => ({
  do: `address-${what}`,
  namespace: 'a',
  dev,
  address: cidr,
});
const route = (what: 'replace' | 'delete', spec: Partial<RouteSpec>): IpStep => ({
  do: `route-${what}`,
  namespace: 'a',
  route: { family: 'ipv4', to: 'default', type: 'unicast', protocol: 4, ...spec },
});

/** Each in its place; what fails does so in both ways, and ends the list. */
const LISTS: readonly (readonly [string, readonly IpStep[]])[] = [
  [
    'attributes',
    [link({ mtu: 9000, mac: '02:00:00:00:00:77', group: 2147483647, alias: 'to — br0' }), link({ up: true }), link({ alias: '' })],
  ],
  ['a new name', [link({ up: true }), link({ up: false }), link({ name: 'z', mtu: 1300, up: true }), link({ alias: 'z' }, 'z')]],
  [
    'altnames',
    [
      { do: 'altname-add', namespace: 'a', dev: 'x', altname: 'netloom:t:a:x-of-more-than-fifteen' },
      { do: 'altname-add', namespace: 'a', dev: 'x', altname: 'short' },
      link({ alias: 'by altname' }, 'netloom:t:a:x-of-more-than-fifteen'),
      link({ mtu: 1400 }, 'short'),
      { do: 'altname-delete', namespace: 'a', dev: 'x', altname: 'short' },
    ],
  ],
  ['an altname that is taken', [{ do: 'altname-add', namespace: 'a', dev: 'x', altname: 'lo' }]],
  ['out of a bridge', [link({ master: null }, 'port')]],
  ['a link goes', [{ do: 'link-delete', namespace: 'a', dev: 'port' }]],
  [
    'addresses',
    [
      link({ up: true }),
      address('add', '10.0.0.1/24'),
      address('add', '10.0.0.2/24'),
      address('ensure', '10.0.0.1/24'),
      address('ensure', '10.0.1.1/32'),
      address('delete', '10.0.0.2/24'),
      address('add', 'fd00::1/64'),
      address('ensure', 'fd00::2/128'),
      address('add', '127.0.0.9/8', 'lo'),
      address('delete', 'fd00::1/64'),
    ],
  ],
  ['an address twice', [address('add', '10.0.0.1/24'), address('add', '10.0.0.1/24')]],
  ['no address to remove', [address('delete', 'fd00::1/64')]],
  [
    'routes',
    [
      link({ up: true }),
      address('add', '10.0.0.1/24'),
      address('add', 'fd00::1/64'),
      route('replace', { via: '10.0.0.9', dev: 'x', metric: 0 }),
      route('replace', { via: '10.0.0.8', dev: 'x', metric: 0 }),
      route('replace', { to: '10.1.0.0/16', dev: 'x', metric: 5 }),
      route('replace', { to: '10.2.0.0/16', type: 'blackhole' }),
      route('replace', { to: '10.3.0.0/16', type: 'unreachable', metric: 4, protocol: 99 }),
      route('replace', { to: '10.4.0.0/16', via: 'fd00::9', dev: 'x' }),
      route('replace', { family: 'ipv6', via: 'fd00::9', dev: 'x', metric: 1024 }),
      route('replace', { family: 'ipv6', to: 'fd01::/48', dev: 'x' }),
      route('replace', { family: 'ipv6', to: 'fd02::/48', type: 'prohibit' }),
      route('delete', { to: '10.1.0.0/16', dev: 'x', metric: 5 }),
      route('delete', { family: 'ipv6', to: 'fd01::/48', dev: 'x' }),
      route('delete', { to: '10.2.0.0/16', type: 'blackhole' }),
    ],
  ],
  ['a next hop that nothing leads to', [link({ up: true }), route('replace', { via: '192.0.2.1', dev: 'x' })]],
  ['a link that is not there', [link({ mtu: 1400 }, 'nope')]],
  ['an MTU that cannot be', [link({ mtu: 10 })]],
];

const PLACE = `ip netns add a
  nsenter --net=/run/netns/a sh -c 'echo 1 > /proc/sys/net/ipv6/conf/default/addr_gen_mode'
  ip link add name y index 77 type veth peer name x netns a
  nsenter --net=/run/netns/a sh -eu -c 'ip link add name br type bridge; ip link add name port master br type veth peer name other'
  ip link set y up`;

/** MACs and ids that the kernel draws differ from one place to the next. */
const stateOf = (namespace: string): string =>
  sh(`nsenter --net=/run/netns/${namespace} sh -c 'ip -N -d addr show; ip -N -d route show table all; ip -N -d -6 route show table all'`)
    .replace(/(?!02:00:00:00:00:77)(?:[0-9a-f]{2}:){5}[0-9a-f]{2}/g, 'MAC')
    .replace(/(?:bridge_id|designated_root|designated_bridge) \S+|root_id \S+|_timer\s+\S+/g, '')
    .replace(/\b8000\.\S+/g, '');

test.each(LISTS)('changing: %s, as `ip` does', async (_, steps) => {
  sh(PLACE);
  // `ip` on its own, as far as it comes.
  const batch = steps
    .flatMap(ipLines)
    .map((line) => `${line}\n`)
    .join('');
  const said = sh(`nsenter --net=/run/netns/a ip -batch - 2>&1 <<'EOF' || true\n${batch}EOF`);
  const byIp = stateOf('a');
  await emptyHost();
  sh(PLACE);
  expect(steps.map((step) => requestsOf(step)?.length)).toEqual(steps.map((step) => ipLines(step).length));
  const operations = steps.map((step) => ({ resource: 'test:case' as const, phase: 'configure' as const, step }));
  const spawned: string[] = [];
  const counting = createPrograms({ onSpawn: ([file = '']) => spawned.push(file) });
  const settled = await namespacesPart(counting, [{ namespace: 'a', operations }]).carryOut();
  expect(stateOf('a')).toBe(byIp);
  expect(new Set(spawned)).toEqual(new Set(['perl']));
  const failed = Number(/^Command failed -:(\d+)/m.exec(said)?.[1] ?? 0);
  const last = steps.at(-1);
  const isGone = last !== undefined && isAlreadyGone(last, said);
  const errors = operations.flatMap((operation) => settled.get(operation)?.message ?? []);
  expect(errors.length > 0).toBe(failed > 0 && !isGone);
  // In the same words, up to what the kernel adds.
  const reason = /^(?:RTNETLINK answers: |Error: )?(.*?)\.?$/m.exec(said)?.[1] ?? '';
  if (errors.length > 0) expect(errors[0]).toContain(reason);
});

test('a visit that was cut short while it was written, by a kill, does not take place, and its driver ends', async () => {
  sh('ip netns add a');
  const [, set] = requestsOf(link({ alias: 'cut' }, 'lo'))?.[0] ?? [];
  const find = requestsOf(link({ alias: 'cut' }, 'lo'))?.[0]?.[0];
  const input = `a 1 2 1\nnet/ipv4/ip_local_port_range=20000 30000\n0 ${find?.hex}\n${set?.indexAt} ${set?.hex}\nlink set dev lo up\n`;
  const inside = () => sh('nsenter --net=/run/netns/a sh -c "ip -o link show dev lo; cat /proc/sys/net/ipv4/ip_local_port_range"');
  const before = inside();
  const argv = driverArgv(['ip', '-batch', '-']);
  for (let length = 1; length < input.length; length += 9) {
    expect(await run(argv, { input: input.slice(0, length) })).toMatchObject({ exitCode: 0, stdout: '' });
  }
  expect(inside()).toBe(before);
  expect(await run(argv, { input })).toMatchObject({ exitCode: 0, stdout: '!a 0\n' });
  expect(inside()).toMatch(/UP[\s\S]*alias cut[\s\S]*20000\t30000/);
});

test('a link is looked for once for all that is done to it, and again where names may have changed', async () => {
  sh(PLACE);
  const inputs: string[] = [];
  const tapped: RunProgram = (argv, options) => {
    inputs.push(options?.input ?? '');
    return run(argv, options);
  };
  const steps = [
    link({ mtu: 1400 }),
    link({ alias: 'first' }),
    link({ up: true }, 'lo'),
    link({ name: 'y', alias: 'second' }),
    { do: 'link-delete', namespace: 'a', dev: 'br' },
    link({ up: true }, 'y'),
  ] as const;
  const operations = steps.map((step) => ({ resource: 'test:case' as const, phase: 'configure' as const, step }));
  const settled = await namespacesPart(tapped, [{ namespace: 'a', operations }]).carryOut();
  expect(operations.map((operation) => settled.get(operation))).toEqual(steps.map(() => undefined));
  // mtu, alias; up; name; alias; delete; up: and the links x, lo, x, y, br, y.
  expect(inputs.map((input) => input.split('\n')[0])).toEqual(['a 0 13 0']);
  expect(sh('ip -n a -o link show dev y')).toMatch(/UP.* mtu 1400 .*alias second/);
});

test('what is done is answered with nothing, whatever its flags; what is refused with what the kernel says of it', async () => {
  sh(PLACE);
  const steps = [address('add', '10.0.0.1/24'), address('ensure', '10.0.0.1/24'), address('add', '10.0.0.1/24')];
  const requests = steps.flatMap((step) => requestsOf(step)?.flat() ?? []);
  const visitOf = (list: typeof requests) => `a 0 ${list.length} 0\n${list.map(({ hex, indexAt = 0 }) => `${indexAt} ${hex}\n`).join('')}`;
  const argv = driverArgv(['ip', '-batch', '-']);
  expect(await run(argv, { input: visitOf(requests.slice(0, 4)) })).toMatchObject({ stdout: '!a 0\n', stderr: '@a\n' });
  const { stdout, stderr } = await run(argv, { input: visitOf(requests.slice(4)) });
  expect(stdout).toMatch(/^<[0-9a-f]+\nrequest 2\n!a 4\n$/);
  expect(stderr).toBe('@a\nnetlink: File exists\n');
});

/** Sends the end of a list to a netlink port for as long as its process lives, and prints how often that was tried. */
const FORGER = `socket(my $socket, 16, 3, 0); my $done = pack 'L S S L L l', 20, 3, 2, 1, 0, 0;
  while (kill 0, $ARGV[0]) { send $socket, $done, 0, pack('S S L L', 16, 0, $ARGV[0], 0); $tries++ }
  print $tries`;

test('what others in the namespace send to the driver is no answer', async () => {
  sh(`${PLACE}; echo '${FORGER.replaceAll("'", "'\\''")}' > /tmp/forger.pl`);
  const visit = `a 0 ${READ_REQUESTS.length} 0\n${READ_REQUESTS.map(({ hex }) => `0 ${hex}\n`).join('')}`;
  const driver = driverArgv(['ip']);
  const alone = await run(driver, { input: visit });
  const forge = 'nsenter --net=/run/netns/a perl /tmp/forger.pl $$ < /dev/null > /tmp/tries & sleep 0.1; exec "$@"';
  const { stdout, stderr } = await run(['sh', '-c', forge, 'sh', ...driver], { input: visit.repeat(300) });
  for (let tries = 0; tries < 100 && sh('cat /tmp/tries') === ''; tries++) sh('sleep 0.1');
  expect(Number(sh('cat /tmp/tries'))).toBeGreaterThan(100);
  const answers = stdout.split(/(?<=^!.*\n)/m);
  expect(stderr.replaceAll('@a\n', '')).toBe('');
  expect(answers.length).toBe(300);
  // Of an answer the port differs, by which the kernel tells to whom it is.
  expect(new Set(answers.map((one) => one.length))).toEqual(new Set([alone.stdout.length]));
});
