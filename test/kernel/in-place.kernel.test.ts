import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Plan } from '../../src/model/resource.ts';
import { converge } from '../support/converge.ts';
import { hostState } from '../support/host-state.ts';
import { changesOf, destroy, indexes, kernel, load } from '../support/lab.ts';
import { attempt } from '../support/sandbox.ts';

/** Each piece of the file that a test may say otherwise. */
const PIECES = {
  defaults: '',
  alpha: '{ subnet: a }',
  beta: '{ subnet: b }',
  one: '{}',
  two: '{}',
  three: '{}',
  links: `
  - [one:eth0, br-a]
  - [two:eth0, br-a]
  - [one:eth1, br-b]
  - [three:eth0, br-b]`,
  pair: '{ ends: [two:p0, three:p0], subnet: { ipv4: 10.50.0.0/30, ipv6: "fd50::/64", gateway: false } }',
};

const file = (pieces: Partial<typeof PIECES> = {}): string => {
  const { alpha, beta, one, two, three, links, pair } = { ...PIECES, ...pieces };
  return `
version: 1
name: place
subnets:
  a: { ipv4: 172.31.1.0/24, ipv6: "fd31:1::/64" }
  b: { ipv4: 172.31.2.0/24, ipv6: "fd31:2::/64" }
bridges:
  br-a: ${alpha}
  br-b: ${beta}
namespaces:
  one: ${one}
  two: ${two}
  three: ${three}
links:${links}
  - ${pair}
`;
};

let start: unknown;

beforeEach(async () => {
  start = await hostState();
});

afterEach(async () => {
  await destroy('place');
  expect(await hostState()).toEqual(start);
});

interface InPlace {
  readonly what: string;
  readonly from?: Partial<typeof PIECES>;
  readonly to: Partial<typeof PIECES>;
  /** Interfaces that get another name, by their old one. */
  readonly names?: Readonly<Record<string, string>>;
}

const cases: readonly InPlace[] = [
  { what: 'the mtu of a bridge', to: { alpha: '{ subnet: a, mtu: 1400 }' } },
  { what: 'an mtu above the usual', to: { alpha: '{ subnet: a, mtu: 9000 }' } },
  {
    what: 'the mtu of a link',
    to: { pair: '{ ends: [two:p0, three:p0], mtu: 1300, subnet: { ipv4: 10.50.0.0/30, ipv6: "fd50::/64", gateway: false } }' },
  },
  {
    what: 'an address',
    to: { links: PIECES.links.replace('[two:eth0, br-a]', '{ ends: [two:eth0, br-a], addresses: [172.31.1.77, "fd31:1::77"] }') },
  },
  {
    what: 'a second address',
    to: { links: PIECES.links.replace('[two:eth0, br-a]', '{ ends: [two:eth0, br-a], addresses: [172.31.1.3, 172.31.1.77] }') },
  },
  { what: 'a route', to: { one: '{ routes: [{ to: 10.9.0.0/16, via: two }, { to: 10.8.0.0/16, type: blackhole }] }' } },
  {
    what: 'the next hop of a route',
    from: { one: '{ routes: [{ to: 10.9.0.0/16, via: two }] }' },
    to: { one: '{ routes: [{ to: 10.9.0.0/16, via: three }] }' },
  },
  {
    what: 'the default route',
    to: {
      links: PIECES.links
        .replace('[one:eth1, br-b]', '{ ends: [one:eth1, br-b], defaultRoute: true }')
        .replace('[one:eth0, br-a]', '{ ends: [one:eth0, br-a], defaultRoute: false }'),
    },
  },
  { what: 'a sysctl', to: { one: '{ sysctls: { net.core.somaxconn: 777 } }' } },
  { what: 'forwarding', to: { one: '{ forwarding: true }' } },
  { what: 'an alias', to: { one: '{ aliases: [www] }' } },
  { what: 'a published port', to: { one: '{ publish: ["8080:80"] }' } },
  {
    what: 'another published port',
    from: { one: '{ publish: ["8080:80", "8081:81"] }' },
    to: { one: '{ publish: ["8080:80", "8082:81"] }' },
  },
  { what: 'no published port any more', from: { one: '{ publish: ["8080:80"] }' }, to: {} },
  { what: 'a published port moves', from: { one: '{ publish: ["8080:80"] }' }, to: { two: '{ publish: ["8080:80"] }' } },
  { what: 'icc', to: { alpha: '{ subnet: a, icc: false }' } },
  { what: 'nat', to: { alpha: '{ subnet: a, nat: false }' } },
  { what: 'inbound', to: { alpha: '{ subnet: a, inbound: open }' } },
  { what: 'internal', to: { alpha: '{ subnet: a, internal: true }' } },
  { what: 'the mac of a bridge', to: { alpha: '{ subnet: a, mac: "02:00:00:00:00:aa" }' } },
  { what: 'spanning tree', to: { alpha: '{ subnet: a, stp: true }' } },
  { what: 'the loopback address', to: { one: '{ interfaces: { lo: { addresses: [10.255.0.1/32] } } }' } },
  { what: 'a mac', to: { links: PIECES.links.replace('[two:eth0, br-a]', '{ ends: [two:eth0, br-a], mac: "02:00:00:00:00:77" }') } },
  {
    what: 'the name of a port',
    to: { links: PIECES.links.replace('[two:eth0, br-a]', '[two:eth0, { at: br-a, name: up7 }]') },
    names: { 'host:two-eth0': 'host:up7' },
  },
  { what: 'the bridge of a link', to: { links: PIECES.links.replace('[two:eth0, br-a]', '[two:eth0, br-b]') } },
  {
    what: 'the bridges of two links of a namespace swapped',
    to: { links: PIECES.links.replace('one:eth0', 'one:x').replace('one:eth1', 'one:eth0').replace('one:x', 'one:eth1') },
  },
  {
    what: 'the order of links, and so who has which address',
    to: { links: '\n  - [two:eth0, br-a]\n  - [one:eth0, br-a]\n  - [three:eth0, br-b]\n  - [one:eth1, br-b]' },
  },
];

