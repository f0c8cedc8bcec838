import { FAMILIES } from '../../../model/ip.ts';
import { dockerUserRule } from '../../../model/marks.ts';
import type { Operation, Step } from '../../../model/operation.ts';
import { HOST } from '../../../model/topology.ts';
import { ifname, topologyName } from '../../checked.ts';
import type { RunProgram } from '../../program.ts';
import { IPTABLES, LOCK_WAIT } from '../read/filters.ts';
import { type Settled, stepError } from './result.ts';

export type DockerUserStep = Extract<Step, { do: 'docker-user-add' | 'docker-user-delete' }>;

/** As iptables-restore takes it. Ours go in front: the chain ends with a RETURN of Docker's. */
export function dockerUserLine(step: DockerUserStep): string {
  const rule = dockerUserRule({ ...step, topology: topologyName(step.topology), bridge: ifname(step.bridge) });
  return step.do === 'docker-user-add' ? `-I DOCKER-USER 1 ${rule}` : `-D DOCKER-USER ${rule}`;
}

/** One transaction for each family, through the host's own iptables: rules that nft put there it could not print again. */
export async function changeDockerUser(run: RunProgram, operations: readonly Operation[]): Promise<Settled> {
  const settled: Settled = new Map();
  for (const family of FAMILIES) {
    const own = operations.filter(({ step }) => 'family' in step && step.family === family);
    const lines = own.flatMap(({ step }) =>
      step.do === 'docker-user-add' || step.do === 'docker-user-delete' ? dockerUserLine(step) : [],
    );
    if (lines.length === 0) continue;
    const argv = [`${IPTABLES[family]}-restore`, ...LOCK_WAIT, '--noflush'];
    const { exitCode, stderr } = await run(argv, { input: `*filter\n${lines.join('\n')}\nCOMMIT\n` });
    if (exitCode === 0) for (const operation of own) settled.set(operation, undefined);
    else {
      const failed = own[Number(/line (\d+) failed/.exec(stderr)?.[1] ?? 2) - 2] ?? own[0];
      if (failed) settled.set(failed, stepError(argv, HOST, exitCode, stderr));
      break;
    }
  }
  return settled;
}
