import { expect, test } from 'vitest';
import type { Prober } from '../../src/model/prober.ts';
import type { CheckResult } from '../../src/model/report.ts';
import { runChecks } from '../../src/pipeline/verify.ts';
import { loadTopology } from '../../src/topology/load.ts';

const topology = loadTopology(
  `
version: 1
name: t
subnets: { a: { ipv4: 172.31.1.0/24 } }
bridges: { br-a: { subnet: a } }
namespaces: { one: , two: }
links: [["one:eth0", br-a], ["two:eth0", br-a]]
checks:
  - { from: one, to: two, tcp: 80 }
  - { from: one, to: two, tcp: 80, expect: refused }
  - { from: one, to: two, tcp: 81, expect: refused }
  - { from: one, to: two, tcp: 80, serve: false }
  - { from: one, to: two, ping: true }
`,
  't.yaml',
);

/** Answers as a namespace would in which nobody listens but those that were asked to. */
function fakeProber(failing = -1): Prober & { readonly log: string[] } {
  const open = new Set<string>();
  const log: string[] = [];
  return {
    log,
    listen: async (namespace, _, port) => {
      open.add(`${namespace} ${port}`);
      return 'listening';
    },
    probe: async ({ kind, port }) => {
      if (log.push(`${kind} ${port}`) - 1 === failing) throw new Error('no');
      return { seen: kind === 'ping' || open.has(`two ${port}`) ? 'reachable' : 'refused' };
    },
    close: async () => void log.push('closed'),
  };
}

test('checks: a refusal is looked for before anybody listens for another check; results are in the order of the file', async () => {
  const prober = fakeProber();
  const results: CheckResult[] = [];
  for await (const result of runChecks(topology, prober)) results.push(result);
  expect(results.map(({ seen }) => seen)).toEqual(['reachable', 'refused', 'refused', 'refused', 'reachable']);
  expect(results.map(({ passed }) => passed)).toEqual([true, true, true, false, true]);
  expect(prober.log.at(-1)).toBe('closed');
});

test('checks: a probe that cannot be sent ends them, and the helpers', async () => {
  const prober = fakeProber(1);
  const all = async (): Promise<void> => {
    for await (const _ of runChecks(topology, prober));
  };
  await expect(all()).rejects.toThrow('no');
  expect(prober.log.at(-1)).toBe('closed');
});