test.each(cases)('$what: every interface keeps its ifindex', async ({ from, to, names = {} }) => {
  await converge(kernel, load(file(from)));
  const before = await indexes();
  const target = load(file(to));
  const plan = await converge(kernel, target);
  expect(plan.changes.length).toBeGreaterThan(0);
  expect(await changesOf(target)).toEqual([]);
  const expected = new Map([...before].map(([place, index]) => [names[place] ?? place, index]));
  expect(new Map([...(await indexes())].sort())).toEqual(new Map([...expected].sort()));
});

interface Moved {
  readonly what: string;
  readonly links: string;
  /** Who reaches whom afterwards, within a second. */
  readonly pings: readonly (readonly [string, string])[];
}

const everybody: Moved['pings'] = [
  ['one', '172.31.1.3'],
  ['two', '172.31.1.2'],
  ['host', '172.31.1.2'],
  ['host', '172.31.1.3'],
  ['one', '172.31.2.3'],
  ['three', '172.31.2.2'],
  ['host', '172.31.2.2'],
  ['one', 'fd31:1::3'],
  ['two', 'fd31:1::2'],
  ['host', 'fd31:1::2'],
  ['host', 'fd31:1::3'],
  ['three', 'fd31:2::2'],
  ['two', '172.31.1.1'],
  ['two', 'fd31:1::1'],
];

const moves: readonly Moved[] = [
  {
    what: 'eth0 and eth1 of a namespace swap their bridges',
    links: '\n  - [one:eth1, br-a]\n  - [two:eth0, br-a]\n  - [one:eth0, br-b]\n  - [three:eth0, br-b]',
    pings: everybody,
  },
  {
    what: 'two members swap their addresses',
    links: `
  - { ends: [one:eth0, br-a], addresses: [172.31.1.3, "fd31:1::3"] }
  - { ends: [two:eth0, br-a], addresses: [172.31.1.2, "fd31:1::2"] }
  - [one:eth1, br-b]
  - [three:eth0, br-b]`,
    pings: [
      ['one', '172.31.1.2'],
      ['two', '172.31.1.3'],
      ['host', '172.31.1.2'],
      ['host', '172.31.1.3'],
      ['host', 'fd31:1::2'],
      ['one', 'fd31:1::2'],
      ['two', 'fd31:1::3'],
      ['two', 'fd31:1::1'],
    ],
  },
  {
    what: 'a member gets a MAC of its own',
    links: PIECES.links.replace('[two:eth0, br-a]', '{ ends: [two:eth0, br-a], mac: "02:00:00:00:00:77" }'),
    pings: everybody,
  },
  {
    what: 'an address moves from one member to another',
    links: `
  - { ends: [one:eth0, br-a], addresses: [172.31.1.9, "fd31:1::9"] }
  - { ends: [two:eth0, br-a], addresses: [172.31.1.2, "fd31:1::2"] }
  - [one:eth1, br-b]
  - [three:eth0, br-b]`,
    pings: [
      ['one', '172.31.1.2'],
      ['host', '172.31.1.2'],
      ['host', 'fd31:1::2'],
      ['one', 'fd31:1::2'],
      ['two', '172.31.1.9'],
      ['host', '172.31.1.9'],
    ],
  },
  {
    what: 'interfaces of one namespace swap their names, as links between others are in between',
    links: '\n  - [one:a0, br-a]\n  - [two:eth0, br-a]\n  - [one:a1, br-b]\n  - [three:eth0, br-b]',
    pings: everybody,
  },
  {
    what: 'a member moves to another bridge',
    links:
      '\n  - [one:eth0, br-a]\n  - { ends: [two:eth0, br-b], addresses: [172.31.2.9, "fd31:2::9"] }\n  - [one:eth1, br-b]\n  - [three:eth0, br-b]',
    pings: [
      ['three', '172.31.2.9'],
      ['host', '172.31.2.9'],
      ['host', 'fd31:2::9'],
      ['one', '172.31.2.9'],
      ['two', '172.31.2.3'],
    ],
  },
];

