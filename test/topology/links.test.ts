import { describe, expect, test } from 'vitest';
import { deriveMac } from '../../src/model/marks.ts';
import { briefly, endOf, lan, load } from './support.ts';

describe('links', () => {
  test('the order of the ends means nothing', () => {
    const body = (ends: string) => `namespaces: { a: {}, b: {} }\nbridges: { br: }\nlinks: [${ends}]`;
    for (const [one, other] of [
      ['[a:eth0, br]', '[br, a:eth0]'],
      ['[a:eth0, b:eth0]', '[b:eth0, a:eth0]'],
      ['[a:eth0, host:x]', '[host:x, a:eth0]'],
    ] as const) {
      const strip = (ends: string) =>
        load(body(ends)).links.map(({ id, bridge, ends: both }) => ({ id, bridge, ends: both.map(({ origin: _, ...end }) => end) }));
      expect(strip(one)).toEqual(strip(other));
    }
  });

  test("the bridge's port comes first and bears its member's altname", () => {
    const [link] = load(lan('ipv4: 10.0.0.0/24', 1)).links;
    expect(link).toMatchObject({
      id: 'pc1:eth0',
      bridge: 'br',
      ends: [
        {
          namespace: 'host',
          ifname: 'pc1-eth0',
          altname: 'netloom:lab:pc1:eth0',
          addresses: [],
          mac: deriveMac('lab', 'host', 'pc1-eth0'),
        },
        { namespace: 'pc1', ifname: 'eth0', altname: 'netloom:lab:pc1:eth0', mac: deriveMac('lab', 'pc1', 'eth0') },
      ],
    });
  });

  test("the host's own end comes first and does not name the link", () => {
    const [link] = load('namespaces: { a: {} }\nlinks: [[a:zz, host:aa]]').links;
    expect(link).toMatchObject({ id: 'a:zz', ends: [{ namespace: 'host', altname: 'netloom:lab:host:aa' }, { namespace: 'a' }] });
  });

  test('ranges fan out, pair up and keep their zeros', () => {
    const topology = load(
      'namespaces: { pc(08-11): {}, r: {} }\nlinks: [["pc(08-11):eth0", "r:p(1-4)"], ["pc(10-11):eth1", "host:h(0-1)"]]',
    );
    expect(topology.namespaces.map(({ name }) => name)).toEqual(['pc08', 'pc09', 'pc10', 'pc11', 'r']);
    expect(topology.links.map(({ ends }) => ends.map(({ namespace, ifname }) => `${namespace}:${ifname}`).join(' '))).toEqual([
      'pc08:eth0 r:p1',
      'pc09:eth0 r:p2',
      'pc10:eth0 r:p3',
      'pc11:eth0 r:p4',
      'host:h0 pc10:eth1',
      'host:h1 pc11:eth1',
    ]);
  });
});

describe('names of ports', () => {
  const ports = (body: string) => load(body).links.map(({ ends }) => ends[0].ifname);

  test('a port is named after its member where that fits 15 bytes, else by a hash', () => {
    const [short, long] = ports(
      'bridges: { br: }\nnamespaces: { a: {}, long-name-of-it: {} }\nlinks: [[a:eth0, br], [long-name-of-it:eth0, br]]',
    );
    expect(short).toBe('a-eth0');
    expect(long).toMatch(/^nl[0-9a-f]{10}$/);
  });

  test('a written name is taken, and the name that it takes is not free for others', () => {
    const [written, other] = ports(
      'bridges: { br: }\nnamespaces: { a: {}, b: {} }\nlinks: [{ ends: [a:eth0, { at: br, name: b-eth0 }] }, [b:eth0, br]]',
    );
    expect(written).toBe('b-eth0');
    expect(other).toMatch(/^nl/);
  });

  test('names do not depend on the order of the links', () => {
    const links = ['[a-b:c, br]', '[a:b-c, br]', '[a:x, br]'];
    const named = (order: string[]) =>
      Object.fromEntries(
        load(`bridges: { br: }\nnamespaces: { a: {}, a-b: {} }\nlinks: [${order.join()}]`).links.map(({ id, ends }) => [
          id,
          ends[0].ifname,
        ]),
      );
    expect(named(links)).toEqual(named(links.toReversed()));
    expect(new Set(Object.values(named(links))).size).toBe(3);
  });
});

