import { describe, expect, test } from 'vitest';
import { briefly, load, routesOf } from './support.ts';

const NET =
  'subnets: { a: { ipv4: 10.0.1.0/24, ipv6: fd00:1::/64 }, b: { ipv4: 10.0.2.0/24 } }\nbridges: { br-a: { subnet: a }, br-b: { subnet: b } }\n';

/** Routes of `x`, which has eth0 on br-a and eth1 on br-b, beside a router on both. */
const routes = (written: string, first = '[x:eth0, br-a]', second = '[x:eth1, br-b]') =>
  routesOf(
    load(`${NET}namespaces: { x: { routes: [${written}] }, r: {} }\nlinks: [${first}, ${second}, [r:eth0, br-a], [r:eth1, br-b]]`),
    'x',
  );

const IMPLIED = ['default(ipv4) via 10.0.1.1 dev eth0', 'default(ipv6) via fd00:1::1 dev eth0'];

describe('implied default routes', () => {
  test('go through the first link, in each family', () => {
    expect(routes('')).toEqual(IMPLIED);
  });

  test('go through the link that has defaultRoute: true, in the families that it has', () => {
    expect(routes('', undefined, '{ ends: [x:eth1, br-b], defaultRoute: true }')).toEqual([
      'default(ipv4) via 10.0.2.1 dev eth1',
      IMPLIED[1],
    ]);
  });

  test('leave out a link that has defaultRoute: false', () => {
    expect(routes('', '{ ends: [x:eth0, br-a], defaultRoute: false }')).toEqual(['default(ipv4) via 10.0.2.1 dev eth1']);
  });

  test('leave out a link without address', () => {
    expect(routes('', '{ ends: [x:eth0, br-a], addresses: [] }')).toEqual(['default(ipv4) via 10.0.2.1 dev eth1']);
  });

  test('leave out internal bridges, and the gateway itself', () => {
    const topology = load(
      'subnets: { a: { ipv4: 10.0.1.0/24 }, b: { ipv4: 10.0.2.0/24, gateway: x:eth1 } }\nbridges: { br-a: { subnet: a, internal: true }, br-b: { subnet: b } }\nnamespaces: { x: {}, y: {} }\nlinks: [[x:eth0, br-a], [x:eth1, br-b], [y:eth1, br-b]]',
    );
    expect([routesOf(topology, 'x'), routesOf(topology, 'y')]).toEqual([[], ['default(ipv4) via 10.0.2.1 dev eth1']]);
  });

  test('are replaced by a written one, family by family', () => {
    expect(routes('{ to: default, via: 10.0.2.9 }')).toEqual([IMPLIED[1], 'default(ipv4) via 10.0.2.9 dev eth1']);
    expect(routes('{ to: 0.0.0.0/0, via: 10.0.2.9 }')).toEqual([IMPLIED[1], 'default(ipv4) via 10.0.2.9 dev eth1']);
  });

  test('are not given to the host', () => {
    const topology = load('namespaces: { a: {} }\nlinks: [{ ends: [a:x, host:y], subnet: { ipv4: 10.0.0.0/30, gateway: a:x } }]');
    expect(topology.routes).toEqual([]);
  });
});

