import { HostError } from '../model/errors.ts';
import { createPrograms, type RunProgram } from './program.ts';

/** Tells the service manager something: `READY=1`, `STATUS=…` (sd_notify(3)). In order, each once the one before has been taken. */
export interface Notify {
  /** Rejects with HostError E_NOTIFY. */
  tell(...assignments: readonly string[]): Promise<void>;
  /** Ends what is still on its way. */
  abort(): void;
}

/**
 * The socket is of datagrams, which Node cannot send to, so systemd-notify(1) does it, which is there where systemd is; an addon of native code would have
 * to be built for each Node, for a message in minutes. As root it sends in the name of this process, its parent, so that the service manager need not catch
 * it alive (--no-block) to know whose the message is; waiting for the receipt would take 5 s for each message where the receiver knows no receipts (podman,
 * test rigs). `socket` is NOTIFY_SOCKET; it is given to that program alone.
 */
export function createNotify(socket: string, run: RunProgram = createPrograms()): Notify {
  const stop = new AbortController();
  let last: Promise<void> = Promise.resolve();
  const send = async (assignments: readonly string[]): Promise<void> => {
    const { signal } = stop;
    if (signal.aborted) return;
    const argv = ['env', `NOTIFY_SOCKET=${socket}`, 'systemd-notify', '--no-block', ...assignments];
    const { exitCode, stderr } = await run(argv, { signal }).catch((error: unknown) => {
      if (signal.aborted) return { exitCode: 0, stderr: '' };
      throw error;
    });
    if (exitCode === 0) return;
    const reason = stderr.trim().split('\n')[0] || `systemd-notify ended with ${exitCode ?? 'a signal'}`;
    throw new HostError(
      'E_NOTIFY',
      `the service manager could not be told: ${reason}`,
      'install systemd, or run netloom without NOTIFY_SOCKET',
    );
  };
  return {
    tell: (...assignments) => {
      const sent = last.then(() => send(assignments));
      last = sent.catch(() => {});
      return sent;
    },
    abort: () => stop.abort(),
  };
}
