import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { settle } from '../../src/cli/importing/settle.ts';
import { networkOf } from '../../src/kernel/docker/networks.ts';
import { createFakeKernel } from '../../src/kernel/fake/index.ts';
import type { LinkState, Snapshot } from '../../src/model/snapshot.ts';
import type { Topology } from '../../src/model/topology.ts';
import { importNetworks, namespaceNames } from '../../src/pipeline/import/docker.ts';
import { importLive, readLive, surveyHost } from '../../src/pipeline/import/live.ts';
import { mergeOrders } from '../../src/pipeline/import/order.ts';
import { planTopology } from '../../src/pipeline/plan.ts';
import { partAt } from '../../src/render/written/yaml.ts';
import { loadTopology } from '../../src/topology/load.ts';
import { converge, linesOf } from '../support/converge.ts';
import { snapshotOf } from '../support/snapshot.ts';

const FOLDER = new URL('../../topologies/', import.meta.url);
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml') && file !== 'attach-container.yaml');
const load = (file: string): Topology => loadTopology(readFileSync(new URL(file, FOLDER)), file);

/** All that a topology owns on a kernel, as a file. */
async function imported(kernel: ReturnType<typeof createFakeKernel>, { name, bridges, namespaces }: Topology) {
  const selection = { name, bridges: bridges.map((one) => one.name), namespaces: namespaces.map((one) => one.name) };
  const snapshot = await readLive(kernel, await surveyHost(kernel), selection);
  return settle(importLive(snapshot, selection), () => [], 'lab.yaml');
}

test.each(files)('import: %s, applied, comes back as a file that plans empty', async (file) => {
  const kernel = createFakeKernel();
  await converge(kernel, load(file));
  const { topology, omissions } = await imported(kernel, load(file));
  expect(omissions).toEqual([]);
  expect(linesOf(await planTopology(kernel, topology, { adopt: false }))).toEqual([]);
});

test('import: a file reads as a person would write it', async () => {
  const kernel = createFakeKernel();
  await converge(kernel, load('two-networks.yaml'));
  expect((await imported(kernel, load('two-networks.yaml'))).text).toMatchInlineSnapshot(`
    "version: 1
    name: two-networks

    subnets:
      my-bridge: { ipv4: 172.28.1.0/24 }
      other-bridge: { ipv4: 172.28.2.0/24 }

    bridges:
      my-bridge: { subnet: my-bridge }
      other-bridge: { subnet: other-bridge }

    namespaces:
      net1: {}
      net2: { aliases: [database] }
      net3: {}

    links:
      - { ends: [net1:eth0, my-bridge], addresses: [172.28.1.2] }
      - { ends: [net2:eth0, my-bridge], addresses: [172.28.1.3] }
      - { ends: [net2:eth1, other-bridge], addresses: [172.28.2.2], as: { net3: ledger } }
      - { ends: [net3:eth0, other-bridge], addresses: [172.28.2.3] }
    "
  `);
});

const link = (ifname: string, kind: string, more: Partial<LinkState> = {}): LinkState => ({
  ifindex: 1,
  ifname,
  kind,
  up: true,
  carrier: true,
  mtu: 1500,
  mac: '02:00:00:00:00:01',
  group: 0,
  altnames: [],
  alias: '',
  addresses: [],
  ...more,
});

function hostWith(links: readonly LinkState[], inside: Readonly<Record<string, readonly LinkState[]>> = {}): Snapshot {
  const state = (name: string, own: readonly LinkState[], index: number) => ({
    name,
    inode: `4:${index}`,
    links: own,
    routes: [],
    sysctls: new Map([['net/ipv4/ip_forward', '1']]),
  });
  const spaces = [state('host', links, 0), ...Object.entries(inside).map(([name, own], index) => state(name, own, index + 1))];
  return snapshotOf(spaces, { names: new Map(spaces.slice(1).map(({ name, inode }) => [name, inode])) });
}

const omitted = (snapshot: Snapshot, bridges: readonly string[], namespaces: readonly string[]): string[] =>
  settle(importLive(snapshot, { name: 'x', bridges, namespaces }), () => [], 'x.yaml').omissions.map(
    ({ message, hint }) => `${message} | ${hint ?? ''}`,
  );

test.each([
  [
    'a port that is no veth',
    hostWith([link('br0', 'bridge'), link('eth1', '', { master: 'br0' })]),
    ['br0'],
    [],
    /the port eth1 of br0 is a physical interface/,
  ],
  [
    'a port that leads nowhere known',
    hostWith([link('br0', 'bridge'), link('v0', 'veth', { master: 'br0' })]),
    ['br0'],
    [],
    /leads to a namespace without a name \| .*ip netns attach/,
  ],
  [
    'a bridge within a namespace',
    hostWith([], { a: [link('v0', 'veth', { master: 'inner' })] }),
    [],
    ['a'],
    /a topology has its bridges on the host/,
  ],
  ['a WireGuard', hostWith([], { a: [link('wg0', 'wireguard')] }), [], ['a'], /a:wg0 is wireguard and no veth; it is left as it is/],
  [
    'two networks on a bridge',
    hostWith([link('br0', 'bridge', { addresses: ['10.1.0.1/24', '10.2.0.1/24'] })]),
    ['br0'],
    [],
    /10\.2\.0\.1\/24 of br0 is not in 10\.1\.0\.0\/24/,
  ],
  ['VLANs', hostWith([link('br0', 'bridge', { bridge: { stp: false, vlanFiltering: true } })]), ['br0'], [], /filters VLANs/],
  ['a bridge that is down', hostWith([link('br0', 'bridge', { up: false })]), ['br0'], [], /an apply brings it up/],
  [
    'what the loader refuses',
    hostWith([link('br0', 'bridge', { addresses: ['10.1.0.1/24'] }), link('br1', 'bridge', { addresses: ['10.1.0.2/24'] })]),
    ['br0', 'br1'],
    [],
    /overlap/,
  ],
] as const)('import: %s is left out, and said', (_, snapshot, bridges, namespaces, message) => {
  expect(omitted(snapshot, bridges, namespaces).join('\n')).toMatch(message);
});