describe('written routes', () => {
  test.each([
    ['via an address', '{ to: 10.9.0.0/16, via: 10.0.2.9 }', ['10.9.0.0/16 via 10.0.2.9 dev eth1']],
    ['via a namespace: its address on the first shared segment', '{ to: 10.9.0.0/16, via: r }', ['10.9.0.0/16 via 10.0.1.3 dev eth0']],
    ['via an interface of a namespace', '{ to: 10.9.0.0/16, via: r:eth1 }', ['10.9.0.0/16 via 10.0.2.3 dev eth1']],
    ['via a namespace through an interface', '{ to: 10.9.0.0/16, via: r, interface: eth1 }', ['10.9.0.0/16 via 10.0.2.3 dev eth1']],
    ['in IPv6', '{ to: "FD00:9::/32", via: r }', ['fd00:9::/32 via fd00:1::3 dev eth0']],
    ['on-link', '{ to: 10.9.0.0/16, interface: eth1 }', ['10.9.0.0/16 dev eth1']],
    ['via a link-local address', '{ to: "fd09::/64", via: "fe80::1", interface: eth1 }', ['fd09::/64 via fe80::1 dev eth1']],
    ['with a metric', '{ to: 10.9.0.0/16, via: r, metric: 50 }', ['10.9.0.0/16 via 10.0.1.3 dev eth0 metric 50']],
    ["with the kernel's own metric", '{ to: "fd09::/64", via: r, metric: 1024 }', ['fd09::/64 via fd00:1::3 dev eth0']],
    ['that drop', '{ to: 10.9.0.0/16, type: prohibit }', ['prohibit 10.9.0.0/16']],
    ['via the host', '{ to: 10.9.0.0/16, via: host }', ['10.9.0.0/16 via 10.0.1.1 dev eth0']],
  ])('%s', (_what, written, expected) => {
    expect(routes(written)).toEqual([...IMPLIED, ...expected]);
  });

  test('to a subnet: its networks, each family; default: each family that the next hop has', () => {
    const topology = load(
      `${NET}namespaces: { r: {}, y: { routes: [{ to: a, via: r }, { to: default, via: r }] } }\nlinks: [{ ends: [y:eth0, r:y], subnet: { ipv4: 10.7.0.0/30, ipv6: fd07::/64 } }, [r:eth0, br-a], [r:eth1, br-b]]`,
    );
    expect(routesOf(topology, 'y')).toEqual([
      '10.0.1.0/24 via 10.7.0.1 dev eth0',
      'fd00:1::/64 via fd07::1 dev eth0',
      'default(ipv4) via 10.7.0.1 dev eth0',
      'default(ipv6) via fd07::1 dev eth0',
    ]);
  });

  test('of the host leave by its bridges and ends', () => {
    const topology = load(
      `${NET}namespaces: { r: {} }\nhost: { routes: [{ to: 10.9.0.0/16, via: r }, { to: 10.8.0.0/16, via: 10.0.2.7 }] }\nlinks: [[r:eth0, br-a]]`,
    );
    expect(routesOf(topology, 'host')).toEqual(['10.9.0.0/16 via 10.0.1.2 dev br-a', '10.8.0.0/16 via 10.0.2.7 dev br-b']);
  });

  test.each([
    ['{ to: 10.9.0.0/16, via: 10.3.0.1 }', 'E_ROUTE_NOWHERE'],
    ['{ to: 10.9.0.0/16, via: 10.0.1.9, interface: eth1 }', 'E_ROUTE_NOWHERE'],
    ['{ to: 10.9.0.0/16, via: 10.0.1.2 }', 'E_ROUTE'],
    ['{ to: 10.9.0.0/16, via: x }', 'E_ROUTE'],
    ['{ to: 10.9.0.0/16, via: "fd00:1::9" }', 'E_ROUTE'],
    ['{ to: 10.9.0.0/16 }', 'E_ROUTE'],
    ['{ to: 10.9.0.0/16, via: r, type: blackhole }', 'E_ROUTE'],
    ['{ to: 10.9.0.0/16, interface: eth7 }', 'E_UNKNOWN_NAME'],
    ['{ to: 10.9.0.1/16, via: r }', 'E_IP'],
    ['{ to: 10.9.0.1, via: r }', 'E_IP'],
    ['{ to: nowhere, via: r }', 'E_UNKNOWN_NAME'],
    ['{ to: 10.9.0.0/16, via: [r, 10.0.1.9] }', 'E_NOT_YET'],
    ['{ to: 10.0.1.0/24, via: 10.0.2.9 }', 'E_ROUTE_DUPLICATE'],
  ])('%s is refused', (written, code) => {
    const faults = briefly(
      `version: 1\nname: lab\n${NET}namespaces: { x: { routes: [${written}] }, r: {} }\nlinks: [[x:eth0, br-a], [x:eth1, br-b], [r:eth0, br-a]]`,
    );
    expect(faults.map((fault) => fault.split(' ')[1])).toEqual([code]);
  });

  test('with one destination and metric are refused, both of them', () => {
    const faults = briefly(
      `version: 1\nname: lab\n${NET}namespaces:\n  x:\n    routes:\n      - { to: default, via: 10.0.1.9 }\n      - { to: 0.0.0.0/0, type: unreachable }\nlinks: [[x:eth0, br-a], [x:eth1, br-b]]`,
    );
    expect(faults).toEqual(['8:15 E_ROUTE_DUPLICATE', '9:15 E_ROUTE_DUPLICATE']);
  });
});
