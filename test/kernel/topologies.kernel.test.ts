import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { createProber } from '../../src/kernel/prober.ts';
import type { CheckResult } from '../../src/model/report.ts';
import type { Topology } from '../../src/model/topology.ts';
import { runChecks } from '../../src/pipeline/verify.ts';
import { converge } from '../support/converge.ts';
import { hostState } from '../support/host-state.ts';
import { changesOf, destroy, kernel, load } from '../support/lab.ts';

const FOLDER = new URL('../../topologies/', import.meta.url);
// The container must run already: docker.kernel.test.ts starts it.
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml') && file !== 'attach-container.yaml');
const topologies = files.map((file) => load(readFileSync(new URL(file, FOLDER), 'utf8'), `topologies/${file}`));

afterEach(async () => {
  for (const { name } of topologies) await destroy(name);
});

test.each(topologies)('$file: converges, passes its checks, and leaves nothing behind', async (topology) => {
  const before = await hostState();
  await converge(kernel, topology);
  expect(await changesOf(topology)).toEqual([]);
  expect(await failedChecks(topology)).toEqual([]);
  expect((await destroy(topology.name)).status).toBe('converged');
  expect(await hostState()).toEqual(before);
  expect(readdirSync('/run/netloom').filter((file) => file.endsWith('.json'))).toEqual([]);
});

test('all of them live side by side on one host, and go one by one', async () => {
  const before = await hostState();
  for (const topology of topologies) await converge(kernel, topology);
  for (const topology of topologies) {
    expect(await changesOf(topology)).toEqual([]);
    expect(await failedChecks(topology)).toEqual([]);
  }
  for (const { name } of topologies) expect((await destroy(name)).status).toBe('converged');
  expect(await hostState()).toEqual(before);
});

async function failedChecks(topology: Topology): Promise<string[]> {
  const results: CheckResult[] = [];
  for await (const result of runChecks(topology, createProber())) results.push(result);
  expect(results.length).toBeGreaterThanOrEqual(topology.checks.length);
  return results
    .filter(({ passed }) => !passed)
    .map(({ from, to, address, check, seen, reason }) => `${from} → ${to} (${address}) ${check.probe.kind}: ${seen}, ${reason}`);
}
