import type { Kernel } from '../model/kernel.ts';
import type { Operation, Outcome } from '../model/operation.ts';
import type { Id, Plan } from '../model/resource.ts';
import { HOST } from '../model/topology.ts';
import type { Execution } from './execute.ts';

/**
 * Carries out all that does not depend on what failed. Where something fails the run is given again what is left without it and all that
 * cannot do without it; that ends, since each time there is less. Outcomes are in the plan's order.
 */
export async function executeIndependent(kernel: Kernel, plan: Plan, execute: Execution, signal?: AbortSignal): Promise<Outcome[]> {
  const settled = new Map<Operation, Outcome>();
  const because = new Map<Operation, Id>();
  const failures: Outcome[] = [];
  for (let left = plan.operations; left.length > 0 && signal?.aborted !== true; ) {
    const outcomes = await execute(kernel, left);
    for (const outcome of outcomes) if (outcome.status !== 'skipped') settled.set(outcome.operation, outcome);
    const failed = outcomes.filter(({ status }) => status === 'failed');
    if (failed.length === 0) break;
    failures.push(...failed);
    const halted = haltedBy(plan, failures);
    const rest = left.filter((operation) => !settled.has(operation));
    for (const operation of rest) {
      const reason = halted(operation);
      if (reason !== undefined) because.set(operation, reason);
    }
    left = rest.filter((operation) => !because.has(operation));
  }
  return plan.operations.map((operation) => {
    const reason = because.get(operation);
    return settled.get(operation) ?? { operation, status: 'skipped', ms: 0, ...(reason === undefined ? {} : { because: reason }) };
  });
}

/**
 * Makes the function that says because of which object an operation is not to be tried.
 *
 * - What needs something that failed is not made, and what something that failed to go lives on is not removed.
 * - What a phase before was to guard or to mark is not touched without: a namespace whose mark could not be written, bridges whose filters were refused.
 * - What stands for others is taken away last, in `close`: filters, marks, the record. As long as anything of that namespace, or of the host
 *   anything at all, has failed, it stays.
 */
export function haltedBy(plan: Plan, failures: readonly Outcome[]): (operation: Operation) => Id | undefined {
  const homes = new Map<Id, string>([...plan.before, ...plan.changes].map(({ id, namespace }) => [id, namespace]));
  const homeOf = (id: Id): string => homes.get(id) ?? HOST;
  const reasons = new Map<Id, Id>(failures.map(({ operation }) => [operation.resource, operation.resource]));
  const unguarded = new Map<string, Id>();
  for (const { operation } of failures) {
    if (operation.phase === 'mark' || operation.phase === 'guard') unguarded.set(homeOf(operation.resource), operation.resource);
  }
  for (const { id, namespace } of plan.changes) {
    // The record is kept for the host as a whole: without it no value from before could be put back.
    const reason = unguarded.get(namespace) ?? unguarded.get(HOST);
    if (reason !== undefined && !reasons.has(id)) reasons.set(id, reason);
  }
  spread(plan, reasons);
  const troubled = new Map([...reasons.keys()].map((id) => [homeOf(id), reasons.get(id) ?? id]));
  return ({ resource, phase }) => {
    const own = reasons.get(resource);
    if (own !== undefined) return own;
    if (phase !== 'close') return undefined;
    const home = homeOf(resource);
    return home === HOST ? [...troubled.values()][0] : troubled.get(home);
  };
}

function spread(plan: Plan, reasons: Map<Id, Id>): void {
  const doomed = new Set(plan.changes.filter(({ action }) => action === 'delete').map(({ id }) => id));
  const pairs = [...(plan.dependence ?? [])].flatMap(([id, foundations]) => foundations.map((foundation) => [id, foundation] as const));
  const inherit = (to: Id, from: Id): boolean => {
    const reason = reasons.get(from);
    if (reason === undefined || reasons.has(to)) return false;
    reasons.set(to, reason);
    return true;
  };
  for (let grown = true; grown; ) {
    grown = false;
    for (const [id, foundation] of pairs) {
      const grew = doomed.has(id) ? doomed.has(foundation) && inherit(foundation, id) : inherit(id, foundation);
      grown ||= grew;
    }
  }
}
