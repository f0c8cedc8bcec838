import { expect, test } from 'vitest';
import { foundationsOf } from '../../src/kernel/session.ts';
import type { Change } from '../../src/model/resource.ts';
import type { Session } from '../../src/model/session.ts';
import { changesOnPath } from '../../src/pipeline/session.ts';
import { addresses, bridge, created, deleted, planOf, port, route } from '../render/fixtures.ts';

const session: Session = { peer: '203.0.113.9', local: '192.0.2.1', via: '192.0.2.254', devices: ['br-lan', 'up0'] };

test.each<[what: string, change: Change, counts: boolean]>([
  ['a bridge beside it', created('bridge:br-x', bridge({ name: 'br-x' }), 'host'), false],
  ['the bridge that carries it', deleted('bridge:br-lan', bridge({ name: 'br-lan' }), 'host'), true],
  ['a port of that bridge', created('link:web01:eth0', port('web01:eth0', 'br-x')), false],
  ["a member's interface of the same name", created('address:web01:up0', addresses('up0', '10.0.0.2/24'), 'web01'), false],
  ["the host's own address", created('address:host:br-x', addresses('br-x', '192.0.2.1/32'), 'host'), true],
  ['a network that would hold the peer', created('address:host:br-x', addresses('br-x', '203.0.113.1/24'), 'host'), true],
  ['another network', created('address:host:br-x', addresses('br-x', '10.0.0.1/24'), 'host'), false],
  ['a route to the peer', created('route:host:203.0.113.0/24', { ...route('203.0.113.0/24', '10.0.0.2'), dev: 'br-x' }, 'host'), true],
  ['the default route', created('route:host:0.0.0.0/0', { ...route('default', '10.0.0.2'), dev: 'br-x' }, 'host'), true],
  ["a member's default route", created('route:web01:0.0.0.0/0', route('default', '10.0.0.1'), 'web01'), false],
  ['forwarding of the host', created('sysctl:host', { 'net/ipv4/ip_forward': '1' }, 'host'), false],
  ['a setting of the uplink', created('sysctl:host:up0', { 'net/ipv4/conf/up0/rp_filter': '1' }, 'host'), true],
])('the way of an SSH session: %s', (_, change, counts) => {
  expect(changesOnPath(planOf([change]), session)).toEqual(counts ? [change] : []);
});

test('the way of an SSH session lives on the ports of its bridge, and on what lies below these', () => {
  const links = [
    { ifindex: 1, ifname: 'lo' },
    { ifindex: 2, ifname: 'eth0' },
    { ifindex: 3, ifname: 'eth0.5', link: 'eth0', master: 'br-lan' },
    { ifindex: 4, ifname: 'br-lan' },
    { ifindex: 5, ifname: 'eth1' },
  ];
  expect(foundationsOf('br-lan', links)).toEqual(['br-lan', 'eth0.5', 'eth0']);
});
