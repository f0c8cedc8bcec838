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
  const pending: Promise<CheckResult>[] = [];
  let next = 0;
  const start = () => {
    const attempt = attempts[next++];
    if (attempt === undefined) return;
    const result = tryOne(attempt, prober, listeners, signal);
    // Whoever awaits it sees its failure; until then it must not end the process.
    result.catch(() => undefined);
    pending.push(result);
  };
  try {
    for (let index = 0; index < AT_ONCE; index += 1) start();
    for (let result = pending.shift(); result !== undefined; result = pending.shift()) {
      yield await result;
      start();
    }
  } finally {
    await prober.close();
  }
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
