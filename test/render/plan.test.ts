import { expect, test } from 'vitest';
import { renderPlans } from '../../src/render/plan.ts';
import { PLAIN, type Style } from '../../src/render/style.ts';
import {
  ASCII,
  addresses,
  bridge,
  changed,
  created,
  deleted,
  describe,
  member,
  pair,
  planOf,
  port,
  publish,
  route,
  VERBOSE,
} from './fixtures.ts';

const text = (changes: Parameters<typeof planOf>[0], style: Style = PLAIN) => renderPlans([planOf(changes)], describe, style);

const MIXED = [
  deleted('publish:8080/tcp', publish('web01', 8080, 80), 'web01'),
  changed('link:web01:eth0', port('web01:eth0'), [
    { path: 'mtu', before: 1500, after: 1400 },
    { path: 'far.mtu', before: 1500, after: 1400 },
  ]),
  changed('link:web02:eth2', pair('web02:eth2', 'r1:eth0'), [{ path: 'peer', before: 'r1:eth0', after: 'r2:eth0' }], {
    action: 'replace',
    after: pair('web02:eth2', 'r2:eth0'),
  }),
  created('address:web02:eth2', addresses('eth2', '10.0.13.2/30')),
  created('bridge:br-web', bridge()),
  created('address:host:br-web', addresses('br-web', '172.30.1.1/24'), 'host'),
];

test('a plan is a line for each object, with what happens to it, and a summary', () => {
  expect(text(MIXED)).toMatchInlineSnapshot(`
    "web-lab  topologies/web-lab.yaml
      + bridge  br-web      172.30.1.1/24 mtu 1500
      ± link    web02:eth2  peer r1:eth0 → r2:eth0    replaced: 10.0.13.2 is away meanwhile
      ~ link    web01:eth0  mtu 1500 → 1400
      - publish web01       8080:80/tcp
    1 to create, 1 to change in place, 1 to replace, 1 to remove"
  `);
});

test('under a C locale signs and arrows are ASCII', () => {
  const ascii = text(MIXED, ASCII);
  expect(ascii).toMatchInlineSnapshot(`
    "web-lab  topologies/web-lab.yaml
      +   bridge  br-web      172.30.1.1/24 mtu 1500
      +/- link    web02:eth2  peer r1:eth0 -> r2:eth0    replaced: 10.0.13.2 is away meanwhile
      ~   link    web01:eth0  mtu 1500 -> 1400
      -   publish web01       8080:80/tcp
    1 to create, 1 to change in place, 1 to replace, 1 to remove"
  `);
  expect(ascii).toMatch(/^[\x20-\x7e\n]*$/);
});

test('what comes with a namespace, bridge or link is said on its line', () => {
  expect(
    text([
      created('bridge:br-web', bridge()),
      created('address:host:br-web', addresses('br-web', '172.30.1.1/24'), 'host'),
      ...member('web01', '172.30.1.2/24'),
    ]),
  ).toMatchInlineSnapshot(`
    "web-lab  topologies/web-lab.yaml
      + namespace web01
      + bridge    br-web      172.30.1.1/24 mtu 1500
      + link      web01:eth0  br-web 172.30.1.2/24 mtu 1500
      + route     web01       default via 172.30.1.1
    4 to create"
  `);
});

test('-v gives everything a line of its own', () => {
  expect(text(member('web01', '172.30.1.2/24'), VERBOSE)).toMatchInlineSnapshot(`
    "web-lab  topologies/web-lab.yaml
      + namespace web01
      + link      web01:eth0              br-web mtu 1500
      + address   web01:eth0              172.30.1.2/24
      + route     web01                   default via 172.30.1.1
      + sysctl    web01                   net.ipv4.ip_forward 0
      + sysctl    web01:eth0              net.ipv4.conf.eth0.rp_filter 0
      + file      /etc/netns/web01/hosts
    7 to create"
  `);
});

