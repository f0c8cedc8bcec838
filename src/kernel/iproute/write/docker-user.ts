import { FAMILIES } from '../../../model/ip.ts';
import { dockerUserRule } from '../../../model/marks.ts';
import type { Operation, Step } from '../../../model/operation.ts';
import { HOST } from '../../../model/topology.ts';
import { ifname, topologyName } from '../../checked.ts';
import type { RunProgram } from '../../program.ts';
import { placeFor } from '../firewall/docker-user.ts';
import { IPTABLES, LOCK_WAIT } from '../firewall/read.ts';
import { type Settled, stepError } from './result.ts';

export type DockerUserStep = Extract<Step, { do: 'docker-user-add' | 'docker-user-delete' }>;

const ruleOf = (step: DockerUserStep): string =>
  dockerUserRule({
    ...step,
    topology: topologyName(step.topology),
    bridge: ifname(step.bridge),
    ...(step.past === undefined ? {} : { past: ifname(step.past) }),
  });

/** The host's own, or that of the old tables where the chain is there. */
const toolOf = ({ family, legacy }: DockerUserStep): string => `${IPTABLES[family]}${legacy ? '-legacy' : ''}`;

/** Where a rule goes in, in a shell: see `placeFor`. */
const PLACE = `awk '/^-A DOCKER-USER (-m comment --comment ("[^"]*"|[^ ]+) )?-j (ACCEPT|DROP|REJECT|RETURN)( |$)/{exit} /^-A/{n++} END{print n+1}'`;

/** The same for a script, in which every step looks for its place anew. */
export function dockerUserCommand(step: DockerUserStep): string {
  const iptables = [toolOf(step), ...LOCK_WAIT].join(' ');
  return step.do === 'docker-user-add'
    ? `${iptables} -I DOCKER-USER "$(${iptables} -S DOCKER-USER | ${PLACE})" ${ruleOf(step)}`
    : `${iptables} -D DOCKER-USER ${ruleOf(step)}`;
}

/** Lines for iptables-restore, given the chain as it is now: `-A DOCKER-USER …`. What goes does so before the places are counted. */
export function dockerUserLines(steps: readonly DockerUserStep[], chain: readonly string[]): string[] {
  const left = [...chain];
  return steps.map((step) => {
    const rule = ruleOf(step);
    if (step.do === 'docker-user-add') {
      const place = placeFor(left);
      left.splice(place - 1, 0, `-A DOCKER-USER ${rule}`);
      return `-I DOCKER-USER ${place} ${rule}`;
    }
    const index = left.indexOf(`-A DOCKER-USER ${rule}`);
    if (index !== -1) left.splice(index, 1);
    return `-D DOCKER-USER ${rule}`;
  });
}

/** One transaction for each family, through the host's own iptables: rules that nft put there it could not print again. */
export async function changeDockerUser(run: RunProgram, operations: readonly Operation[]): Promise<Settled> {
  const settled: Settled = new Map();
  for (const family of FAMILIES) {
    const own = operations.filter(({ step }) => 'family' in step && step.family === family);
    const steps = own.flatMap(({ step }) => (step.do === 'docker-user-add' || step.do === 'docker-user-delete' ? step : []));
    const [first] = steps;
    if (first === undefined) continue;
    const listing = [toolOf(first), ...LOCK_WAIT, '-S', 'DOCKER-USER'];
    const listed = await run(listing);
    const lines = dockerUserLines(
      steps,
      listed.stdout.split('\n').filter((line) => line.startsWith('-A ')),
    );
    const argv = [`${toolOf(first)}-restore`, ...LOCK_WAIT, '--noflush'];
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
