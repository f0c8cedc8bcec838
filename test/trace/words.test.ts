import { describe, expect, test } from 'vitest';
import { parseRequest } from '../../src/cli/tracing.ts';
import type { Cause, RuleRef, Trace } from '../../src/model/trace.ts';
import { PLAIN } from '../../src/render/style.ts';
import { stopCells } from '../../src/render/trace/stop.ts';
import { renderTrace } from '../../src/render/trace/trace.ts';
import { sayCause } from '../../src/render/trace/words.ts';

const flow: Trace['flow'] = {
  namespace: 'web01',
  family: 'ipv4',
  protocol: 'tcp',
  source: '10.80.1.2',
  destination: '10.80.2.2',
  destinationPort: 80,
};
const by: RuleRef = {
  family: 'inet',
  table: 'netloom-lab',
  chain: 'forward',
  rule: 'oifname "br" drop comment "br: inbound published"',
  handle: 4,
  owner: 'netloom',
  topology: 'lab',
};
const here = { namespace: 'host', leg: 'there' } as const;

const CAUSES: readonly Cause[] = [
  { ...here, kind: 'link-down', device: 'web01-eth0', end: { namespace: 'web01', device: 'eth0' } },
  { ...here, kind: 'no-route', destination: '10.80.2.2', error: 'Network is unreachable' },
  { ...here, kind: 'forwarding-off', device: 'br-web', sysctl: 'net.ipv4.ip_forward' },
  { ...here, kind: 'reverse-path', device: 'br-web', source: '10.80.1.2' },
  { ...here, kind: 'dropped', by, origin: { file: 'lab.yaml', line: 8, column: 3 } },
  { ...here, kind: 'no-neighbour', device: 'br-web', address: '10.80.1.99', role: 'gateway' },
  {
    ...here,
    kind: 'duplicate-address',
    address: '10.80.1.2',
    holders: [
      { namespace: 'a', device: 'eth0' },
      { namespace: 'b', device: 'eth0' },
    ],
  },
  { ...here, kind: 'no-listener', protocol: 'tcp', port: 80, listening: ['127.0.0.1'] },
  { ...here, kind: 'mtu', size: 9000, narrow: { namespace: 'host', device: 'web01-eth0', mtu: 1500 } },
  { ...here, kind: 'lost', device: 'br-web', hint: 'it came in, and was not forwarded' },
];

test('every cause names the hop, the object and what to do', () => {
  expect(
    CAUSES.map((cause) => `${stopCells(cause).join(' | ')}\n${sayCause(cause, { flow }).what}\n  ${sayCause(cause, { flow }).cure}`).join(
      '\n',
    ),
  ).toMatchInlineSnapshot(`
    "web01 | down | eth0
    link down: web01:eth0 is down, so host:web01-eth0 has no carrier
      netloom exec web01 -- ip link set eth0 up
    host | no route | to 10.80.2.2
    no route: host has no route to 10.80.2.2 (Network is unreachable)
      look at its routes: ip route
    host | no router | net.ipv4.ip_forward is 0
    forwarding off: host is no router (net.ipv4.ip_forward is 0), and what came in by br-web for 10.80.2.2 is not its own
      sysctl -w net.ipv4.ip_forward=1
    host | refused | 10.80.1.2 may not come in by br-web: rp_filter
    reverse path filter: host would not answer 10.80.1.2 by br-web, and so takes nothing from it there
      give host a route back by br-web, or set net.ipv4.conf.br-web.rp_filter (and all) to 0
    host | dropped | chain forward of table inet netloom-lab
    dropped in host by chain forward of table inet netloom-lab (netloom's, topology lab), by its rule 4: oifname "br" drop comment "br: inbound published"
      publish the port, or \`allow\` it at lab.yaml:8:3 ("br: inbound published")
    host | no answer | who has 10.80.1.99? asked on br-web
    wrong gateway: no ARP answer: host asked on br-web for 10.80.1.99, its gateway, and nobody holds it
      correct the route: ip route
    host | duplicate | 10.80.1.2: a:eth0, b:eth0
    duplicate address: 10.80.1.2 is held by a:eth0 and b:eth0
      take it from one of them
    host | listener | nobody on tcp 80
    nobody listens in host on tcp port 80 at that address, only at 127.0.0.1
      start the service there; --serve tries the way with a listener for the moment
    host | too big | 9000 bytes, mtu of web01-eth0 is 1500
    mtu: small packets pass, packets of 9000 bytes vanish at host:web01-eth0, whose mtu is 1500
      give both ends of each link, and all of a bridge, one mtu
    host | lost | br-web
    lost at host:br-web: it came in, and was not forwarded
      look there for what netloom cannot see: nft list ruleset"
  `);
});