test('repetition collapses, however the changes are ordered', () => {
  const pcs = Array.from({ length: 20 }, (_, index) => String(index + 1).padStart(2, '0'));
  const changes = pcs.flatMap((number) => member(`pc${number}`, `192.168.7.${Number(number) + 1}/24`, 'br-lan', '192.168.7.1'));
  const dual = pcs.map((number) => created(`route:pc${number}:::/0`, route('default', 'fd00::1', 'ipv6')));
  expect(text([...changes, ...dual].reverse())).toMatchInlineSnapshot(`
    "web-lab  topologies/web-lab.yaml
      + 20 namespaces pc01…pc20
      + 20 links      pc01…pc20:eth0  br-lan 192.168.7.2…192.168.7.21/24 mtu 1500
      + 20 routes     pc01…pc20       default via 192.168.7.1
      + 20 routes     pc01…pc20       default via fd00::1
    80 to create"
  `);
});

test('only what counts up by one collapses, and three lines are no repetition', () => {
  const lines = ['web01', 'web02', 'web03', 'db05', 'db06', 'db07', 'db09', 'db10'].map((name) =>
    created(`namespace:${name}`, { usable: true }),
  );
  expect(text(lines)).toMatchInlineSnapshot(`
    "web-lab  topologies/web-lab.yaml
      + namespace db05
      + namespace db06
      + namespace db07
      + namespace db09
      + namespace db10
      + namespace web01
      + namespace web02
      + namespace web03
    8 to create"
  `);
});

test('consecutive published ports are the range that the file wrote', () => {
  const ports = [9000, 9001, 9002].map((number) => created(`publish:${number}/tcp`, publish('web01', number, number), 'web01'));
  const other = created('publish:127.0.0.1:8443/tcp', publish('web01', 8443, 443, { hostAddress: '127.0.0.1' }), 'web01');
  const six = created('publish:[2001:db8::1]:81/tcp', publish('web01', 81, 80, { hostAddress: '2001:db8::1' }), 'web01');
  expect(text([...ports, other, six])).toMatchInlineSnapshot(`
    "web-lab  topologies/web-lab.yaml
      + publish web01  127.0.0.1:8443:443/tcp
      + publish web01  9000-9002:9000-9002/tcp
      + publish web01  [2001:db8::1]:81:80/tcp
    3 to create"
  `);
});

test('a namespace that goes takes its addresses, routes and files along', () => {
  const gone = [
    deleted('namespace:web01', { usable: true }),
    deleted('link:web01:eth0', port('web01:eth0')),
    deleted('address:web01:eth0', addresses('eth0', '172.30.1.2/24')),
    deleted('route:web01:0.0.0.0/0', route('default', '172.30.1.1')),
    deleted('sysctl:web01', { 'net/ipv4/ip_forward': '0' }),
    deleted('file:/etc/netns/web01/hosts', { path: '/etc/netns/web01/hosts', content: '' }, 'web01'),
  ];
  expect(text(gone)).toMatchInlineSnapshot(`
    "web-lab  topologies/web-lab.yaml
      - namespace web01
      - link      web01:eth0  br-web 172.30.1.2/24 mtu 1500
    2 to remove"
  `);
});

test('what changes alone has a line of its own, and flaps are mentioned where there are any', () => {
  expect(
    text([
      changed('address:web01:eth0', addresses('eth0', '172.30.1.2/24'), [
        { path: 'addresses', before: ['172.30.1.2/24'], after: ['172.30.1.3/24'] },
      ]),
      changed('route:web01:10.0.0.0/8', route('10.0.0.0/8', '172.30.1.9'), [{ path: 'via', before: '172.30.1.9', after: '172.30.1.8' }]),
      changed('link:web02:eth0', port('web02:eth0'), [{ path: 'up', before: false, after: true }], { impact: 'flap' }),
      changed('bridge:br-web', bridge(), [{ path: 'stp', before: false, after: true }]),
      changed('sysctl:host', { 'net/ipv4/ip_forward': '0' }, [{ path: 'net/ipv4/ip_forward', before: '0', after: '1' }]),
      changed('file:/etc/netns/web01/hosts', { path: '/etc/netns/web01/hosts' }, [{ path: 'content', before: 'x'.repeat(99), after: 'y' }]),
    ]),
  ).toMatchInlineSnapshot(`
    "web-lab  topologies/web-lab.yaml
      ~ bridge  br-web                  stp off → on
      ~ link    web02:eth0              down → up    silent for a moment
      ~ address web01:eth0              172.30.1.2/24 → 172.30.1.3/24
      ~ route   web01                   10.0.0.0/8 via 172.30.1.9 → 172.30.1.8
      ~ sysctl  host                    net.ipv4.ip_forward 0 → 1
      ~ file    /etc/netns/web01/hosts  content changed
    6 to change in place"
  `);
});

