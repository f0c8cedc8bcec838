import { expect, test } from 'vitest';
import { createIprouteKernel } from '../../src/kernel/iproute/kernel.ts';
import { planDestroy } from '../../src/pipeline/plan.ts';
import { loadTopology } from '../../src/topology/load.ts';
import { converge } from '../support/converge.ts';
import { hostState } from '../support/host-state.ts';
import { destroy } from '../support/lab.ts';
import { run, shell } from '../support/sandbox.ts';

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

const forwarding = async (): Promise<string[]> =>
  (await run('cat', '/proc/sys/net/ipv4/ip_forward', '/proc/sys/net/ipv6/conf/all/forwarding')).split('\n');
const OFF = ['0', '0'];
const ON = ['1', '1'];

test.each([
  [
    'a forward hook',
    "nft 'add table inet vpn; add chain inet vpn hook1 { type filter hook forward priority 0; }'",
    'table inet vpn, chain hook1',
  ],
  ['a NAT hook', "nft 'add table ip vpn; add chain ip vpn post { type nat hook postrouting priority 100; }'", 'table ip vpn, chain post'],
  ['iptables-legacy', 'iptables-legacy -t nat -A POSTROUTING -j MASQUERADE', "iptables-legacy's table nat"],
])('forwarding stays on after the last topology where %s has come meanwhile, and destroy says so', async (_, script, named) => {
  const kernel = createIprouteKernel();
  expect(await forwarding()).toEqual(OFF);
  await converge(kernel, topology('one', 1));
  await converge(kernel, topology('two', 2));
  await shell(script);
  // Another topology still needs it: nothing to say.
  expect((await destroy('one')).warnings).toEqual([]);
  const report = await destroy('two');
  expect([report.status, await forwarding()]).toEqual(['converged', ON]);
  expect(report.warnings).toEqual(
    ['net.ipv4.ip_forward', 'net.ipv6.conf.all.forwarding'].map((key) => ({
      code: 'W_FORWARDING_KEPT',
      message: `${key} stays 1, which was 0 before netloom: somebody else may rely on it by now (${named})`,
      hint: `if nobody does: sysctl -w ${key}=0`,
    })),
  );
  for (const { hint } of report.warnings) await shell(hint?.replace('if nobody does: ', '') ?? 'false');
  await shell('nft flush ruleset');
});

test('forwarding is put back where hooks of others were there before, or have gone again', async () => {
  const kernel = createIprouteKernel();
  await shell("nft 'add table inet old; add chain inet old hook1 { type filter hook forward priority 0; }'");
  await converge(kernel, topology('one', 1));
  await converge(kernel, topology('two', 2));
  await shell("nft 'add table inet vpn; add chain inet vpn hook1 { type filter hook forward priority 0; }'; nft delete table inet vpn");
  for (const name of ['two', 'one']) expect((await destroy(name)).warnings).toEqual([]);
  expect(await forwarding()).toEqual(OFF);
});

test('forwarding stays on, too, where the file no longer needs it', async () => {
  const kernel = createIprouteKernel();
  await converge(kernel, topology('one', 1));
  await shell("nft 'add table inet vpn; add chain inet vpn hook1 { type filter hook forward priority 0; }'");
  const without = loadTopology('version: 1\nname: one\nnamespaces: { one1: }\n', 'one.yaml');
  const plan = await converge(kernel, without);
  expect(plan.warnings.map(({ code }) => code)).toEqual(['W_FORWARDING_KEPT', 'W_FORWARDING_KEPT']);
  expect(await forwarding()).toEqual(ON);
  await destroy('one');
});