test('a way is a line a hop, and ends with what came of it', () => {
  const trace: Trace = {
    request: { from: 'web01', to: 'db01', protocol: 'tcp', port: 80, serve: false, timeoutMs: 1000 },
    flow,
    sent: true,
    arrives: false,
    hops: [
      { ...here, kind: 'source', namespace: 'web01', seen: true, tuple: flow },
      { ...here, kind: 'port', device: 'web01-eth0', bridge: 'br-web', direction: 'in', seen: true },
      {
        ...here,
        kind: 'rewrite',
        what: 'snat',
        seen: true,
        before: { ...flow, sourcePort: 4711 },
        after: { ...flow, source: '192.0.2.1', sourcePort: 4711 },
        by: { ...by, chain: 'postrouting', rule: 'masquerade' },
      },
    ],
    cause: { ...here, kind: 'forwarding-off', device: 'br-web', sysctl: 'net.ipv4.ip_forward' },
    notes: [],
    ms: 1,
  };
  expect(renderTrace(trace, PLAIN)).toMatchInlineSnapshot(`
    "  ✓ web01  from       10.80.1.2 → 10.80.2.2:80
      ✓ host   in by      web01-eth0, port of br-web
      ✓ host   rewrite    10.80.1.2:4711 → 192.0.2.1:4711  masquerade, chain postrouting of table inet netloom-lab (netloom's, topology lab)
      ✗ host   no router  net.ipv4.ip_forward is 0
    ✗ web01 → db01 (10.80.2.2) tcp 80 does not arrive — forwarding off: host is no router (net.ipv4.ip_forward is 0), and what came in by br-web for 10.80.2.2 is not its own
      sysctl -w net.ipv4.ip_forward=1"
  `);
});

describe('TO', () => {
  const parse = (to: string, from = 'web01') => {
    const { to: place, protocol, port } = parseRequest(from, to, { flags: {} });
    return [place, protocol, port];
  };

  test.each([
    ['web01', ['web01', 'icmp', undefined]],
    ['web01:80', ['web01', 'tcp', 80]],
    ['10.0.0.1:53/udp', ['10.0.0.1', 'udp', 53]],
    ['fd00::1', ['fd00::1', 'icmp', undefined]],
    ['[fd00::1]', ['fd00::1', 'icmp', undefined]],
    ['[fd00::1]:80', ['fd00::1', 'tcp', 80]],
    ['web01/icmp', ['web01', 'icmp', undefined]],
  ])('%s is read', (to, expected) => {
    expect(parse(to)).toEqual(expected);
  });

  test.each([
    '',
    ':80',
    'web01:',
    'web01:0',
    'web01:65536',
    'web01:8o',
    'web01/udp',
    'web01:80/icmp',
    'web01:80/sctp',
    '[web01]:80',
    'a b',
    '-x',
    '../x',
    'web01:80/tcp/x',
  ])('%s is refused with a hint', (to) => {
    expect(() => parse(to)).toThrow(expect.objectContaining({ code: 'E_USAGE', hint: expect.stringMatching(/./) }));
  });

  test('FROM is no option and no path', () => {
    for (const from of ['', '-x', '../x', 'a b']) expect(() => parse('web01', from)).toThrow(expect.objectContaining({ code: 'E_USAGE' }));
  });
});
