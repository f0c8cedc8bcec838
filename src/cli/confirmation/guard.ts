import { setTimeout as pause } from 'node:timers/promises';
import { READY, thisGuard, uptimeMs } from '../../kernel/confirm/process.ts';
import { openStore, type Store } from '../../kernel/confirm/store.ts';
import { createIprouteKernel } from '../../kernel/iproute/kernel.ts';
import { type Lock, withLock } from '../../kernel/lock.ts';
import type { Pending } from '../../model/pending.ts';
import { revertPending } from './end.ts';

/** So often it looks whether it is still needed, and at the clock: a timer does not count the time that a machine sleeps. */
const LOOK_MS = 500;

/** It waits for whoever is at work: going back is the last thing that may be given up. */
const LOCK_MS = 3_600_000;

/**
 * The process that goes back unless somebody confirms. It holds no lock while it waits, looks again once it has it, and writes down what became
 * of it. All that this takes is loaded before it says that it is on watch, and nothing of it by `import()`, which looks for the file again: the
 * change may be what cuts off the disk that netloom lies on, or netloom may be replaced meanwhile. The end of a terminal means nothing to it;
 * asked to end (SIGTERM: a session that is cleared away, a shutdown) it goes back at once.
 */
export async function guard(id: string): Promise<void> {
  const hurry = new AbortController();
  const ignore = (): void => {};
  process
    .on('SIGHUP', ignore)
    .on('SIGINT', ignore)
    .on('SIGTERM', () => hurry.abort());
  const store = openStore();
  store.setGuard(thisGuard(id));
  process.stdout.on('error', ignore); // nobody listens any more
  process.stdout.write(`${READY}\n`);
  for (;;) {
    const pending = await due(store, id, hurry.signal);
    if (pending === undefined) return;
    try {
      await withLock((lock) => goBackIfDue(store, id, hurry.signal.aborted, lock), { timeoutMs: LOCK_MS });
    } catch {
      await pause(LOOK_MS); // the lock was not to be had, or its file not to be opened: again
    }
  }
}

/** Waits until the deadline, however often it is moved; undefined once there is nothing to wait for. */
async function due(store: Store, id: string, hurry: AbortSignal): Promise<Pending | undefined> {
  let seen: string | undefined;
  let pending: Pending | undefined;
  for (;;) {
    const version = store.version();
    if (version !== seen) pending = store.pending();
    seen = version;
    if (pending?.id !== id || store.last()?.id === id) return undefined;
    const leftMs = pending.deadline.uptimeMs - uptimeMs();
    if (leftMs <= 0 || hurry.aborted) return pending;
    await pause(Math.min(leftMs, LOOK_MS), undefined, { signal: hurry }).catch(() => {});
  }
}

async function goBackIfDue(store: Store, id: string, hurried: boolean, { fd }: Lock): Promise<void> {
  const pending = store.pending();
  // Confirmed, withdrawn or prolonged while we waited for the lock; also where whoever ended it was killed before he had tidied up.
  if (pending?.id !== id || store.last()?.id === id || (pending.deadline.uptimeMs > uptimeMs() && !hurried)) return;
  await revertPending(createIprouteKernel({ inherit: fd }), pending, [hurried ? '(asked to end)' : '(not confirmed in time)']);
}
