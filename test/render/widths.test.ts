import { expect, test } from 'vitest';
import type { Fault } from '../../src/model/errors.ts';
import type { InterfaceInventory, Inventory } from '../../src/model/report.ts';
import { renderFaults } from '../../src/render/faults.ts';
import { renderPlan } from '../../src/render/plan.ts';
import { renderRemark } from '../../src/render/remark.ts';
import { renderInventory } from '../../src/render/show.ts';
import { PLAIN, type Style, styleOf } from '../../src/render/style.ts';
import { widthOf, wrapped } from '../../src/render/text.ts';
import { addresses, changed, created, describe, pair, planOf, port, publish, route } from './fixtures.ts';

const at = (columns: number): Style => ({ ...PLAIN, width: columns });
const WORDS = styleOf({ env: { LANG: 'C.UTF-8' }, terminal: true, columns: 80, plain: true });

const end = (name: string, bridge: string, list: readonly string[]): InterfaceInventory => ({
  name,
  kind: 'veth',
  up: true,
  carrier: true,
  mtu: 1500,
  mac: '02:11:22:33:44:55',
  addresses: list,
  peer: { namespace: 'host', interface: `webserver01-${name}` },
  bridge,
});

const INVENTORY: Inventory = {
  formatVersion: 1,
  topologies: [
    {
      name: 'shop',
      file: '/srv/lab/shop.yaml',
      bridges: [
        {
          name: 'br-frontend',
          up: true,
          mtu: 1500,
          addresses: ['172.30.100.1/24', 'fd00:30:100:200::1/64'],
          members: Array.from({ length: 9 }, (_, index) => `webserver0${index}-eth0`),
        },
      ],
      namespaces: ['webserver01', 'a-namespace-with-a-name-of-some-length'].map((name) => ({
        name,
        path: `/run/netns/${name}`,
        attached: false,
        interfaces: [end('eth0', 'br-frontend', ['172.30.100.102/24', 'fd00:30:100:200::102/64'])],
        publish: [{ hostPort: 8080, port: 80, protocol: 'tcp', hostAddress: '192.168.100.200' }],
        routes: [],
      })),
    },
  ],
  uplinks: [],
  drift: [],
  errors: [],
  warnings: [],
};

const PLAN = planOf(
  [
    created('link:web01:eth0', port('web01:eth0')),
    created('address:web01:eth0', addresses('eth0', '172.30.100.102/24', 'fd00:30:100:200::102/64'), 'web01'),
    changed('link:web02:eth2', pair('web02:eth2', 'router-in-the-middle:eth0'), [
      { path: 'mtu', before: 1500, after: 1400 },
      { path: 'mac', before: '02:11:22:33:44:55', after: '02:11:22:33:44:66' },
    ]),
    created('route:web01:default', route('default', '172.30.100.1'), 'web01'),
    created('publish:web01:8080', publish('web01', 8080, 80), 'web01'),
  ],
  {
    blockers: [
      {
        code: 'E_PORT_IN_USE',
        message: 'port 8080/tcp of this host is listened on by nginx (pid 812), which a published port would be hidden behind',
        hint: 'publish on another port, on one address of the host, or stop the process: systemctl stop nginx',
      },
    ],
  },
);

const FAULT: Fault = {
  code: 'E_UNKNOWN_NAME',
  message: 'there is no bridge br-a-name-that-nobody-has-given in this file, nor a namespace of that name',
  hint: 'add it to `bridges`, or write namespace:interface, or correct the name where it is misspelt',
  origin: { file: 'topologies/a-rather-long-name.yaml', line: 1, column: 12 },
  length: 3,
};

const outputs = (style: Style): readonly (readonly [string, string])[] => [
  ['show', renderInventory(INVENTORY, describe, style)],
  ['show -v', renderInventory(INVENTORY, describe, { ...style, verbose: true })],
  ['plan', renderPlan(PLAN, describe, style)],
  ['faults', renderFaults([FAULT], new Map([[FAULT.origin.file, `links: [[a, ${'b'.repeat(200)}]]`]]), style)],
  ['remark', renderRemark({ code: 'E_X', message: FAULT.message, hint: FAULT.hint ?? '' }, 'error', style)],
];

test.each([60, 72, 80, 100, 132, 200])('everything fits a terminal of %i columns', (columns) => {
  for (const [what, text] of outputs(at(columns))) {
    // Nine columns are more than sixty characters can hold.
    if (what === 'show -v' && columns < 72) continue;
    const tooLong = text.split('\n').filter((line) => widthOf(line) > columns);
    expect([what, tooLong]).toEqual([what, []]);
  }
});

