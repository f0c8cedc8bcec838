import { type Host, realHost } from '../../../src/cli/host.ts';
import type { Kernel } from '../../../src/model/kernel.ts';
import type { Report } from '../../../src/model/report.ts';
import type { Plan } from '../../../src/model/resource.ts';
import { applyPlan } from '../../../src/pipeline/apply.ts';
import { planRevert } from '../../../src/pipeline/plan.ts';
import { netloom, type Said } from '../command-line.ts';

/** What goes wrong between a plan and its end. */
export interface Trouble {
  /** What somebody else does once netloom has planned. */
  meanwhile?(): Promise<unknown>;
  /** What carries operations out, in place of the host's own. */
  readonly kernel?: Kernel;
}

export interface Troubled extends Said {
  readonly plan?: Plan;
  readonly report?: Report;
}

/** Runs a command line on this sandbox, with its trouble; also gives the plan that was carried out, and the report. */
export async function netloomIn(trouble: Trouble, line: string): Promise<Troubled> {
  let known: Pick<Troubled, 'plan' | 'report'> = {};
  const troubled = (host: Host): Host => ({
    ...host,
    exclusive: (work, patience) => host.exclusive((held) => work(troubled(held)), patience),
    apply: async (plan, options) => {
      await trouble.meanwhile?.();
      const { kernel } = trouble;
      const { topology, keepGoing, confirmation: _, ...rest } = options;
      const report =
        kernel === undefined
          ? await host.apply(plan, options)
          : await applyPlan(kernel, plan, keepGoing ? rest : { ...rest, revert: () => planRevert(kernel, plan, topology) });
      known = { plan, report };
      return report;
    },
  });
  return { ...(await netloom(line, '/', {}, troubled(realHost('/')))), ...known };
}
