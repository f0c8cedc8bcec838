import type { CheckResult } from '../model/report.ts';
import type { Topology } from '../model/topology.ts';
import { renderChecks, renderChecksSummary } from '../render/checks.ts';
import type { Context } from './context.ts';
import { EXIT } from './exit.ts';
import { interruptible } from './interrupt.ts';
import { createProgress } from './progress.ts';

/** A topology's checks, run. */
export interface Checked {
  readonly name: string;
  readonly results: readonly CheckResult[];
}

/** Runs a topology's checks and prints what came of them. */
export async function checkTopology(topology: Topology, context: Context): Promise<Checked> {
  if (topology.checks.length === 0) {
    context.tell({ code: '', message: `${topology.name} has no checks`, hint: 'a list `checks` in the file says what must hold' }, 'note');
    return { name: topology.name, results: [] };
  }
  const results: CheckResult[] = [];
  const progress = createProgress(context);
  await interruptible(context, async (signal) => {
    for await (const result of await context.host.check(topology, signal)) {
      results.push(result);
      const done = topology.checks.indexOf(result.check) + 1;
      progress.update(done, topology.checks.length, `${result.from}: ${result.to}`);
    }
  }).finally(progress.clear);
  const { flags, out } = context;
  const failed = results.some((result) => !result.passed);
  if (!flags.quiet || failed) context.print(renderChecks(results, out, flags.quiet));
  if (!flags.quiet) context.print(renderChecksSummary(results, out));
  return { name: topology.name, results };
}

export const codeOfChecks = ({ results }: Checked): number => (results.every((result) => result.passed) ? EXIT.ok : EXIT.checkFailed);
