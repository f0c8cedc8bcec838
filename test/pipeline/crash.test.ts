import { expect, test } from 'vitest';
import { createFakeKernel, FakeCrash, type FakeKernel } from '../../src/kernel/fake/index.ts';
import { planDestroy, planTopology } from '../../src/pipeline/plan.ts';
import { loadTopology } from '../../src/topology/load.ts';
import { converge, linesOf } from '../support/converge.ts';

/** A little of everything, so that there is an instant of each sort to be killed at. */
const LAB = loadTopology(
  `
version: 1
name: shop
subnets:
  web: { ipv4: 172.31.1.0/24, ipv6: "fd31:1::/64" }
bridges:
  br-web: { subnet: web, icc: false }
namespaces:
  web: { publish: ["8080:80"], sysctls: { net.core.somaxconn: 7 } }
  side: { share: web }
  onhost: { share: host }
  r1: { forwarding: true, routes: [{ to: 203.0.113.0/24, type: blackhole }] }
links:
  - [web:eth0, br-web]
  - { ends: [r1:up0, host:to-r1], subnet: { ipv4: 10.60.0.0/30, gateway: "host:to-r1" } }
  - ends: [{ at: "web:eth1", addresses: [10.61.0.1/30] }, { at: "r1:eth1", addresses: [10.61.0.2/30] }]
host: { routes: [{ to: 10.70.0.0/16, via: r1 }] }
`,
  'lab.yaml',
);

const plan = (kernel: FakeKernel) => planTopology(kernel, LAB, { adopt: false });

test('crash: killed after any operation of an apply, the next one finds nothing in the way and converges', async () => {
  const { operations } = await plan(createFakeKernel());
  for (let after = 0; after < operations.length; after += 1) {
    const kernel = createFakeKernel();
    kernel.crashAfter(after);
    await expect(kernel.run((await plan(kernel)).operations)).rejects.toThrow(FakeCrash);
    await converge(kernel, LAB);
    expect({ after, left: linesOf(await plan(kernel)) }).toEqual({ after, left: [] });
  }
});

test('crash: killed after any operation of an apply or a destroy, the next destroy leaves nothing', async () => {
  const applied = createFakeKernel();
  await converge(applied, LAB);
  const create = (await plan(createFakeKernel())).operations;
  const remove = (await planDestroy(applied, 'shop')).operations;
  for (const { from, operations } of [
    { from: createFakeKernel(), operations: create },
    { from: applied, operations: remove },
  ]) {
    for (let after = 0; after < operations.length; after += 1) {
      const kernel = from.clone();
      kernel.crashAfter(after);
      await expect(kernel.run(operations)).rejects.toThrow(FakeCrash);
      await kernel.run((await planDestroy(kernel, 'shop')).operations);
      const { changes, operations: left } = await planDestroy(kernel, 'shop');
      expect({ after, changes: linesOf({ changes }), left }).toEqual({ after, changes: [], left: [] });
    }
  }
});
