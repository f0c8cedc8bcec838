import { remarksOfError } from '../render/remark.ts';
import type { Watch } from '../watch/loop.ts';
import type { Onlooker } from '../watch/onlookers/onlooker.ts';
import type { Pulse } from '../watch/onlookers/pulse.ts';
import type { Context } from './context.ts';

/** Tells the service manager that started this process how the watch goes; empty where none asked for it (NOTIFY_SOCKET). */
export async function superviseBy({ io, tell }: Context, watch: Watch, pulse: Pulse): Promise<readonly Onlooker[]> {
  const { NOTIFY_SOCKET: socket } = io.env;
  if (socket === undefined || socket === '') return [];
  const [{ createNotify }, { supervise }, { summaryOf }, { systemClock }] = await Promise.all([
    import('../kernel/notify.ts'),
    import('../watch/onlookers/supervised.ts'),
    import('../watch/onlookers/health.ts'),
    import('../watch/clock.ts'),
  ]);
  const supervised = supervise({
    notify: createNotify(socket),
    watchdogMs: watchdogMsOf(io.env),
    pulse,
    clock: systemClock,
    statusText: () => summaryOf({ status: watch.status(), started: true, silentMs: pulse.silentMs() }),
    onFailure: (error) => {
      for (const remark of remarksOfError(error)) tell(remark, 'warning');
    },
  });
  return [supervised];
}

/** What sd_watchdog_enabled(3) says: WATCHDOG_USEC in microseconds, unless WATCHDOG_PID names another process. */
function watchdogMsOf({ WATCHDOG_USEC: usec = '', WATCHDOG_PID: pid }: Context['io']['env']): number | undefined {
  if (!/^[1-9]\d*$/.test(usec) || (pid !== undefined && pid !== String(process.pid))) return undefined;
  return Number(usec) / 1000;
}
