import type { Operation } from '../../../model/operation.ts';
import { sysctlPath, sysctlValue } from '../../checked.ts';
import { mapConcurrently } from '../../concurrency.ts';
import type { RunProgram } from '../../program.ts';
import { refusalText } from '../../rtnetlink/refusal.ts';
import type { Request } from '../../rtnetlink/requests.ts';
import { requestsOf } from '../../rtnetlink/steps.ts';
import type { Printed } from '../drivers/output.ts';
import { type Tour, toursOf, type Visit, type VisitResult, visit, WIDTH } from '../drivers/visit.ts';
import { type BatchResult, type Command, commandsOf, resultOfIp, settleBatch } from './ip-batch.ts';
import { runNft } from './nft.ts';
import { type Settled, stepError, toError } from './result.ts';

const ARGV = ['ip', '-batch', '-'];

type Result = VisitResult<Printed>;

/** What is left to do in one namespace. */
interface Job {
  readonly namespace: string;
  readonly sysctls: readonly Operation[];
  readonly commands: readonly Command[];
  /** What is sent, each with the number of its command; undefined where `ip` has to do it. */
  readonly sent: readonly Sent[] | undefined;
}

interface Sent {
  readonly request: Request;
  readonly command: number;
}

/**
 * Carries out groups in namespaces other than the host's, at most WIDTH at once, by requests, or by one `ip` for a namespace where there is
 * something that only `ip` knows. A failure in one does not stop the others; the first sysctl that cannot be written ends its namespace's part. What
 * stumbles over what is gone already is taken up again behind it. `prepare` makes the requests, which may be done while something else is under way; it
 * throws on text that is not plain, and so does `carryOut` then.
 */
export function namespacesPart(run: RunProgram, groups: readonly Group[]): { prepare: () => void; carryOut: () => Promise<Settled> } {
  let prepared: Prepared | undefined;
  const prepare = (): Prepared => {
    prepared ??= prepareJobs(groups.map(({ namespace, operations }) => jobOf(namespace, operations)));
    return prepared;
  };
  return { prepare, carryOut: () => carryOut(run, groups, prepare) };
}

interface Group {
  readonly namespace: string;
  readonly operations: readonly Operation[];
}

/** Jobs with what drivers are told of them. */
interface Prepared {
  readonly jobs: ReadonlyMap<Visit, Job>;
  readonly tours: readonly Tour[];
}

function prepareJobs(jobs: readonly Job[]): Prepared {
  const visits = new Map(jobs.map((job) => [visitOf(job), job]));
  return { jobs: visits, tours: toursOf([...visits.keys()]) };
}

async function carryOut(run: RunProgram, groups: readonly Group[], prepare: () => Prepared): Promise<Settled> {
  const settled: Settled = new Map();
  const all = prepare();
  const translated = await mapConcurrently(groups, WIDTH, (group) => translate(run, group, settled));
  // Where a transaction failed, nothing else is tried there.
  let next = translated.every(Boolean) ? all : prepareJobs([...all.jobs.values()].filter((_, index) => translated[index]));
  while (next.jobs.size > 0) {
    const { jobs, tours } = next;
    const results = await visit(run, ARGV, tours, (printed) => printed);
    next = prepareJobs(
      [...results].flatMap(([one, result]) => {
        const job = jobs.get(one);
        return job === undefined ? [] : settleJob(job, result, settled);
      }),
    );
  }
  return settled;
}

/** The group's one nft transaction, before all else; false where that failed, and the rest is not to be tried. */
async function translate(run: RunProgram, { namespace, operations }: Group, settled: Settled): Promise<boolean> {
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

const jobOf = (namespace: string, operations: readonly Operation[]): Job =>
  jobFor(
    namespace,
    operations.filter(({ step }) => step.do === 'sysctl'),
    commandsOf(operations, requestsOf),
  );

const jobFor = (namespace: string, sysctls: readonly Operation[], commands: readonly Command[]): Job => ({
  namespace,
  sysctls,
  commands,
  sent: commands.every(({ requests }) => requests !== undefined) ? sentFor(commands) : undefined,
});

/** A link that was looked for last is not looked for again, unless its name may have become another one's. */
function sentFor(commands: readonly Command[]): Sent[] {
  let found: string | undefined;
  return commands.flatMap(({ requests = [] }, index) =>
    requests.flatMap((request): Sent[] => {
      const { looksFor, renames = false } = request;
      if (looksFor !== undefined && looksFor === found) return [];
      found = renames ? undefined : (looksFor ?? found);
      return [{ request, command: index + 1 }];
    }),
  );
}

const visitOf = ({ namespace, sysctls, commands, sent }: Job): Visit => ({
  namespace,
  settings: sysctls.flatMap(({ step }) => (step.do === 'sysctl' ? [`${sysctlPath(step.path)}=${sysctlValue(step.value)}`] : [])),
  ...(sent === undefined ? { lines: commands.map(({ line }) => line) } : { requests: sent.map(({ request }) => request), lines: [] }),
});

/** Returns what is left of the job. */
function settleJob(job: Job, result: Result, settled: Settled): Job[] {
  const { namespace, sysctls, commands } = job;
  const failed = numberBehind('sysctl', result);
  if (failed !== undefined) {
    const at = failed - 1;
    sysctls.forEach((operation, index) => {
      if (index < at) settled.set(operation, undefined);
      else if (index === at) settled.set(operation, sysctlError(operation, namespace, result));
    });
    return [];
  }
  const batch = batchResult(job, result);
  if (batch.exitCode !== 0 && Number.isNaN(batch.failedAt)) {
    const first = sysctls[0] ?? commands[0]?.operation;
    if (first) settled.set(first, stepError(ARGV, namespace, result.exitCode, result.stderr));
    return [];
  }
  for (const operation of sysctls) settled.set(operation, undefined);
  const left = settleBatch(commands, batch, namespace, settled);
  return left.length === 0 ? [] : [jobFor(namespace, [], left)];
}

/** The number in a line that a driver prints where it stops. */
function numberBehind(word: 'sysctl' | 'request', { found }: Result): number | undefined {
  const line = found?.lines.find((one) => one.startsWith(`${word} `));
  return line === undefined ? undefined : Number(line.slice(word.length + 1));
}

/** How the commands ended, in `ip`'s own words where requests were sent. */
function batchResult({ sent = [] }: Job, result: Result): BatchResult {
  const number = numberBehind('request', result);
  if (number === undefined) return resultOfIp(result);
  const failed = sent[number - 1];
  const refused = result.found?.answers.at(-1);
  const said = refused === undefined ? undefined : refusalText(refused);
  const reason = result.stderr.replace(/^netlink: /, '').trim();
  const { looksFor } = failed?.request ?? {};
  return {
    exitCode: 1,
    failedAt: failed?.command ?? Number.NaN,
    stderr:
      looksFor !== undefined && reason === 'No such device'
        ? `Cannot find device "${looksFor}"\n`
        : `RTNETLINK answers: ${reason}${said === undefined ? '' : `: ${said}`}\n`,
  };
}

function sysctlError({ step }: Operation, namespace: string, { exitCode, stderr }: Result): Error {
  if (step.do !== 'sysctl') return toError(stderr);
  return stepError(['sysctl', '-w', `${step.path}=${step.value}`], namespace, exitCode, stderr);
}
