import { resolve } from 'node:path';
import { StalePlanError } from '../../model/errors.ts';
import type { Plan } from '../../model/resource.ts';
import type { Moved, SavedPlan, SavedTopology } from '../../model/saved.ts';
import type { Topology } from '../../model/topology.ts';
import { isIdle } from '../../render/plan.ts';
import { confirmationOf, tellPending } from '../confirmation/ask.ts';
import type { Context } from '../context.ts';
import { converge, showOnce } from '../converge.ts';
import { exists, readSource, STDIN } from '../files.ts';
import type { Host } from '../host.ts';
import { recordRefusal } from '../record.ts';
import { exclusivelyAgreed } from '../session.ts';
import { createTally } from '../tally.ts';
import { versionText } from '../version.ts';
import { parsePlan, sha256 } from './format.ts';

/** One topology of a saved plan, on this host. */
interface Step {
  readonly saved: SavedTopology;
  readonly topology: Topology;
  /** What is to be done today: what was agreed to. */
  readonly plan: Plan;
}

/**
 * Carries out a saved plan where nothing that it was made from has moved. All of that is found out before anything changes, and under one
 * lock with it; then each topology is a transaction of its own, as with files. Throws StalePlanError, and HostError for a file that is no plan.
 */
export async function applySaved(file: string, context: Context): Promise<number> {
  const saved = parsePlan(new TextDecoder().decode(await readSource(file, context.io)), file);
  const topologies = await topologiesOf(saved, context);
  const describe = await context.host.describe();
  const show = showOnce(topologies.length === 1, describe, context);
  return exclusivelyAgreed(context, async (host, consent) => {
    const steps = await stepsOf(topologies, saved, host, context).catch(async (error: unknown) => {
      for (const topology of topologies) await recordRefusal({ ...topology, topology }, error, host, context);
      throw error;
    });
    for (const { plan } of steps) show(plan);
    if (await consent.isMissing(steps.map(({ plan }) => plan))) return undefined;
    const tally = createTally(context);
    const confirmation = await confirmationOf(context);
    for (const [index, { saved: one, topology, plan: first }] of steps.entries()) {
      await tally.addChecked(topology, async () => {
        const replan = () => planOf(one, topology, host);
        // What goes before may have done a part of it: the host's forwarding is wanted by more than one.
        const plan = index === 0 ? first : await replan();
        show(plan);
        return converge(plan, { host, topology, replan, ...(confirmation ? { confirmation } : {}) }, describe, context);
      });
    }
    return tally.finish(await tellPending(confirmation, context));
  });
}

async function stepsOf(topologies: readonly Topology[], saved: SavedPlan, host: Host, context: Context): Promise<Step[]> {
  const { movedSince } = await import('../../pipeline/saved.ts');
  const moved: Moved[] = [];
  const steps: Step[] = [];
  for (const [index, one] of saved.topologies.entries()) {
    const topology = topologies[index];
    if (topology === undefined) continue;
    moved.push(...(await movedFile(one, topology.file, context)));
    const plan = await planOf(one, topology, host);
    moved.push(...movedSince(one, plan));
    steps.push({ saved: one, topology, plan });
  }
  if (moved.length > 0) throw new StalePlanError(moved, hintFor(steps, saved));
  return steps;
}

function hintFor(steps: readonly Step[], { made, version }: SavedPlan): string {
  if (steps.every(({ plan }) => isIdle(plan))) return 'the host is already as the plan would make it';
  const other = version === versionText() ? '' : ` by netloom ${version} (this is ${versionText()})`;
  return `it was made at ${made}${other}; look at \`netloom plan\` and save it anew`;
}

/** The topologies of a plan. Their file is where it is found on this host; standard input, which is nowhere, where it is not. */
async function topologiesOf({ topologies }: SavedPlan, context: Context): Promise<Topology[]> {
  const { loadTopology } = await import('../../topology/load.ts');
  return Promise.all(
    topologies.map(async (one) => ({ ...loadTopology(one.source, one.file), file: (await placeOf(one, context.io.cwd)) ?? STDIN })),
  );
}

/** Where the file is: where it was, or by the same relative path from here, as in another checkout of the same repository. */
async function placeOf({ file, path }: SavedTopology, cwd: string): Promise<string | undefined> {
  if (path === undefined) return undefined;
  if (await exists(path, cwd)) return path;
  return (await exists(file, cwd)) ? resolve(cwd, file) : undefined;
}

/** A file that is not on this host has not moved: the plan holds its text. */
async function movedFile({ name, digest }: SavedTopology, file: string, { io }: Context): Promise<Moved[]> {
  if (file === STDIN) return [];
  const is = sha256(await readSource(file, io));
  return is === digest ? [] : [{ what: 'file', topology: name, file, was: digest, is }];
}

/** People are shown the path that was given when the plan was made. */
const planOf = async ({ adopt, file }: SavedTopology, topology: Topology, host: Host): Promise<Plan> => ({
  ...(await host.plan(topology, { adopt })),
  file,
});
