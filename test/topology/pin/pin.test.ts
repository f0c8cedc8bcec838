import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadTopology } from '../../../src/topology/load.ts';
import { randomTopology } from '../../support/random-topology.ts';
import { pinned } from './support.ts';

const head = 'version: 1\nname: lab\nsubnets: { web: { ipv4: 10.80.1.0/24, ipv6: "fd00:80:1::/64" }, lan: { ipv4: 10.80.2.0/24 } }\n';
const BRIDGES = 'bridges: { br-web: { subnet: web }, br-lan: { subnet: lan } }\n';

/** What a body becomes; the head is always the same. */
function body(text: string, expand = false): string {
  const { text: whole } = pinned(head + BRIDGES + text, expand);
  expect(whole.startsWith(head + BRIDGES)).toBe(true);
  return whole.slice((head + BRIDGES).length);
}

test('pin: addresses go beside the ends, in the style of each link, and comments stay', () => {
  expect(
    body(`namespaces: { a: {}, b: {}, c: {}, d: {}, e: {}, f: {} }
links: # who hears whom
  - [a:eth0, br-lan] # the first
  - { ends: [br-lan, b:eth0], mtu: 1400 } # the second
  - ends: [c:eth0, br-lan]   # with a comment
    mtu: 1400
  # between
  - ends:
      - at: d:eth0
        mtu: 1400 # smaller
      - br-lan
  - - e:eth0 # a list in a list
    - br-lan
  - { ends: [{ at: f:eth0, mac: 02:00:00:00:00:01 }, br-lan] }
`),
  ).toMatchInlineSnapshot(`
    "namespaces: { a: {}, b: {}, c: {}, d: {}, e: {}, f: {} }
    links: # who hears whom
      - { ends: [a:eth0, br-lan], addresses: [10.80.2.2] } # the first
      - { ends: [br-lan, b:eth0], addresses: [10.80.2.3], mtu: 1400 } # the second
      - ends: [c:eth0, br-lan]   # with a comment
        addresses: [10.80.2.4]
        mtu: 1400
      # between
      - ends:
          - at: d:eth0
            addresses: [10.80.2.5]
            mtu: 1400 # smaller
          - br-lan
      - ends:
        - e:eth0 # a list in a list
        - br-lan
        addresses: [10.80.2.6]
      - { ends: [{ at: f:eth0, addresses: [10.80.2.7], mac: 02:00:00:00:00:01 }, br-lan] }
    "
  `);
});

test('pin: what is written stays where it is, and the other family joins it', () => {
  expect(
    body(`namespaces: { a: {}, b: {}, c: {} }
links:
  - { ends: [a:eth0, br-web], addresses: [10.80.1.77, ] }
  - ends: [b:eth0, br-web]
    addresses:
      - fd00:80:1::77 # written
  - { ends: [c:eth0, br-web], addresses: [] }
`),
  ).toMatchInlineSnapshot(`
    "namespaces: { a: {}, b: {}, c: {} }
    links:
      - { ends: [a:eth0, br-web], addresses: [10.80.1.77, "fd00:80:1::2", ] }
      - ends: [b:eth0, br-web]
        addresses:
          - fd00:80:1::77 # written
          - 10.80.1.2
      - { ends: [c:eth0, br-web], addresses: [] }
    "
  `);
});

test('pin: both ends of a link with a subnet of its own, the gateway among them', () => {
  expect(
    body(`namespaces: { a: {}, b: { forwarding: true } }
links:
  - [a:x, br-web]
  - [a:y, br-lan]
  - { ends: [a:eth0, b:eth0], subnet: { ipv4: 10.9.0.0/30, gateway: b:eth0 } }
  - ends:
      - b:eth1
      - { at: host:lab0, mtu: 1500 }
    subnet: { ipv4: 10.9.0.4/30 }
`),
  ).toMatchInlineSnapshot(`
    "namespaces: { a: {}, b: { forwarding: true } }
    links:
      - { ends: [a:x, br-web], addresses: [10.80.1.2, "fd00:80:1::2"] }
      - { ends: [a:y, br-lan], addresses: [10.80.2.2] }
      - { ends: [{ at: a:eth0, addresses: [10.9.0.2] }, { at: b:eth0, addresses: [10.9.0.1] }], subnet: { ipv4: 10.9.0.0/30, gateway: b:eth0 } }
      - ends:
          - { at: b:eth1, addresses: [10.9.0.6] }
          - { at: host:lab0, addresses: [10.9.0.5], mtu: 1500 }
        subnet: { ipv4: 10.9.0.4/30 }
    "
  `);
});

