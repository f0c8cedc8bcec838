import { HostError } from '../../../model/errors.ts';
import type { AttachState } from '../../../model/snapshot.ts';
import { containerName } from '../../checked.ts';
import type { ProgramResult, RunProgram } from '../../program.ts';
import { isFields } from '../read/edge.ts';

/** Why there is nothing to attach to. */
export type Refusal = Extract<AttachState, { found: false }>;

/** Asked in this order; the first that knows the container is believed. */
const ENGINES = ['docker', 'podman'] as const;

/** A daemon that does not answer must not hold a plan up for ever. */
const TIMEOUT_MS = 10_000;

/** The process that keeps a container's namespace, by the word of its engine's command line. */
export async function askEngines(run: RunProgram, container: string, signal?: AbortSignal): Promise<number | Refusal> {
  const refusals: Refusal[] = [];
  for (const engine of ENGINES) {
    const answer = await ask(run, engine, container, signal);
    if (typeof answer === 'number' || answer?.code === 'E_ATTACH_STOPPED') return answer;
    if (answer !== undefined) refusals.push(answer);
  }
  // An engine that cannot be asked leaves open what one that can says there is not.
  return (
    refusals.find(({ code }) => code === 'E_ATTACH_ENGINE') ??
    refusals[0] ?? {
      found: false,
      code: 'E_ATTACH_ENGINE',
      message: `neither docker nor podman is installed here, to be asked for the container ${container}`,
      hint: 'install one of them, or attach by process or path: attach: { pid: … } or { path: /proc/…/ns/net }',
    }
  );
}

/** Undefined where the engine is not installed. */
async function ask(run: RunProgram, engine: string, container: string, signal?: AbortSignal): Promise<number | Refusal | undefined> {
  const argv = [engine, 'inspect', '--type', 'container', '--format', '{{json .State}}', containerName(container)];
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  let result: ProgramResult;
  try {
    result = await run(argv, { signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]) });
  } catch (error) {
    if (error instanceof HostError && error.code === `E_NO_${engine.toUpperCase()}`) return undefined;
    if (!timeout.aborted || signal?.aborted) throw error;
    return unanswered(engine, container, `no answer within ${TIMEOUT_MS / 1000} s`);
  }
  const stderr = result.stderr.trim().split('\n').at(-1) ?? '';
  if (result.exitCode !== 0) return /no such/i.test(stderr) ? absent(engine, container) : unanswered(engine, container, stderr);
  return pidOf(result.stdout, engine, container);
}

/** Reads `{{json .State}}` as both engines write it. */
export function pidOf(document: string, engine: string, container: string): number | Refusal {
  let state: unknown;
  try {
    state = JSON.parse(document);
  } catch {
    state = undefined;
  }
  if (!isFields(state)) return unanswered(engine, container, 'its answer is no JSON');
  const { Pid: pid, Status: status } = state;
  if (typeof pid === 'number' && Number.isInteger(pid) && pid > 0) return pid;
  return {
    found: false,
    code: 'E_ATTACH_STOPPED',
    message: `the container ${container} is not running (${engine} says: ${typeof status === 'string' ? status : 'no process'})`,
    hint: `start it: ${engine} start ${container}`,
  };
}

const absent = (engine: string, container: string): Refusal => ({
  found: false,
  code: 'E_ATTACH_ABSENT',
  message: `there is no container ${container}`,
  hint: `\`${engine} ps -a\` lists those that there are; start it with --network none, or correct the name`,
});

const unanswered = (engine: string, container: string, reason: string): Refusal => ({
  found: false,
  code: 'E_ATTACH_ENGINE',
  message: `${engine} cannot be asked for the container ${container}: ${reason}`,
  hint: 'is its daemon running? Otherwise attach by process or path: attach: { pid: … } or { path: /proc/…/ns/net }',
});
