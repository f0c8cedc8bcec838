import { address, type Case, PAIR, QUIET, QUIET_PAIR, removeAddress, route, set, sysctl, up } from './steps.ts';

export const addressesCases: readonly Case[] = [
  {
    claim: 'addresses bring their networks once the link is up',
    runs: [
      [
        ...QUIET_PAIR,
        address('a', 'eth0', '10.0.0.1/24'),
        address('a', 'eth0', 'fd00::1/64'),
        address('b', 'eth0', '10.0.0.2/24'),
        up('b', 'eth0'),
      ],
    ],
    holds: [
      'a eth0: veth down mtu 1500 02:00:00:00:00:0a group 4242 peer b:eth0 [10.0.0.1/24 fd00::1/64]',
      'a lo: down mtu 65536',
      'b eth0: veth up mtu 1500 02:00:00:00:00:0b group 4242 peer a:eth0 [10.0.0.2/24]',
      'b lo: down mtu 65536',
      'b route 10.0.0.0/24 dev eth0 metric 0 proto 2',
    ],
  },
  {
    claim: 'the same address twice is refused',
    runs: [[...QUIET_PAIR, address('a', 'eth0', '10.0.0.1/24')], [address('a', 'eth0', '10.0.0.1/24')]],
    statuses: ['failed'],
    holds: [
      'a eth0: veth down mtu 1500 02:00:00:00:00:0a group 4242 peer b:eth0 [10.0.0.1/24]',
      'a lo: down mtu 65536',
      'b eth0: veth down mtu 1500 02:00:00:00:00:0b group 4242 peer a:eth0',
      'b lo: down mtu 65536',
    ],
  },
  {
    claim: 'deleting a missing address is done already',
    runs: [PAIR, [removeAddress('a', 'eth0', 'fd00::1/64')]],
    holds: [
      'a eth0: veth down mtu 1500 02:00:00:00:00:0a group 4242 peer b:eth0',
      'a lo: down mtu 65536',
      'b eth0: veth down mtu 1500 02:00:00:00:00:0b group 4242 peer a:eth0',
      'b lo: down mtu 65536',
    ],
  },
  {
    claim: 'IPv4 keeps the order of arrival, secondaries last; IPv6 puts the youngest first',
    runs: [
      [
        ...QUIET_PAIR,
        ...['10.0.0.1/24', '10.0.0.2/24', '10.1.0.1/24', 'fd00::1/64', 'fd00::2/64', 'fe80::1/64', 'fd01::1/64'].map((text) =>
          address('a', 'eth0', text),
        ),
      ],
    ],
    holds: [
      'a eth0: veth down mtu 1500 02:00:00:00:00:0a group 4242 peer b:eth0 [10.0.0.1/24 10.1.0.1/24 10.0.0.2/24 fd01::1/64 fd00::2/64 fd00::1/64 fe80::1/64]',
      'a lo: down mtu 65536',
      'b eth0: veth down mtu 1500 02:00:00:00:00:0b group 4242 peer a:eth0',
      'b lo: down mtu 65536',
    ],
  },
  {
    claim: 'the first address of a network takes its secondaries along',
    runs: [
      [...QUIET_PAIR, address('a', 'eth0', '10.0.0.1/24'), address('a', 'eth0', '10.0.0.2/24'), address('a', 'eth0', '10.1.0.1/24')],
      [removeAddress('a', 'eth0', '10.0.0.1/24')],
    ],
    holds: [
      'a eth0: veth down mtu 1500 02:00:00:00:00:0a group 4242 peer b:eth0 [10.1.0.1/24]',
      'a lo: down mtu 65536',
      'b eth0: veth down mtu 1500 02:00:00:00:00:0b group 4242 peer a:eth0',
      'b lo: down mtu 65536',
    ],
  },
  {
    claim: 'unless they are promoted',
    runs: [
      [
        ...QUIET_PAIR,
        sysctl('a', 'net/ipv4/conf/all/promote_secondaries', '1'),
        address('a', 'eth0', '10.0.0.1/24'),
        address('a', 'eth0', '10.0.0.2/24'),
        up('a', 'eth0'),
      ],
      [route('a', { to: 'default', via: '10.0.0.9', dev: 'eth0' })],
      [removeAddress('a', 'eth0', '10.0.0.1/24')],
    ],
    holds: [
      'a eth0: veth up mtu 1500 02:00:00:00:00:0a group 4242 peer b:eth0 [10.0.0.2/24]',
      'a lo: down mtu 65536',
      'a route 10.0.0.0/24 dev eth0 metric 0 proto 2',
      'a route default ipv4 via 10.0.0.9 dev eth0 metric 0 proto 4',
      'b eth0: veth down mtu 1500 02:00:00:00:00:0b group 4242 peer a:eth0',
      'b lo: down mtu 65536',
    ],
  },
  {
    claim: 'the last IPv4 address takes every IPv4 route of its link along',
    runs: [
      [
        ...QUIET_PAIR,
        address('a', 'eth0', '10.0.0.1/24'),
        up('a', 'eth0'),
        route('a', { to: 'default', via: '10.0.0.9', dev: 'eth0' }),
        route('a', { to: '10.9.0.0/16', type: 'blackhole' }),
      ],
      [removeAddress('a', 'eth0', '10.0.0.1/24')],
    ],
    holds: [
      'a eth0: veth up mtu 1500 02:00:00:00:00:0a group 4242 peer b:eth0',
      'a lo: down mtu 65536',
      'a route blackhole 10.9.0.0/16 metric 0 proto 4',
      'b eth0: veth down mtu 1500 02:00:00:00:00:0b group 4242 peer a:eth0',
      'b lo: down mtu 65536',
    ],
  },
  {
    claim: 'the last IPv6 address leaves routes through it',
    runs: [
      [
        ...QUIET_PAIR,
        address('a', 'eth0', 'fd00::1/64'),
        up('a', 'eth0'),
        route('a', { family: 'ipv6', to: 'default', via: 'fd00::9', dev: 'eth0' }),
      ],
      [removeAddress('a', 'eth0', 'fd00::1/64')],
    ],
    holds: [
      'a eth0: veth up mtu 1500 02:00:00:00:00:0a group 4242 peer b:eth0',
      'a lo: down mtu 65536',
      'a route default ipv6 via fd00::9 dev eth0 metric 1024 proto 4',
      'b eth0: veth down mtu 1500 02:00:00:00:00:0b group 4242 peer a:eth0',
      'b lo: down mtu 65536',
    ],
  },
  {
    claim: 'down takes IPv4 routes and IPv6 addresses',
    runs: [
      [
        ...QUIET_PAIR,
        address('a', 'eth0', '10.0.0.1/24'),
        address('a', 'eth0', 'fd00::1/64'),
        up('a', 'eth0'),
        up('b', 'eth0'),
        route('a', { to: 'default', via: '10.0.0.9', dev: 'eth0' }),
      ],
      [set('a', 'eth0', { up: false })],
      [up('a', 'eth0')],
    ],
    holds: [
      'a eth0: veth up carrier mtu 1500 02:00:00:00:00:0a group 4242 peer b:eth0 [10.0.0.1/24]',
      'a lo: down mtu 65536',
      'a route 10.0.0.0/24 dev eth0 metric 0 proto 2',
      'b eth0: veth up carrier mtu 1500 02:00:00:00:00:0b group 4242 peer a:eth0',
      'b lo: down mtu 65536',
    ],
  },
  {
    claim: 'keep_addr_on_down keeps IPv6 addresses, not routes',
    runs: [
      [
        ...QUIET_PAIR,
        sysctl('a', 'net/ipv6/conf/eth0/keep_addr_on_down', '1'),
        address('a', 'eth0', 'fd00::1/64'),
        up('a', 'eth0'),
        up('b', 'eth0'),
        route('a', { family: 'ipv6', to: 'default', via: 'fd00::9', dev: 'eth0' }),
      ],
      [set('a', 'eth0', { up: false })],
      [up('a', 'eth0')],
    ],
    holds: [
      'a eth0: veth up carrier mtu 1500 02:00:00:00:00:0a group 4242 peer b:eth0 [fd00::1/64]',
      'a lo: down mtu 65536',
      'a route fd00::/64 dev eth0 metric 256 proto 2',
      'b eth0: veth up carrier mtu 1500 02:00:00:00:00:0b group 4242 peer a:eth0',
      'b lo: down mtu 65536',
    ],
  },
  {
    claim: 'below 1280 there is no IPv6, and coming back it starts anew',
    runs: [
      [
        ...QUIET_PAIR,
        sysctl('a', 'net/ipv6/conf/eth0/forwarding', '1'),
        address('a', 'eth0', '10.0.0.1/24'),
        address('a', 'eth0', 'fd00::1/64'),
        up('a', 'eth0'),
      ],
      [set('a', 'eth0', { mtu: 1279 })],
      [set('a', 'eth0', { mtu: 1280 })],
    ],
    sysctls: { a: ['net/ipv6/conf/eth0/forwarding'] },
    holds: [
      'a eth0: veth up mtu 1280 02:00:00:00:00:0a group 4242 peer b:eth0 [10.0.0.1/24]',
      'a lo: down mtu 65536',
      'a net/ipv6/conf/eth0/forwarding = 0',
      'a route 10.0.0.0/24 dev eth0 metric 0 proto 2',
      'b eth0: veth down mtu 1500 02:00:00:00:00:0b group 4242 peer a:eth0',
      'b lo: down mtu 65536',
    ],
  },
  {
    claim: 'without IPv6 its sysctls are not there',
    runs: [[...QUIET_PAIR, set('a', 'eth0', { mtu: 1000 })]],
    sysctls: { a: ['net/ipv6/conf/eth0/forwarding', 'net/ipv4/conf/eth0/forwarding'] },
    holds: [
      'a eth0: veth down mtu 1000 02:00:00:00:00:0a group 4242 peer b:eth0',
      'a lo: down mtu 65536',
      'a net/ipv4/conf/eth0/forwarding = 0',
      'b eth0: veth down mtu 1500 02:00:00:00:00:0b group 4242 peer a:eth0',
      'b lo: down mtu 65536',
    ],
  },
  {
    claim: 'an IPv6 address where IPv6 is off is refused',
    runs: [[...QUIET_PAIR, sysctl('a', 'net/ipv6/conf/eth0/disable_ipv6', '1')], [address('a', 'eth0', 'fd00::1/64')]],
    statuses: ['failed'],
    holds: [
      'a eth0: veth down mtu 1500 02:00:00:00:00:0a group 4242 peer b:eth0',
      'a lo: down mtu 65536',
      'b eth0: veth down mtu 1500 02:00:00:00:00:0b group 4242 peer a:eth0',
      'b lo: down mtu 65536',
    ],
  },
  {
    claim: 'loopback addresses besides the own ones of the kernel',
    runs: [[...QUIET, address('a', 'lo', '10.255.0.1/32'), address('a', 'lo', 'fd0f::1/128'), up('a', 'lo')]],
    holds: [
      'a lo: up carrier mtu 65536 [10.255.0.1/32 fd0f::1/128]',
      'a route fd0f::1/128 dev lo metric 256 proto 2',
      'b lo: down mtu 65536',
    ],
  },
];
