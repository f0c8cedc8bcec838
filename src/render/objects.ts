import type { Outcome } from '../model/operation.ts';
import type { Report } from '../model/report.ts';
import type { Id } from '../model/resource.ts';
import { groupBy } from './group.ts';

/** What became of one object. */
export interface ObjectOutcome {
  readonly id: Id;
  /** `failed` where any of its operations failed, `undone` where what was done was taken back, `skipped` where none was tried. */
  readonly status: 'done' | 'failed' | 'skipped' | 'undone';
  /** Of the longest batch that it was part of: operations of one batch share its time, and a sum would count it again and again. */
  readonly ms: number;
  readonly error?: Error;
  /** Of what was skipped: the object because of which it was. */
  readonly because?: Id;
}

/** The outcome of each object that a report knows of, in the order of their first operations. */
export function objectsOf(report: Report): ObjectOutcome[] {
  const takenBack = report.status === 'rolled-back' || report.cause === 'not-rolled-back';
  const left = new Set(report.remaining.map((change) => change.id));
  return [...groupBy(report.outcomes, (outcome) => outcome.operation.resource)].map(([id, outcomes]) => {
    const failed = outcomes.find((outcome) => outcome.status === 'failed');
    const held = outcomes.find((outcome) => outcome.because !== undefined);
    const isTouched = outcomes.some((outcome) => outcome.status === 'done');
    // What was only begun is not done: its last steps waited for something that failed.
    const isDone = isTouched && (report.cause !== 'kept' || outcomes.every((outcome) => outcome.status === 'done'));
    return {
      id,
      status: failed ? 'failed' : takenBack && isTouched ? (left.has(id) ? 'done' : 'undone') : isDone ? 'done' : 'skipped',
      ms: outcomes.reduce((most: number, { ms }: Outcome) => Math.max(most, ms), 0),
      ...(failed?.error === undefined ? {} : { error: failed.error }),
      ...(failed === undefined && held?.because !== undefined ? { because: held.because } : {}),
    };
  });
}
