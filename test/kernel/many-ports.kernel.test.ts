import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createIprouteKernel } from '../../src/kernel/iproute/kernel.ts';
import type { Plan } from '../../src/model/resource.ts';
import type { Topology } from '../../src/model/topology.ts';
import { applyPlan } from '../../src/pipeline/apply.ts';
import { planRevert, planTopology } from '../../src/pipeline/plan.ts';
import { linesOf } from '../support/converge.ts';
import { type EchoServer, startEcho } from '../support/echo.ts';
import { destroy, load } from '../support/lab.ts';
import { run } from '../support/sandbox.ts';

/** 1,000 of tcp and 500 of udp, a line each, and a range of 500: all are ports of `web`, which listens on one of each. */
const ports = (change: Readonly<Record<string, string>> = {}): string =>
  [
    ...Array.from({ length: 1000 }, (_, index) => `${20000 + index}:80`),
    ...Array.from({ length: 500 }, (_, index) => `${20000 + index}:53/udp`),
    '30000-30499:7000-7499',
  ]
    .map((one) => `      - "${change[one] ?? one}"\n`)
    .join('');

const lab = (change?: Readonly<Record<string, string>>): Topology =>
  load(`
version: 1
name: many
subnets: { a: { ipv4: 172.31.1.0/24 } }
bridges: { br-a: { subnet: a } }
namespaces:
  web:
    publish:
${ports(change)}
links: [["web:eth0", br-a]]
`);

/** What each program that changes something was. */
const started: string[] = [];
const kernel = createIprouteKernel({ onSpawn: (argv) => started.push(argv.slice(0, 2).join(' ')) });
const transactions = (): number => started.filter((one) => one === 'nft -f').length;

async function apply(topology: Topology): Promise<{ plan: Plan; own: number }> {
  const replan = () => planTopology(kernel, topology, { adopt: false });
  const plan = await replan();
  started.length = 0;
  const report = await applyPlan(kernel, plan, { replan, revert: () => planRevert(kernel, plan, topology) });
  expect([report.status, report.error?.message]).toEqual(['converged', undefined]);
  return { plan, own: started.length };
}

/** Elements of the table with their handles-free text, read by nft itself. */
const elements = async (): Promise<string[]> =>
  (await run('nft', 'list', 'map', 'inet', 'netloom-many', 'publish_ipv4_any'))
    .match(/(tcp|udp) \. \d+ [^,}]*/g)
    ?.map((one) => one.trim()) ?? [];

let echo: EchoServer;
const open: Socket[] = [];

beforeAll(async () => {
  const { plan, own } = await apply(lab());
  expect(plan.changes.filter(({ kind }) => kind === 'publish')).toHaveLength(2000);
  expect([transactions(), own <= 40 || started]).toEqual([1, true]);
  expect(await elements()).toHaveLength(2000);
  echo = await startEcho('web', [80, 81, 7000, 7499]);
}, 120_000);

afterEach(() => {
  for (const socket of open.splice(0)) socket.destroy();
});

afterAll(async () => {
  await echo.stop();
  started.length = 0;
  expect((await destroy('many', {}, kernel)).status).toBe('converged');
  expect(transactions()).toBe(1);
}, 60_000);

async function connected(port: number): Promise<Socket> {
  const socket = connect({ host: '172.31.1.1', port });
  open.push(socket);
  await once(socket, 'connect');
  return socket;
}

/** Sends a word and waits for what comes back. */
async function said(socket: Socket, word: string): Promise<string> {
  socket.write(word);
  const [data] = (await once(socket, 'data', { signal: AbortSignal.timeout(5000) })) as [Buffer];
  return data.toString();
}

test('many ports: they plan empty', async () => {
  expect(linesOf(await planTopology(kernel, lab(), { adopt: false }))).toEqual([]);
});

test('many ports: changing one is one change and one transaction, and connections through the others go on', async () => {
  const published = new Map([
    [20000, 80],
    [20499, 80],
    [20501, 80],
    [20999, 80],
    [30000, 7000],
    [30499, 7499],
  ]);
  const sockets = await Promise.all([...published].map(async ([hostPort, port]) => ({ port, socket: await connected(hostPort) })));
  const talk = async (word: string): Promise<void> => {
    for (const { port, socket } of sockets) expect(await said(socket, word)).toBe(`${port} ${word}`);
  };
  await talk('before');
  const before = await elements();
  const { plan } = await apply(lab({ '20500:80': '20500:81' }));
  expect(linesOf(plan)).toEqual(['update publish:20500/tcp port: 80 → 81']);
  expect(transactions()).toBe(1);
  await talk('after');
  const after = await elements();
  expect(after.filter((one) => !before.includes(one))).toEqual([expect.stringMatching(/^tcp \. 20500 .*: 172\.31\.1\.2 \. 81$/)]);
  expect(before.filter((one) => !after.includes(one))).toEqual([expect.stringMatching(/^tcp \. 20500 .*: 172\.31\.1\.2 \. 80$/)]);
  expect(await said(await connected(20500), 'there')).toBe('81 there');
});

test('many ports: one that goes and one that comes are a change each, and connections through the others go on', async () => {
  await apply(lab());
  const socket = await connected(20501);
  expect(await said(socket, 'before')).toBe('80 before');
  const { plan } = await apply(lab({ '20000:53/udp': '9999:53/udp' }));
  expect(linesOf(plan)).toEqual(['create publish:9999/udp', 'delete publish:20000/udp']);
  expect(transactions()).toBe(1);
  expect(await said(socket, 'after')).toBe('80 after');
});

test('many ports: of many that change only the connections through those are forgotten, without a program for each', async () => {
  await apply(lab());
  const [changed, kept] = [await connected(20000), await connected(20501)];
  for (const socket of [changed, kept]) await said(socket, 'before');
  const change = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`${20000 + index}:80`, `${20000 + index}:81`]));
  const { plan, own } = await apply(lab(change));
  expect(plan.changes).toHaveLength(400);
  expect([transactions(), own <= 30 || started]).toEqual([1, true]);
  const tracked = await run('conntrack', '-L', '-p', 'tcp');
  expect(tracked).not.toContain(`sport=${changed.localPort} dport=20000`);
  expect(tracked).toContain(`sport=${kept.localPort} dport=20501`);
  expect(await said(kept, 'after')).toBe('80 after');
});