test('pin: derived host ports, in every form of a publish', () => {
  expect(
    body(`namespaces:
  a: { publish: [80, "81", '82/udp', "127.0.0.1::83", "8084:84"] }
  b:
    publish: # of b
      - "[::]::80" # both
      - { port: 81, protocol: udp }
      - port: 82 # long
        protocol: sctp
  c: { expose: [80, 53/udp, 8080], publishAll: true, publish: ["9090:8080"] } # all
  d:
    publishAll: true # every one
    expose:
      - 80
links:
  - { ends: [a:eth0, br-web], addresses: [10.80.1.5, "fd00:80:1::5"] }
  - { ends: [b:eth0, br-web], addresses: [10.80.1.6, "fd00:80:1::6"] }
  - { ends: [c:eth0, br-lan], addresses: [10.80.2.5] }
  - { ends: [d:eth0, br-lan], addresses: [10.80.2.6] }
`),
  ).toMatchInlineSnapshot(`
    "namespaces:
      a: { publish: ["33921:80", "55376:81", '42466:82/udp', "127.0.0.1:34119:83", "8084:84"] }
      b:
        publish: # of b
          - "[::]:42546:80" # both
          - { port: 81, hostPort: 53646, protocol: udp }
          - port: 82 # long
            hostPort: 38030
            protocol: sctp
      c: { expose: [80, 53/udp, 8080], publishAll: true, publish: ["9090:8080", "41331:80", "54714:53/udp"] } # all
      d:
        publishAll: true # every one
        publish: ["35989:80"]
        expose:
          - 80
    links:
      - { ends: [a:eth0, br-web], addresses: [10.80.1.5, "fd00:80:1::5"] }
      - { ends: [b:eth0, br-web], addresses: [10.80.1.6, "fd00:80:1::6"] }
      - { ends: [c:eth0, br-lan], addresses: [10.80.2.5] }
      - { ends: [d:eth0, br-lan], addresses: [10.80.2.6] }
    "
  `);
});

const RANGES = `namespaces:
  pc(1-3): {}
  many: { publish: ["8000-8001"] }
  srv(1-2): { publish: [80] }
links:
  - [pc(1-3):eth0, br-lan] # three of them
  - ends: [many:eth0, br-lan]
    mtu: 1400
  - ends: [srv(1-2):eth0, { at: br-web, name: to-srv(1-2) }]
    mtu: 1400 # both
`;

test('pin: an item that stands for several links is left, with what to do', () => {
  const { text, left } = pinned(head + BRIDGES + RANGES);
  expect(text).toContain('  - [pc(1-3):eth0, br-lan] # three of them\n');
  expect(left.map(({ line, column, message, hint }) => `${line}:${column} ${message}; ${hint}`)).toMatchInlineSnapshot(`
    [
      "7:3 many: a range of ports has host ports of all sorts; --expand writes one item for each port of a range",
      "8:3 srv(1-2): one entry stands for 2 namespaces, each with host ports of its own; give those whose ports are to stay an entry of their own",
      "10:5 pc1:eth0 to pc3:eth0: one item stands for 3 links, each with addresses of its own; --expand writes each of them out",
      "13:5 srv1:eth0, srv2:eth0: one item stands for 2 links, each with addresses of its own; --expand writes each of them out",
    ]
  `);
});

test('pin --expand: ranges are written out, one item for each link or port', () => {
  expect(body(RANGES, true)).toMatchInlineSnapshot(`
    "namespaces:
      pc(1-3): {}
      many: { publish: ["52319:8000", "32784:8001"] }
      srv(1-2): { publish: [80] }
    links:
      - { ends: [pc1:eth0, br-lan], addresses: [10.80.2.2] }
      - { ends: [pc2:eth0, br-lan], addresses: [10.80.2.3] }
      - { ends: [pc3:eth0, br-lan], addresses: [10.80.2.4] } # three of them
      - ends: [many:eth0, br-lan]
        addresses: [10.80.2.5]
        mtu: 1400
      - ends: [srv1:eth0, { at: br-web, name: to-srv1 }]
        addresses: [10.80.1.2, "fd00:80:1::2"]
        mtu: 1400 # both
      - ends: [srv2:eth0, { at: br-web, name: to-srv2 }]
        addresses: [10.80.1.3, "fd00:80:1::3"]
        mtu: 1400 # both
    "
  `);
});

