import { afterAll, expect, test } from 'vitest';
import { TOPOLOGIES } from '../../bench/cases.mjs';
import { countExecuted, type Executed } from '../support/executed.ts';

const times = (size: number, text: (index: number) => string, separator = ', '): string =>
  Array.from({ length: size }, (_, index) => text(index)).join(separator);
const net = (index: number): string => `${index >> 8}.${index & 255}`;

// Containers are publishes with one port each, which the cases below have. Of 60 and of 120 of them the sort of a removal meets runs of another kind
// (250 and 649 times one branch, then 1,129 of 240 and 2,089 of 480), which this test could not tell from growth.
const { containers: _containers, ...measured } = TOPOLOGIES;

/** What may come in thousands, besides what is measured. */
const CASES: Readonly<Record<string, (size: number, edited: boolean) => string>> = {
  ...measured,
  mesh: (size, edited) => TOPOLOGIES.mesh(Math.round(Math.sqrt(2 * size)), edited),
  'bridges with a subnet and a published port each': (size, edited) => `version: 1
name: lab
subnets: {${times(size, (n) => `s${n}: { ipv4: 10.${net(n)}.0/24 }`)}}
bridges: {${times(size, (n) => `b${n}: { subnet: s${n}${edited && n === 1 ? ', mtu: 1400' : ''} }`)}}
namespaces: {${times(size, (n) => `n${n}: { publish: ["${3000 + n}:80"] }`)}}
links: [${times(size, (n) => `[n${n}:eth0, b${n}]`)}]
`,
  'links of the host, each with a route': (size, edited) => `version: 1
name: lab
namespaces: {${times(size, (n) => `n${n}: { forwarding: true }`)}}
links: [${times(size, (n) => `{ ends: [n${n}:eth0, host:h${n}], subnet: { ipv4: 10.${net(n)}.0/30, gateway: host:h${n} }${edited && n === 1 ? ', mtu: 1400' : ''} }`)}]
host: { routes: [${times(size, (n) => `{ to: 172.16.${net(n)}/32, via: n${n} }`)}] }
`,
  'links of one router, each with a route': (size, edited) => `version: 1
name: lab
namespaces: {${times(size, (n) => `n${n}: {}`)}, r: { forwarding: true, routes: [${times(size, (n) => `{ to: 172.16.${net(n)}/32, via: n${n} }`)}] } }
links: [${times(size, (n) => `{ ends: [n${n}:eth0, r:h${n}], subnet: { ipv4: 10.${net(n)}.0/30, gateway: r:h${n} }${edited && n === 1 ? ', mtu: 1400' : ''} }`)}]
`,
  'members with everything of their own': (size, edited) => `version: 1
name: lab
subnets: { s: { ipv4: 10.0.0.0/8, ipv6: "fd00::/64", reserved: [${times(size, (n) => `10.9.${net(n)}`)}] } }
bridges: { b: { subnet: s, allow: [${times(size, (n) => `{ from: outside, to: n${n}, tcp: [${n + 1}] }`)}] } }
namespaces: {${times(size, (n) => `n${n}: { aliases: [a${n}], sysctls: { net.core.somaxconn: ${100 + n} } }`)}}
links: [${times(size, (n) => `{ ends: [n${n}:eth0, b], addresses: [10.1.${net(n)}], mtu: ${edited ? 1400 : 1500} }`)}]
checks: [${times(size, (n) => `{ from: n${n}, to: n0, ping: true }`)}]
`,
};

/** Twice as much of everything may run twice as often, and sorting a little more; four times is a scan within a scan. */
const LIMIT = { whole: 2.3, piece: 2.8 } as const;
const SIZE = 60;

const counters = await countExecuted();
afterAll(() => counters.stop());
// After the start of counting, so that blocks are counted and not functions alone.
const [{ loadTopology }, { planDestroy, planTopology }, { createFakeKernel }, { renderPlans }, { styleOf }] = await Promise.all([
  import('../../src/topology/load.ts'),
  import('../../src/pipeline/plan.ts'),
  import('../../src/kernel/fake/index.ts'),
  import('../../src/render/plan.ts'),
  import('../../src/render/style.ts'),
]);
const STYLE = styleOf({ env: {}, terminal: false, columns: 100, color: 'never', verbose: true });

/** What runs in each stage of a lab's life; the kernel is a fake, and not counted. */
async function lifeOf(text: (edited: boolean) => string): Promise<Record<string, Executed>> {
  const kernel = createFakeKernel();
  await counters.take();
  const topology = loadTopology(text(false), 'lab.yaml');
  const load = await counters.take();
  const first = await planTopology(kernel, topology, { adopt: false });
  const create = await counters.take();
  renderPlans([first], () => '', STYLE);
  const render = await counters.take();
  const outcomes = await kernel.run(first.operations);
  expect(outcomes.filter(({ status }) => status !== 'done')).toEqual([]);
  await counters.take();
  expect((await planTopology(kernel, topology, { adopt: false })).changes).toEqual([]);
  const second = await counters.take();
  const edited = loadTopology(text(true), 'lab.yaml');
  await counters.take();
  expect((await planTopology(kernel, edited, { adopt: false })).changes).not.toEqual([]);
  const edit = await counters.take();
  await planDestroy(kernel, topology.name);
  return { load, create, render, second, edit, destroy: await counters.take() };
}

const sum = (counts: Executed): number => [...counts.values()].reduce((total, count) => total + count, 0);

for (const [name, text] of Object.entries(CASES)) {
  test(`growth: ${name}: twice as many take twice the work in every stage`, async () => {
    await lifeOf((edited) => text(5, edited));
    const small = await lifeOf((edited) => text(SIZE, edited));
    const large = await lifeOf((edited) => text(2 * SIZE, edited));
    for (const [stage, counts] of Object.entries(large)) {
      const before = small[stage] ?? new Map();
      const steep = [...counts].flatMap(([piece, count]) => {
        const growth = count / (before.get(piece) ?? count);
        return count > 4 * SIZE && growth > LIMIT.piece ? [`${piece}: ${growth.toFixed(1)} times`] : [];
      });
      expect(steep, `${stage}: pieces of code that run too often`).toEqual([]);
      expect(sum(counts) / sum(before), `${stage} as a whole`).toBeLessThan(LIMIT.whole);
    }
  });
}
