import { HostError, TopologyError } from '../../model/errors.ts';
import type { Report } from '../../model/report.ts';
import type { Plan } from '../../model/resource.ts';
import { isIdle } from '../../render/plan.ts';
import { nearest, plural } from '../../render/text.ts';
import { confirm } from '../confirm.ts';
import type { Context, Run } from '../context.ts';
import { converge, showPlan } from '../converge.ts';
import { exclusively } from '../exclusive.ts';
import { EXIT } from '../exit.ts';
import { usageError } from '../failure.ts';
import { readSource } from '../files.ts';
import type { Host } from '../host.ts';
import { tellSession } from '../session.ts';
import { createTally } from '../tally.ts';
import { filesOf, isPath, nameIn } from '../targets.ts';

export const run: Run = async (context, targets) => {
  const { flags, host } = context;
  if (flags.all && targets.length > 0) throw usageError('--all and names exclude each other', 'say which, or --all alone');
  if (!flags.all && targets.length === 0) {
    throw usageError('what is to be destroyed?', 'name a topology or its file, or say --all; `netloom show -q` lists what is there');
  }
  const names = flags.all ? (await host.inventory()).topologies.map((topology) => topology.name) : await namesOf(targets, context);
  if (names.length === 0) context.tell({ code: '', message: 'netloom owns nothing here' }, 'note');
  const agreed = flags.yes ? undefined : await confirmed(names, context);
  if (agreed === 'no') return EXIT.error;
  const tally = createTally(context);
  for (const name of agreed?.keys() ?? names) await tally.add(() => destroyOne(name, agreed?.get(name), context));
  return tally.finish();
};

const planOf = (name: string, host: Host, { flags }: Context): Promise<Plan> => host.planDestroy(name, { force: flags.force === true });

const isAbsent = (plan: Plan): boolean => isIdle(plan) && plan.operations.length === 0;

/** Of the topologies that are there, what somebody has seen would go and has agreed to. */
async function confirmed(names: readonly string[], context: Context): Promise<ReadonlyMap<string, Plan> | 'no'> {
  const describe = await context.host.describe();
  const plans: Plan[] = [];
  for (const name of names) {
    const plan = await planOf(name, context.host, context);
    if (isAbsent(plan)) await tellAbsent(name, context);
    else plans.push(plan);
  }
  for (const plan of plans) {
    showPlan(plan, false, describe, context);
    await tellSession(plan, context);
  }
  // What is blocked will not be touched, so that there is nothing to ask.
  const ready = plans.filter((plan) => plan.blockers.length === 0);
  if (ready.length === 0 || (await confirm(questionOf(ready), context))) return new Map(plans.map((plan) => [plan.topology, plan]));
  context.aside('nothing was changed');
  return 'no';
}

/** Undefined where there is nothing. Plans under the lock, also after a question: that may be a while ago, and `agreed` no longer all that would go. */
async function destroyOne(name: string, agreed: Plan | undefined, context: Context): Promise<Report | undefined> {
  const describe = await context.host.describe();
  return exclusively(context, async (host) => {
    const replan = () => planOf(name, host, context);
    const plan = await replan();
    if (agreed !== undefined) ensureAgreed(agreed, plan);
    else {
      if (isAbsent(plan)) return tellAbsent(name, context);
      showPlan(plan, false, describe, context);
      await tellSession(plan, context);
    }
    return converge(plan, { host, replan }, describe, context);
  });
}

function ensureAgreed(agreed: Plan, now: Plan): void {
  const seen = new Set(agreed.changes.map(({ id }) => id));
  const more = now.changes.map(({ id }) => id).filter((id) => !seen.has(id));
  if (more.length === 0) return;
  const message = `${now.topology} has become more than you have agreed to remove: ${more.slice(0, 5).join(', ')}${more.length > 5 ? ' …' : ''}`;
  throw new HostError('E_PLAN_STALE', message, 'nothing of it was removed; destroy it again, and look');
}

const questionOf = (plans: readonly Plan[]): string => {
  const objects = plans.reduce((sum, plan) => sum + plan.changes.length, 0);
  return `Remove ${plans.map((plan) => plan.topology).join(', ')} (${plural(objects, 'object')}) from this host?`;
};

/** The names of the topologies that targets stand for, each once. Of a file only its name counts: it may have faults, or more than is there. */
async function namesOf(targets: readonly string[], context: Context): Promise<string[]> {
  const names: string[] = [];
  for (const target of targets) {
    if (!isPath(target)) names.push(target);
    else for (const file of await filesOf([target], context)) names.push(await nameOfFile(file, context));
  }
  return [...new Set(names)];
}

async function nameOfFile(file: string, context: Context): Promise<string> {
  const source = await readSource(file, context.io);
  const { loadTopology } = await import('../../topology/load.ts');
  try {
    return loadTopology(source, file).name;
  } catch (error) {
    const name = nameIn(source);
    if (!(error instanceof TopologyError) || name === undefined) throw error;
    context.tell({ code: '', message: `${file} has faults (\`netloom validate\` says which); only its name counts here` }, 'note');
    return name;
  }
}

async function tellAbsent(name: string, context: Context): Promise<undefined> {
  const meant = nearest(
    name,
    (await context.host.inventory()).topologies.map((topology) => topology.name),
  );
  context.tell({ code: '', message: `${name}: nothing of it is here`, ...(meant ? { hint: `did you mean ${meant}?` } : {}) }, 'note');
}
