import { expect, test } from 'vitest';
import { toursOf } from '../../../src/kernel/iproute/drivers/visit.ts';
import { type IpStep, ipLines } from '../../../src/kernel/iproute/lines.ts';
import { scriptOf } from '../../../src/kernel/iproute/script.ts';
import { batchesOf, segmentsOf } from '../../../src/kernel/iproute/write/group.ts';
import { resultOfIp, settleBatch } from '../../../src/kernel/iproute/write/ip-batch.ts';
import type { NewEnd, Operation, Phase, Step } from '../../../src/model/operation.ts';

const operation = (phase: Phase, step: Step): Operation => ({ resource: 'test:case', phase, step });
const end = (namespace: string, ifname: string): NewEnd => ({ namespace, ifname, mac: '02:00:00:00:00:01', mtu: 1500, group: 7 });

test.each<[string, IpStep, string[]]>([
  [
    'bridge-add',
    { do: 'bridge-add', namespace: 'host', ifname: 'br0', mac: '02:00:00:00:00:09', group: 7 },
    ['link add name br0 address 02:00:00:00:00:09 group 7 type bridge'],
  ],
  [
    "a bridge's port",
    { do: 'veth-add', ends: [end('host', 'p0'), end('a', 'eth0')], master: 'br0' },
    [
      'link add name p0 mtu 1500 address 02:00:00:00:00:01 group 7 master br0 type veth peer name eth0 netns a mtu 1500 address 02:00:00:00:00:01 group 7',
    ],
  ],
  [
    'a pair between namespaces',
    { do: 'veth-add', ends: [end('a', 'x'), end('b', 'y')] },
    [
      'link add name x netns a mtu 1500 address 02:00:00:00:00:01 group 7 type veth peer name y netns b mtu 1500 address 02:00:00:00:00:01 group 7',
    ],
  ],
  [
    'the end of the host goes first',
    { do: 'veth-add', ends: [end('a', 'x'), end('host', 'y')] },
    ['link add name y mtu 1500 address 02:00:00:00:00:01 group 7 type veth peer name x netns a mtu 1500 address 02:00:00:00:00:01 group 7'],
  ],
  [
    'down, rename, attributes, options, up',
    { do: 'link-set', namespace: 'a', dev: 'netloom:t:a:x', set: { name: 'x', mtu: 9000, alias: 'a b', master: null, up: true } },
    ['link set dev netloom:t:a:x name x', 'link set dev x nomaster mtu 9000 alias "a b"', 'link set dev x up'],
  ],
  [
    'options of a port and a bridge',
    { do: 'link-set', namespace: 'host', dev: 'p', set: { isolated: true, hairpin: false, stp: false, up: false } },
    ['link set dev p down', 'link set dev p type bridge stp_state 0', 'link set dev p type bridge_slave isolated on hairpin off'],
  ],
  ['nothing to set', { do: 'link-set', namespace: 'a', dev: 'x', set: {} }, []],
  ['an IPv6 address', { do: 'address-add', namespace: 'a', dev: 'x', address: 'fd00::1/64' }, ['addr add fd00::1/64 dev x nodad']],
  [
    'an IPv6 default route without a next hop',
    { do: 'route-replace', namespace: 'a', route: { family: 'ipv6', to: 'default', type: 'unicast', dev: 'x', metric: 5, protocol: 4 } },
    ['route replace ::/0 dev x metric 5 proto 4'],
  ],
  [
    'a blackhole',
    { do: 'route-delete', namespace: 'a', route: { family: 'ipv4', to: '10.0.0.0/8', type: 'blackhole', protocol: 4 } },
    ['route del blackhole 10.0.0.0/8 proto 4'],
  ],
])('lines: %s', (_, step, lines) => {
  expect(ipLines(step)).toEqual(lines);
});

test('lines: a bridge inside a namespace takes no port', () => {
  expect(() => ipLines({ do: 'veth-add', ends: [end('a', 'x'), end('b', 'y')], master: 'br0' })).toThrow('only bridges of the host');
});

