import type { Context } from './context.ts';
import type { Host } from './host.ts';

/** Does something while no other netloom changes the host; where that takes patience, says for whom it waits. Throws HostError E_LOCKED. */
export function exclusively<T>({ host, flags, tell }: Context, work: (host: Host) => Promise<T>): Promise<T> {
  return host.exclusive(work, {
    ...(flags.lockTimeout === undefined ? {} : { timeoutMs: flags.lockTimeout }),
    onWait: (holder) => tell({ code: '', message: `waiting for ${holder}` }, 'note'),
  });
}