test.each(moves)('$what: all reach each other within a second', async ({ links, pings: wanted }) => {
  await converge(kernel, load(file()));
  await primeEverybody();
  await converge(kernel, load(file({ links })));
  expect(await silent(wanted)).toEqual([]);
});

test("a bridge's MAC, and with it the gateway's, changes: members go on talking", async () => {
  await converge(kernel, load(file()));
  await primeEverybody();
  await converge(kernel, load(file({ alpha: '{ subnet: a, mac: "02:00:00:00:00:aa" }' })));
  expect(await silent(everybody)).toEqual([]);
});

test('ends of a pair: swapped addresses and other MACs', async () => {
  const ends = (two: string, three: string): string =>
    `{ ends: [{ at: two:p0, addresses: [${two}] }, { at: three:p0, addresses: [${three}] }] }`;
  await converge(kernel, load(file({ pair: ends('10.50.0.1/30, "fd50::1/64"', '10.50.0.2/30, "fd50::2/64"') })));
  expect(
    await silent([
      ['two', '10.50.0.2'],
      ['three', '10.50.0.1'],
      ['two', 'fd50::2'],
      ['three', 'fd50::1'],
    ]),
  ).toEqual([]);
  const before = await indexes();
  const plan: Plan = await converge(kernel, load(file({ pair: ends('10.50.0.2/30, "fd50::2/64"', '10.50.0.1/30, "fd50::1/64"') })));
  expect(plan.changes.map(({ impact }) => impact)).toEqual(plan.changes.map(() => 'none'));
  expect(
    await silent([
      ['two', '10.50.0.1'],
      ['three', '10.50.0.2'],
      ['two', 'fd50::1'],
      ['three', 'fd50::2'],
    ]),
  ).toEqual([]);
  expect(await indexes()).toEqual(before);
});

test('an MTU change does not interrupt a flow', async () => {
  await converge(kernel, load(file()));
  const flow = attempt('ip', 'netns', 'exec', 'one', 'ping', '-n', '-q', '-i', '0.01', '-c', '120', '-w', '5', '172.31.1.3');
  for (const mtu of [1400, 1300, 1500]) await converge(kernel, load(file({ alpha: `{ subnet: a, mtu: ${mtu} }` })));
  expect((await flow).stdout).toContain(' 0% packet loss');
});

/** Fills every neighbour cache, so that what went stale would be used. */
const primeEverybody = async (): Promise<void> => {
  expect(await silent(everybody)).toEqual([]);
};

/** Those that get no answer within a second. */
async function silent(pairs: readonly (readonly [string, string])[]): Promise<string[]> {
  const answers = await Promise.all(
    pairs.map(async ([from, to]) => {
      const enter = from === 'host' ? [] : ['nsenter', `--net=/run/netns/${from}`];
      const [command = '', ...args] = [...enter, 'ping', '-n', '-q', '-c', '1', '-i', '0.2', '-w', '1', to];
      return (await attempt(command, ...args)).exitCode === 0 ? [] : [`${from} → ${to}`];
    }),
  );
  return answers.flat();
}
