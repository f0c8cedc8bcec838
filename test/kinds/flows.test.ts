import { expect, test } from 'vitest';
import { flowRules } from '../../src/kinds/table/flows.ts';
import { tableOf } from '../../src/kinds/table/rules.ts';
import type { TableSpec } from '../../src/kinds/table/spec.ts';
import { type Flow, judge } from '../../src/model/flow.ts';
import { parseIp } from '../../src/model/ip.ts';
import { loadTopology } from '../../src/topology/load.ts';

const DIRECTIONS = [
  { to: '172.31.1.0/24', dev: 'br-db' },
  { to: '172.31.2.0/24', dev: 'br-web' },
  { to: '10.9.0.0/16', dev: 'br-web' },
  { to: 'fd31:1::/64', dev: 'br-db' },
];

const table = (bridge: string): TableSpec => {
  const spec = tableOf(
    loadTopology(
      `version: 1
name: lab
subnets: { db: { ipv4: 172.31.1.0/24, ipv6: "fd31:1::/64" }, web: { ipv4: 172.31.2.0/24 } }
bridges: { br-db: { subnet: db, ${bridge} }, br-web: { subnet: web } }
namespaces: { db: { publish: ["8080:80"] }, web: }
links: [["db:eth0", br-db], ["web:eth0", br-web]]`,
      'lab.yaml',
    ),
  );
  if (spec === undefined) throw new Error('no table');
  return spec;
};

/** `192.0.2.9 172.31.1.2 tcp 80`, with `dnat` where it was addressed to somebody else. */
function flow(text: string): Flow {
  const [from = '', to = '', protocol = '', port, dnat] = text.split(' ');
  const [source, target] = [parseIp(from), parseIp(to)];
  if (source === undefined || target === undefined) throw new Error(text);
  return { protocol, source, target, ...(port === undefined ? {} : { port: Number(port) }), translated: dnat !== undefined };
}

const passes = (bridge: string, text: string): boolean => judge(flowRules(table(bridge)), DIRECTIONS)(flow(text));

test.each([
  ['', '192.0.2.9 172.31.1.2 tcp 80', false],
  ['', '192.0.2.9 172.31.1.2 tcp 80 dnat', true],
  ['', '172.31.1.3 172.31.1.2 tcp 80', true],
  ['', '172.31.1.2 192.0.2.9 tcp 80', true],
  ['', '172.31.1.2 172.31.2.2 tcp 80', false],
  ['', '192.0.2.9 198.51.100.9 tcp 80', true],
  ['icc: false', '172.31.1.3 172.31.1.2 tcp 80 dnat', false],
  ['icc: false', '172.31.2.3 172.31.1.2 tcp 80 dnat', true],
  ['inbound: open', '192.0.2.9 172.31.1.2 tcp 81', true],
  ['allow: [{ from: outside }]', '192.0.2.9 172.31.1.2 icmp', true],
  ['allow: [{ from: outside }]', '172.31.2.2 172.31.1.2 tcp 81', false],
  ['allow: [{ from: br-web }]', '172.31.2.2 172.31.1.2 tcp 81', true],
  ['allow: [{ from: br-web }]', '10.9.1.1 172.31.1.2 tcp 81', true],
  ['allow: [{ from: br-web }]', '10.8.1.1 172.31.1.2 tcp 81', false],
  ['allow: [{ from: web, to: db, tcp: [81, 90-99] }]', '172.31.2.2 172.31.1.2 tcp 95', true],
  ['allow: [{ from: web, to: db, tcp: [81, 90-99] }]', '172.31.2.2 172.31.1.2 tcp 100', false],
  ['allow: [{ from: web, to: db, tcp: [81, 90-99] }]', '172.31.2.2 172.31.1.2 udp 95', false],
  ['allow: [{ from: web, to: db, tcp: [81, 90-99] }]', '172.31.2.2 172.31.1.2 icmp', false],
  ['allow: [{ from: web, to: db, tcp: [81, 90-99] }]', '172.31.2.9 172.31.1.2 tcp 95', false],
  ['allow: [{ from: web, to: db, tcp: [81, 90-99] }]', '172.31.2.2 172.31.1.3 tcp 95', false],
  ['allow: [{ from: 2001:db8::/32 }]', '2001:db8::9 fd31:1::2 tcp 1', true],
  ['allow: [{ from: 2001:db8::/32 }]', '2001:db9::9 fd31:1::2 tcp 1', false],
  ['nat: false', '192.0.2.9 172.31.1.2 tcp 80', true],
  ['nat: false', '192.0.2.9 172.31.1.2 tcp 8080', false],
  ['nat: false', '192.0.2.9 172.31.1.3 tcp 80', false],
  ['nat: ipv4', '2001:db8::9 fd31:1::2 tcp 80', true],
])('%s: %s begins: %s', (bridge, text, expected) => {
  expect(passes(bridge, text)).toBe(expected);
});

test('an internal bridge lets nothing in or out, published or not', () => {
  const spec = tableOf(
    loadTopology(
      `version: 1\nname: lab\nsubnets: { db: { ipv4: 172.31.1.0/24 } }\nbridges: { br-db: { subnet: db, internal: true } }\nnamespaces: { db: }\nlinks: [["db:eth0", br-db]]`,
      'lab.yaml',
    ),
  );
  const begins = judge(flowRules(spec ?? { chains: {}, maps: {}, sets: {} }), DIRECTIONS);
  expect(
    ['192.0.2.9 172.31.1.2 tcp 80 dnat', '172.31.1.2 192.0.2.9 tcp 80', '172.31.1.2 172.31.1.3 tcp 80'].map((text) => begins(flow(text))),
  ).toEqual([false, false, true]);
});
