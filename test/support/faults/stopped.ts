import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { shell } from '../sandbox.ts';

const NETLOOM = new URL('../../../bin/netloom.js', import.meta.url).pathname;
const GATE = new URL('./gate.mjs', import.meta.url).pathname;
const FIFO = '/run/lab/gate';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the real netloom up to the first thing that `before` matches (`file PATH`, or the words of a program), stops it there with all that it
 * has started, does `meanwhile`, and lets it go on.
 */
export async function stopBefore(before: RegExp, meanwhile: () => Promise<unknown>, ...args: string[]): Promise<Ended> {
  await shell(`rm -f ${FIFO}; mkfifo ${FIFO}`);
  const env = { NETLOOM_GATE: FIFO, NETLOOM_GATE_BEFORE: before.source };
  const netloom = spawn(process.execPath, ['--import', GATE, NETLOOM, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  netloom.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  netloom.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = once(netloom, 'close').then(async ([code]): Promise<Ended> => {
    // Where it never came to the gate, nobody else would open it.
    void shell(`exec 3<>${FIFO}`);
    return { code: code as number | null, stdout, stderr };
  });
  const opened = await open(FIFO, 'w');
  const stopped = netloom.exitCode === null ? signalAll(netloom.pid ?? 0, 'SIGSTOP') : [];
  try {
    if (stopped.length === 0) throw new Error(`it ended before it came to ${before}: ${stderr}`);
    await meanwhile();
  } finally {
    for (const pid of stopped) process.kill(pid, 'SIGCONT');
    await opened.close();
  }
  return ended;
}

/** A process and all that it has started, whatever their groups. Returns who was there. */
export function signalAll(pid: number, signal: NodeJS.Signals): number[] {
  const reached: number[] = [];
  const pending = [pid];
  for (const one of pending) {
    try {
      process.kill(one, signal);
      reached.push(one);
      pending.push(...readFileSync(`/proc/${one}/task/${one}/children`, 'utf8').split(' ').filter(Boolean).map(Number));
    } catch {
      // It has ended by itself.
    }
  }
  return reached;
}
