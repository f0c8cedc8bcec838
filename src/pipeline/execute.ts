import type { Kernel } from '../model/kernel.ts';
import type { Operation, Outcome } from '../model/operation.ts';

/** Carries operations out and tells how far it has come. */
export type Execution = (kernel: Kernel, operations: readonly Operation[]) => Promise<Outcome[]>;

export interface ExecutionOptions {
  readonly onProgress?: (done: number, total: number, text: string) => void;
  readonly signal?: AbortSignal;
}

/** Makes the function that runs operations, in one go or in several, `total` in all. */
export function createExecution(total: number, { onProgress, signal }: ExecutionOptions): Execution {
  let done = 0;
  return (kernel, operations) =>
    kernel.run(operations, {
      ...(signal ? { signal } : {}),
      onProgress: (batch) => {
        done += batch.filter(({ status }) => status !== 'skipped').length;
        onProgress?.(done, total, batch.at(-1)?.operation.resource ?? '');
      },
    });
}
