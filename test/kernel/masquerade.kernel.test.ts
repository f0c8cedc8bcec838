import { expect, test } from 'vitest';
import { createIprouteKernel } from '../../src/kernel/iproute/kernel.ts';
import { createProber } from '../../src/kernel/prober.ts';
import { planDestroy, planTopology } from '../../src/pipeline/plan.ts';
import { runChecks } from '../../src/pipeline/verify.ts';
import { loadTopology } from '../../src/topology/load.ts';
import { converge, linesOf } from '../support/converge.ts';
import { run } from '../support/sandbox.ts';

const text = (router: string, source: string) => `
version: 1
name: nat
subnets: { lan: { ipv4: 192.168.7.0/24, ipv6: "fd07::/64", gateway: "r1:lan0" } }
bridges: { br-lan: { subnet: lan } }
namespaces:
  r1: { ${router} }
  pc:
  isp: { forwarding: false, routes: [{ to: lan, via: r1 }] }
links:
  - [r1:lan0, br-lan]
  - [pc:eth0, br-lan]
  - { ends: [r1:wan0, isp:eth0], subnet: { ipv4: 203.0.113.0/30, ipv6: "fd0d::/64", gateway: false } }
checks:
  - { from: pc, to: isp, tcp: 80, family: ipv4, source: ${source} }
`;

test('masquerade: a router hides what it forwards behind its own address, and stops when the file does', async () => {
  const kernel = createIprouteKernel();
  const apply = async (router: string, source: string) => {
    const topology = loadTopology(text(router, source), 'nat.yaml');
    const plan = await converge(kernel, topology);
    for await (const result of runChecks(topology, createProber())) expect(result).toMatchObject({ passed: true });
    return linesOf(plan).filter((line) => line.includes('table:'));
  };
  expect(await apply('forwarding: true, masquerade: [wan0]', '203.0.113.2')).toContain('create table:r1:netloom-nat');
  await run('ip', 'netns', 'exec', 'r1', 'nft', 'flush', 'ruleset');
  const drifted = loadTopology(text('forwarding: true, masquerade: [wan0]', '203.0.113.2'), 'nat.yaml');
  expect(linesOf(await planTopology(kernel, drifted, { adopt: false }))).toEqual(['create table:r1:netloom-nat']);
  await apply('forwarding: true, masquerade: [wan0]', '203.0.113.2');
  expect(await apply('forwarding: true', '192.168.7.2')).toEqual(['delete table:r1:netloom-nat']);
  await kernel.run((await planDestroy(kernel, 'nat')).operations);
  expect(await run('ip', 'netns', 'list')).toBe('');
});

test('masquerade: a table from before goes with the forwarding that it needed', async () => {
  const kernel = createIprouteKernel();
  await converge(kernel, loadTopology(text('forwarding: true, masquerade: [wan0]', '203.0.113.2'), 'nat.yaml'));
  const plan = await converge(kernel, loadTopology(text('forwarding: false', '192.168.7.2'), 'nat.yaml'));
  expect(linesOf(plan)).toContain('delete table:r1:netloom-nat');
  await kernel.run((await planDestroy(kernel, 'nat')).operations);
});
