import { createIprouteKernel } from '../../src/kernel/iproute/kernel.ts';
import type { Report } from '../../src/model/report.ts';
import type { Plan } from '../../src/model/resource.ts';
import type { Topology } from '../../src/model/topology.ts';
import { applyPlan } from '../../src/pipeline/apply.ts';
import { planDestroy, planRevert, planTopology } from '../../src/pipeline/plan.ts';
import { loadTopology } from '../../src/topology/load.ts';
import { linesOf } from './converge.ts';
import { run } from './sandbox.ts';

export const kernel = createIprouteKernel();

export const load = (text: string, file = 'lab.yaml'): Topology => loadTopology(text, file);

export const planOf = (topology: Topology): Promise<Plan> => planTopology(kernel, topology, { adopt: false });

/** What a plan would do, as lines. */
export const changesOf = async (topology: Topology): Promise<string[]> => linesOf(await planOf(topology));

/** Removes a topology by its name alone; the report that `netloom destroy` would print. */
export async function destroy(name: string, options: { force?: boolean } = {}, on = kernel): Promise<Report> {
  const replan = () => planDestroy(on, name, options);
  const plan = await replan();
  return applyPlan(on, plan, { replan, revert: () => planRevert(on, plan, undefined) });
}

/** `namespace:interface` → ifindex, of the host and every name under /run/netns. */
export async function indexes(): Promise<Map<string, number>> {
  const names = (await run('ip', 'netns', 'list')).split('\n').flatMap((line) => line.split(' ')[0] || []);
  const all = await Promise.all(
    ['host', ...names].map(async (name) => {
      const links = JSON.parse(await run('ip', ...(name === 'host' ? [] : ['-n', name]), '-j', 'link', 'show')) as Record<
        string,
        unknown
      >[];
      return links.map((link) => [`${name}:${link.ifname}`, Number(link.ifindex)] as const);
    }),
  );
  return new Map(all.flat());
}
