import type { RunOptions } from '../../../model/kernel.ts';
import type { Operation, Outcome } from '../../../model/operation.ts';
import { HOST } from '../../../model/topology.ts';
import type { RunProgram } from '../../program.ts';
import { batchesOf, segmentsOf } from './group.ts';
import { runSegment } from './host.ts';
import { namespacesPart } from './namespaces.ts';
import { hasFailed, type Settled, toError, toOutcomes } from './result.ts';

/** Carries operations out; see `Kernel.run`. A signal ends it after the batch that is under way. */
export async function run(programs: RunProgram, operations: readonly Operation[], options: RunOptions = {}): Promise<Outcome[]> {
  const outcomes = new Map<Operation, Outcome>();
  const parts = partsOf(programs, operations);
  for (const [index, part] of parts.entries()) {
    if (options.signal?.aborted) break;
    const started = performance.now();
    const work = attempt(part);
    prepareAhead(parts[index + 1]);
    const settled = await work;
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
  /** What can be done of it before its turn: nothing that touches the host. */
  readonly prepare?: () => void;
  readonly carryOut: () => Promise<Settled>;
}

/** While the kernel is at work on one part the next is made ready. */
function prepareAhead(next: Part | undefined): void {
  try {
    next?.prepare?.();
  } catch {
    // It is thrown again when it is that part's turn.
  }
}

function partsOf(programs: RunProgram, operations: readonly Operation[]): Part[] {
  return batchesOf(operations).flatMap(({ groups }): Part[] => {
    const [first] = groups;
    if (first?.namespace !== HOST) {
      return [{ operations: groups.flatMap((group) => group.operations), ...namespacesPart(programs, groups) }];
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
