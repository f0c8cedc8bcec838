import type { RunOptions } from '../../../model/kernel.ts';
import type { Operation, Outcome } from '../../../model/operation.ts';
import { HOST } from '../../../model/topology.ts';
import type { RunProgram } from '../../program.ts';
import { batchesOf, segmentsOf } from './group.ts';
import { runSegment } from './host.ts';
import { runNamespaces } from './namespaces.ts';
import { hasFailed, type Settled, toError, toOutcomes } from './result.ts';

/** Carries operations out; see `Kernel.run`. A signal ends it after the batch that is under way. */
export async function run(programs: RunProgram, operations: readonly Operation[], options: RunOptions = {}): Promise<Outcome[]> {
  const outcomes = new Map<Operation, Outcome>();
  for (const part of partsOf(programs, operations)) {
    if (options.signal?.aborted) break;
    const started = performance.now();
    const settled = await attempt(part);
    const brought = toOutcomes(part.operations, settled, performance.now() - started);
    for (const outcome of brought) outcomes.set(outcome.operation, outcome);
    options.onProgress?.(brought);
    if (hasFailed(settled)) break;
  }
  return operations.map((operation) => outcomes.get(operation) ?? { operation, status: 'skipped', ms: 0 });
}

/** What runs as one, between two looks at the signal. */
interface Part {
  readonly operations: readonly Operation[];
  readonly carryOut: () => Promise<Settled>;
}

function partsOf(programs: RunProgram, operations: readonly Operation[]): Part[] {
  return batchesOf(operations).flatMap(({ groups }): Part[] => {
    const [first] = groups;
    if (first?.namespace !== HOST) {
      return [{ operations: groups.flatMap((group) => group.operations), carryOut: () => runNamespaces(programs, groups) }];
    }
    return segmentsOf(first.operations).map((segment) => ({
      operations: segment.operations,
      carryOut: () => runSegment(programs, segment),
    }));
  });
}

/** What throws (a missing tool, text that was refused) has failed at its first operation; nothing had been started. */
async function attempt({ operations, carryOut }: Part): Promise<Settled> {
  try {
    return await carryOut();
  } catch (error) {
    const [first] = operations;
    return new Map(first === undefined ? [] : [[first, toError(error)]]);
  }
}