describe('mtu', () => {
  const mtus = (body: string) => load(body).links[0]?.ends.map(({ mtu }) => mtu);

  test.each([
    ['is 1500 unless something is said', '', '', '[a:eth0, br]', [1500, 1500]],
    ['comes from defaults', 'mtu: 1400', '', '[a:eth0, br]', [1400, 1400]],
    ['of the bridge beats defaults', 'mtu: 1400', 'mtu: 9000', '[a:eth0, br]', [9000, 9000]],
    ['of the link beats the bridge', '', 'mtu: 9000', '{ ends: [a:eth0, br], mtu: 1300 }', [1300, 1300]],
    ['of an end beats the link', '', 'mtu: 9000', '{ ends: [{ at: a:eth0, mtu: 1200 }, br], mtu: 1300 }', [1300, 1200]],
    ["of a port is the bridge's unless it has its own", '', 'mtu: 9000', '{ ends: [a:eth0, { at: br, mtu: 8000 }] }', [8000, 9000]],
  ])('%s', (_what, defaults, bridge, link, expected) => {
    expect(mtus(`defaults: { ${defaults} }\nbridges: { br: { ${bridge} } }\nnamespaces: { a: {} }\nlinks: [${link}]`)).toEqual(expected);
  });

  test.each([
    ['67', 'E_MTU_RANGE'],
    ['65536', 'E_MTU_RANGE'],
  ])('%s is out of range', (mtu, code) => {
    expect(briefly(`version: 1\nname: lab\nbridges: { br: { mtu: ${mtu} } }`)).toEqual([`3:23 ${code}`]);
  });

  test('below 1280 is refused where there is IPv6, at the place that says it', () => {
    const file = (link: string) => `version: 1\nname: lab\nnamespaces: { a: {}, b: {} }\nlinks:\n  - ${link}`;
    expect(briefly(file('{ ends: [a:x, b:x], mtu: 1200 }'))).toEqual([]);
    expect(briefly(file('{ ends: [a:x, b:x], mtu: 1200, subnet: { ipv6: fd00::/64 } }'))).toEqual(['5:30 E_MTU_RANGE']);
    expect(briefly(file('[{ at: a:x, linkLocal: true, mtu: 1200 }, b:x]'))).toEqual(['5:39 E_MTU_RANGE']);
  });
});

test('link-local addresses exist where there is an IPv6 address or the file asks', () => {
  const topology = load(
    'namespaces: { a: {}, b: {} }\nlinks: [[a:x, { at: b:x, linkLocal: true }], { ends: [a:y, b:y], subnet: { ipv6: fd00::/64 } }]',
  );
  expect(['a:x', 'b:x', 'a:y'].map((name) => endOf(topology, name).linkLocal)).toEqual([false, true, true]);
});

test('a mac is written in small letters', () => {
  const topology = load('namespaces: { a: {}, b: {} }\nlinks: [[{ at: a:x, mac: "02:AB:00:00:00:01" }, b:x]]');
  expect(endOf(topology, 'a:x').mac).toBe('02:ab:00:00:00:01');
});

test('a bridge has at most 1,023 ports', () => {
  const file = (count: number) =>
    `version: 1\nname: lab\nbridges: { br: }\nnamespaces: { pc(1-${count}): {} }\nlinks:\n  - [pc(1-${count}):e, br]`;
  expect(briefly(file(1023))).toEqual([]);
  expect(briefly(file(1024))).toEqual(['6:5 E_BRIDGE_PORTS']);
});
