import type { Operation } from '../../../model/operation.ts';
import { sysctlPath, sysctlValue } from '../../checked.ts';
import { mapConcurrently } from '../../concurrency.ts';
import type { RunProgram } from '../../program.ts';
import { type Visit, type VisitResult, visit, WIDTH } from '../drivers/visit.ts';
import { type Command, commandsOf, settleBatch } from './ip-batch.ts';
import { runNft } from './nft.ts';
import { type Settled, stepError, toError } from './result.ts';

const ARGV = ['ip', '-batch', '-'];

type Result = VisitResult<readonly string[]>;

/** What is left to do in one namespace. */
interface Job {
  readonly namespace: string;
  readonly sysctls: readonly Operation[];
  readonly commands: readonly Command[];
}

/**
 * Carries out groups in namespaces other than the host's, at most WIDTH at once, with one `ip` for each namespace. A failure in one does
 * not stop the others; the first sysctl that cannot be written ends its namespace's part. An `ip` that stumbles over what is gone already is started again after that line.
 */
export async function runNamespaces(
  run: RunProgram,
  groups: readonly { readonly namespace: string; readonly operations: readonly Operation[] }[],
): Promise<Settled> {
  const settled: Settled = new Map();
  const translated = await mapConcurrently(groups, WIDTH, async (group) => ({ group, done: await translate(run, group, settled) }));
  let jobs = translated.flatMap(({ group, done }) => (done ? [jobOf(group.namespace, group.operations)] : []));
  while (jobs.length > 0) {
    const visits = new Map(jobs.map((job) => [visitOf(job), job]));
    const results = await visit(run, ARGV, [...visits.keys()], ({ lines }) => lines);
    jobs = [...results].flatMap(([one, result]) => {
      const job = visits.get(one);
      return job === undefined ? [] : settleJob(job, result, settled);
    });
  }
  return settled;
}

/** The group's one nft transaction, before all else; false where that failed, and the rest is not to be tried. */
async function translate(
  run: RunProgram,
  { namespace, operations }: { readonly namespace: string; readonly operations: readonly Operation[] },
  settled: Settled,
): Promise<boolean> {
  const foreign = operations.find(({ step }) => step.do === 'conntrack-flush' || step.do === 'conntrack-cut');
  if (foreign !== undefined) {
    settled.set(foreign, new Error("connections are tracked in the host's namespace only"));
    return false;
  }
  const nft = operations.filter(({ step }) => step.do === 'nft');
  if (nft.length === 0) return true;
  const outcome = await runNft(run, nft, namespace);
  for (const [operation, error] of outcome) settled.set(operation, error);
  return [...outcome.values()].every((error) => error === undefined);
}

const jobOf = (namespace: string, operations: readonly Operation[]): Job => ({
  namespace,
  sysctls: operations.filter(({ step }) => step.do === 'sysctl'),
  commands: commandsOf(operations),
});

const visitOf = ({ namespace, sysctls, commands }: Job): Visit => ({
  namespace,
  settings: sysctls.flatMap(({ step }) => (step.do === 'sysctl' ? [`${sysctlPath(step.path)}=${sysctlValue(step.value)}`] : [])),
  lines: commands.map(({ line }) => line),
});

/** Returns what is left of the job. */
function settleJob(job: Job, result: Result, settled: Settled): Job[] {
  const { namespace, sysctls, commands } = job;
  const failed = /^sysctl (\d+)$/.exec(result.found?.find((line) => line.startsWith('sysctl ')) ?? '')?.[1];
  if (failed !== undefined) {
    const at = Number(failed) - 1;
    sysctls.forEach((operation, index) => {
      if (index < at) settled.set(operation, undefined);
      else if (index === at) settled.set(operation, sysctlError(operation, namespace, result));
    });
    return [];
  }
  if (result.exitCode !== 0 && !result.stderr.includes('Command failed -:')) {
    const first = sysctls[0] ?? commands[0]?.operation;
    if (first) settled.set(first, stepError(ARGV, namespace, result.exitCode, result.stderr));
    return [];
  }
  for (const operation of sysctls) settled.set(operation, undefined);
  const left = settleBatch(commands, result, namespace, settled);
  return left.length === 0 ? [] : [{ namespace, sysctls: [], commands: left }];
}

function sysctlError({ step }: Operation, namespace: string, { exitCode, stderr }: Result): Error {
  if (step.do !== 'sysctl') return toError(stderr);
  return stepError(['sysctl', '-w', `${step.path}=${step.value}`], namespace, exitCode, stderr);
}
