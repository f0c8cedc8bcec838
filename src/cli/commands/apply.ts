import type { Report } from '../../model/report.ts';
import type { Topology } from '../../model/topology.ts';
import type { Confirmation } from '../confirmation/arm.ts';
import { confirmationOf, tellPending } from '../confirmation/ask.ts';
import type { Context, Run } from '../context.ts';
import { converge, showOnce } from '../converge.ts';
import { usageError } from '../failure.ts';
import { loadValid } from '../load.ts';
import { applySaved } from '../saved/apply.ts';
import { exclusivelyAgreed } from '../session.ts';
import { createTally } from '../tally.ts';

export const run: Run = async (context, targets) => {
  const { plan, adopt } = context.flags;
  if (typeof plan !== 'string') return applyFiles(targets, context);
  if (targets.length > 0) throw usageError('--plan and targets exclude each other', 'the saved plan holds its topologies');
  if (adopt) throw usageError('--plan and --adopt exclude each other', 'say --adopt when the plan is made');
  return applySaved(plan, context);
};

async function applyFiles(targets: readonly string[], context: Context): Promise<number> {
  const topologies = await loadValid(targets, context);
  const tally = createTally(context);
  const confirmation = await confirmationOf(context);
  const way: Way = { alone: topologies.length === 1, ...(confirmation ? { confirmation } : {}) };
  for (const topology of topologies) await tally.addChecked(topology, () => applyOne(topology, way, context));
  return tally.finish(await tellPending(confirmation, context));
}

/** What the topologies of one run have in common. */
interface Way {
  /** There is only one. */
  readonly alone: boolean;
  readonly confirmation?: Confirmation;
}

async function applyOne(topology: Topology, { alone, ...way }: Way, context: Context): Promise<Report> {
  const describe = await context.host.describe();
  const show = showOnce(alone, describe, context);
  return exclusivelyAgreed(context, async (host, consent) => {
    const replan = () => host.plan(topology, { adopt: context.flags.adopt === true });
    const plan = await replan();
    show(plan);
    if (await consent.isMissing([plan])) return undefined;
    return converge(plan, { host, topology, replan, ...way }, describe, context);
  });
}
