import { expect, test } from 'vitest';
import { createFakeKernel } from '../../src/kernel/fake/index.ts';
import { planTopology } from '../../src/pipeline/plan.ts';
import { loadTopology } from '../../src/topology/load.ts';
import { converge } from '../support/converge.ts';

const topology = (bridge: string) =>
  loadTopology(
    `version: 1\nname: lab\nsubnets: { a: { ipv4: 10.0.1.0/24 } }\nbridges: { br-a: { subnet: a, ${bridge} } }\nnamespaces: { x: }\nlinks: [["x:eth0", br-a]]`,
    'lab.yaml',
  );

async function warnings(hasConntrack: boolean, before: string, after: string): Promise<string[]> {
  const kernel = createFakeKernel({ hasConntrack });
  await converge(kernel, topology(before));
  const plan = await planTopology(kernel, topology(after), { adopt: false });
  return plan.warnings.map(({ code, message, hint }) => `${code} ${message} | ${hint}`);
}

test('table: without conntrack a plan that makes a filter stricter warns, and no other does', async () => {
  expect(await warnings(false, 'allow: [{ from: outside }]', 'allow: [{ from: outside, tcp: [80] }]')).toEqual([
    'W_NO_CONNTRACK the program conntrack is not installed: connections that the filter has let in and would not any more live on until they end ' +
      '| install it before you apply: apt-get install conntrack',
  ]);
  expect(await warnings(false, 'inbound: open', '')).toHaveLength(1);
  expect(await warnings(false, '', 'allow: [{ from: outside }]')).toEqual([]);
  expect(await warnings(false, '', 'inbound: open')).toEqual([]);
  expect(await warnings(true, 'allow: [{ from: outside }]', '')).toEqual([]);
});
