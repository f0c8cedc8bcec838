import { StepError } from '../../../model/errors.ts';
import type { Operation, Outcome } from '../../../model/operation.ts';

/** What became of operations: those in it are done, or failed with an error; those not in it were not reached. */
export type Settled = Map<Operation, Error | undefined>;

export const toOutcomes = (operations: readonly Operation[], settled: Settled, ms: number): Outcome[] =>
  operations.map((operation): Outcome => {
    if (!settled.has(operation)) return { operation, status: 'skipped', ms };
    const error = settled.get(operation);
    return error === undefined ? { operation, status: 'done', ms } : { operation, status: 'failed', ms, error };
  });

export const hasFailed = (settled: Settled): boolean => [...settled.values()].some((error) => error !== undefined);

export const toError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

export function stepError(argv: readonly string[], namespace: string, exitCode: number | undefined, stderr: string): StepError {
  return new StepError({ argv, namespace, exitCode, stderr });
}
