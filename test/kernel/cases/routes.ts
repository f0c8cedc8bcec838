import { address, type Case, QUIET, QUIET_PAIR, remove, route, up } from './steps.ts';

export const routesCases: readonly Case[] = [
  {
    claim: 'a route replaces the one with its destination and metric',
    runs: [
      [...QUIET_PAIR, address('a', 'eth0', '10.0.0.1/24'), up('a', 'eth0'), route('a', { to: 'default', via: '10.0.0.9', dev: 'eth0' })],
      [
        route('a', { to: 'default', via: '10.0.0.8', dev: 'eth0' }),
        route('a', { to: 'default', via: '10.0.0.7', dev: 'eth0', metric: 50 }),
      ],
    ],
    holds: [
      'a eth0: veth up mtu 1500 02:00:00:00:00:0a group 4242 peer b:eth0 [10.0.0.1/24]',
      'a lo: down mtu 65536',
      'a route 10.0.0.0/24 dev eth0 metric 0 proto 2',
      'a route default ipv4 via 10.0.0.7 dev eth0 metric 50 proto 4',
      'a route default ipv4 via 10.0.0.8 dev eth0 metric 0 proto 4',
      'b eth0: veth down mtu 1500 02:00:00:00:00:0b group 4242 peer a:eth0',
      'b lo: down mtu 65536',
    ],
  },
  {
    claim: 'an IPv6 route replaces likewise',
    runs: [
      [
        ...QUIET_PAIR,
        address('a', 'eth0', 'fd00::1/64'),
        up('a', 'eth0'),
        route('a', { family: 'ipv6', to: 'fd99::/64', via: 'fd00::9', dev: 'eth0' }),
      ],
      [
        route('a', { family: 'ipv6', to: 'fd99::/64', via: 'fd00::8', dev: 'eth0' }),
        route('a', { family: 'ipv6', to: 'fd99::/64', via: 'fd00::7', dev: 'eth0', metric: 50 }),
      ],
    ],
    holds: [
      'a eth0: veth up mtu 1500 02:00:00:00:00:0a group 4242 peer b:eth0 [fd00::1/64]',
      'a lo: down mtu 65536',
      'a route fd00::/64 dev eth0 metric 256 proto 2',
      'a route fd99::/64 via fd00::7 dev eth0 metric 50 proto 4',
      'a route fd99::/64 via fd00::8 dev eth0 metric 1024 proto 4',
      'b eth0: veth down mtu 1500 02:00:00:00:00:0b group 4242 peer a:eth0',
      'b lo: down mtu 65536',
    ],
  },
  {
    claim: 'routes that lead nowhere',
    runs: [
      [
        ...QUIET,
        up('a', 'lo'),
        ...(['blackhole', 'unreachable', 'prohibit'] as const).flatMap((type, index) => [
          route('a', { to: `10.${index}.0.0/16`, type }),
          route('a', { family: 'ipv6', to: `fd0${index}::/64`, type }),
        ]),
      ],
    ],
    holds: [
      'a lo: up carrier mtu 65536',
      'a route blackhole 10.0.0.0/16 metric 0 proto 4',
      'a route blackhole fd00::/64 metric 1024 proto 4',
      'a route prohibit 10.2.0.0/16 metric 0 proto 4',
      'a route prohibit fd02::/64 metric 1024 proto 4',
      'a route unreachable 10.1.0.0/16 metric 0 proto 4',
      'a route unreachable fd01::/64 metric 1024 proto 4',
      'b lo: down mtu 65536',
    ],
  },
  {
    claim: 'a next hop that cannot be reached is refused',
    runs: [
      [...QUIET_PAIR, address('a', 'eth0', '10.0.0.1/24'), up('a', 'eth0')],
      [route('a', { to: 'default', via: '10.99.0.1', dev: 'eth0' })],
    ],
    statuses: ['failed'],
    holds: [
      'a eth0: veth up mtu 1500 02:00:00:00:00:0a group 4242 peer b:eth0 [10.0.0.1/24]',
      'a lo: down mtu 65536',
      'a route 10.0.0.0/24 dev eth0 metric 0 proto 2',
      'b eth0: veth down mtu 1500 02:00:00:00:00:0b group 4242 peer a:eth0',
      'b lo: down mtu 65536',
    ],
  },
  {
    claim: 'a route over a link that is down is refused',
    runs: [QUIET_PAIR, [route('a', { to: '10.5.0.0/16', dev: 'eth0' })]],
    statuses: ['failed'],
    holds: [
      'a eth0: veth down mtu 1500 02:00:00:00:00:0a group 4242 peer b:eth0',
      'a lo: down mtu 65536',
      'b eth0: veth down mtu 1500 02:00:00:00:00:0b group 4242 peer a:eth0',
      'b lo: down mtu 65536',
    ],
  },
  {
    claim: 'a route can be deleted, and again',
    runs: [
      [...QUIET_PAIR, up('a', 'eth0'), route('a', { to: '10.5.0.0/16', dev: 'eth0' })],
      [
        [
          'remove',
          { do: 'route-delete', namespace: 'a', route: { family: 'ipv4', to: '10.5.0.0/16', type: 'unicast', dev: 'eth0', protocol: 4 } },
        ],
      ],
      [
        [
          'remove',
          { do: 'route-delete', namespace: 'a', route: { family: 'ipv4', to: '10.5.0.0/16', type: 'unicast', dev: 'eth0', protocol: 4 } },
        ],
      ],
    ],
    holds: [
      'a eth0: veth up mtu 1500 02:00:00:00:00:0a group 4242 peer b:eth0',
      'a lo: down mtu 65536',
      'b eth0: veth down mtu 1500 02:00:00:00:00:0b group 4242 peer a:eth0',
      'b lo: down mtu 65536',
    ],
  },
  {
    claim: 'routes go with their link',
    runs: [[...QUIET_PAIR, up('a', 'eth0'), route('a', { to: '10.5.0.0/16', dev: 'eth0' })], [remove('b', 'eth0')]],
    holds: ['a lo: down mtu 65536', 'b lo: down mtu 65536'],
  },
];
