import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createProber } from '../../src/kernel/prober.ts';
import { familyOf } from '../../src/model/ip.ts';
import { converge } from '../support/converge.ts';
import { destroy, kernel, load } from '../support/lab.ts';
import { shell } from '../support/sandbox.ts';

const lab = load(`
version: 1
name: pub
subnets:
  a: { ipv4: 172.31.1.0/24, ipv6: "fd31:1::/64" }
  quiet: { ipv4: 172.31.2.0/24, ipv6: "fd31:2::/64" }
  inner: { ipv4: 172.31.3.0/24 }
  plain: { ipv4: 172.31.4.0/24, ipv6: "fd31:4::/64" }
  open: { ipv4: 172.31.5.0/24 }
  db: { ipv4: 172.31.6.0/24 }
bridges:
  br-a: { subnet: a }
  br-quiet: { subnet: quiet, icc: false }
  br-inner: { subnet: inner, internal: true }
  br-plain: { subnet: plain, nat: false }
  br-open: { subnet: open, inbound: open }
  br-db: { subnet: db, allow: [{ from: web, to: db, tcp: [5432] }, { from: outside, udp: [7] }] }
namespaces:
  web:
    publish:
      - "8080:80"
      - "5353:53/udp"
      - "127.0.0.1:8443:443"
      - "192.0.2.1:8081:81"
      - "9000-9002:9100-9102"
      - "[fd00:aa::1]:8083:80"
      - "8084:80@lan0"
  peer:
  rogue:
  q1: { publish: ["8090:80"] }
  q2:
  in1:
  in2:
  plain: { publish: ["8091:80"] }
  open:
  db:
links:
  - [web:eth0, br-a]
  - [peer:eth0, br-a]
  - [rogue:eth0, br-a]
  - [q1:eth0, br-quiet]
  - [q2:eth0, br-quiet]
  - [in1:eth0, br-inner]
  - [in2:eth0, br-inner]
  - [plain:eth0, br-plain]
  - [open:eth0, br-open]
  - [db:eth0, br-db]
`);

/** A machine on the LAN, made by hand, that also knows the way to every subnet: a filter must keep it out, not a missing route. */
const LAN = `
  ip netns add lan; ip link add lan0 type veth peer name eth0 netns lan
  ip addr add 192.0.2.1/24 dev lan0; ip addr add fd00:aa::1/64 dev lan0 nodad; ip link set lan0 up
  ip -n lan addr add 192.0.2.9/24 dev eth0; ip -n lan addr add fd00:aa::9/64 dev eth0 nodad; ip -n lan link set eth0 up; ip -n lan link set lo up
  ip -n lan route add 172.31.0.0/16 via 192.0.2.1; ip -n lan -6 route add fd31::/16 via fd00:aa::1
`;

/** Who sends a packet to 127.0.0.1 out of its eth0, towards the host. */
const spoofer = (name: string, gateway: string): string => `
  ip netns exec ${name} sysctl -qw net.ipv4.conf.all.route_localnet=1 net.ipv4.conf.eth0.route_localnet=1
  ip -n ${name} addr del 127.0.0.1/8 dev lo; ip -n ${name} route add 127.0.0.1/32 via ${gateway} dev eth0
`;

const LISTENERS: Readonly<Record<string, { readonly tcp?: readonly number[]; readonly udp?: readonly number[] }>> = {
  web: { tcp: [80, 81, 82, 443, 9100, 9102], udp: [53, 54] },
  peer: { tcp: [80] },
  q1: { tcp: [80] },
  q2: { tcp: [80] },
  in1: { tcp: [80] },
  plain: { tcp: [80, 82] },
  open: { tcp: [82] },
  db: { tcp: [5432, 5433], udp: [7, 8] },
  lan: { tcp: [80], udp: [53] },
  host: { tcp: [7777] },
};

type Row = readonly [
  from: string,
  kind: 'tcp' | 'udp' | 'ping',
  to: string,
  port: number,
  seen: 'reachable' | 'refused' | 'unreachable',
  source?: string,
];

