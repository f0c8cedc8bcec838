import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The built program; `npm test` builds it first. */
export const NETLOOM = fileURLToPath(new URL('../../bin/netloom.js', import.meta.url));

/** A line of `netloom watch --json`. */
export interface Said {
  readonly event: string;
  readonly topology?: string;
  readonly cause?: string;
  readonly repair?: boolean;
  readonly file?: string;
  readonly ids?: readonly string[];
  readonly changes?: readonly { readonly id: string; readonly action: string }[];
  readonly errors?: readonly { readonly code: string; readonly message: string }[];
  readonly blockers?: readonly { readonly code: string; readonly message: string }[];
  readonly reasons?: readonly string[];
  readonly holder?: { readonly code: string; readonly message: string };
}

/** A `netloom watch` of the built program, as a process of its own. */
export interface Watcher {
  readonly pid: number;
  /** Everything that it has said so far. */
  readonly said: readonly Said[];
  /** Resolves with the first event from `from` on that fits; rejects when the watch ends before. */
  until(fits: (said: Said) => boolean, from?: number): Promise<Said>;
  /** Does something, and resolves with the first event said after it that fits. */
  after(work: () => unknown, fits: (said: Said) => boolean): Promise<Said>;
  /** Pids of the programs that it runs. */
  children(): readonly number[];
  /** Ends it and gives its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export async function startWatch(cwd: string, ...args: string[]): Promise<Watcher> {
  const watcher = spawnWatch(cwd, ...args);
  await watcher.until(({ event }) => event === 'watching');
  return watcher;
}

/** As `startWatch`, without waiting for its first round. */
export function spawnWatch(cwd: string, ...args: string[]): Watcher {
  if (process.env.NETLOOM_SANDBOX !== '1') throw new Error('not in a sandbox: name the file *.kernel.test.ts');
  const child: ChildProcess = spawn(process.execPath, [NETLOOM, 'watch', '--json', ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  const said: Said[] = [];
  const listeners = new Set<() => void>();
  let complaints = '';
  let ended = false;
  const notify = (): void => {
    for (const listener of [...listeners]) listener();
  };
  child.stderr?.on('data', (data) => {
    complaints += String(data);
  });
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      said.push(JSON.parse(line) as Said);
      notify();
    });
  }
  child.once('close', () => {
    ended = true;
    notify();
  });
  const until: Watcher['until'] = (fits, from = 0) =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = said.slice(from).find(fits);
        if (found === undefined && !ended) return;
        listeners.delete(look);
        if (found !== undefined) resolve(found);
        else reject(new Error(`the watch has ended: ${complaints}\n${said.map((one) => JSON.stringify(one)).join('\n')}`));
      };
      listeners.add(look);
      look();
    });
  return {
    pid: child.pid ?? 0,
    said,
    until,
    after: async (work, fits) => {
      const from = said.length;
      await work();
      return until(fits, from);
    },
    children: () => childrenOf(child.pid ?? 0),
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await exited;
      return child.exitCode;
    },
  };
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((one) => {
      try {
        return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${one}/status`, 'utf8'))?.[1]) === pid;
      } catch {
        return false;
      }
    });
}
