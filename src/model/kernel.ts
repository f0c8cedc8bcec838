import type { Operation, Outcome } from './operation.ts';
import type { HostFacts, Scope, Snapshot } from './snapshot.ts';

/**
 * The seam to the host. `kernel/iproute` is the reference; `kernel/fake` keeps the same state in memory. Both pass
 * test/kernel/conformance.
 */
export interface Kernel {
  facts(): Promise<HostFacts>;
  /** Reads the host. Throws HostError when a tool or a privilege is missing, StepError when reading failed. Changes nothing. */
  dump(scope: Scope, signal?: AbortSignal): Promise<Snapshot>;
  /**
   * Carries out operations in order of phase, batched. Stops after the batch group in which one failed; what was not reached is `skipped`.
   * Outcomes are in the order of the operations given.
   */
  run(operations: readonly Operation[], options?: RunOptions): Promise<Outcome[]>;
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  /** Called after each batch with what it brought. */
  readonly onProgress?: (done: readonly Outcome[]) => void;
}
