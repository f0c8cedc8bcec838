import { bridge, type Case, QUIET, QUIET_PAIR, sysctl, up } from './steps.ts';

export const sysctlsCases: readonly Case[] = [
  {
    claim: 'ip_forward sets every interface',
    runs: [[...QUIET_PAIR, sysctl('a', 'net/ipv4/ip_forward', '0')], [sysctl('a', 'net/ipv4/ip_forward', '1')]],
    sysctls: { a: ['net/ipv4/ip_forward', 'net/ipv4/conf/eth0/forwarding', 'net/ipv4/conf/default/forwarding'] },
    holds: [
      'a eth0: veth down mtu 1500 02:00:00:00:00:0a group 4242 peer b:eth0',
      'a lo: down mtu 65536',
      'a net/ipv4/conf/default/forwarding = 1',
      'a net/ipv4/conf/eth0/forwarding = 1',
      'a net/ipv4/ip_forward = 1',
      'b eth0: veth down mtu 1500 02:00:00:00:00:0b group 4242 peer a:eth0',
      'b lo: down mtu 65536',
    ],
  },
  {
    claim: 'IPv6 forwarding of all sets every interface',
    runs: [[...QUIET_PAIR, sysctl('a', 'net/ipv6/conf/all/forwarding', '1')]],
    sysctls: { a: ['net/ipv6/conf/eth0/forwarding', 'net/ipv6/conf/default/forwarding'] },
    holds: [
      'a eth0: veth down mtu 1500 02:00:00:00:00:0a group 4242 peer b:eth0',
      'a lo: down mtu 65536',
      'a net/ipv6/conf/default/forwarding = 1',
      'a net/ipv6/conf/eth0/forwarding = 1',
      'b eth0: veth down mtu 1500 02:00:00:00:00:0b group 4242 peer a:eth0',
      'b lo: down mtu 65536',
    ],
  },
  {
    claim: 'IPv4 defaults reach interfaces that nobody touched',
    runs: [[...QUIET_PAIR, sysctl('a', 'net/ipv4/conf/eth0/rp_filter', '0'), sysctl('a', 'net/ipv4/conf/default/rp_filter', '2')]],
    sysctls: { a: ['net/ipv4/conf/eth0/rp_filter', 'net/ipv4/conf/lo/rp_filter'] },
    holds: [
      'a eth0: veth down mtu 1500 02:00:00:00:00:0a group 4242 peer b:eth0',
      'a lo: down mtu 65536',
      'a net/ipv4/conf/eth0/rp_filter = 0',
      'a net/ipv4/conf/lo/rp_filter = 2',
      'b eth0: veth down mtu 1500 02:00:00:00:00:0b group 4242 peer a:eth0',
      'b lo: down mtu 65536',
    ],
  },
  {
    claim: 'an unknown sysctl is refused, and what follows in its namespace is skipped',
    runs: [[...QUIET], [sysctl('a', 'net/ipv4/conf/nope/rp_filter', '0'), up('a', 'lo')]],
    statuses: ['failed', 'skipped'],
    holds: ['a lo: down mtu 65536', 'b lo: down mtu 65536'],
  },
  {
    claim: 'an interface name with a dot has its sysctls',
    runs: [[bridge('br.5')], [sysctl('host', 'net/ipv4/conf/br.5/route_localnet', '1')]],
    sysctls: { host: ['net/ipv4/conf/br.5/route_localnet'] },
    holds: ['host br.5: bridge down mtu 1500 02:00:00:00:00:99 group 4242', 'host net/ipv4/conf/br.5/route_localnet = 1'],
  },
];
