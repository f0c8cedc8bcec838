import { describe, expect, test } from 'vitest';
import { counted, parseCounters } from '../../src/kernel/trace/legacy.ts';
import { createTraceParser } from '../../src/kernel/trace/parse.ts';
import { traceTables } from '../../src/kernel/trace/tables.ts';
import type { Flow } from '../../src/model/trace.ts';

const TCP: Flow = {
  namespace: 'host',
  family: 'ipv4',
  protocol: 'tcp',
  source: '10.9.0.1',
  sourcePort: 4711,
  destination: '10.9.0.2',
  destinationPort: 81,
  timeoutMs: 1000,
};

const ECHO6: Flow = {
  namespace: 'host',
  family: 'ipv6',
  protocol: 'icmp',
  source: 'fd00:9::1',
  sourcePort: 77,
  destination: 'fd00:9::2',
  timeoutMs: 1000,
};

/** What `nft -n -a monitor trace` printed (nft 1.0.6, Linux 6.18): a SYN bridged from p-a to p-b, and dropped by a table of somebody else's. */
const SYN = `trace id ca8ce513 netdev netloom-trace_1 ingress packet: iif "p-a" ether saddr c2:bf:27:22:45:1c ether daddr 2e:25:91:36:8b:61 ip saddr 10.9.0.1 ip daddr 10.9.0.2 ip dscp 0x00 ip ecn 0x0 ip ttl 64 ip id 1622 ip protocol 6 ip length 60 tcp sport 4711 tcp dport 81 tcp flags == 0x2 tcp window 64240 
trace id ca8ce513 netdev netloom-trace_1 ingress rule tcp sport 4711 meta nftrace set 1 # handle 3 (verdict continue)
trace id ca8ce513 netdev netloom-trace_1 ingress policy accept 
trace id ca8ce513 netdev netloom-trace_1 egress packet: oif "p-b" @nh,0,160 0x4500003c06564000400620520a0900010a090002 @th,0,160 0x126700516e9fa1a500000000a002faf014430000 
trace id ca8ce513 inet fw f packet: iif "br0" oif "br0" ether saddr c2:bf:27:22:45:1c ether daddr 2e:25:91:36:8b:61 ip saddr 10.9.0.1 ip daddr 10.9.0.2 ip protocol 6 tcp sport 4711 tcp dport 81 
trace id ca8ce513 inet fw f rule tcp dport 81 counter packets 0 bytes 0 drop comment "no" # handle 7 (verdict drop)
trace id ca8ce513 inet fw g packet: iif "br0" ip saddr 10.9.0.1 ip daddr 10.9.0.2 ip protocol 6 tcp sport 4711 tcp dport 81 
trace id ca8ce513 inet fw g policy drop `;

const read = (flow: Flow, lines: string) => {
  const parse = createTraceParser(flow);
  return lines.split('\n').flatMap((line) => parse(line) ?? []);
};

describe('what nft says of a packet', () => {
  const tuple = { source: '10.9.0.1', sourcePort: 4711, destination: '10.9.0.2', destinationPort: 81 };

  test('is where it was seen, in words or as bytes, and who decided about it', () => {
    expect(read(TCP, SYN)).toMatchObject([
      { what: 'seen', hook: 'ingress', device: 'p-a', leg: 'there', last: false, mac: '2e:25:91:36:8b:61', tuple },
      { what: 'seen', hook: 'egress', device: 'p-b', leg: 'there', last: true, tuple },
      {
        what: 'ruled',
        table: 'fw',
        chain: 'f',
        handle: 7,
        verdict: 'drop',
        rule: 'tcp dport 81 counter packets 0 bytes 0 drop comment "no"',
      },
      { what: 'ruled', table: 'fw', chain: 'g', verdict: 'drop' },
    ]);
  });

  test('is not taken for ours where somebody else traces', () => {
    expect(read({ ...TCP, sourcePort: 4712 }, SYN)).toEqual([]);
  });

  test('tells the answer from the probe', () => {
    const answer = SYN.replaceAll('tcp sport 4711 tcp dport 81', 'tcp sport 81 tcp dport 4711').split('\n')[0] ?? '';
    expect(read(TCP, answer)).toMatchObject([{ leg: 'back' }]);
  });

  test('is understood of ICMPv6, whose number nft prints as something else', () => {
    const line = (type: number): string =>
      `trace id b659d1a7 inet netloom-trace_1 prerouting-first packet: iif "br0" ether saddr c2:bf:27:22:45:1c ether daddr 2e:25:91:36:8b:61 ip6 saddr fd00:9::1 ip6 daddr fd00:9::2 ip6 nexthdr 58 icmpv6 type ${type} icmpv6 code 0 icmpv6 parameter-problem 5046273 @th,64,96 0xa8a6016b0000000098c10400 `;
    expect(read(ECHO6, `${line(128)}\n${line(129)}\n${line(2)}`).map((event) => event.leg)).toEqual(['there', 'back', 'error']);
    const egress =
      'trace id b659d1a7 netdev netloom-trace_1 egress packet: oif "p-b" @nh,0,320 0x600c4f9100403a40fd000009000000000000000000000001fd000009000000000000000000000002 @th,0,160 0x80007f7a004d0001a8a6016b0000000098c10400 ';
    expect(read(ECHO6, egress)).toMatchObject([{ leg: 'there', device: 'p-b', tuple: { source: 'fd00:9::1', destination: 'fd00:9::2' } }]);
  });
});

test('the tables mark the probe, its answer and errors about it, and decide nothing', () => {
  const text = traceTables([TCP], ['eth0', 'odd;name']);
  for (const match of ['tcp sport 4711', 'tcp dport 4711', '@th,224,16 4711']) expect(text).toContain(match);
  expect(text).toContain('devices = { "eth0" }');
  expect(text).not.toMatch(/drop|reject|policy (?!accept)/);
});

test('counters of iptables-legacy that have moved tell who dropped', () => {
  const saved = (packets: number): string =>
    `*filter\n:INPUT ACCEPT [5:300]\n:FORWARD DROP [0:0]\n[${packets}:60] -A FORWARD -d 10.0.0.0/8 -j DROP\n[${packets}:60] -A FORWARD -j LOG\nCOMMIT`;
  expect(counted(parseCounters(saved(1)), parseCounters(saved(2)), { namespace: 'host', family: 'ip' })).toEqual([
    {
      what: 'ruled',
      namespace: 'host',
      family: 'ip',
      table: 'filter',
      chain: 'FORWARD',
      rule: '-d 10.0.0.0/8 -j DROP',
      verdict: 'drop',
      leg: 'there',
      legacy: true,
    },
  ]);
  expect(counted(parseCounters(saved(1)), parseCounters(saved(1)), { namespace: 'host', family: 'ip' })).toEqual([]);
});
