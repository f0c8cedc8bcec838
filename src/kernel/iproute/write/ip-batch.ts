import type { Operation } from '../../../model/operation.ts';
import { ipLines, isAlreadyGone, isIpStep } from '../lines.ts';
import { type Settled, stepError } from './result.ts';

/** A line of `ip -batch` with the operation that it belongs to. */
export interface Command {
  readonly operation: Operation;
  readonly line: string;
}

export const commandsOf = (operations: readonly Operation[]): Command[] =>
  operations.flatMap((operation) => (isIpStep(operation.step) ? ipLines(operation.step).map((line) => ({ operation, line })) : []));

export const batchText = (commands: readonly Command[]): string => commands.map(({ line }) => `${line}\n`).join('');

/** How one `ip -batch` ended. */
export interface BatchResult {
  readonly exitCode: number | undefined;
  readonly stderr: string;
}

/**
 * Reads off how far a batch came: `ip` stops at the first line that fails and names it ("Command failed -:12"). Settles what was reached and
 * returns what is left to run, which is something only where the failed line meant no more than that its object is gone already.
 */
export function settleBatch(commands: readonly Command[], result: BatchResult, namespace: string, settled: Settled): readonly Command[] {
  const number = Number(/^Command failed -:(\d+)/m.exec(result.stderr)?.[1] ?? Number.NaN);
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
  const error = stepError(['ip', ...failed.line.split(' ')], namespace, result.exitCode, complaint(result.stderr));
  settled.set(failed.operation, gone ? undefined : error);
  return gone ? commands.slice(number) : [];
}

/** Without the line number, which means nothing to people. */
const complaint = (stderr: string): string => stderr.replace(/^Command failed -:\d+\n?/m, '');
