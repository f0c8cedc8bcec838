import type { Group } from './case.ts';

/** What a bridge can be told to do otherwise. */
export const SETTINGS: readonly Group[] = [
  {
    title: '`icc: false`: members apart, published or not',
    docker: '`enable_icc=false`: not through the proxy, not for IPv6, and bridged traffic with bridge-nf 1 alone',
    rows: [
      ['q2', 'tcp', '172.31.2.2', 80, 'unreachable', { off: 'as 172.31.2.3', on: 'unreachable' }],
      ['q1', 'ping', '172.31.2.3', 0, 'unreachable', { off: 'reachable', on: 'unreachable' }],
      ['q2', 'tcp', '172.31.2.1', 8090, 'unreachable', 'as 172.31.2.1'],
      ['q2', 'tcp', '192.0.2.1', 8090, 'unreachable', 'as 172.31.2.1'],
      ['q1', 'tcp', 'fd31:2::3', 80, 'unreachable', 'as fd31:2::2'],
      ['q2', 'tcp', 'fd31:2::1', 8090, 'unreachable', 'as fd31:2::1'],
    ],
  },
  {
    title: '`internal`: nothing in or out, but among members',
    docker: '',
    rows: [
      ['in2', 'tcp', '172.31.3.2', 80, 'as 172.31.3.3'],
      ['host', 'tcp', '172.31.3.2', 80, 'as 172.31.3.1'],
      ['in1', 'tcp', '192.0.2.9', 80, 'unreachable'],
      ['lan', 'tcp', '172.31.3.2', 80, 'unreachable'],
      ['peer', 'tcp', '172.31.3.2', 80, 'unreachable'],
    ],
  },
  {
    title: '`nat: false`: out as themselves, in to what is published',
    docker: '`enable_ip_masquerade=false`: IPv6 is not filtered',
    rows: [
      ['plain', 'tcp', '192.0.2.9', 80, 'as 172.31.4.2'],
      ['plain', 'tcp', 'fd00:aa::9', 80, 'as fd31:4::2'],
      ['lan', 'tcp', '172.31.4.2', 80, 'as 192.0.2.9'],
      ['lan', 'tcp', '172.31.4.2', 82, 'unreachable'],
      ['lan', 'tcp', 'fd31:4::2', 80, 'as fd00:aa::9'],
      ['lan', 'tcp', 'fd31:4::2', 82, 'unreachable', 'as fd00:aa::9'],
    ],
  },
  {
    title: '`@interface`: by one uplink alone',
    notInDocker: 'cannot publish on an interface',
    rows: [
      ['lan', 'tcp', '192.0.2.1', 8084, 'as 192.0.2.9'],
      ['lan', 'tcp', '198.51.100.1', 8084, 'as 192.0.2.9'],
      ['lan', 'tcp', 'fd00:aa::1', 8084, 'as fd00:aa::9'],
      ['far', 'tcp', '198.51.100.1', 8084, 'refused'],
      ['far', 'tcp', '192.0.2.1', 8084, 'refused'],
      ['far', 'tcp', 'fd00:bb::1', 8084, 'refused'],
      ['peer', 'tcp', '172.31.1.1', 8084, 'refused'],
      ['host', 'tcp', '192.0.2.1', 8084, 'refused'],
    ],
  },
  {
    title: '`inbound: open`: no filter',
    notInDocker: 'has no bridge without filter',
    rows: [
      ['lan', 'tcp', '172.31.5.2', 82, 'as 192.0.2.9'],
      ['lan', 'ping', '172.31.5.2', 0, 'reachable'],
      ['peer', 'tcp', '172.31.5.2', 82, 'as 172.31.1.3'],
    ],
  },
  {
    title: '`allow`: who is named, to what is named',
    notInDocker: 'has no such thing',
    rows: [
      ['web', 'tcp', '172.31.6.2', 5432, 'as 172.31.1.2'],
      ['web', 'tcp', 'fd31:6::2', 5432, 'as fd31:1::2'],
      ['web', 'tcp', '172.31.6.2', 5433, 'unreachable'],
      ['peer', 'tcp', '172.31.6.2', 5432, 'unreachable'],
      ['peer', 'tcp', 'fd31:6::2', 5432, 'unreachable'],
      ['lan', 'udp', '172.31.6.2', 7, 'as 192.0.2.9'],
      ['lan', 'udp', 'fd31:6::2', 7, 'as fd00:aa::9'],
      ['lan', 'udp', '172.31.6.2', 8, 'unreachable'],
      ['peer', 'udp', '172.31.6.2', 7, 'unreachable'],
    ],
  },
];