test('a wider terminal is used: nothing is cut where there is room', () => {
  const [, text = ''] = outputs(at(200))[0] ?? [];
  expect(text.slice(0, text.indexOf('BRIDGE  ')).match(/…/)).toBeNull();
  expect(text).toContain('172.30.100.102/24 fd00:30:100:200::102/64');
});

test('in a pipe nothing is cut and nothing is parted', () => {
  for (const [what, text] of outputs(PLAIN).filter(([name]) => name !== 'faults'))
    expect([what, text.includes('…')]).toEqual([what, false]);
  expect(renderPlan(PLAN, describe, PLAIN)).toContain('E_PORT_IN_USE)\n  publish on another port');
});

test('words are parted at spaces alone, and go on below where the first line says', () => {
  expect(wrapped('  + link  web01:eth0  br-web 10.80.1.2/24 mtu 1500', 30, 8)).toEqual([
    '  + link  web01:eth0  br-web',
    '        10.80.1.2/24 mtu 1500',
  ]);
  expect(wrapped('a '.repeat(3) + 'x'.repeat(40), 10, 2)).toEqual(['a a a', `  ${'x'.repeat(40)}`]);
});

test('--plain: words for signs, sentences for tables, no colour, nothing cut', () => {
  const text = outputs(WORDS)
    .map(([, output]) => output)
    .join('\n\n');
  expect(text).not.toMatch(/[^\n\x20-\x7e]/);
  expect(text).not.toMatch(/ {4}|^ *[-+~^]/m);
  expect(text).toMatchInlineSnapshot(`
    "shop  /srv/lab/shop.yaml

    namespace webserver01, interface eth0, address 172.30.100.102/24 fd00:30:100:200::102/64, state up, other end webserver01-eth0, bridge br-frontend, published 192.168.100.200:8080:80/tcp
    namespace a-namespace-with-a-name-of-some-length, interface eth0, address 172.30.100.102/24 fd00:30:100:200::102/64, state up, other end webserver01-eth0, bridge br-frontend, published 192.168.100.200:8080:80/tcp

    bridge br-frontend, address 172.30.100.1/24 fd00:30:100:200::1/64, state up, mtu 1500, ports webserver00-eth0 (not netloom's), webserver01-eth0, webserver02-eth0 (not netloom's), webserver03-eth0 (not netloom's), webserver04-eth0 (not netloom's), webserver05-eth0 (not netloom's), webserver06-eth0 (not netloom's), webserver07-eth0 (not netloom's), webserver08-eth0 (not netloom's)

    shop  /srv/lab/shop.yaml

    namespace webserver01, interface eth0, address 172.30.100.102/24 fd00:30:100:200::102/64, state up, mtu 1500, mac 02:11:22:33:44:55, other end webserver01-eth0, bridge br-frontend, published 192.168.100.200:8080:80/tcp
    namespace a-namespace-with-a-name-of-some-length, interface eth0, address 172.30.100.102/24 fd00:30:100:200::102/64, state up, mtu 1500, mac 02:11:22:33:44:55, other end webserver01-eth0, bridge br-frontend, published 192.168.100.200:8080:80/tcp

    bridge br-frontend, address 172.30.100.1/24 fd00:30:100:200::1/64, state up, mtu 1500, ports webserver00-eth0 (not netloom's), webserver01-eth0, webserver02-eth0 (not netloom's), webserver03-eth0 (not netloom's), webserver04-eth0 (not netloom's), webserver05-eth0 (not netloom's), webserver06-eth0 (not netloom's), webserver07-eth0 (not netloom's), webserver08-eth0 (not netloom's)

    web-lab  topologies/web-lab.yaml
    change link web02:eth2 mtu 1500 to 1400
    create link web01:eth0 br-web 172.30.100.102/24 fd00:30:100:200::102/64 mtu 1500
    create route web01 default via 172.30.100.1
    create publish web01 8080:80/tcp
    3 to create, 1 to change in place
    blocked: port 8080/tcp of this host is listened on by nginx (pid 812), which a published port would be hidden behind (E_PORT_IN_USE)
      publish on another port, on one address of the host, or stop the process: systemctl stop nginx

    topologies/a-rather-long-name.yaml:1:12 E_UNKNOWN_NAME  there is no bridge br-a-name-that-nobody-has-given in this file, nor a namespace of that name
       line 1: links: [[a, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb]]
       add it to \`bridges\`, or write namespace:interface, or correct the name where it is misspelt

    error: there is no bridge br-a-name-that-nobody-has-given in this file, nor a namespace of that name (E_X)
      add it to \`bridges\`, or write namespace:interface, or correct the name where it is misspelt"
  `);
});
