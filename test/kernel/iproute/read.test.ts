import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseResolvers } from '../../../src/kernel/iproute/read/facts.ts';
import { parseIds } from '../../../src/kernel/iproute/read/ids.ts';
import { parseIpv6Only, parseSctp, parseSockets } from '../../../src/kernel/iproute/read/listeners.ts';
import { parseDocuments } from '../../../src/kernel/iproute/read/namespace.ts';
import { printRule } from '../../../src/kernel/iproute/read/nft-text.ts';
import { findPeers } from '../../../src/kernel/iproute/read/peers.ts';
import { parseRecord } from '../../../src/kernel/iproute/read/records.ts';
import { parseTable } from '../../../src/kernel/iproute/read/tables.ts';

/** Recorded by fixtures/record.sh, which names the versions. */
const fixture = (name: string): string => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
const documents = (name: string): string[] => fixture(name).trim().split('\n');

test('links: addresses that the kernel or a daemon manages, and the own ones of lo, are left out', () => {
  const { links } = parseDocuments(documents('namespace.jsonl'));
  expect(Object.fromEntries(links.map(({ state }) => [state.ifname, state.addresses]))).toEqual({
    lo: ['10.255.0.1/32'],
    eth0: ['10.0.0.2/24', '10.5.5.5/32', 'fd00::2/64', 'fe80::2/64'],
    m0: [],
    m1: [],
  });
});

test('links: everything else of a port and of a bridge', () => {
  const [links = '', routes = ''] = documents('host.jsonl');
  const states = parseDocuments([links, routes]).links.map(({ state }) => state);
  expect(states.find(({ ifname }) => ifname === 'h0')).toMatchObject({
    kind: 'veth',
    up: true,
    carrier: true,
    mtu: 1400,
    mac: '02:00:00:00:00:12',
    group: 1853123693,
    altnames: ['netloom:shop:a:eth0'],
    alias: 'shop: port of "a"',
    master: 'br0',
    port: { isolated: true, hairpin: true },
  });
  expect(states.find(({ ifname }) => ifname === 'br0')).toMatchObject({ kind: 'bridge', bridge: { stp: true, vlanFiltering: false } });
});

test('routes: of the main table, each with type, metric, family and a prefix length', () => {
  const { routes } = parseDocuments(documents('namespace.jsonl'));
  const lines = routes.map(
    ({ family, type, to, via, dev, metric, protocol }) => `${family} ${type} ${to} ${via ?? '-'} ${dev ?? '-'} ${metric} ${protocol}`,
  );
  expect(lines.join('\n')).toMatchInlineSnapshot(`
    "ipv4 unicast default 10.0.0.1 eth0 0 3
    ipv4 prohibit default - - 99 3
    ipv4 unicast 10.0.0.0/24 - eth0 0 2
    ipv4 unicast 10.5.5.6/32 - eth0 0 2
    ipv4 unicast 10.7.0.0/16 - - 0 3
    ipv4 unreachable 10.8.0.0/16 - - 5 3
    ipv4 blackhole 10.9.0.0/16 - - 0 3
    ipv4 unicast 10.44.4.4/32 10.0.0.1 eth0 0 159
    ipv4 unicast 10.45.0.0/16 fd00::1 eth0 0 3
    ipv4 other 10.47.0.0/16 - - 0 3
    ipv6 unicast fd00::/64 - eth0 256 2
    ipv6 unicast fd01::1/128 fd00::1 eth0 1024 3
    ipv6 blackhole fd99::/64 - - 1024 3
    ipv6 unicast fe80::/64 - eth0 256 2
    ipv6 unicast default fd00::1 eth0 5 3"
  `);
});

test('a document too few or too many, and one that is no JSON, is an error that says so', () => {
  expect(() => parseDocuments(['[]'])).toThrow('expected 2 JSON documents, got 1');
  expect(() => parseDocuments(['[]', '[]', '[]'])).toThrow('expected 2 JSON documents, got 3');
  expect(() => parseDocuments(['[{', '[]'])).toThrow('ip addr show: not JSON: [{');
  expect(() => parseDocuments(['[{"ifindex":1}]', '[]'])).toThrow('ifname: expected text, got undefined');
});

