import { openStore } from '../../kernel/confirm/store.ts';
import { HostError } from '../../model/errors.ts';
import type { Kernel } from '../../model/kernel.ts';
import type { Ended, Pending, PendingTopology } from '../../model/pending.ts';
import type { Report } from '../../model/report.ts';
import { revert } from '../../pipeline/revert.ts';
import { remarksOfError, remarksOfReport } from '../../render/remark.ts';
import { recordDeed } from '../audit.ts';
import { confirmations, endedOf } from './arm.ts';

/** Keeps what is pending. Under the lock. Throws HostError where nothing is, and where it is too late. */
export function keepPending(): Ended {
  const { pending, guard, leftMs = 0, last } = confirmations();
  if (pending === undefined) throw nothingPending(last);
  // Past its deadline the guard is on its way; without one nobody will go back.
  if (leftMs <= 0 && guard !== undefined) {
    throw new HostError(
      'E_CONFIRM_LATE',
      `too late: the time was over at ${pending.deadline.time}`,
      '`netloom confirm --status` says what became of it',
    );
  }
  const ended = endedOf(pending, 'confirmed');
  openStore().end(ended);
  return ended;
}

/** Goes back at once, whatever time is left. Under the lock. Throws HostError where nothing is pending. */
export async function revertNow(kernel: Kernel, argv: readonly string[]): Promise<Ended> {
  const { pending, last } = confirmations();
  if (pending === undefined) throw nothingPending(last);
  return revertPending(kernel, pending, argv);
}

function nothingPending(last: Ended | undefined): HostError {
  if (last === undefined || last.ending === 'confirmed' || last.ending === 'withdrawn') {
    return new HostError(
      'E_CONFIRM_NONE',
      'nothing waits to be confirmed',
      '`netloom apply --confirm 60s` asks for it; `netloom confirm --status` tells of the last',
    );
  }
  const what = last.ending === 'reverted' ? 'went back' : 'went back in part';
  return new HostError(
    'E_CONFIRM_LATE',
    `too late: ${last.topologies.join(', ')} ${what} at ${last.time}`,
    'apply again, with more time to confirm',
  );
}

/** Goes back: the last change first. Under the lock, which `kernel`'s programs inherit. What went wrong is in what it returns. */
export async function revertPending(kernel: Kernel, pending: Pending, argv: readonly string[]): Promise<Ended> {
  const results: { readonly report?: Report; readonly errors: readonly string[] }[] = [];
  for (const one of pending.topologies.toReversed()) results.push(await revertOne(kernel, one, argv));
  const remaining = results.flatMap(({ report }) => (report?.remaining ?? []).map(({ id }) => id));
  const errors = results.flatMap((result) => result.errors);
  const ended = endedOf(pending, remaining.length + errors.length === 0 ? 'reverted' : 'not-reverted', { remaining, errors });
  openStore().end(ended);
  return ended;
}

async function revertOne(kernel: Kernel, one: PendingTopology, argv: readonly string[]) {
  const began = new Date();
  const started = performance.now();
  const { topology } = one;
  const about = {
    command: 'confirm',
    argv,
    env: {},
    began,
    topology: one.before.topology,
    ...(topology ? { file: topology.file, digest: topology.digest } : {}),
  };
  try {
    const report = await revert(kernel, one);
    await recordDeed({ ...about, ms: performance.now() - started, report, errors: remarksOfReport(report) });
    return { report, errors: [] };
  } catch (error) {
    const errors = remarksOfError(error);
    await recordDeed({ ...about, ms: performance.now() - started, errors });
    return { errors: errors.map(({ message }) => message) };
  }
}
