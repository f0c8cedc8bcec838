import type { Operation } from '../../../model/operation.ts';
import { namespaceName, sysctlPath, sysctlValue } from '../../checked.ts';
import { mapConcurrently } from '../../concurrency.ts';
import type { RunProgram } from '../../program.ts';
import { type Visit, type VisitResult, visit, WIDTH, WORD_MAX } from '../drivers.ts';
import { batchText, type Command, commandsOf, settleBatch } from './ip-batch.ts';
import { runNft } from './nft.ts';
import { type Settled, stepError, toError } from './result.ts';

/**
 * Writes the sysctls of $1 (path=value, a line each) with the shell's own printf, which makes it one write(2), then becomes `ip` with the
 * lines of $2. The first sysctl that fails is tried again by tee, which names the errno, and ends it: `sysctl N` on standard output.
 */
const WRITE_SYSCTLS = `IFS='
'; set -f; n=0
for pair in $1; do
  n=$((n+1)); path=/proc/sys/\${pair%%=*}; value=\${pair#*=}
  { printf '%s' "$value" > "$path"; } 2>/dev/null || printf '%s' "$value" | tee "$path" >/dev/null || { echo "sysctl $n"; exit 3; }
done
`;
const WRITE = `${WRITE_SYSCTLS}[ -z "$2" ] || exec ip -batch - <<LINES
$2
LINES`;
/** The same for a batch too long for an argument: it comes on standard input. */
const WRITE_LONG = `${WRITE_SYSCTLS}exec ip -batch -`;

/** What is left to do in one namespace. */
interface Job {
  readonly namespace: string;
  readonly sysctls: readonly Operation[];
  readonly commands: readonly Command[];
}

/**
 * Carries out groups in namespaces other than the host's, at most WIDTH at once, with one nsenter for each namespace. A failure in one does
 * not stop the others. An `ip` that stumbles over what is gone already is started again after that line.
 */
export async function runNamespaces(
  run: RunProgram,
  groups: readonly { readonly namespace: string; readonly operations: readonly Operation[] }[],
): Promise<Settled> {
  const settled: Settled = new Map();
  const translated = await mapConcurrently(groups, WIDTH, async (group) => ({ group, done: await translate(run, group, settled) }));
  let jobs = translated.flatMap(({ group, done }) => (done ? [jobOf(group.namespace, group.operations)] : []));
  while (jobs.length > 0) {
    const results = await runJobs(run, jobs);
    jobs = jobs.flatMap((job) => {
      const result = results.get(job);
      return result === undefined ? [] : settleJob(job, result, settled);
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

async function runJobs(run: RunProgram, jobs: readonly Job[]): Promise<Map<Job, VisitResult>> {
  const results = new Map<Job, VisitResult>();
  const short = new Map<Visit, Job>();
  for (const job of jobs) {
    const words = [sysctlsWord(job), batchText(job.commands).trimEnd()] as const;
    if (Buffer.byteLength(words[1]) <= WORD_MAX) short.set({ namespace: job.namespace, words }, job);
    else results.set(job, await runLong(run, job.namespace, words));
  }
  for (const [one, result] of await visit(run, WRITE, [...short.keys()])) {
    const job = short.get(one);
    if (job) results.set(job, result);
  }
  return results;
}

async function runLong(run: RunProgram, namespace: string, [sysctls, lines]: readonly [string, string]): Promise<VisitResult> {
  const argv = ['nsenter', `--net=/run/netns/${namespaceName(namespace)}`, 'sh', '-c', WRITE_LONG, 'sh', sysctls];
  const { exitCode, stdout, stderr } = await run(argv, { input: `${lines}\n` });
  return { exitCode: exitCode ?? 255, stdout: stdout.split('\n'), stderr };
}

function sysctlsWord({ sysctls }: Job): string {
  const word = sysctls.map(({ step }) => (step.do === 'sysctl' ? `${sysctlPath(step.path)}=${sysctlValue(step.value)}` : '')).join('\n');
  if (word.length > WORD_MAX) throw new Error('too many sysctls for one namespace');
  return word;
}

/** Returns what is left of the job. */
function settleJob(job: Job, result: VisitResult, settled: Settled): Job[] {
  const { namespace, sysctls, commands } = job;
  const failed = /^sysctl (\d+)$/.exec(result.stdout.find((line) => line.startsWith('sysctl ')) ?? '')?.[1];
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
    const argv = ['nsenter', `--net=/run/netns/${namespace}`, 'ip', '-batch', '-'];
    if (first) settled.set(first, stepError(argv, namespace, result.exitCode, result.stderr));
    return [];
  }
  for (const operation of sysctls) settled.set(operation, undefined);
  const left = settleBatch(commands, result, namespace, settled);
  return left.length === 0 ? [] : [{ namespace, sysctls: [], commands: left }];
}

function sysctlError({ step }: Operation, namespace: string, { exitCode, stderr }: VisitResult): Error {
  if (step.do !== 'sysctl') return toError(stderr);
  return stepError(['sysctl', '-w', `${step.path}=${step.value}`], namespace, exitCode, stderr.replace(/^tee: /, ''));
}
