import { deadlineIn, isAlive, startGuard, uptimeMs } from '../../kernel/confirm/process.ts';
import { openStore } from '../../kernel/confirm/store.ts';
import { HostError } from '../../model/errors.ts';
import type { Confirmations, Ended, Pending } from '../../model/pending.ts';
import type { Report } from '../../model/report.ts';
import type { Plan } from '../../model/resource.ts';
import type { Topology } from '../../model/topology.ts';

/** What one run of `apply --confirm` asks for: one confirmation for all that it changes. */
export interface Confirmation {
  readonly id: string;
  readonly windowMs: number;
  readonly argv: readonly string[];
  /** Told before the first change, once the guard is on watch. */
  onArmed(): void;
}

export function confirmations(): Confirmations {
  const store = openStore();
  const [pending, guard, last] = [store.pending(), store.guard(), store.last()];
  const ended = last === undefined ? {} : { last };
  // One that was never guarded has changed nothing; of one that has ended, its end was written first.
  if (pending === undefined || guard?.id !== pending.id || last?.id === pending.id) return ended;
  return { pending, leftMs: pending.deadline.uptimeMs - uptimeMs(), ...(isAlive(guard) ? { guard: guard.pid } : {}), ...ended };
}

/** Throws HostError E_CONFIRM_PENDING while a change other than the one of this id may still go back. */
export function refuseWhilePending(id?: string): void {
  const { pending, guard } = confirmations();
  if (pending === undefined || pending.id === id) return;
  const names = pending.topologies.map(({ before }) => before.topology).join(', ');
  const until = guard === undefined ? 'whose guard has died' : `which goes back at ${pending.deadline.time}`;
  throw new HostError(
    'E_CONFIRM_PENDING',
    `a change of ${names} waits to be confirmed (process ${pending.pid}, netloom ${pending.argv.join(' ')}), ${until}`,
    'keep it with `netloom confirm`, or go back at once with `netloom confirm --revert`',
  );
}

/**
 * Writes down what to go back to and starts the guard, before the first change, under the lock. For the topologies that follow it adds to what is written.
 * Throws where the guard did not come up, or where the time is over and what came first has gone back.
 */
export async function arm(own: Confirmation, plan: Plan, topology: Topology | undefined): Promise<void> {
  const store = openStore();
  const { topology: name, before, adopts, recordBefore } = plan;
  const now = {
    before: { topology: name, before, ...(adopts ? { adopts } : {}), ...(recordBefore === undefined ? {} : { recordBefore }) },
    ...(topology ? { topology } : {}),
  };
  const { pending, guard, last } = confirmations();
  if (pending === undefined && last?.id === own.id && last.ending !== 'withdrawn') {
    throw new HostError('E_CONFIRM_OVER', `what was changed before is ${last.ending} by now`, 'apply again, with more time to confirm');
  }
  const whole: Pending = {
    formatVersion: 1,
    id: own.id,
    windowMs: own.windowMs,
    deadline: deadlineIn(own.windowMs),
    pid: process.pid,
    argv: own.argv,
    topologies: [...(pending?.topologies ?? []), now],
  };
  if (pending === undefined) store.forget();
  try {
    store.setPending(whole);
    if (pending !== undefined && guard !== undefined) return;
    await startGuard(own.id);
  } catch (cause) {
    // What was changed before is still to be confirmed.
    if (pending === undefined) store.forget();
    const message = cause instanceof Error ? cause.message : String(cause);
    const hint = 'apply without --confirm, or mend what keeps node from starting or /run/netloom from being written';
    throw new HostError('E_CONFIRM_GUARD', `nothing was changed: ${message}`, hint, { cause });
  }
  own.onArmed();
}

/** The time to confirm begins when the change is made. What has gone back by itself needs nobody to confirm it. Returns the report, with a warning where that could not be noted. */
export function afterApply(own: Confirmation, report: Report): Report {
  try {
    noteApplied(own, report);
    return report;
  } catch (error) {
    const message = `the time to confirm runs from before the change: ${error instanceof Error ? error.message : String(error)}`;
    return {
      ...report,
      warnings: [...report.warnings, { code: 'W_CONFIRM', message, hint: '`netloom confirm --status` says until when' }],
    };
  }
}

function noteApplied(own: Confirmation, report: Report): void {
  const store = openStore();
  const { pending } = confirmations();
  if (pending?.id !== own.id) return;
  const topologies =
    report.status === 'rolled-back'
      ? pending.topologies.filter(({ before }) => before.topology !== report.plan.topology)
      : pending.topologies;
  if (topologies.length > 0) store.setPending({ ...pending, topologies, deadline: deadlineIn(own.windowMs) });
  else store.end(endedOf(pending, 'withdrawn'));
}

export const endedOf = (pending: Pending, ending: Ended['ending'], rest: Partial<Ended> = {}): Ended => ({
  formatVersion: 1,
  id: pending.id,
  topologies: pending.topologies.map(({ before }) => before.topology),
  ending,
  time: new Date().toISOString(),
  remaining: [],
  errors: [],
  ...rest,
});