const ROWS: Readonly<Record<string, readonly Row[]>> = {
  'another machine reaches what is published, and is seen with its own address': [
    ['lan', 'tcp', '192.0.2.1', 8080, 'reachable', '192.0.2.9'],
    ['lan', 'tcp', 'fd00:aa::1', 8080, 'reachable', 'fd00:aa::9'],
    ['lan', 'udp', '192.0.2.1', 5353, 'reachable', '192.0.2.9'],
    ['lan', 'udp', 'fd00:aa::1', 5353, 'reachable', 'fd00:aa::9'],
    ['lan', 'tcp', '192.0.2.1', 8081, 'reachable', '192.0.2.9'],
    ['lan', 'tcp', 'fd00:aa::1', 8083, 'reachable', 'fd00:aa::9'],
    ['lan', 'tcp', '192.0.2.1', 8084, 'reachable', '192.0.2.9'],
    ['lan', 'tcp', '192.0.2.1', 8090, 'reachable', '192.0.2.9'],
    ['lan', 'tcp', '192.0.2.1', 8091, 'reachable', '192.0.2.9'],
  ],
  'each port of a range leads to its own': [
    ['lan', 'tcp', '192.0.2.1', 9000, 'reachable', '192.0.2.9'],
    ['lan', 'tcp', '192.0.2.1', 9001, 'refused'],
    ['lan', 'tcp', '192.0.2.1', 9002, 'reachable', '192.0.2.9'],
  ],
  'the host reaches it by each of its addresses': [
    ['host', 'tcp', '192.0.2.1', 8080, 'reachable', '192.0.2.1'],
    ['host', 'tcp', '172.31.1.1', 8080, 'reachable', '172.31.1.1'],
    ['host', 'tcp', '172.31.6.1', 8080, 'reachable', '172.31.6.1'],
    ['host', 'tcp', '127.0.0.1', 8080, 'reachable', '172.31.1.1'],
    ['host', 'tcp', 'fd00:aa::1', 8080, 'reachable', 'fd00:aa::1'],
    ['host', 'tcp', 'fd31:1::1', 8080, 'reachable', 'fd31:1::1'],
    ['host', 'udp', '192.0.2.1', 5353, 'reachable', '192.0.2.1'],
    ['host', 'udp', '127.0.0.1', 5353, 'reachable', '172.31.1.1'],
    ['host', 'udp', 'fd00:aa::1', 5353, 'reachable', 'fd00:aa::1'],
    ['host', 'tcp', '127.0.0.1', 8090, 'reachable', '172.31.2.1'],
    ['host', 'tcp', '127.0.0.1', 8091, 'reachable', '172.31.4.1'],
    ['host', 'tcp', '::1', 8080, 'refused'],
  ],
  'a neighbour reaches it through the host, as the bridge': [
    ['peer', 'tcp', '192.0.2.1', 8080, 'reachable', '172.31.1.1'],
    ['peer', 'tcp', '172.31.1.1', 8080, 'reachable', '172.31.1.1'],
    ['peer', 'tcp', 'fd31:1::1', 8080, 'reachable', 'fd31:1::1'],
    ['peer', 'tcp', 'fd00:aa::1', 8080, 'reachable', 'fd31:1::1'],
    ['peer', 'udp', '172.31.1.1', 5353, 'reachable', '172.31.1.1'],
    ['peer', 'udp', 'fd31:1::1', 5353, 'reachable', 'fd31:1::1'],
    ['peer', 'tcp', '172.31.1.2', 82, 'reachable', '172.31.1.3'],
  ],
  'so does the publisher itself': [
    ['web', 'tcp', '192.0.2.1', 8080, 'reachable', '172.31.1.1'],
    ['web', 'tcp', '172.31.1.1', 8080, 'reachable', '172.31.1.1'],
    ['web', 'tcp', 'fd31:1::1', 8080, 'reachable', 'fd31:1::1'],
    ['web', 'udp', '172.31.1.1', 5353, 'reachable', '172.31.1.1'],
    ['web', 'udp', 'fd00:aa::1', 5353, 'reachable', 'fd31:1::1'],
    ['plain', 'tcp', '172.31.4.1', 8091, 'reachable', '172.31.4.1'],
  ],
  'a member of another bridge reaches it by the host or its own gateway, with its own address': [
    ['db', 'tcp', '192.0.2.1', 8080, 'reachable', '172.31.6.2'],
    ['db', 'tcp', '172.31.6.1', 8080, 'reachable', '172.31.6.2'],
    ['q1', 'tcp', 'fd31:2::1', 8080, 'reachable', 'fd31:2::2'],
    ['db', 'udp', '172.31.6.1', 5353, 'reachable', '172.31.6.2'],
  ],
  'what is not published is not reachable from outside': [
    ['lan', 'tcp', '172.31.1.2', 80, 'unreachable'],
    ['lan', 'tcp', '172.31.1.2', 82, 'unreachable'],
    ['lan', 'tcp', 'fd31:1::2', 80, 'unreachable'],
    ['lan', 'udp', '172.31.1.2', 54, 'unreachable'],
    ['lan', 'udp', 'fd31:1::2', 53, 'unreachable'],
    ['lan', 'ping', '172.31.1.2', 0, 'unreachable'],
    ['lan', 'tcp', '192.0.2.1', 82, 'refused'],
    ['lan', 'tcp', '172.31.1.1', 8081, 'refused'],
    ['db', 'tcp', '172.31.1.2', 82, 'unreachable'],
    ['peer', 'tcp', '172.31.1.1', 8084, 'refused'],
  ],
  'what is published on 127.0.0.1 is reached from the host alone': [
    ['host', 'tcp', '127.0.0.1', 8443, 'reachable', '172.31.1.1'],
    ['host', 'tcp', '192.0.2.1', 8443, 'refused'],
    ['lan', 'tcp', '192.0.2.1', 8443, 'refused'],
    ['peer', 'tcp', '172.31.1.1', 8443, 'refused'],
    ['web', 'tcp', '172.31.1.1', 8443, 'refused'],
  ],
  'packets to 127.0.0.1 that come over the wire are dropped': [
    ['rogue', 'tcp', '127.0.0.1', 7777, 'unreachable'],
    ['rogue', 'tcp', '127.0.0.1', 8443, 'unreachable'],
    ['rogue', 'tcp', '172.31.1.1', 7777, 'reachable', '172.31.1.4'],
  ],
  'icc: false keeps members apart, also through a published port': [
    ['q2', 'tcp', '172.31.2.2', 80, 'unreachable'],
    ['q1', 'tcp', 'fd31:2::3', 80, 'unreachable'],
    ['q1', 'ping', '172.31.2.3', 0, 'unreachable'],
    ['q2', 'tcp', '172.31.2.1', 8090, 'unreachable'],
    ['q2', 'tcp', 'fd31:2::1', 8090, 'unreachable'],
    ['q2', 'tcp', '192.0.2.9', 80, 'reachable', '192.0.2.1'],
    ['peer', 'tcp', '172.31.1.1', 8090, 'reachable', '172.31.1.3'],
  ],
  'internal: nothing in, nothing out, but among members': [
    ['in2', 'tcp', '172.31.3.2', 80, 'reachable', '172.31.3.3'],
    ['in1', 'tcp', '192.0.2.9', 80, 'unreachable'],
    ['lan', 'tcp', '172.31.3.2', 80, 'unreachable'],
    ['peer', 'tcp', '172.31.3.2', 80, 'unreachable'],
    ['host', 'tcp', '172.31.3.2', 80, 'reachable', '172.31.3.1'],
  ],
  'nat: members go out with the address of the host, without it with their own': [
    ['peer', 'tcp', '192.0.2.9', 80, 'reachable', '192.0.2.1'],
    ['peer', 'tcp', 'fd00:aa::9', 80, 'reachable', 'fd00:aa::1'],
    ['peer', 'udp', '192.0.2.9', 53, 'reachable', '192.0.2.1'],
    ['plain', 'tcp', '192.0.2.9', 80, 'reachable', '172.31.4.2'],
    ['plain', 'tcp', 'fd00:aa::9', 80, 'reachable', 'fd31:4::2'],
  ],
  "nat: false: a published port is also reachable at the member's own address": [
    ['lan', 'tcp', '172.31.4.2', 80, 'reachable', '192.0.2.9'],
    ['lan', 'tcp', 'fd31:4::2', 80, 'reachable', 'fd00:aa::9'],
    ['lan', 'tcp', '172.31.4.2', 82, 'unreachable'],
  ],
  'inbound: open lets everything in': [
    ['lan', 'tcp', '172.31.5.2', 82, 'reachable', '192.0.2.9'],
    ['lan', 'ping', '172.31.5.2', 0, 'reachable'],
  ],
  'allow lets in who is named, to what is named': [
    ['web', 'tcp', '172.31.6.2', 5432, 'reachable', '172.31.1.2'],
    ['web', 'tcp', '172.31.6.2', 5433, 'unreachable'],
    ['peer', 'tcp', '172.31.6.2', 5432, 'unreachable'],
    ['lan', 'tcp', '172.31.6.2', 5432, 'unreachable'],
    ['lan', 'udp', '172.31.6.2', 7, 'reachable', '192.0.2.9'],
    ['lan', 'udp', '172.31.6.2', 8, 'unreachable'],
    ['peer', 'udp', '172.31.6.2', 7, 'unreachable'],
  ],
};

