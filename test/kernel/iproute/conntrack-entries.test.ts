import { expect, test } from 'vitest';
import { entriesIn, removalOf } from '../../../src/kernel/iproute/conntrack-entries.ts';

/** conntrack 1.4.7, `conntrack -L`. */
const LISTED = `tcp      6 431999 ESTABLISHED src=192.0.2.9 dst=192.0.2.1 sport=40000 dport=8080 src=172.31.1.2 dst=192.0.2.9 sport=80 dport=40000 [ASSURED] mark=0 use=1
udp      17 29 src=192.0.2.9 dst=172.31.1.2 sport=4444 dport=53 [UNREPLIED] src=172.31.1.2 dst=192.0.2.9 sport=53 dport=4444 mark=0 use=1
icmp     1 29 src=192.0.2.9 dst=172.31.1.2 type=8 code=0 id=44 src=172.31.1.2 dst=192.0.2.9 type=0 code=0 id=44 mark=0 use=1
icmpv6   58 99 src=fd00::1 dst=fd00::2 type=128 code=0 id=45 [UNREPLIED] src=fd00::2 dst=fd00::1 type=129 code=0 id=45 mark=0 use=1
gre      47 99 src=10.0.0.1 dst=10.0.0.2 srckey=0x1 dstkey=0x2 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 srckey=0x2 dstkey=0x1 mark=0 use=1
unknown  89 99 src=10.0.0.1 dst=10.0.0.2 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 mark=0 use=1
`;

test('conntrack: what the tool lists is read with both directions, and each has the line that removes it alone', () => {
  const entries = entriesIn(LISTED);
  expect(entries[0]).toEqual({
    protocol: 'tcp',
    number: 6,
    original: { source: '192.0.2.9', destination: '192.0.2.1', sourcePort: 40000, destinationPort: 8080 },
    reply: { source: '172.31.1.2', destination: '192.0.2.9', sourcePort: 80, destinationPort: 40000 },
  });
  expect(entries.map((entry) => removalOf(entry.original.source.includes(':') ? 'ipv6' : 'ipv4', entry))).toEqual([
    '-D -f ipv4 -p 6 --orig-src 192.0.2.9 --orig-dst 192.0.2.1 --orig-port-src 40000 --orig-port-dst 8080',
    '-D -f ipv4 -p 17 --orig-src 192.0.2.9 --orig-dst 172.31.1.2 --orig-port-src 4444 --orig-port-dst 53',
    '-D -f ipv4 -p 1 --orig-src 192.0.2.9 --orig-dst 172.31.1.2 --icmp-id 44',
    '-D -f ipv6 -p 58 --orig-src fd00::1 --orig-dst fd00::2 --icmpv6-id 45',
    '-D -f ipv4 -p 47 --orig-src 10.0.0.1 --orig-dst 10.0.0.2',
    '-D -f ipv4 -p 89 --orig-src 10.0.0.1 --orig-dst 10.0.0.2',
  ]);
  expect(entriesIn('')).toEqual([]);
});
