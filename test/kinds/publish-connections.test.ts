import { expect, test } from 'vitest';
import { createFakeKernel } from '../../src/kernel/fake/index.ts';
import { planTopology } from '../../src/pipeline/plan.ts';
import { loadTopology } from '../../src/topology/load.ts';
import { converge } from '../support/converge.ts';

const topology = (publish: string) =>
  loadTopology(
    `version: 1\nname: lab\nsubnets: { a: { ipv4: 10.0.1.0/24 } }\nbridges: { br-a: { subnet: a } }\nnamespaces: { x: { publish: ${publish} } }\nlinks: [["x:eth0", br-a]]`,
    'lab.yaml',
  );

async function warnings(hasConntrack: boolean, before: string, after: string): Promise<string[]> {
  const kernel = createFakeKernel({ hasConntrack });
  await converge(kernel, topology(before));
  const plan = await planTopology(kernel, topology(after), { adopt: false });
  return plan.warnings.map(({ code, message, hint }) => `${code} ${message} | ${hint}`);
}

test('publish: without conntrack a plan that changes published ports warns, and no other does', async () => {
  expect(await warnings(false, '["8080:80"]', '["8080:81"]')).toEqual([
    'W_NO_CONNTRACK the program conntrack is not installed: whoever uses 8080/tcp now keeps going where it led before, until the connection ends ' +
      '(a UDP client with a fixed port: as long as it sends) | install it before you apply: apt-get install conntrack',
  ]);
  expect((await warnings(false, '[]', '["8080-8084:80-84"]')).join()).toContain('whoever uses 8080/tcp, 8081/tcp, 8082/tcp and 2 more now');
  expect((await warnings(false, '["53:53/udp"]', '[]')).join()).toContain('whoever uses 53/udp now');
  expect(await warnings(false, '["8080:80"]', '["8080:80"]')).toEqual([]);
  expect(await warnings(true, '["8080:80"]', '["8080:81"]')).toEqual([]);
});