test('groups: phases in order, the host alone and first, sysctls first', () => {
  const up = (namespace: string): Step => ({ do: 'link-set', namespace, dev: 'lo', set: { up: true } });
  const sysctl = (namespace: string): Step => ({ do: 'sysctl', namespace, path: 'net/ipv4/ip_forward', value: '1' });
  const batches = batchesOf([
    operation('configure', up('a')),
    operation('configure', up('host')),
    operation('configure', up('b')),
    operation('configure', sysctl('a')),
    operation('create', { do: 'netns-add', name: 'a' }),
  ]);
  expect(
    batches.map(({ groups }) => groups.map(({ namespace, operations }) => `${namespace} ${operations.map(({ step }) => step.do)}`)),
  ).toEqual([['host netns-add'], ['host link-set'], ['a sysctl,link-set', 'b link-set']]);
});

test('segments: one transaction of all nft steps, links in bulk from four on', () => {
  const nft = operation('close', { do: 'nft', namespace: 'host', lines: ['x'] });
  const add = operation('close', { do: 'netns-add', name: 'a' });
  const gone = operation('close', { do: 'link-delete', namespace: 'host', dev: 'x' });
  const engines = (list: Operation[]): string[] => segmentsOf(list).map(({ engine, operations }) => `${engine} ${operations.length}`);
  expect(engines([add, { ...nft }, add, { ...nft }, { ...gone }, { ...gone }])).toEqual(['ip 1', 'nft 2', 'ip 3']);
  expect(engines([add, gone, gone, gone, gone])).toEqual(['ip 1', 'bulk-delete 4']);
});

test('batches: what the line number of a failure says', () => {
  const commands = ['a', 'b', 'c'].map((dev) => ({
    operation: operation('remove', { do: 'link-delete', namespace: 'host', dev }),
    line: `link del dev ${dev}`,
  }));
  const settle = (stderr: string, exitCode = 1): [number, string[]] => {
    const settled = new Map();
    const left = settleBatch(commands, resultOfIp({ exitCode, stderr }), 'host', settled);
    return [left.length, [...settled.values()].map((error: Error | undefined) => error?.message ?? 'done')];
  };
  expect(settle('', 0)).toEqual([0, ['done', 'done', 'done']]);
  expect(settle('Cannot find device "b"\nCommand failed -:2\n')).toEqual([1, ['done', 'done']]);
  expect(settle('RTNETLINK answers: Operation not permitted\nCommand failed -:2\n')).toEqual([
    0,
    ['done', 'ip exited 1: RTNETLINK answers: Operation not permitted'],
  ]);
  expect(settle('Killed')).toEqual([0, ['ip exited 1: Killed']]);
});

test('drivers: neighbours in even shares of the work, no more than there are visits', () => {
  const visits = (...settings: number[]) =>
    settings.map((count, index) => ({ namespace: `n${index}`, settings: Array.from({ length: count }, () => 'a/b'), lines: [] }));
  const namesOf = (...settings: number[]) =>
    toursOf(visits(...settings), 4).map((tour) => tour.visits.map(({ namespace }) => namespace).join(' '));
  expect(namesOf(1, 1, 1, 1, 1, 1, 1, 1)).toEqual(['n0 n1', 'n2 n3', 'n4 n5', 'n6 n7']);
  expect(namesOf(20, 0, 0, 0)).toEqual(['n0', 'n1', 'n2 n3']);
  expect(namesOf(0)).toEqual(['n0']);
  expect(namesOf()).toEqual([]);
});

test('script: quotes what a shell would look into', () => {
  expect(
    scriptOf([
      operation('mark', { do: 'file-write', path: '/etc/netns/a/hosts', content: '# netloom:t\nEOF\n$(id)\n' }),
      operation('configure', { do: 'link-set', namespace: 'a', dev: 'lo', set: { alias: "it's $(id)" } }),
      operation('configure', { do: 'sysctl', namespace: 'a', path: 'net/ipv4/ip_local_port_range', value: '1 2' }),
    ]),
  ).toMatchInlineSnapshot(`
    "#!/bin/sh -eu

    # mark
    mkdir -p /etc/netns/a
    cat > /etc/netns/a/hosts <<'EOF_'
    # netloom:t
    EOF
    $(id)
    EOF_

    # configure, in a
    ip netns exec a sysctl -qw 'net/ipv4/ip_local_port_range=1 2'
    ip -n a link set dev lo alias 'it'\\''s $(id)'
    "
  `);
  expect(scriptOf([])).toBe('');
});
