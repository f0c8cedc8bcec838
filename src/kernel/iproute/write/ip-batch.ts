import type { Operation } from '../../../model/operation.ts';
import type { Request } from '../../rtnetlink/requests.ts';
import { type IpStep, ipLines, isAlreadyGone, isIpStep } from '../lines.ts';
import { type Settled, stepError } from './result.ts';

/** A line of `ip -batch` with the operation that it belongs to. */
export interface Command {
  readonly operation: Operation;
  readonly line: string;
  /** What `ip` would make of the line; absent where only `ip` knows. */
  readonly requests?: readonly Request[];
}

/** The lines of each step, in order; with the requests that do the same, where `requestsOf` is given and knows them. */
export const commandsOf = (
  operations: readonly Operation[],
  requestsOf: (step: IpStep) => readonly (readonly Request[])[] | undefined = () => undefined,
): Command[] =>
  operations.flatMap((operation): Command[] => {
    if (!isIpStep(operation.step)) return [];
    const requests = requestsOf(operation.step);
    return ipLines(operation.step).map((line, index) => ({ operation, line, ...(requests?.[index] ? { requests: requests[index] } : {}) }));
  });

export const batchText = (commands: readonly Command[]): string => commands.map(({ line }) => `${line}\n`).join('');

/** How commands in a row ended. */
export interface BatchResult {
  readonly exitCode: number | undefined;
  /** The number of the one that failed, the first being 1; NaN where it came to none. */
  readonly failedAt: number;
  readonly stderr: string;
}

/** `ip` stops at the first line that fails and names it ("Command failed -:12"). */
export const resultOfIp = ({ exitCode, stderr }: Pick<BatchResult, 'exitCode' | 'stderr'>): BatchResult => ({
  exitCode,
  failedAt: Number(/^Command failed -:(\d+)/m.exec(stderr)?.[1] ?? Number.NaN),
  stderr: stderr.replace(/^Command failed -:\d+\n?/m, ''), // the number means nothing to people
});

/**
 * Settles what was reached of commands and returns what is left to run, which is something only where the failed one meant no more than
 * that its object is gone already. An error names the line, also where its requests were sent: so it can be tried by hand.
 */
export function settleBatch(commands: readonly Command[], result: BatchResult, namespace: string, settled: Settled): readonly Command[] {
  const number = result.failedAt;
  const failed = result.exitCode === 0 ? undefined : commands[number - 1];
  if (result.exitCode === 0) {
    for (const { operation } of commands) settled.set(operation, undefined);
    return [];
  }
  if (failed === undefined) {
    // It did not get as far as reading lines, or was killed in the middle.
    const first = commands[0];
    if (first) settled.set(first.operation, stepError(['ip', '-batch', '-'], namespace, result.exitCode, result.stderr));
    return [];
  }
  for (const { operation } of commands.slice(0, number - 1)) settled.set(operation, undefined);
  const gone = isAlreadyGone(failed.operation.step, result.stderr);
  const error = stepError(['ip', ...failed.line.split(' ')], namespace, result.exitCode, result.stderr);
  settled.set(failed.operation, gone ? undefined : error);
  return gone ? commands.slice(number) : [];
}
