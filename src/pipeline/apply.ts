import type { Kernel } from '../model/kernel.ts';
import type { Outcome, Step } from '../model/operation.ts';
import type { Report } from '../model/report.ts';
import type { Change, Id, Plan } from '../model/resource.ts';

export interface ApplyOptions {
  /** Reads the host again and says what still differs. */
  readonly replan: () => Promise<Plan>;
  /** Says what would bring the state before back. Absent: what fails in part keeps what worked. */
  readonly revert?: () => Promise<Plan>;
  readonly onProgress?: (done: number, total: number, text: string) => void;
  readonly signal?: AbortSignal;
}

/** Executes a plan, reads the host again, and goes back where something failed. */
export async function applyPlan(kernel: Kernel, plan: Plan, options: ApplyOptions): Promise<Report> {
  const started = performance.now();
  const report = (status: Report['status'], outcomes: readonly Outcome[], remaining: readonly Change[], error?: Error): Report => ({
    plan,
    status,
    outcomes,
    remaining,
    ...(error ? { error } : {}),
    warnings: plan.warnings,
    ms: performance.now() - started,
  });
  if (plan.blockers.length > 0) return report('blocked', [], []);
  if (plan.operations.length === 0) return report('unchanged', [], []);
  const outcomes = await execute(kernel, plan, options);
  const failure = outcomes.find(({ status }) => status === 'failed');
  if (failure === undefined && outcomes.every(({ status }) => status === 'done')) {
    const { changes } = await options.replan();
    if (changes.length === 0) return report(plan.changes.length === 0 ? 'unchanged' : 'converged', outcomes, []);
    return report(
      'partial',
      outcomes,
      changes,
      new Error(
        `done, but ${changes
          .map(({ id }) => id)
          .slice(0, 5)
          .join(', ')} did not stick`,
      ),
    );
  }
  const error = failure?.error ?? new Error('interrupted');
  if (options.revert === undefined) return report('partial', outcomes, (await options.replan()).changes, error);
  const remaining = await rollBack(kernel, options.revert, failure);
  return report(remaining.length === 0 ? 'rolled-back' : 'partial', outcomes, remaining, error);
}

async function execute(kernel: Kernel, plan: Plan, { onProgress, signal }: ApplyOptions): Promise<Outcome[]> {
  let done = 0;
  const total = plan.operations.length;
  return kernel.run(plan.operations, {
    ...(signal ? { signal } : {}),
    onProgress: (batch) => {
      done += batch.length;
      onProgress?.(done, total, batch.at(-1)?.operation.resource ?? '');
    },
  });
}

/** What differs from the state before, after trying to bring it back. A second attempt mends what the first one's order could not. */
async function rollBack(kernel: Kernel, revert: () => Promise<Plan>, failure: Outcome | undefined): Promise<readonly Change[]> {
  const taken = takenBySomebody(failure);
  let back = await revert();
  for (let attempt = 0; attempt < 2 && back.changes.length > 0; attempt += 1) {
    await kernel.run(back.operations.filter(({ resource }) => resource !== taken));
    back = await revert();
  }
  if (back.changes.length === 0) await kernel.run(back.operations);
  return back.changes;
}

/**
 * A namespace that somebody made between the plan and its execution stands behind a mark that we had written for ours, and would be taken for it.
 * It is his: once the mark is gone it shows.
 */
function takenBySomebody(failure: Outcome | undefined): Id | undefined {
  const step = failure?.operation.step.do;
  const made = step === 'netns-add' || step === 'netns-bind';
  return made && /File exists|EEXIST/.test(failure?.error?.message ?? '') ? idOfName(failure?.operation.step) : undefined;
}

const idOfName = (step: Step | undefined): Id | undefined => (step !== undefined && 'name' in step ? `namespace:${step.name}` : undefined);