const prober = createProber();

beforeAll(async () => {
  await shell(LAN);
  await converge(kernel, lab);
  await shell(spoofer('rogue', '172.31.1.1'));
  for (const [namespace, ports] of Object.entries(LISTENERS))
    for (const protocol of ['tcp', 'udp'] as const)
      for (const port of ports[protocol] ?? []) expect(await prober.listen(namespace, protocol, port)).toBe('listening');
});

afterAll(async () => {
  await prober.close();
  expect((await destroy('pub')).status).toBe('converged');
  await shell('ip netns del lan');
});

/** Of br_netfilter, where the kernel has it: whether iptables and nft see what is only bridged. */
const NF = ['iptables', 'ip6tables'].map((which) => `/proc/sys/net/bridge/bridge-nf-call-${which}`).filter((path) => existsSync(path));
const settings = NF.length === 0 ? ['absent'] : ['0', '1'];

describe.each(settings)('bridge-nf-call-iptables %s', (setting) => {
  const before = NF.map((path) => readFileSync(path, 'utf8'));
  beforeAll(() => {
    for (const path of NF) writeFileSync(path, setting);
  });
  afterAll(() => {
    for (const [index, path] of NF.entries()) writeFileSync(path, before[index] ?? '');
  });

  test.each(Object.entries(ROWS))('%s', async (_, rows) => {
    const seen = await Promise.all(
      rows.map(async ([namespace, kind, address, port]) => {
        const answer = await prober.probe({ namespace, kind, address, family: familyOf(address), port, timeoutMs: 1000 });
        return [namespace, kind, address, port, answer.seen, ...(answer.source === undefined ? [] : [answer.source])];
      }),
    );
    expect(seen).toEqual(rows);
  });
});

test('it is the guard that drops packets to 127.0.0.1: without it they arrive', async () => {
  await shell('nft flush chain inet netloom-pub guard');
  const probe = { namespace: 'rogue', kind: 'tcp', address: '127.0.0.1', family: 'ipv4', port: 7777, timeoutMs: 1000 } as const;
  expect((await prober.probe(probe)).seen).toBe('reachable');
  await converge(kernel, lab);
  expect((await prober.probe(probe)).seen).toBe('unreachable');
});