test('peers: within a namespace by name, to the host by its ids', async () => {
  const [links = '', routes = '', list = ''] = documents('host.jsonl');
  const names = new Map([['a', 'inode-a']]);
  const namespaces = new Map([
    ['inode-host', parseDocuments([links, routes]).links],
    ['inode-a', parseDocuments(documents('namespace.jsonl')).links],
  ]);
  const asked: (readonly string[])[] = [];
  const peers = await findPeers(namespaces, { inode: 'inode-host', ids: parseIds(list, names) }, async (inodes) => {
    asked.push(inodes);
    return new Map();
  });
  expect([...peers].map(([link, peer]) => `${link.ifname} ${peer.inode} ${peer.link.ifname}`).toSorted()).toEqual([
    'eth0 inode-host h0',
    'h0 inode-a eth0',
    'm0 inode-a m1',
    'm1 inode-a m0',
  ]);
  expect(asked).toEqual([]);
});

test.each([
  ['meta l4proto', { meta: { key: 'l4proto' } }],
  ['ip protocol', { payload: { protocol: 'ip', field: 'protocol' } }],
  ['ct protocol', { ct: { key: 'protocol' } }],
])('tables: protocols in rules by name, although nft is asked for numbers (%s)', (text, left) => {
  const rule = (right: unknown) => printRule([{ match: { op: '==', left, right } }]);
  expect([rule(6), rule({ set: [17, 6, 132] }), rule(58), rule(253)]).toEqual([
    `${text} tcp`,
    `${text} { sctp, tcp, udp }`,
    `${text} ipv6-icmp`,
    `${text} 253`,
  ]);
});

test('tables: keys of maps and sets bear protocols by name, and numbers that are no protocols stay', () => {
  const common = { family: 'inet', table: 'netloom-shop', handle: 1 };
  const types = ['inet_proto', 'inet_service'];
  const map = {
    ...common,
    name: 'm',
    type: types,
    map: 'ipv4_addr . inet_service',
    elem: [[{ concat: [17, 6] }, { concat: ['10.0.0.2', 17] }]],
  };
  const set = { ...common, name: 's', type: 'inet_proto', elem: [6, { elem: { val: 132, comment: 'c' } }] };
  const table = parseTable('netloom-shop', JSON.stringify({ nftables: [{ map }, { set }] }));
  expect([...(table.maps.get('m')?.elements ?? [])]).toEqual([['udp . 6', { value: '10.0.0.2 . 17', comment: '' }]]);
  expect(table.sets.get('s')).toEqual({ key: 'inet_proto', elements: ['sctp', 'tcp'] });
});

test('tables: chains, rules as text, maps and sets', () => {
  const table = parseTable('netloom-shop', fixture('table.json'));
  expect([...table.chains].map(([name, { base, rules }]) => ({ name, base, rules }))).toMatchInlineSnapshot(`
    [
      {
        "base": undefined,
        "name": "publish",
        "rules": [
          "dnat ip to ip daddr . meta l4proto . th dport map @publish4",
        ],
      },
      {
        "base": {
          "hook": "output",
          "policy": "accept",
          "priority": -100,
          "type": "nat",
        },
        "name": "output",
        "rules": [
          "fib daddr type local jump publish comment "local only"",
        ],
      },
      {
        "base": {
          "hook": "forward",
          "policy": "accept",
          "priority": 0,
          "type": "filter",
        },
        "name": "forward",
        "rules": [
          "ct state established,related accept",
          "oifname "br-web" ip daddr . meta l4proto . th dport @direct4 accept",
          "oifname { "br-db", "br-web" } iifgroup != 1853123693 tcp dport { 443, 5432, 6000-6010 } counter accept",
          "[{"limit":{"rate":5,"burst":5,"per":"second"}},{"log":{"prefix":"x"}},{"drop":null}]",
        ],
      },
    ]
  `);
  expect(table.maps).toEqual(
    new Map([
      [
        'publish4',
        {
          key: 'ipv4_addr . inet_proto . inet_service',
          value: 'ipv4_addr . inet_service',
          elements: new Map([
            ['127.0.0.1 . tcp . 8443', { value: '172.30.1.2 . 443', comment: 'web01' }],
            ['192.0.2.1 . udp . 53', { value: '172.30.1.3 . 53', comment: '' }],
          ]),
        },
      ],
    ]),
  );
  expect(table.sets).toEqual(
    new Map([
      ['direct4', { key: 'ipv4_addr . inet_proto . inet_service', elements: ['10.0.0.2 . tcp . 80', '10.0.0.3 . tcp . 80'] }],
      ['ports', { key: 'inet_service', elements: ['6000-6010', '80'] }],
    ]),
  );
});

