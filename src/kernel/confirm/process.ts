import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import type { Deadline } from '../../model/pending.ts';
import { ownProgram } from '../own-program.ts';
import { PROGRAM_PATH } from '../program.ts';
import type { GuardFile } from './store.ts';

const PROGRAM = ownProgram('confirm-guard.js');

/** What a guard says once it is on watch. */
export const READY = 'armed';

/**
 * Starts the process that waits for a deadline, and returns once it is on watch. It has a session of its own, so that neither the terminal's
 * end nor ours reaches it, nothing of our environment but the path of programs, and none of our files. Rejects where it did not come up.
 */
export function startGuard(id: string): Promise<void> {
  const child = spawn(process.execPath, [PROGRAM, id], {
    cwd: '/',
    env: { PATH: PROGRAM_PATH, LC_ALL: 'C' },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return new Promise<void>((resolve, reject) => {
    const said: Buffer[] = [];
    child.stdout.once('data', () => resolve());
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
    child.once('error', reject);
    child.once('close', (code) =>
      reject(new Error(`the guard ended with ${code}: ${Buffer.concat(said).toString().trim().slice(0, 500)}`)),
    );
  }).finally(() => {
    child.stdout.destroy();
    child.stderr.destroy();
    child.unref();
  });
}

/** This process, as a guard. */
export const thisGuard = (id: string): GuardFile => ({ id, pid: process.pid, startTime: startTimeOf(process.pid) ?? '' });

/** Whether it is still that process, and no zombie. */
export const isAlive = ({ pid, startTime }: GuardFile): boolean => startTimeOf(pid) === startTime;

function startTimeOf(pid: number): string | undefined {
  try {
    // The command, in parentheses, may hold anything; behind it fields 3 (state) and on.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

export const deadlineIn = (ms: number): Deadline => ({ uptimeMs: uptimeMs() + ms, time: new Date(Date.now() + ms).toISOString() });

/** CLOCK_BOOTTIME by way of /proc/uptime (libuv, uv_uptime), to 10 ms. */
export const uptimeMs = (): number => uptime() * 1000;
