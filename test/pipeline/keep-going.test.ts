import { expect, test } from 'vitest';
import { createFakeKernel, type FakeKernel } from '../../src/kernel/fake/index.ts';
import type { Report } from '../../src/model/report.ts';
import type { Plan } from '../../src/model/resource.ts';
import { applyPlan } from '../../src/pipeline/apply.ts';
import { planDestroy, planTopology } from '../../src/pipeline/plan.ts';
import { objectsOf } from '../../src/render/objects.ts';
import { loadTopology } from '../../src/topology/load.ts';
import { converge } from '../support/converge.ts';

const topology = loadTopology(
  `
version: 1
name: keep
subnets:
  a: { ipv4: 172.31.1.0/24 }
  b: { ipv4: 172.31.2.0/24 }
bridges:
  br-a: { subnet: a }
  br-b: { subnet: b }
namespaces:
  one: { publish: ["8080:80"] }
  two: {}
  three: {}
links:
  - [one:eth0, br-a]
  - [two:eth0, br-a]
  - [two:eth1, br-b]
  - [three:eth0, br-b]
`,
  'keep.yaml',
);

/** As little as has something of most kinds. */
const small = loadTopology(
  `
version: 1
name: keep
subnets:
  a: { ipv4: 172.31.1.0/24 }
bridges:
  br-a: { subnet: a }
namespaces:
  one: { publish: ["8080:80"] }
links:
  - [one:eth0, br-a]
`,
  'keep.yaml',
);

const apply = (kernel: FakeKernel, plan: Plan, replan: () => Promise<Plan>): Promise<Report> => applyPlan(kernel, plan, { replan });
const planIt =
  (kernel: FakeKernel, wanted = topology) =>
  () =>
    planTopology(kernel, wanted, { adopt: false });
const planGone = (kernel: FakeKernel) => () => planDestroy(kernel, 'keep');

/** Makes the one operation that matches fail. */
function failing(kernel: FakeKernel, plan: Plan, matches: (step: Plan['operations'][number]['step']) => boolean): void {
  const at = plan.operations.findIndex(({ step }) => matches(step));
  expect(at).toBeGreaterThanOrEqual(0);
  kernel.failAt(at + 1);
}

const statuses = (report: Report): Record<string, string> =>
  Object.fromEntries(objectsOf(report).map(({ id, status, because }) => [id, because ? `${status}: ${because}` : status]));

test('keep-going: a namespace that fails takes what lives in it along, and nothing else', async () => {
  const kernel = createFakeKernel();
  const plan = await planIt(kernel)();
  failing(kernel, plan, (step) => step.do === 'netns-add' && step.name === 'three');
  const report = await apply(kernel, plan, planIt(kernel));
  expect([report.status, report.cause]).toEqual(['partial', 'kept']);
  const seen = statuses(report);
  expect(seen).toMatchObject({
    'namespace:three': 'failed',
    'link:three:eth0': 'skipped: namespace:three',
    'address:three:eth0': 'skipped: namespace:three',
    'namespace:one': 'done',
    'link:two:eth1': 'done',
    'bridge:br-b': 'done',
  });
  expect(report.remaining.map(({ id }) => id)).toContain('link:three:eth0');
  expect(report.remaining.map(({ id }) => id)).not.toContain('link:two:eth0');
});

test('keep-going: filters that are refused leave no bridge open', async () => {
  const kernel = createFakeKernel();
  const plan = await planIt(kernel)();
  failing(kernel, plan, (step) => step.do === 'nft');
  const report = await apply(kernel, plan, planIt(kernel));
  const bridges = (await kernel.dump({ namespaces: [], topologies: [], sysctls: new Map(), files: [] })).namespaces
    .get('host')
    ?.links.filter(({ kind }) => kind === 'bridge');
  expect([report.cause, bridges]).toEqual(['kept', []]);
});

test('keep-going: what fails to go keeps its mark, and the record stays', async () => {
  const kernel = createFakeKernel();
  await converge(kernel, topology);
  const plan = await planGone(kernel)();
  failing(kernel, plan, (step) => step.do === 'netns-delete' && step.name === 'three');
  const report = await apply(kernel, plan, planGone(kernel));
  const { files, records, names } = await kernel.dump({ namespaces: [], topologies: ['keep'], sysctls: new Map(), files: [] });
  expect([...names.keys()]).toEqual(['three']);
  expect([...files.keys()]).toEqual(['/etc/netns/three/hosts']);
  expect([...records.keys()]).toEqual(['keep']);
  expect(report.cause).toBe('kept');
});

test.each([
  { what: 'creation', from: false },
  { what: 'removal', from: true },
])('keep-going: whichever operation of a $what fails, the same command again finishes it', async ({ from }) => {
  const begin = createFakeKernel();
  if (from) await converge(begin, small);
  const replanOf = from ? planGone : (kernel: FakeKernel) => planIt(kernel, small);
  const total = (await replanOf(begin)()).operations.length;
  for (let nth = 1; nth <= total; nth += 1) {
    const kernel = begin.clone();
    const plan = await replanOf(kernel)();
    kernel.failAt(nth);
    const report = await apply(kernel, plan, replanOf(kernel));
    expect([nth, report.status, report.cause]).toEqual([nth, 'partial', 'kept']);
    const failed = report.outcomes.filter(({ status }) => status === 'failed').map(({ operation }) => operation.resource);
    expect([nth, failed.length]).toEqual([nth, 1]);
    // Every other operation was done, or says which object it waited for.
    const unexplained = report.outcomes.filter(({ status, because }) => status === 'skipped' && because === undefined);
    expect([nth, unexplained]).toEqual([nth, []]);
    const again = await apply(kernel, await replanOf(kernel)(), replanOf(kernel));
    expect([nth, again.remaining, ['converged', 'unchanged'].includes(again.status)]).toEqual([nth, [], true]);
  }
});
