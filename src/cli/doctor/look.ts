import { examine } from '../../kernel/doctor/examine.ts';
import { createFakeKernel } from '../../kernel/fake/index.ts';
import { type Blocker, HostError, StepError } from '../../model/errors.ts';
import type { Finding } from '../../model/health.ts';
import type { Kernel } from '../../model/kernel.ts';
import type { Plan } from '../../model/resource.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Topology } from '../../model/topology.ts';
import { diagnose, ownLinks } from '../../pipeline/doctor/diagnose.ts';
import { planTopology } from '../../pipeline/plan.ts';
import { stepMessage } from '../../render/remark.ts';
import type { Host } from '../host.ts';
import { sampleTopology } from './sample.ts';

/** Looks at all that a host must have, for these topologies or, without any, for every one. Changes nothing. */
export async function look(kernel: Kernel, host: Host, topologies: readonly Topology[]): Promise<Finding[]> {
  const sample = sampleTopology();
  const snapshot = await readHost(kernel);
  const devices =
    'code' in snapshot ? new Map<number, string>() : new Map(ownLinks(snapshot).map(({ ifindex, ifname }) => [ifindex, ifname]));
  const examination = await examine({ table: await tableOf(sample), devices });
  const readable = !('code' in snapshot);
  const plans = readable
    ? await Promise.all(topologies.map(async (topology) => ({ topology, plan: await host.plan(topology, { adopt: false }) })))
    : [];
  return diagnose({
    examination,
    snapshot,
    log: await readLog(host),
    confirmations: await host.confirmations(),
    plans,
    ...(readable && topologies.length === 0 ? { sample: await planTopology(kernel, sample, { adopt: false }) } : {}),
  });
}

/** The lines of nft that make the table of a topology, from a plan for an empty host. */
async function tableOf(topology: Topology): Promise<string[]> {
  const { operations }: Plan = await planTopology(createFakeKernel(), topology, { adopt: false });
  return operations.flatMap(({ step }) => (step.do === 'nft' ? step.lines : []));
}

async function readHost(kernel: Kernel): Promise<Snapshot | Blocker> {
  try {
    return await kernel.dump({ topologies: 'all', namespaces: [], sysctls: new Map(), files: [], filters: true });
  } catch (error) {
    if (error instanceof HostError) return { code: error.code, message: error.message, hint: error.hint };
    if (!(error instanceof StepError)) throw error;
    return { code: 'E_STEP', message: stepMessage(error), hint: 'try the same command by hand' };
  }
}

/** One that may not be read is no leftover; whether it can be written is told elsewhere. */
async function readLog(host: Host): ReturnType<Host['auditLog']> {
  try {
    return await host.auditLog();
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return { path: '', entries: [], damaged: 0 };
  }
}
