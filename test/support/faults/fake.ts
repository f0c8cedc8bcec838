import { createFakeKernel, type FakeKernel } from '../../../src/kernel/fake/index.ts';
import type { Operation } from '../../../src/model/operation.ts';
import type { Plan } from '../../../src/model/resource.ts';
import type { Topology } from '../../../src/model/topology.ts';
import { planDestroy, planTopology } from '../../../src/pipeline/plan.ts';
import { converge } from '../converge.ts';
import { CONTAINER } from './every-file.ts';
import { EVERY_CUT, oneOfEach } from './killing.ts';

/** From one host in memory to a topology, or to none. */
export interface FakeJourney {
  readonly what: 'create' | 'update' | 'destroy';
  /** Where it begins. Copied, never changed. */
  readonly host: FakeKernel;
  readonly to: Topology | undefined;
  planOn(kernel: FakeKernel): Promise<Plan>;
}

/** A topology is made, becomes another one of the same name, and goes. */
export async function fakeJourneys(from: Topology, to: Topology): Promise<FakeJourney[]> {
  const others = [{ path: CONTAINER }];
  const made = createFakeKernel({ others });
  await converge(made, from);
  const journey = (what: FakeJourney['what'], host: FakeKernel, goal: Topology | undefined): FakeJourney => ({
    what,
    host,
    to: goal,
    planOn: (kernel) => (goal === undefined ? planDestroy(kernel, from.name) : planTopology(kernel, goal, { adopt: false })),
  });
  return [journey('create', createFakeKernel({ others }), from), journey('update', made, to), journey('destroy', made, undefined)];
}

/** Plans of so few operations are gone through from the first to the last in any case. */
const SMALL = 120;

/** Places in a plan: all of them, or `most` that are spread over it and one of each sort in each phase that is not in `seen`. */
export function fakePlaces(operations: readonly Operation[], most: number, seen: Set<string>, random: () => number): number[] {
  const all = [...operations.keys()];
  if (EVERY_CUT || operations.length <= Math.min(most * 4, SMALL)) return all;
  const step = operations.length / most;
  const spread = all.slice(0, most).map((index) => Math.floor((index + random()) * step));
  const sorts = oneOfEach(seen, random)(operations.map(({ phase, step: { do: sort } }) => ({ phase, sort })));
  return [...new Set([...spread, ...sorts])].sort((a, b) => a - b);
}

export const describeOperation = (operation: Operation | undefined): string => `${operation?.phase} ${JSON.stringify(operation?.step)}`;
