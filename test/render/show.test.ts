import { expect, test } from 'vitest';
import type { InterfaceInventory, Inventory, NamespaceInventory } from '../../src/model/report.ts';
import { renderInventory } from '../../src/render/show.ts';
import { PLAIN, type Style } from '../../src/render/style.ts';
import { changed, describe, port, VERBOSE } from './fixtures.ts';

const iface = (name: string, address: string, rest: Partial<InterfaceInventory> = {}): InterfaceInventory => ({
  name,
  kind: 'veth',
  up: true,
  carrier: true,
  mtu: 1500,
  mac: '02:11:22:33:44:55',
  addresses: address === '' ? [] : address.split(' '),
  ...rest,
});

const onBridge = (namespace: string, name: string, bridge: string) => ({
  peer: { namespace: 'host', interface: `${namespace}-${name}` },
  bridge,
});

const namespace = (
  name: string,
  interfaces: readonly InterfaceInventory[],
  rest: Partial<NamespaceInventory> = {},
): NamespaceInventory => ({
  name,
  path: `/run/netns/${name}`,
  attached: false,
  interfaces,
  publish: [],
  routes: [],
  ...rest,
});

const tcp = (hostPort: number, to: number, rest: object = {}) => ({ hostPort, port: to, protocol: 'tcp', ...rest });

const SHOP: Inventory = {
  formatVersion: 1,
  topologies: [
    {
      name: 'shop',
      file: '/srv/lab/shop.yaml',
      bridges: [
        {
          name: 'br-web',
          up: true,
          mtu: 1500,
          addresses: ['172.30.1.1/24', 'fd00:30:1::1/64'],
          members: ['web01-eth0', 'web02-eth0', 'tap7'],
        },
        { name: 'br-db', up: true, mtu: 1400, addresses: [], members: [] },
      ],
      namespaces: [
        namespace(
          'web01',
          [
            iface('lo', ''),
            iface('eth0', '172.30.1.2/24 fd00:30:1::2/64', onBridge('web01', 'eth0', 'br-web')),
            iface('eth2', '10.0.13.1/30', { peer: { namespace: 'web02', interface: 'eth2' }, carrier: false }),
          ],
          {
            publish: [tcp(8080, 80), tcp(8443, 443, { hostAddress: '127.0.0.1' }), tcp(9000, 9000), tcp(9001, 9001)],
            routes: [
              { to: 'default', via: '172.30.1.1', dev: 'eth0', type: 'unicast' },
              { to: '198.51.100.0/24', type: 'blackhole' },
            ],
          },
        ),
        namespace('web02', [
          iface('eth0', '172.30.1.10/24', onBridge('web02', 'eth0', 'br-web')),
          iface('eth2', '10.0.13.2/30', { peer: { namespace: 'web01', interface: 'eth2' }, up: false, carrier: false }),
          iface('eth3', '', { carrier: false }),
        ]),
        namespace('sidecar', [], { shared: 'web01' }),
        namespace('dark', [iface('lo', '')]),
        namespace('host', [iface('to-r1', '10.0.12.1/30', { peer: { namespace: 'r1', interface: 'wan0' } })]),
      ],
    },
  ],
  uplinks: [],
  drift: [{ ...changed('link:web02:eth2', port('web02:eth2'), [{ path: 'up', before: false, after: true }]), topology: 'shop' }],
  errors: [],
  warnings: [],
};

const TERMINAL: Style = { ...PLAIN, width: 120 };

test('one screen says who is connected to whom, through what, with which address and port', () => {
  expect(renderInventory(SHOP, describe, TERMINAL)).toMatchInlineSnapshot(`
    "shop  /srv/lab/shop.yaml

      NAMESPACE  INTERFACE  ADDRESS          STATE       OTHER END   BRIDGE  PUBLISHED
      web01      eth0       172.30.1.2/24    up          web01-eth0  br-web  127.0.0.1:8443:443/tcp
                            fd00:30:1::2/64                                  8080:80/tcp
                                                                             9000-9001:9000-9001/tcp
                 eth2       10.0.13.1/30     no carrier  web02:eth2
      web02      eth0       172.30.1.10/24   up          web02-eth0  br-web
                 eth2       10.0.13.2/30     down        web01:eth2
                 eth3                        no carrier
      sidecar    = web01
      dark       lo         only lo
      host       to-r1      10.0.12.1/30     up          r1:wan0

      BRIDGE  ADDRESS                        STATE  MTU   PORTS
      br-web  172.30.1.1/24 fd00:30:1::1/64  up     1500  tap7 (not netloom's), web01-eth0, web02-eth0
      br-db                                  up     1400  none

      web01:eth2 has no carrier: its other end web02:eth2 is down
      web02:eth3 has no carrier: its other end is gone

      differs from the file; \`netloom apply shop\` would:
      ~ link web02:eth2  down → up"
  `);
});

