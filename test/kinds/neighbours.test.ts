import { expect, test } from 'vitest';
import { createFakeKernel } from '../../src/kernel/fake/index.ts';
import { planTopology } from '../../src/pipeline/plan.ts';
import { loadTopology } from '../../src/topology/load.ts';
import { converge } from '../support/converge.ts';

const star = (names: string) =>
  loadTopology(
    `version: 1\nname: star\nsubnets: { s: { ipv4: 172.31.1.0/24 } }\nbridges: { br: { subnet: s } }\nnamespaces: { ${names}: {}, old: {} }\nlinks:\n  - ["old:eth0", br]\n  - ["${names}:eth0", br]\n`,
    'star.yaml',
  );

test('neighbours: only nodes that live on forget who held an address', async () => {
  const kernel = createFakeKernel();
  await converge(kernel, star('pc(1-9)'));
  const { operations } = await planTopology(kernel, star('srv(1-9)'), { adopt: false });
  const flushes = operations.flatMap(({ step }) => (step.do === 'neighbour-flush' ? [`${step.namespace}:${step.dev}`] : []));
  // Nine addresses have another MAC; the nine new namespaces have never asked for one.
  expect(flushes).toHaveLength(18);
  expect(new Set(flushes)).toEqual(new Set(['host:br', 'old:eth0']));
});
