import { expect, test } from 'vitest';
import type { Observation } from '../../src/model/trace.ts';
import { judge } from '../../src/pipeline/trace/judge.ts';
import type { Walk } from '../../src/pipeline/trace/walk.ts';
import { worldOf } from '../../src/pipeline/trace/world.ts';
import { snapshotOf } from '../support/snapshot.ts';

const tuple = { source: '10.0.0.1', destination: '10.0.0.2', destinationPort: 80 };
const there: Walk = {
  hops: [],
  tuple,
  duplicates: [],
  cause: { kind: 'lost', leg: 'there', namespace: 'host', device: 'br', hint: 'it came in, and was not forwarded' },
};

const judged = (answer: Observation['answer']) =>
  judge({
    world: worldOf(snapshotOf([])),
    tracer: { listeners: async () => [] },
    request: { from: 'a', to: '10.0.0.2', protocol: 'tcp', port: 80, serve: false, timeoutMs: 1000 },
    target: { address: '10.0.0.2', family: 'ipv4' },
    there,
    observation: { answer, events: [], flow: { ...tuple, namespace: 'a', family: 'ipv4', protocol: 'tcp', timeoutMs: 1000 } },
  });

test('an answer counts for more than that the probe was lost sight of', async () => {
  const { arrives, cause, notes } = await judged('reachable');
  expect({ arrives, cause, notes }).toEqual({
    arrives: true,
    cause: undefined,
    notes: ['it was answered, though it was lost sight of on the way'],
  });
});

test('where nobody answered, where it was lost is the cause', async () => {
  for (const answer of ['refused', 'unreachable'] as const)
    expect(await judged(answer)).toMatchObject({ arrives: false, cause: there.cause });
});