test('piped, each interface is one line that grep finds by either end', () => {
  const lines = renderInventory(SHOP, describe, PLAIN).split('\n');
  expect(lines.filter((line) => line.includes('web01-eth0'))).toMatchInlineSnapshot(`
    [
      "  web01      eth0       172.30.1.2/24 fd00:30:1::2/64  up          web01-eth0  br-web  127.0.0.1:8443:443/tcp 8080:80/tcp 9000-9001:9000-9001/tcp",
      "  br-web  172.30.1.1/24 fd00:30:1::1/64  up     1500  tap7 (not netloom's), web01-eth0, web02-eth0",
    ]
  `);
  expect(lines.some((line) => /web01 +eth0.*172\.30\.1\.2\/24 fd00:30:1::2\/64.*web01-eth0\s+br-web .*8080:80\/tcp/.test(line))).toBe(true);
});

test('-v adds MTUs, MACs and routes', () => {
  expect(renderInventory(SHOP, describe, { ...VERBOSE, width: 160 })).toMatchInlineSnapshot(`
    "shop  /srv/lab/shop.yaml

      NAMESPACE  INTERFACE  ADDRESS                          STATE       MTU   MAC                OTHER END   BRIDGE  PUBLISHED
      web01      lo                                          up          1500  02:11:22:33:44:55
                 eth0       172.30.1.2/24                    up          1500  02:11:22:33:44:55  web01-eth0  br-web  127.0.0.1:8443:443/tcp
                            fd00:30:1::2/64                                                                           8080:80/tcp
                                                                                                                      9000-9001:9000-9001/tcp
                 eth2       10.0.13.1/30                     no carrier  1500  02:11:22:33:44:55  web02:eth2
                 route      default via 172.30.1.1 dev eth0
                 route      blackhole 198.51.100.0/24
      web02      eth0       172.30.1.10/24                   up          1500  02:11:22:33:44:55  web02-eth0  br-web
                 eth2       10.0.13.2/30                     down        1500  02:11:22:33:44:55  web01:eth2
                 eth3                                        no carrier  1500  02:11:22:33:44:55
      sidecar    = web01
      dark       lo                                          up          1500  02:11:22:33:44:55
      host       to-r1      10.0.12.1/30                     up          1500  02:11:22:33:44:55  r1:wan0

      BRIDGE  ADDRESS                        STATE  MTU   PORTS
      br-web  172.30.1.1/24 fd00:30:1::1/64  up     1500  tap7 (not netloom's), web01-eth0, web02-eth0
      br-db                                  up     1400  none

      web01:eth2 has no carrier: its other end web02:eth2 is down
      web02:eth3 has no carrier: its other end is gone

      differs from the file; \`netloom apply shop\` would:
      ~ link web02:eth2  down → up"
  `);
});

test('a narrow terminal cuts columns, and no line is wider than it', () => {
  const text = renderInventory({ ...SHOP, drift: [] }, describe, { ...PLAIN, width: 80 });
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(text).toMatchInlineSnapshot(`
    "shop  /srv/lab/shop.yaml

      NAMESPACE  INTERFACE  ADDRESS        STATE       OTHER END   BRIDGE  PUBLISHED
      web01      eth0       172.30.1.2/24  up          web01-eth0  br-web  127.0.0.…
                            fd00:30:1::2…                                  8080:80/…
                                                                           9000-900…
                 eth2       10.0.13.1/30   no carrier  web02:eth2
      web02      eth0       172.30.1.10/…  up          web02-eth0  br-web
                 eth2       10.0.13.2/30   down        web01:eth2
                 eth3                      no carrier
      sidecar    = web01
      dark       lo         only lo
      host       to-r1      10.0.12.1/30   up          r1:wan0

      BRIDGE  ADDRESS                        STATE  MTU   PORTS
      br-web  172.30.1.1/24 fd00:30:1::1/64  up     1500  3 ports
      br-db                                  up     1400  none

      web01:eth2 has no carrier: its other end web02:eth2 is down
      web02:eth3 has no carrier: its other end is gone"
  `);
});

test('where nothing is owned, it says so', () => {
  expect(renderInventory({ ...SHOP, topologies: [], drift: [] }, describe, PLAIN)).toBe('netloom owns nothing here.');
});
