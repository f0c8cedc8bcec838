import { afterEach, expect, test } from 'vitest';
import { createProber } from '../../src/kernel/prober.ts';
import { runChecks } from '../../src/pipeline/verify.ts';
import { converge } from '../support/converge.ts';
import { destroy, kernel, load } from '../support/lab.ts';

afterEach(async () => {
  await destroy('gate', { force: true });
});

test('allow: outside is whatever comes in by none of the bridges, a link to the host included', async () => {
  const topology = load(`
version: 1
name: gate
subnets: { up: { ipv4: 198.51.100.0/29, gateway: "host:up0" }, db: { ipv4: 172.31.1.0/24 }, web: { ipv4: 172.31.2.0/24 } }
bridges:
  br-db: { subnet: db, allow: [{ from: outside, to: db, tcp: [5432] }] }
  br-web: { subnet: web }
namespaces: { laptop: , db: , web: }
links:
  - { ends: [laptop:eth0, host:up0], subnet: up }
  - [db:eth0, br-db]
  - [web:eth0, br-web]
checks:
  - { from: laptop, to: db, tcp: 5432 }
  - { from: laptop, to: db, tcp: 5433, expect: unreachable, timeout: 1s }
  - { from: web, to: db, tcp: 5432, expect: unreachable, timeout: 1s }
`);
  await converge(kernel, topology);
  const seen: string[] = [];
  for await (const { seen: one } of runChecks(topology, createProber())) seen.push(one);
  expect(seen).toEqual(['reachable', 'unreachable', 'unreachable']);
});