test('listeners: TCP sockets that listen and UDP sockets that are not connected', () => {
  // Linux 6.18, /proc/net/{tcp,tcp6,udp}
  const header = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
  const rest = '00000000:00000000 00:00000000 00000000     0        0';
  expect(
    parseSockets(
      'tcp',
      `${header}   0: 0100007F:1F90 00000000:0000 0A ${rest} 4711 1 0 100 0 0 10 0\n   1: 0200000A:0016 0300000A:D431 01 ${rest} 4712 1 0\n`,
    ),
  ).toEqual([{ protocol: 'tcp', address: '127.0.0.1', port: 8080, inode: '4711' }]);
  expect(
    parseSockets('tcp', `${header}   0: 0000000000000000FFFF00000100007F:0050 00000000000000000000000000000000:0000 0A ${rest} 1 1\n`),
  ).toEqual([{ protocol: 'tcp', address: '127.0.0.1', port: 80, inode: '1' }]);
  expect(
    parseSockets('tcp', `${header}   0: B80D0120000000000000000001000000:0050 00000000000000000000000000000000:0000 0A ${rest} 1 1\n`),
  ).toEqual([{ protocol: 'tcp', address: '2001:db8::1', port: 80, inode: '1' }]);
  expect(
    parseSockets(
      'udp',
      `${header}  10: 00000000:0035 00000000:0000 07 ${rest} 5 2 0 0\n  11: 0100007F:9999 0100007F:0035 01 ${rest} 6 2 0 0\n`,
    ),
  ).toEqual([{ protocol: 'udp', address: '0.0.0.0', port: 53, inode: '5' }]);
});

test('listeners: SCTP endpoints, one for each address', () => {
  const eps =
    ' ENDPT     SOCK   STY SST HBKT LPORT   UID INODE LADDRS\n00000000ab 00000000cd 2   10  29   9999      0 812 10.0.0.1 192.0.2.1 \n 00 00 2   7  29   9998      0 813 10.0.0.1\n';
  expect(parseSctp(eps)).toEqual([
    { protocol: 'sctp', address: '10.0.0.1', port: 9999, inode: '812' },
    { protocol: 'sctp', address: '192.0.2.1', port: 9999, inode: '812' },
  ]);
});

test('listeners: IPv6 sockets that do not hear IPv4', () => {
  // ss -H -l -n -t -u -e -6, iproute2 6.1
  const lines = [
    'udp UNCONN 0      0      [::]:8083 [::]:* ino:83 sk:c cgroup:/ v6only:1 <->                  ',
    'udp UNCONN 0      0         *:8084    *:* uid:1000 ino:84 sk:d cgroup:/ v6only:0 <->',
    'tcp LISTEN 0      511       *:8082    *:* ino:82 sk:e cgroup:/ v6only:0 <->',
    'tcp LISTEN 0      511    [::]:8081 [::]:* uid:33 ino:81 sk:f cgroup:/ v6only:1',
  ];
  expect([...parseIpv6Only(`${lines.join('\n')}\n`)]).toEqual(['83', '81']);
});

test('facts: resolvers that other namespaces can reach', () => {
  expect(
    parseResolvers(
      'search example.org\nnameserver 127.0.0.53\nnameserver 192.0.2.53\n nameserver 192.0.2.99\nnameserver 2001:DB8::0:53\nnameserver fe80::1%eth0\nnameserver\t10.0.0.1 # x\nnameserver nonsense\n',
    ),
  ).toEqual(['192.0.2.53', '2001:db8::53', '10.0.0.1']);
});

test('records: a broken one, or one of another topology, is as good as none', () => {
  const good = { version: 1, topology: 't', file: 'a.yaml', digest: 'x', routes: [], sysctls: { host: { 'net/ipv4/ip_forward': '0' } } };
  expect(parseRecord(JSON.stringify(good), 't')).toEqual(good);
  for (const bad of ['', '{', '[]', '{}', JSON.stringify({ ...good, version: 2 }), JSON.stringify({ ...good, sysctls: { host: [1] } })]) {
    expect(parseRecord(bad, 't')).toBeUndefined();
  }
  expect(parseRecord(JSON.stringify(good), 'u')).toBeUndefined();
});
