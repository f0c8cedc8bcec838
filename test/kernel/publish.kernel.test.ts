import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { converge } from '../support/converge.ts';
import { changesOf, destroy, kernel, load, planOf } from '../support/lab.ts';
import { attempt, shell } from '../support/sandbox.ts';

const NET = `version: 1
name: lab
subnets: { a: { ipv4: 172.20.1.0/24, ipv6: "fd20:1::/64" }, b: { ipv4: 172.20.2.0/24 } }
bridges: { br-a: { subnet: a }, br-b: { subnet: b } }
`;

afterEach(async () => {
  await destroy('lab');
  await shell('echo >/proc/sys/net/ipv4/ip_local_reserved_ports');
});

test.each([
  ['tcp', "require('net').createServer().listen(8080, '0.0.0.0', () => console.log('up'))"],
  ['udp', "require('dgram').createSocket('udp6').bind(8080, () => console.log('up'))"],
])('publish: a process that listens (%s) is named with its pid before anything changes', async (protocol, program) => {
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await once(child.stdout, 'data');
    const command = readFileSync(`/proc/${child.pid}/comm`, 'utf8').trim();
    const text = `${NET}namespaces: { x: { publish: [8080:80/${protocol}] } }\nlinks: [["x:eth0", br-a]]`;
    const { blockers } = await planOf(load(text));
    expect(blockers).toMatchObject([
      { code: 'E_PORT_IN_USE', message: expect.stringContaining(`${command} (pid ${child.pid}) listens on port 8080/${protocol}`) },
    ]);
  } finally {
    child.kill();
    await once(child, 'exit');
  }
});

/** What of these a socket stands in the way of is what it hears. */
const FORMS = ['8080:80', '0.0.0.0:8080:80', '[::]:8080:80', '127.0.0.1:8080:80', '192.0.2.1:8080:80', '[2001:db8::1]:8080:80'];
test.each([
  { host: '0.0.0.0', blocked: [0, 1, 3, 4] },
  { host: '::', blocked: [0, 1, 2, 3, 4, 5] },
  { host: '::', ipv6Only: true, blocked: [0, 2, 5] },
  { host: '127.0.0.1', blocked: [0, 1, 3] },
  { host: '::ffff:127.0.0.1', blocked: [0, 1, 3] },
])('publish: a socket on $host (IPv6 only: $ipv6Only) blocks what it hears, tcp and udp', async ({ host, ipv6Only = false, blocked }) => {
  const program = `
    require('net').createServer().listen({ port: 8080, host: '${host}', ipv6Only: ${ipv6Only} }, () =>
      require('dgram').createSocket({ type: '${host.includes(':') ? 'udp6' : 'udp4'}', ipv6Only: ${ipv6Only} }).bind(8080, '${host}', () => console.log('up')))`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await once(child.stdout, 'data');
    const wanted = FORMS.map((form, index) => [form, ...(blocked.includes(index) ? ['8080/tcp', '8080/udp'] : [])]);
    const seen = await Promise.all(
      FORMS.map(async (form) => {
        const text = `${NET}namespaces: { x: { publish: ["${form}", "${form}/udp"] } }\nlinks: [["x:eth0", br-a]]`;
        const { blockers } = await planOf(load(text));
        return [
          form,
          ...blockers.map(({ message }) => new RegExp(`\\(pid ${child.pid}\\) listens on port (\\S+)`).exec(message)?.[1]).sort(),
        ];
      }),
    );
    expect(seen).toEqual(wanted);
  } finally {
    child.kill();
    await once(child, 'exit');
  }
});

test('publish: sctp, brackets, ranges and exposed ports are elements that nft itself prints', async () => {
  const publish = '"9899:9899/sctp", "[2001:db8::1]:8083:83/sctp", "192.0.2.1:7000-7001:70-71/udp"';
  const topology = load(
    `${NET}namespaces: { x: { publish: [${publish}], expose: [36412/sctp], publishAll: true } }\nlinks: [["x:eth0", br-a]]`,
  );
  await converge(kernel, topology);
  const derived = topology.publishes.find(({ port }) => port === 36412)?.hostPort;
  const printed = await shell('nft list table inet netloom-lab');
  for (const element of [
    'sctp . 9899 comment "x" : 172.20.1.2 . 9899',
    'sctp . 9899 comment "x" : fd20:1::2 . 9899',
    '2001:db8::1 . sctp . 8083 comment "x" : fd20:1::2 . 83',
    '192.0.2.1 . udp . 7000 comment "x" : 172.20.1.2 . 70',
    '192.0.2.1 . udp . 7001 comment "x" : 172.20.1.2 . 71',
    `sctp . ${derived} comment "x" : 172.20.1.2 . 36412`,
  ])
    expect(printed).toContain(element);
  expect(await changesOf(topology)).toEqual([]);
});

test('publish: a derived port that the host reserves is a blocker, unless it is published already', async () => {
  const topology = load(`${NET}namespaces: { x: { expose: [80], publishAll: true } }\nlinks: [["x:eth0", br-a]]`);
  const [publish] = topology.publishes;
  const reserve = () => shell(`echo 8000-8010,${publish?.hostPort} >/proc/sys/net/ipv4/ip_local_reserved_ports`);
  await reserve();
  expect((await planOf(topology)).blockers).toMatchObject([{ code: 'E_PORT_RESERVED', origin: { line: 5 } }]);
  await shell('echo >/proc/sys/net/ipv4/ip_local_reserved_ports');
  await converge(kernel, topology);
  await reserve();
  const plan = await planOf(topology);
  expect(plan.blockers).toEqual([]);
  expect(await changesOf(topology)).toEqual([]);
});

test('names: a one-way alias resolves in its namespace and nowhere else', async () => {
  await converge(
    kernel,
    load(`${NET}namespaces: { db: , web: , far: , side: { share: web } }
links:
  - ["web:eth0", br-a]
  - { ends: ["db:eth0", br-a], as: { web: database } }
  - { ends: ["far:eth0", br-b], as: { far: gate } }
  - { ends: ["web:eth1", "far:eth1"], subnet: { ipv4: 172.20.9.0/30 }, as: { far: shop } }
`),
  );
  const resolve = async (namespace: string, name: string, database = 'ahostsv4') =>
    (await attempt('ip', 'netns', 'exec', namespace, 'getent', '-s', 'files', database, name)).stdout.split(/\s+/)[0];
  expect(await resolve('web', 'database')).toBe('172.20.1.3');
  expect(await resolve('web', 'database', 'ahostsv6')).toBe('fd20:1::3');
  expect(await resolve('side', 'database')).toBe('172.20.1.3');
  expect(await resolve('far', 'gate')).toBe('172.20.2.1');
  expect(await resolve('far', 'shop')).toBe('172.20.9.2');
  for (const [namespace, name] of [
    ['db', 'database'],
    ['far', 'database'],
    ['db', 'web'],
    ['web', 'shop'],
    ['web', 'gate'],
  ] as const) {
    expect(`${namespace} ${name} ${await resolve(namespace, name)}`).toBe(`${namespace} ${name} ${name === 'web' ? '172.20.1.2' : ''}`);
  }
});
