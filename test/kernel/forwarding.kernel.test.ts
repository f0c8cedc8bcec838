import { expect, test } from 'vitest';
import { createIprouteKernel } from '../../src/kernel/iproute/kernel.ts';
import { planDestroy } from '../../src/pipeline/plan.ts';
import { loadTopology } from '../../src/topology/load.ts';
import { converge } from '../support/converge.ts';
import { hostState } from '../support/host-state.ts';
import { shell } from '../support/sandbox.ts';

const topology = (name: string, net: number) =>
  loadTopology(
    `version: 1\nname: ${name}\nsubnets: { s: { ipv4: 172.20.${net}.0/24, ipv6: "fd20:${net}::/64" } }\nbridges: { br-${name}: { subnet: s } }\nnamespaces: { ${name}1: }\nlinks: [["${name}1:eth0", br-${name}]]\n`,
    `${name}.yaml`,
  );

test('forwarding: what single interfaces of the host had comes back with the last topology that needed the switch', async () => {
  const kernel = createIprouteKernel();
  await shell(`
    ip link add up0 type veth peer name up1
    for end in up0 up1; do ip link set $end addrgenmode none; ip link set $end up; done
    echo 1 >/proc/sys/net/ipv4/conf/up0/forwarding
    echo 1 >/proc/sys/net/ipv6/conf/up1/forwarding`);
  const before = await hostState();
  await converge(kernel, topology('one', 1));
  await converge(kernel, topology('two', 2));
  for (const name of ['one', 'two']) await kernel.run((await planDestroy(kernel, name)).operations);
  expect(await hostState()).toEqual(before);
});