test('a link that has another peer says that, and not all that follows from it', () => {
  const before = pair('web02:wan0', 'r1:wan0');
  const after = pair('web02:wan0', 'host:to-r1');
  const fields = ['peer', 'mac', 'altname', 'far.namespace', 'far.name'].map((path) => ({ path, before: 'a', after: 'b' }));
  const moved = changed('link:web02:wan0', before, fields, { action: 'replace', after });
  const parts = [
    deleted('link:r1:wan0', pair('r1:wan0', 'host:to-r1')),
    changed('address:host:to-r1', addresses('to-r1', '10.0.12.1/30'), [], { action: 'replace' }),
  ];
  expect(text([moved, ...parts])).toMatchInlineSnapshot(`
    "web-lab  topologies/web-lab.yaml
      - link r1:wan0     to host:to-r1 mtu 1500
      ± link web02:wan0  peer a → b    replaced: 10.0.12.1 is away meanwhile
    1 to replace, 1 to remove"
  `);
});

test('renumbering is one line', () => {
  const changes = Array.from({ length: 13 }, (_, index) => {
    const [before, after] = [`172.30.1.${index + 11}/24`, `172.30.1.${index + 10}/24`];
    const lists = [
      [before, 'fe80::1/64'],
      [after, 'fe80::1/64'],
    ] as const;
    return changed(`address:pc${index + 8}:eth0`, addresses('eth0', before), [{ path: 'addresses', before: lists[0], after: lists[1] }]);
  });
  const hosts = ['web', 'db', 'cache', 'lb'].map((name) =>
    changed(`file:/etc/netns/${name}/hosts`, { path: `/etc/netns/${name}/hosts` }, [
      { path: 'content', before: 'x'.repeat(99), after: 'y' },
    ]),
  );
  expect(text([...changes, ...hosts])).toMatchInlineSnapshot(`
    "web-lab  topologies/web-lab.yaml
      ~ 13 addresses pc8…pc20:eth0       172.30.1.11…172.30.1.23/24 → 172.30.1.10…172.30.1.22/24
      ~ 4 files      /etc/netns/*/hosts  content changed
    17 to change in place"
  `);
});

test('warnings and blockers come last, each with what to do', () => {
  const plan = planOf([created('namespace:web01', { usable: true })], {
    warnings: [{ code: 'W_RP_FILTER', message: 'rp_filter is strict on eth0', hint: 'set net.ipv4.conf.eth0.rp_filter=2' }],
    blockers: [
      {
        code: 'E_NAME_TAKEN',
        message: "br-web is there already and is not netloom's",
        hint: 'rename the bridge, or take it over with --adopt',
        origin: { file: 'topologies/web-lab.yaml', line: 9, column: 3 },
      },
    ],
  });
  expect(renderPlans([plan], describe, PLAIN)).toMatchInlineSnapshot(`
    "web-lab  topologies/web-lab.yaml
      + namespace web01
    1 to create
    warning: rp_filter is strict on eth0 (W_RP_FILTER)
      set net.ipv4.conf.eth0.rp_filter=2
    blocked: topologies/web-lab.yaml:9:3 br-web is there already and is not netloom's (E_NAME_TAKEN)
      rename the bridge, or take it over with --adopt"
  `);
});

test('nothing to do is exactly `No changes.`, for one topology and for several', () => {
  const warned = planOf([], { warnings: [{ code: 'W_X', message: 'x' }] });
  expect(renderPlans([warned], describe, PLAIN)).toBe('No changes.');
  expect(renderPlans([planOf([]), planOf([])], describe, PLAIN)).toBe('No changes.');
});

test('of several topologies, those without changes say so', () => {
  const idle = planOf([], { topology: 'shop', file: 'topologies/shop.yaml' });
  expect(renderPlans([idle, planOf([created('namespace:web01', { usable: true })])], describe, PLAIN)).toMatchInlineSnapshot(`
    "shop  topologies/shop.yaml
      no changes

    web-lab  topologies/web-lab.yaml
      + namespace web01
    1 to create"
  `);
});

test('names of foreign objects cannot send escape sequences', () => {
  expect(text([deleted('namespace:\u001b[2Jx', { usable: true })])).not.toContain('\u001b');
});
