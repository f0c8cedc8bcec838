import type { Warning } from '../model/errors.ts';
import type { Kernel } from '../model/kernel.ts';
import type { Outcome, Step } from '../model/operation.ts';
import type { Report } from '../model/report.ts';
import type { Change, Id, Plan, Unsettled } from '../model/resource.ts';
import { createExecution, type ExecutionOptions } from './execute.ts';
import { executeIndependent } from './independent.ts';
import { settle, stuckText, unsettledText } from './settle.ts';

export interface ApplyOptions extends ExecutionOptions {
  /** Reads the host again and says what still differs. */
  readonly replan: () => Promise<Plan>;
  /** Says what would bring the state before back. Absent: what fails in part keeps what worked. */
  readonly revert?: () => Promise<Plan>;
}

/**
 * Executes a plan, reads the host again, and goes back where something failed; without `revert` it does instead all that does not depend
 * on what failed.
 */
export async function applyPlan(kernel: Kernel, plan: Plan, options: ApplyOptions): Promise<Report> {
  const { revert, replan, signal } = options;
  const started = performance.now();
  const report = (status: Report['status'], rest: Partial<Report> = {}): Report => ({
    plan,
    status,
    outcomes: [],
    remaining: [],
    ...rest,
    warnings: [...plan.warnings, ...(rest.warnings ?? [])],
    ms: performance.now() - started,
  });
  if (plan.blockers.length > 0) return report('blocked');
  if (plan.operations.length === 0) return report('unchanged');
  const execute = createExecution(plan.operations.length, options);
  const outcomes = revert ? await execute(kernel, plan.operations) : await executeIndependent(kernel, plan, execute, signal);
  const failure = outcomes.find(({ status }) => status === 'failed');
  if (failure === undefined && outcomes.every(({ status }) => status === 'done')) {
    const { changes, unsettled = [], blockers } = await settle(options);
    const duplicates = unsettled.filter(({ state }) => state === 'duplicate');
    if (changes.length > 0 || duplicates.length > 0) {
      const text = changes.length > 0 ? stuckText(changes) : `did not stick: ${duplicates.map(unsettledText).join('; ')}`;
      return report('partial', { cause: 'did-not-stick', outcomes, remaining: changes, error: new Error(text) });
    }
    return report(plan.changes.length === 0 ? 'unchanged' : 'converged', { outcomes, warnings: [...blockers, ...unsettled.map(waiting)] });
  }
  const error = failure?.error ?? new Error('interrupted');
  if (revert === undefined) return report('partial', { cause: 'kept', outcomes, remaining: (await replan()).changes, error });
  const remaining = await goBack(kernel, revert, failure);
  if (remaining.length === 0) return report('rolled-back', { outcomes, error });
  return report('partial', { cause: 'not-rolled-back', outcomes, remaining, error });
}

const waiting = (unsettled: Unsettled): Warning => ({ code: 'W_UNSETTLED', message: unsettledText(unsettled) });

/** What differs from the state before, after trying to bring it back. A second attempt mends what the first one's order could not. */
export async function goBack(kernel: Kernel, revert: () => Promise<Plan>, failure?: Outcome): Promise<readonly Change[]> {
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
