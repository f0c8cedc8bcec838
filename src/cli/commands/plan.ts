import type { Remark } from '../../model/report.ts';
import type { Plan } from '../../model/resource.ts';
import { plansJson, plansWarnings } from '../../render/json.ts';
import { isIdle, renderPlans } from '../../render/plan.ts';
import { remarkOf, remarksOfError } from '../../render/remark.ts';
import type { Context, Run } from '../context.ts';
import { tellBlockers } from '../converge.ts';
import { EXIT, worst } from '../exit.ts';
import { codeOf, tellError, usageError } from '../failure.ts';
import { STDIN } from '../files.ts';
import { loadSources } from '../load.ts';
import { type Made, savePlans } from '../saved/save.ts';

export const run: Run = async (context, targets) => {
  const { flags, host } = context;
  if (flags.script && flags.json) throw usageError('--script and --json exclude each other', 'the document of --json holds no commands');
  if (flags.out === STDIN) throw usageError('a plan is saved to a file, not to standard output', '--json prints the plan');
  const { topologies, sources } = await loadSources(targets, context);
  const made: Made[] = [];
  const errors: Remark[] = [];
  const codes: number[] = [];
  const failed = (error: unknown): void => {
    tellError(error, context);
    errors.push(...remarksOfError(error));
    codes.push(codeOf(error) ?? EXIT.error);
  };
  for (const topology of topologies) {
    try {
      const plan = await host.plan(topology, { adopt: flags.adopt === true });
      made.push({ topology, source: sources.get(topology.file) ?? '', plan });
      codes.push(codeOfPlan(plan));
    } catch (error) {
      failed(error);
    }
  }
  const plans = made.map(({ plan }) => plan);
  if (flags.script) await printScript(plans, context);
  else if (!flags.quiet && plans.length > 0) context.print(renderPlans(plans, await host.describe(), context.out));
  tellRest(plans, context);
  const saved = flags.out !== undefined && errors.length === 0 && (await save(made, flags.out, failed, context));
  if (flags.json) context.document({ ...plansJson(plans), out: saved ? flags.out : null }, errors, plansWarnings(plans));
  return worst(codes);
};

function codeOfPlan(plan: Plan): number {
  if (plan.blockers.length > 0) return EXIT.error;
  return plan.changes.length > 0 ? EXIT.changes : EXIT.ok;
}

async function save(made: readonly Made[], file: string, failed: (error: unknown) => void, context: Context): Promise<boolean> {
  try {
    await savePlans(made, file, context);
  } catch (error) {
    failed(error);
    return false;
  }
  context.tell({ code: '', message: `saved to ${file}`, hint: `netloom apply --plan ${file}` }, 'note');
  return true;
}

async function printScript(plans: readonly Plan[], context: Context): Promise<void> {
  const script = await context.host.script(plans.filter((plan) => plan.changes.length > 0));
  context.print(script.trimEnd());
}

/** What the plan's text does not hold: the warnings of a plan without changes, and blockers where the text is not printed. */
function tellRest(plans: readonly Plan[], context: Context): void {
  const printed = !context.flags.script && !context.flags.quiet;
  for (const plan of plans) {
    if (isIdle(plan) || !printed) for (const warning of plan.warnings) context.tell(remarkOf(warning), 'warning');
    if (!printed || context.flags.json) tellBlockers(plan, context);
  }
}