test('pin --expand: items stand as far from their dashes as the one that they come from', () => {
  const text = 'namespaces: { pc(1-2): {} }\nlinks:\n-   ends: [pc(1-2):eth0, br-lan]\n    mtu: 1400\n';
  expect(body(text, true)).toBe(
    `namespaces: { pc(1-2): {} }\nlinks:\n${[1, 2]
      .map((n) => `-   ends: [pc${n}:eth0, br-lan]\n    addresses: [10.80.2.${n + 1}]\n    mtu: 1400\n`)
      .join('')}`,
  );
});

test('pin: what is written behind anchors, aliases and merge keys is left, so that no other place changes', () => {
  const { text, left } = pinned(`${head}${BRIDGES}x-web: &web { publish: [80] }
x-end: &end a:eth1
namespaces:
  a: *web
  b: { <<: *web, aliases: [bee] }
  c: &c { publish: [81] }
  d: *c
links:
  - &first [a:eth0, br-web]
  - [*end, br-lan]
  - [b:eth0, br-web]
  - [c:eth0, br-web]
  - [d:eth0, br-web]
  - { <<: { ends: [d:eth1, br-lan] }, mtu: 1400 }
`);
  expect(text.split('\n').slice(4)).toMatchInlineSnapshot(`
    [
      "x-web: &web { publish: [80] }",
      "x-end: &end a:eth1",
      "namespaces:",
      "  a: *web",
      "  b: { <<: *web, aliases: [bee] }",
      "  c: &c { publish: [81] }",
      "  d: *c",
      "links:",
      "  - &first { ends: [a:eth0, br-web], addresses: [10.80.1.2, "fd00:80:1::2"] }",
      "  - [*end, br-lan]",
      "  - { ends: [b:eth0, br-web], addresses: [10.80.1.3, "fd00:80:1::3"] }",
      "  - { ends: [c:eth0, br-web], addresses: [10.80.1.4, "fd00:80:1::4"] }",
      "  - { ends: [d:eth0, br-web], addresses: [10.80.1.5, "fd00:80:1::5"] }",
      "  - { <<: { ends: [d:eth1, br-lan] }, mtu: 1400 }",
      "",
    ]
  `);
  expect(left.map(({ line, message }) => `${line}: ${message}`)).toMatchInlineSnapshot(`
    [
      "8: a: its ports stand behind an anchor or alias",
      "9: b: its ports are merged into it from elsewhere",
      "10: c: its ports stand behind an anchor or alias",
      "11: d: its ports stand behind an anchor or alias",
      "14: a:eth1: stands behind an anchor or alias",
      "18: d:eth1: stands behind an anchor or alias",
    ]
  `);
});

test('pin: line feeds of Windows and a byte order mark stay', () => {
  const source = `${head}${BRIDGES}namespaces: { a: {} }\nlinks:\n  - ends:\n      - at: a:eth0\n      - br-lan\n`.replaceAll('\n', '\r\n');
  const { text } = pinned(`\ufeff${source}`);
  expect(text).toContain('      - at: a:eth0\r\n        addresses: [10.80.2.2]\r\n      - br-lan\r\n');
  expect(text.startsWith('\ufeffversion')).toBe(true);
});

test('pin: a file that ends without a line feed', () => {
  expect(body('namespaces: { a: {} }\nlinks:\n- ends: [a:eth0, br-lan]')).toBe(
    'namespaces: { a: {} }\nlinks:\n- ends: [a:eth0, br-lan]\n  addresses: [10.80.2.2]',
  );
});

const TOPOLOGIES = join(import.meta.dirname, '../../../topologies');

test.each(readdirSync(TOPOLOGIES))(
  'pin: %s means the same afterwards, expanded or not, and no address is left open when expanded',
  (name) => {
    const source = readFileSync(join(TOPOLOGIES, name), 'utf8');
    pinned(source);
    const { text, left } = pinned(source, true);
    expect(left.filter(({ message }) => !message.includes('host ports'))).toEqual([]);
    const open = loadTopology(text, name).links.flatMap(({ ends }) => ends.flatMap(({ automatic = [] }) => automatic));
    expect(open).toEqual([]);
  },
);

test('pin: random topologies mean the same afterwards', () => {
  fc.assert(
    fc.property(randomTopology, fc.boolean(), (source, expand) => void pinned(source, expand)),
    { numRuns: 60 },
  );
});
