import type { Report } from '../model/report.ts';
import type { Plan } from '../model/resource.ts';
import type { Topology } from '../model/topology.ts';
import type { Describe } from '../render/change/entry.ts';
import { isIdle, renderBlockers, renderPlan, renderPlans } from '../render/plan.ts';
import { remarkOf } from '../render/remark.ts';
import { renderReport } from '../render/report.ts';
import type { Confirmation } from './confirmation/arm.ts';
import type { Context } from './context.ts';
import { EXIT } from './exit.ts';
import type { Host } from './host.ts';
import { interruptible } from './interrupt.ts';
import { createProgress } from './progress.ts';
import { recorded } from './record.ts';

/** Shows a plan. `alone`: it is the only one of this run, and `No changes.` says enough. */
export function showPlan(plan: Plan, alone: boolean, describe: Describe, context: Context): void {
  const { flags, out } = context;
  if (!flags.quiet) context.print(alone ? renderPlans([plan], describe, out) : renderPlan(plan, describe, out));
  if (flags.quiet || flags.json) tellBlockers(plan, context);
  if (isIdle(plan)) for (const warning of plan.warnings) context.tell(remarkOf(warning), 'warning');
}

/** The same for what may be planned again: shows a topology's plan only where it is not what was shown of it last. */
export function showOnce(alone: boolean, describe: Describe, context: Context): (plan: Plan) => void {
  const shown = new Map<string, Plan>();
  return (plan) => {
    const last = shown.get(plan.topology);
    if (last === undefined || textOf(last) !== textOf(plan)) showPlan(plan, alone, describe, context);
    shown.set(plan.topology, plan);
  };
}

const textOf = ({ changes, blockers }: Plan): string => JSON.stringify([changes, blockers]);

/** Says what is in the way where the plan's text is not printed. */
export function tellBlockers(plan: Plan, { io, err }: Context): void {
  if (plan.blockers.length > 0) io.stderr.write(`${renderBlockers(plan.blockers, 'error', err).join('\n')}\n`);
}

/** How a plan came about, to make it again. */
export interface Source {
  /** The one that holds the lock. */
  readonly host: Host;
  readonly topology?: Topology;
  readonly confirmation?: Confirmation;
  replan(): Promise<Plan>;
}

/** Carries a plan out, with progress on a terminal, records it, and says what became of it. Ctrl-C stops after the batch at hand. */
export async function converge(plan: Plan, { host, ...source }: Source, describe: Describe, context: Context): Promise<Report> {
  const progress = createProgress(context);
  try {
    const onProgress = progress.update;
    const { topology } = source;
    const file = topology?.file ?? plan.file;
    const undertaking = { name: plan.topology, ...(file === undefined ? {} : { file }), ...(topology ? { topology } : {}) };
    const report = await recorded(plan, undertaking, host, context, () =>
      interruptible(context, (signal) => host.apply(plan, { ...source, signal, onProgress, keepGoing: context.flags.keepGoing === true })),
    );
    progress.clear();
    tellReport(report, describe, context);
    return report;
  } finally {
    progress.clear();
  }
}

function tellReport(report: Report, describe: Describe, context: Context): void {
  const known = new Set(report.plan.warnings.map((warning) => `${warning.code} ${warning.message}`));
  for (const warning of report.warnings) {
    if (!known.has(`${warning.code} ${warning.message}`)) context.tell(remarkOf(warning), 'warning');
  }
  switch (report.status) {
    case 'unchanged':
    case 'converged':
      if (!context.flags.quiet) context.print(renderReport(report, describe, context.out));
      return;
    case 'blocked':
    case 'rolled-back':
    case 'partial':
      // Said under -q and --json too: this is what went wrong.
      context.io.stderr.write(`${renderReport(report, describe, context.err)}\n`);
      return;
  }
  report.status satisfies never;
}

export function codeOfReport(report: Report): number {
  switch (report.status) {
    case 'unchanged':
    case 'converged':
      return EXIT.ok;
    case 'blocked':
      return EXIT.error;
    case 'rolled-back':
      return EXIT.rolledBack;
    case 'partial':
      return EXIT.partial;
  }
  return report.status satisfies never;
}