test('import: what cannot be said takes along what would be changed without it', () => {
  const peer = { namespace: 'a', ifname: 'eth0' };
  const inside = link('eth0', 'veth', { mac: '02:00:00:00:00:09', addresses: ['10.1.0.5/24'], peer: { namespace: 'host', ifname: 'v0' } });
  const host = hostWith(
    [
      link('br0', 'bridge', { addresses: ['10.1.0.1/24'] }),
      link('br1', 'bridge', { addresses: ['10.1.0.129/25'], mac: '02:00:00:00:00:02' }),
      link('v0', 'veth', { master: 'br0', mac: '02:00:00:00:00:03', peer }),
    ],
    { a: [inside] },
  );
  const { topology, omissions } = settle(importLive(host, { name: 'x', bridges: ['br0', 'br1'], namespaces: ['a'] }), () => [], 'x.yaml');
  expect([topology.bridges.map(({ name }) => name), topology.namespaces, topology.links]).toEqual([['br1'], [], []]);
  expect(omissions.map(({ message }) => message).join('\n')).toMatch(
    /^subnets br0: .*\nbridges br0: .*\nthe link a:eth0, br0: .*\na, which would not keep/,
  );
});

test('import: on a host that does not forward, a bridge with an address stays shut', () => {
  const host = hostWith([link('br0', 'bridge', { addresses: ['10.1.0.1/24'] })]);
  const state = host.namespaces.get('host');
  if (state === undefined) throw new Error('no host');
  const quiet = { ...host, namespaces: new Map([['host', { ...state, sysctls: new Map([['net/ipv4/ip_forward', '0']]) }]]) };
  expect(importLive(quiet, { name: 'x', bridges: ['br0'], namespaces: [] }).topology.bridges.br0).toMatchObject({ internal: true });
  expect(importLive(host, { name: 'x', bridges: ['br0'], namespaces: [] }).topology.bridges.br0).toMatchObject({
    inbound: 'open',
    nat: false,
  });
});

test.each([
  [['a', 'b', 'c'], [], ['a', 'b', 'c']],
  [['a', 'b', 'c'], [['c', 'a']], ['b', 'c', 'a']],
  [
    ['a', 'b', 'c'],
    [
      ['b', 'a'],
      ['c', 'b'],
    ],
    ['c', 'b', 'a'],
  ],
  [
    ['a', 'b'],
    [
      ['a', 'b'],
      ['b', 'a'],
    ],
    ['a', 'b'],
  ],
  [['a'], [['x', 'a', 'y']], ['a']],
] as const)('orders: %j with %j is %j', (items, sequences, merged) => {
  expect(mergeOrders(items, sequences)).toEqual(merged);
});

// `docker network inspect` and `docker inspect` of Docker 20.10.24, cut to what is read.
const NETWORK = {
  Name: 'shop_net',
  Driver: 'bridge',
  Internal: false,
  IPAM: { Config: [{ Subnet: '172.28.9.0/24', Gateway: '172.28.9.254' }] },
  Options: { 'com.docker.network.bridge.enable_icc': 'false', 'com.docker.network.driver.mtu': '1400' },
};
const CONTAINER = {
  Id: 'a'.repeat(64),
  Name: '/Shop_1',
  NetworkSettings: {
    Ports: {
      '80/tcp': [
        { HostIp: '0.0.0.0', HostPort: '8080' },
        { HostIp: '::', HostPort: '8080' },
      ],
      '53/udp': [{ HostIp: '127.0.0.1', HostPort: '5353' }],
      '443/tcp': null,
    },
    Networks: { shop_net: { IPAddress: '172.28.9.2', IPPrefixLen: 24, MacAddress: '02:42:ac:1c:09:02', Aliases: ['www', 'a'.repeat(12)] } },
  },
};

test('import --docker: a network becomes a bridge of another name, its containers attached namespaces', () => {
  const network = networkOf(NETWORK, [CONTAINER]);
  const names = namespaceNames(['Shop_1', 'shop-1', '42']);
  expect([...names.values()]).toEqual(['shop-1', 'shop-1-2', 'container']);
  const { topology } = importNetworks([network], names, hostWith([]), 'shop');
  expect(topology).toEqual({
    version: 1,
    name: 'shop',
    subnets: { shop_net: { ipv4: '172.28.9.0/24', gateway: ['172.28.9.254'] } },
    bridges: { shop_net: { subnet: 'shop_net', mtu: 1400, icc: false } },
    namespaces: { 'shop-1': { attach: { container: 'Shop_1' }, aliases: ['www'], publish: ['8080:80', '127.0.0.1:5353:53/udp'] } },
    host: {},
    links: [{ ends: ['shop-1:eth0', 'shop_net'], addresses: ['172.28.9.2'], mac: '02:42:ac:1c:09:02' }],
  });
});

test('partAt: the least that can be left out around a place', () => {
  const text = 'version: 1\nname: x\nbridges:\n  br0: { subnet: a, mtu: 9 }\nlinks:\n  - { ends: [a:b, c] }\n';
  expect(partAt(text, 4, 26)).toEqual(['bridges', 'br0']);
  expect(partAt(text, 6, 15)).toEqual(['links', 0]);
  expect(partAt(text, 2, 7)).toBeUndefined();
});
