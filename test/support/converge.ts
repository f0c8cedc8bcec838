import { expect } from 'vitest';
import type { Kernel } from '../../src/model/kernel.ts';
import type { Plan } from '../../src/model/resource.ts';
import type { Topology } from '../../src/model/topology.ts';
import { applyPlan } from '../../src/pipeline/apply.ts';
import { planRevert, planTopology } from '../../src/pipeline/plan.ts';

/** Applies a topology and insists that it converges at once; gives back the plan that was carried out. */
export async function converge(kernel: Kernel, topology: Topology, options: { adopt?: boolean } = {}): Promise<Plan> {
  const replan = () => planTopology(kernel, topology, { adopt: options.adopt ?? false });
  const plan = await replan();
  const report = await applyPlan(kernel, plan, { replan, revert: () => planRevert(kernel, plan, topology) });
  expect({
    blockers: plan.blockers,
    failed: report.outcomes
      .filter(({ status }) => status === 'failed')
      .map(({ operation, error }) => `${JSON.stringify(operation.step)}: ${error?.message}`),
    remaining: linesOf({ changes: report.remaining }),
  }).toEqual({ blockers: [], failed: [], remaining: [] });
  return plan;
}

/** A plan as lines that say what differs, and how. */
export function linesOf({ changes }: Pick<Plan, 'changes'>): string[] {
  return changes.map((change) => {
    const fields =
      'fields' in change
        ? change.fields.map(({ path, before, after }) => ` ${path}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`)
        : [];
    return `${change.action} ${change.id}${fields.join(',')}`;
  });
}
