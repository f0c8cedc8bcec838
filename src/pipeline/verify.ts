import type { Prober } from '../model/prober.ts';
import type { CheckResult } from '../model/report.ts';
import type { Topology } from '../model/topology.ts';
import { type Attempt, attemptsOf } from './checks.ts';

/** How many probes are under way at once: enough to wait for many silences together, few enough for a small machine. */
const AT_ONCE = 16;

/** Tries what the file says must hold; results in the order of the file. Ends the prober's helpers when done. */
export async function* runChecks(topology: Topology, prober: Prober, signal?: AbortSignal): AsyncIterable<CheckResult> {
  const attempts = attemptsOf(topology);
  const listeners = new Map<string, Promise<'listening' | 'taken'>>();
  const results = new Map(attempts.map((attempt) => [attempt, deferred()]));
  const reading = { ended: false };
  const work = runAll(attempts, reading, (attempt) => results.get(attempt)?.follow(tryOne(attempt, prober, listeners, signal)));
  try {
    for (const { promise } of results.values()) yield await promise;
  } finally {
    reading.ended = true;
    await work;
    await prober.close();
  }
}

/** A refusal cannot be seen behind a listener that another check has asked for: so those that open none come first, by themselves. */
async function runAll(
  attempts: readonly Attempt[],
  reading: { readonly ended: boolean },
  start: (attempt: Attempt) => Promise<unknown> | undefined,
): Promise<void> {
  const unserved = attempts.filter((attempt) => isUnserved(attempt));
  const others = attempts.filter((attempt) => !isUnserved(attempt));
  for (const wave of [unserved, others]) {
    const queue = wave.values();
    const worker = async (): Promise<void> => {
      for (const attempt of queue) if (!reading.ended) await start(attempt);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }
}

const isUnserved = ({ check, server }: Attempt): boolean => check.probe.kind !== 'ping' && server === undefined;

interface Deferred {
  readonly promise: Promise<CheckResult>;
  /** Settles the promise as another one; that it fails is the reader's to know. */
  readonly follow: (other: Promise<CheckResult>) => Promise<void>;
}

function deferred(): Deferred {
  let settle: (result: CheckResult | PromiseLike<CheckResult>) => void = () => undefined;
  const promise = new Promise<CheckResult>((resolve) => {
    settle = resolve;
  });
  // Whoever awaits it sees its failure; until then it must not end the process.
  promise.catch(() => undefined);
  const follow = async (other: Promise<CheckResult>): Promise<void> => {
    settle(other);
    await other.catch(() => undefined);
  };
  return { promise, follow };
}

async function tryOne(
  attempt: Attempt,
  prober: Prober,
  listeners: Map<string, Promise<'listening' | 'taken'>>,
  signal?: AbortSignal,
): Promise<CheckResult> {
  const { check, from, to, target, server } = attempt;
  const started = performance.now();
  const result = (seen: CheckResult['seen'], reason?: string): CheckResult => ({
    check,
    from,
    to,
    ...(target ? { address: target.address } : {}),
    expected: check.expect,
    seen,
    passed: seen === check.expect && reason === undefined,
    ...(reason === undefined ? {} : { reason }),
    ms: performance.now() - started,
  });
  if (target === undefined) return result('impossible', attempt.reason);
  if (server !== undefined && check.probe.kind !== 'ping') {
    const key = `${check.probe.kind} ${server.namespace} ${server.port}`;
    const listening = listeners.get(key) ?? prober.listen(server.namespace, check.probe.kind, server.port);
    listeners.set(key, listening);
    await listening;
  }
  const { source, ...where } = target;
  const port = check.probe.kind === 'ping' ? {} : { port: check.probe.port };
  const answer = await prober.probe(
    { kind: check.probe.kind, ...where, ...port, ...(source === undefined ? {} : { from: source }), timeoutMs: check.timeoutMs },
    signal,
  );
  if (answer.seen !== check.expect) return result(answer.seen, answer.reason ?? `expected ${check.expect}`);
  if (check.source === undefined || answer.seen !== 'reachable' || check.source === answer.source) return result(answer.seen);
  return result(
    answer.seen,
    answer.source === undefined
      ? 'the server does not say as whom it saw the client'
      : `the server saw ${answer.source}, not ${check.source}`,
  );
}
