import { expect, test } from 'vitest';
import type { FakeKernel } from '../../src/kernel/fake/index.ts';
import { namespaceOf, type Operation } from '../../src/model/operation.ts';
import { applyPlan } from '../../src/pipeline/apply.ts';
import { planRevert } from '../../src/pipeline/plan.ts';
import { project } from '../kernel/projection.ts';
import { linesOf } from '../support/converge.ts';
import { asOneTopology } from '../support/faults/every-file.ts';
import { describeOperation, type FakeJourney, fakeJourneys, fakePlaces } from '../support/faults/fake.ts';
import { EVERY_CUT, randomOf } from '../support/faults/killing.ts';
import { randomPairs } from '../support/faults/killing-random.ts';

const topologies = asOneTopology();
const random = randomOf(5);
const seen = new Set<string>();

/** An operation fails once, on a copy of the host each time: all goes back, to the last sysctl, file and record. */
async function failEach(journey: FakeJourney, most: number): Promise<number> {
  const plan = await journey.planOn(journey.host);
  const before = await stateOf(journey.host, plan.operations);
  const places = fakePlaces(plan.operations, most, seen, random);
  for (const at of places) {
    const kernel = journey.host.clone();
    kernel.failAt(at + 1);
    const report = await applyPlan(kernel, plan, {
      replan: () => journey.planOn(kernel),
      revert: () => planRevert(kernel, plan, journey.to),
    });
    const place = `${journey.what}, at ${at}, ${describeOperation(plan.operations[at])}`;
    const failed = report.outcomes.filter(({ status }) => status === 'failed').map(({ error }) => error?.message);
    expect([place, report.status, linesOf({ changes: report.remaining }), failed]).toEqual([
      place,
      'rolled-back',
      [],
      [expect.stringMatching(/Cannot allocate memory/)],
    ]);
    expect([place, await stateOf(kernel, plan.operations)]).toEqual([place, before]);
  }
  return places.length;
}

/** All that operations could have touched. */
async function stateOf(kernel: FakeKernel, operations: readonly Operation[]): Promise<unknown> {
  const sysctls = new Map<string, string[]>();
  for (const { step } of operations) {
    if (step.do === 'sysctl') sysctls.set(step.namespace, [...(sysctls.get(step.namespace) ?? []), step.path]);
  }
  const namespaces = [...new Set(operations.map(({ step }) => namespaceOf(step)))];
  const files = operations.flatMap(({ step }) => ('path' in step ? [step.path] : []));
  const snapshot = await kernel.dump({ topologies: 'all', namespaces, sysctls, files, tables: namespaces });
  return { ...Object.fromEntries(snapshot.records), state: project(snapshot) };
}

test('each file of topologies/: whichever operation of a creation, a change or a removal fails, all goes back', async () => {
  let failures = 0;
  for (const [index, from] of topologies.entries()) {
    const journeys = await fakeJourneys(from, topologies[(index + 1) % topologies.length] ?? from);
    for (const journey of journeys) failures += await failEach(journey, 12);
  }
  if (EVERY_CUT) console.log(`fake kernel: ${failures} failures of topologies/`);
  expect(failures).toBeGreaterThan(300);
}, 3_600_000);

test('random pairs: whichever operation of a creation, a change or a removal fails, all goes back', async () => {
  let failures = 0;
  for (const [from, to] of randomPairs(51, EVERY_CUT ? 50 : 8)) {
    for (const journey of await fakeJourneys(from, to)) failures += await failEach(journey, 5);
  }
  if (EVERY_CUT) console.log(`fake kernel: ${failures} failures of random pairs`);
  expect(failures).toBeGreaterThan(80);
}, 3_600_000);
