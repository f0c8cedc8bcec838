import type { Kernel } from '../model/kernel.ts';
import type { PendingTopology } from '../model/pending.ts';
import type { Report } from '../model/report.ts';
import { goBack } from './apply.ts';
import { planRevert } from './plan.ts';

/** Brings back what was before a change that has ended, and says what still differs. Throws where the host could not be read. */
export async function revert(kernel: Kernel, { before, topology }: PendingTopology): Promise<Report> {
  const started = performance.now();
  const plan = await planRevert(kernel, before, topology);
  const remaining = await goBack(kernel, () => planRevert(kernel, before, topology));
  return {
    plan: { ...plan, ...(topology ? { file: topology.file } : {}) },
    status: remaining.length === 0 ? 'rolled-back' : 'partial',
    ...(remaining.length === 0 ? {} : { cause: 'not-rolled-back' as const, error: new Error('not all could be brought back') }),
    outcomes: [],
    remaining,
    warnings: [],
    ms: performance.now() - started,
  };
}
