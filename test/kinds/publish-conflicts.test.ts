import { expect, test } from 'vitest';
import { createFakeKernel } from '../../src/kernel/fake/index.ts';
import type { Listener } from '../../src/model/snapshot.ts';
import { planTopology } from '../../src/pipeline/plan.ts';
import { loadTopology } from '../../src/topology/load.ts';
import { converge } from '../support/converge.ts';

const PORT = 46508; // derived from lab, x, tcp, 80

const topology = (x: string, name = 'lab', net = 1) =>
  loadTopology(
    `version: 1\nname: ${name}\nsubnets: { a: { ipv4: 10.0.${net}.0/24, ipv6: "fd00:${net}::/64" } }\nbridges: { br-${name}: { subnet: a } }\nnamespaces: { ${name === 'lab' ? 'x' : name}: { ${x} } }\nlinks: [["${name === 'lab' ? 'x' : name}:eth0", br-${name}]]`,
    `${name}.yaml`,
  );

const listener: Listener = { protocol: 'tcp', address: '0.0.0.0', port: PORT, process: { pid: 44951, command: 'httpd' } };

async function blockers(x: string, listeners: Listener[] = [], reserved = '', kernel = createFakeKernel({ listeners })) {
  kernel.perform({ do: 'sysctl', namespace: 'host', path: 'net/ipv4/ip_local_reserved_ports', value: reserved });
  const plan = await planTopology(kernel, topology(x), { adopt: false });
  return plan.blockers.map(({ code, message, hint }) => `${code} ${message}: ${hint}`);
}

test('publish: a process that listens on a host port is named', async () => {
  expect(await blockers(`publish: ["${PORT}:80"]`, [listener])).toEqual([
    'E_PORT_IN_USE httpd (pid 44951) listens on port 46508/tcp already (0.0.0.0): publish on another host port, or stop that process',
  ]);
});

test.each([
  ['publish: [80]', '46509:80'],
  ['publish: [80, "46509:81"]', '46510:80'],
  ['expose: [80], publishAll: true', '46509:80'],
  ['publish: ["192.0.2.1::80@eth0"]', '192.0.2.1:46509:80@eth0'],
  ['publish: ["[2001:db8::1]::80"]', '[2001:db8::1]:46509:80'],
])('publish: where the host uses a derived port, the hint writes the explicit form of %s', async (x, form) => {
  expect(await blockers(x, [{ ...listener, address: '::' }])).toEqual([
    expect.stringMatching(/^E_PORT_IN_USE httpd .*: write the host port into publish of x: /),
  ]);
  expect((await blockers(x, [{ ...listener, address: '::' }]))[0]).toContain(`"${form}"`);
});

test.each([`${PORT}`, `1-3,${PORT - 8}-${PORT + 1},65535`])(
  'publish: a derived port that the host reserves (%s) is a blocker',
  async (reserved) => {
    const free = reserved === `${PORT}` ? PORT + 1 : PORT + 2;
    expect(await blockers('publish: [80]', [], reserved)).toEqual([
      `E_PORT_RESERVED this host reserves port 46508 (net.ipv4.ip_local_reserved_ports), which was derived for 80/tcp of x: write the host port into publish of x: "${free}:80"`,
    ]);
    expect(await blockers(`publish: ["${PORT}:80"]`, [], reserved)).toEqual([]);
  },
);

test('publish: a derived port that is reserved once it is published is no blocker', async () => {
  const kernel = createFakeKernel();
  await converge(kernel, topology('publish: [80]'));
  expect(await blockers('publish: [80]', [], `${PORT}`, kernel)).toEqual([]);
});

test('publish: another topology that publishes a derived port is a blocker with the explicit form', async () => {
  const kernel = createFakeKernel();
  await converge(kernel, topology(`publish: ["${PORT}-${PORT + 3}:1-4"]`, 'other', 2));
  expect(await blockers('publish: [80]', [], '', kernel)).toEqual([
    'E_PORT_TAKEN port 46508/tcp of this host is published by other of the topology other (other.yaml): write the host port into publish of x: "46512:80"',
  ]);
});
