import type { Moved } from './saved.ts';
import type { Origin } from './topology.ts';

/** One fault of a topology file. */
export interface Fault {
  /** `E_…`, stable; the list is in docs/errors.md. */
  readonly code: string;
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly origin: Origin;
  /** Length of what is wrong, in characters, for the caret line. At least 1. */
  readonly length: number;
}

/** The file is wrong. Carries every fault found, in the order of the file, and the text they point into. */
export class TopologyError extends Error {
  override readonly name = 'TopologyError';
  readonly faults: readonly Fault[];
  readonly source: string;
  constructor(faults: readonly Fault[], source: string) {
    super(
      faults.map((fault) => `${fault.origin.file}:${fault.origin.line}:${fault.origin.column} ${fault.code} ${fault.message}`).join('\n'),
    );
    this.faults = faults;
    this.source = source;
  }
}

/** The host is in the way. Nothing has been changed. */
export interface Blocker {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly origin?: Origin;
}

/** A remark that never changes the exit code. */
export interface Warning {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly origin?: Origin;
}

/** The host lacks something that netloom needs: a tool, a privilege, a kernel feature; or a command was asked for what is not there. */
export class HostError extends Error {
  override readonly name = 'HostError';
  readonly code: string;
  readonly hint: string;
  constructor(code: string, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}

/** A saved plan is not carried out, since what it was made from has moved. Nothing has been changed. */
export class StalePlanError extends Error {
  override readonly name = 'StalePlanError';
  readonly moved: readonly Moved[];
  /** What to do. */
  readonly hint: string;
  constructor(moved: readonly Moved[], hint: string) {
    super('the plan is stale');
    this.moved = moved;
    this.hint = hint;
  }
}

/** A program that netloom started has failed. */
export class StepError extends Error {
  override readonly name = 'StepError';
  readonly argv: readonly string[];
  readonly namespace: string;
  readonly exitCode: number | undefined;
  readonly stderr: string;
  constructor(
    details: { argv: readonly string[]; namespace: string; exitCode: number | undefined; stderr: string },
    options?: ErrorOptions,
  ) {
    const reason = details.stderr.trim().split('\n')[0] ?? '';
    super(`${details.argv[0] ?? 'command'} exited ${details.exitCode ?? 'abnormally'}: ${reason}`, options);
    this.argv = details.argv;
    this.namespace = details.namespace;
    this.exitCode = details.exitCode;
    this.stderr = details.stderr;
  }
}
