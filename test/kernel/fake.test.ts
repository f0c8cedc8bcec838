import { describe, expect, test } from 'vitest';
import { createFakeKernel, FakeCrash } from '../../src/kernel/fake/index.ts';
import type { Operation } from '../../src/model/operation.ts';
import { describeConformance } from './conformance.ts';
import { project } from './projection.ts';

describe('the fake kernel agrees with Linux', () => {
  describeConformance(async () => createFakeKernel());
});

const adding = (...names: string[]): Operation[] =>
  names.map((name) => ({ resource: 'test:case', phase: 'create', step: { do: 'netns-add', name } }));
const EVERYTHING = { namespaces: ['a', 'b', 'c'], topologies: 'all', sysctls: new Map(), files: [] } as const;

test('fake: the nth operation fails once, and what follows is skipped', async () => {
  const kernel = createFakeKernel();
  kernel.failAt(2);
  expect((await kernel.run(adding('a', 'b', 'c'))).map(({ status }) => status)).toEqual(['done', 'failed', 'skipped']);
  expect((await kernel.run(adding('b', 'c'))).map(({ status }) => status)).toEqual(['done', 'done']);
});

test('fake: a crash leaves what was done until then', async () => {
  const kernel = createFakeKernel();
  kernel.crashAfter(1);
  await expect(kernel.run(adding('a', 'b', 'c'))).rejects.toThrow(FakeCrash);
  expect([...(await kernel.dump(EVERYTHING)).names.keys()]).toEqual(['a']);
});

test('fake: a crash within an nft transaction leaves none of it', async () => {
  const kernel = createFakeKernel();
  const nft = (...lines: string[]): Operation => ({ resource: 'test:case', phase: 'guard', step: { do: 'nft', namespace: 'host', lines } });
  kernel.crashAfter(1);
  await expect(kernel.run([nft('add table inet netloom-t'), nft('add table inet netloom-u')])).rejects.toThrow(FakeCrash);
  expect((await kernel.dump(EVERYTHING)).tables.size).toBe(0);
});

test('fake: a copy goes its own way', async () => {
  const kernel = createFakeKernel({ steps: [{ do: 'netns-add', name: 'a' }] });
  const copy = kernel.clone();
  copy.perform({ do: 'netns-delete', name: 'a' });
  expect((await kernel.dump(EVERYTHING)).names.size).toBe(1);
  expect((await copy.dump(EVERYTHING)).names.size).toBe(0);
});

test('fake: an uplink has its network, and its link-local address', async () => {
  const uplink = { ifname: 'eth0', mac: '02:00:00:00:00:01', addresses: ['192.0.2.10/24'] };
  const kernel = createFakeKernel({ uplinks: [uplink] });
  expect(project(await kernel.dump(EVERYTHING))).toEqual([
    'host eth0: up carrier mtu 1500 02:00:00:00:00:01 [192.0.2.10/24 fe80::ff:fe00:1/64]',
    'host route 192.0.2.0/24 dev eth0 metric 0 proto 2',
    'host route fe80::/64 dev eth0 metric 256 proto 2',
  ]);
});
