import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface StreamOptions {
  /** Each line of standard output. */
  readonly onLine: (line: string) => void;
  /** Each line of standard error. */
  readonly onComplaint: (line: string) => void;
  /** It runs, or has ended and is about to be started again. */
  readonly onState: (running: boolean, reason: string) => void;
}

export interface Stream {
  readonly name: string;
  /** Undefined while it is not running. */
  pid(): number | undefined;
  running(): boolean;
  close(): Promise<void>;
}

const PATH = '/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin';
const AGAIN_MS = [50, 200, 1000, 5000] as const;
/** Who has run for so long is started again at once. */
const HEALTHY_MS = 10_000;

/**
 * Keeps a program running that reports without end, and passes on its lines. It dies with this process however that ends: setpriv(1) asks the
 * kernel for it (PR_SET_PDEATHSIG) and becomes the program. One that ends is started again, later each time; a missing one as well, as it
 * may be installed.
 */
export function startStream(name: string, argv: readonly string[], { onLine, onComplaint, onState }: StreamOptions): Stream {
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let failures = 0;

  const start = (): void => {
    const started = performance.now();
    const one = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...argv], {
      env: { PATH, LC_ALL: 'C', HOME: '/' },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    child = one;
    let complaint = '';
    one.once('spawn', () => onState(true, ''));
    if (one.stdout !== null) createInterface({ input: one.stdout }).on('line', onLine);
    if (one.stderr !== null)
      createInterface({ input: one.stderr }).on('line', (line) => {
        complaint = line;
        onComplaint(line);
      });
    one.once('error', (error) => (complaint = error.message));
    one.once('close', (code, signal) => {
      child = undefined;
      if (closed) return;
      if (performance.now() - started > HEALTHY_MS) failures = 0;
      onState(false, complaint || `${name} ended (${signal ?? code ?? 'not started'})`);
      timer = setTimeout(start, AGAIN_MS[Math.min(failures++, AGAIN_MS.length - 1)]);
      timer.unref();
    });
  };
  start();

  return {
    name,
    pid: () => child?.pid,
    running: () => child !== undefined,
    close: async () => {
      closed = true;
      clearTimeout(timer);
      const last = child;
      if (last === undefined || last.exitCode !== null || last.signalCode !== null) return;
      const ended = new Promise((done) => last.once('close', done));
      last.kill('SIGKILL');
      await ended;
    },
  };
}
