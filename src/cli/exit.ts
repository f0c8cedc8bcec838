/** The exit codes of docs/commands.md; they tell machines apart what happened. */
export const EXIT = {
  ok: 0,
  /** An error, or blockers: nothing was changed. */
  error: 1,
  /** `plan`: there are changes. */
  changes: 2,
  rolledBack: 3,
  /** Failed, and not all could be rolled back. */
  partial: 4,
  checkFailed: 5,
  /** EX_USAGE of sysexits.h */
  usage: 64,
  /** EX_TEMPFAIL of sysexits.h: another netloom holds the lock. */
  locked: 75,
  /** `exec`, `sandbox`: netloom's own failure, not executable, not found; as env and docker run have it. */
  ownFailure: 125,
  notExecutable: 126,
  notFound: 127,
} as const;

const BY_SEVERITY: readonly number[] = [EXIT.ok, EXIT.changes, EXIT.checkFailed, EXIT.locked, EXIT.error, EXIT.rolledBack, EXIT.partial];

/** Of several topologies, each a transaction of its own: the code that needs a person most. 0 for none. */
export function worst(codes: readonly number[]): number {
  return codes.reduce((a, b) => (BY_SEVERITY.indexOf(b) > BY_SEVERITY.indexOf(a) ? b : a), EXIT.ok as number);
}
