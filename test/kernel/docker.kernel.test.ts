import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createProber } from '../../src/kernel/prober.ts';
import { runChecks } from '../../src/pipeline/verify.ts';
import { converge } from '../support/converge.ts';
import { type Docker, startDocker } from '../support/docker.ts';
import { changesOf, destroy, kernel, load, planOf } from '../support/lab.ts';
import { run } from '../support/sandbox.ts';

const FILE = 'topologies/attach-container.yaml';
const topology = load(readFileSync(new URL(`../../${FILE}`, import.meta.url), 'utf8'), FILE);

let host: Docker;

beforeAll(async () => {
  host = await startDocker();
});

afterAll(async () => {
  await destroy(topology.name);
  await host.stop();
});

const startContainer = () => host.docker('run', '-d', '--name', 'by-hand', '--network', 'none', 'busybox', 'httpd', '-f', '-p', '80');

async function failedChecks(): Promise<string[]> {
  const failed: string[] = [];
  for await (const { passed, from, to, check, seen, reason } of runChecks(topology, createProber())) {
    if (!passed) failed.push(`${from} → ${to} ${check.probe.kind}: ${seen}, ${reason}`);
  }
  return failed;
}

const blockers = async (): Promise<string[]> =>
  (await planOf(topology)).blockers.map(({ code, message, hint }) => `${code} ${message} | ${hint}`);

/** What the container itself sees, by its own tools. */
const inside = () => host.docker('exec', 'by-hand', 'sh', '-c', 'ip -o addr; ip route');

test('docker: a container that is not there, or not running, is a blocker', async () => {
  expect(await blockers()).toEqual([
    'E_ATTACH_ABSENT by-hand: there is no container by-hand | `docker ps -a` lists those that there are; start it with --network none, or correct the name',
  ]);
  await startContainer();
  await host.docker('stop', '-t', '0', 'by-hand');
  expect(await blockers()).toEqual([
    'E_ATTACH_STOPPED by-hand: the container by-hand is not running (docker says: exited) | start it: docker start by-hand',
  ]);
  await host.docker('rm', 'by-hand');
});

test('docker: a container on the host network is a blocker', async () => {
  await host.docker('run', '-d', '--name', 'by-hand', '--network', 'host', 'busybox', 'sleep', '600');
  expect((await blockers()).map((line) => line.split(' ')[0])).toEqual(['E_ATTACH_HOST']);
  await host.docker('rm', '-f', 'by-hand');
});

test('docker: a container without network gets one, again after a restart, and is left as it was', async () => {
  expect(await run('iptables', '-S', 'FORWARD')).toContain('-P FORWARD DROP');
  await startContainer();
  const alone = await inside();
  await converge(kernel, topology);
  expect(await changesOf(topology)).toEqual([]);
  expect(await failedChecks()).toEqual([]);
  await host.docker('restart', '-t', '0', 'by-hand');
  expect(await inside()).toBe(alone);
  expect(await changesOf(topology)).toContain('replace attach:by-hand current: false → true');
  await converge(kernel, topology);
  expect(await changesOf(topology)).toEqual([]);
  expect(await failedChecks()).toEqual([]);
  expect((await destroy(topology.name)).status).toBe('converged');
  expect(await inside()).toBe(alone);
  expect(await run('ip', 'netns', 'list')).toBe('');
});
