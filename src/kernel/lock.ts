import { closeSync, constants, ftruncateSync, mkdirSync, openSync, statSync, writeSync } from 'node:fs';
import { HostError } from '../model/errors.ts';
import { missingCapabilities } from './capabilities.ts';
import { describeHolder, isHeld, signatureText } from './lock-holder.ts';
import { createPrograms } from './program.ts';

/** What flock(1) ends with where somebody else has it and the time is over. */
const TAKEN = 1;

/** Shorter waits are not worth a word. */
const SILENT_MS = 500;

export interface LockOptions {
  /** How long to wait for another netloom; 0: not at all. Default 10 s. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Told once, after half a second of waiting, for whom: `process 7 (netloom apply lab.yaml), since 2026-01-31T12:00:00Z`. */
  onWait?(holder: string): void;
}

/** Held by this process, and by every program that inherits `fd` (see `createIprouteKernel`). */
export interface Lock {
  readonly fd: number;
}

/**
 * Does something while no other netloom changes this host. The lock is flock(2) on a file in /run/netloom named after the host's network
 * namespace. It belongs to the open file, so it goes with its holder however that ends, but not before the last program that
 * inherited the file: after a `kill -9` the next netloom waits for an `ip` that is still at work. Throws HostError E_LOCKED.
 */
export async function withLock<T>(work: (lock: Lock) => Promise<T>, { timeoutMs = 10_000, signal, onWait }: LockOptions = {}): Promise<T> {
  const fd = openLockFile();
  try {
    // The open file is shared with flock(1), which locks it and ends; the lock stays with us.
    const wait = timeoutMs === 0 ? '--nonblock' : `--timeout=${timeoutMs / 1000}`;
    const flock = createPrograms({ inherit: fd });
    const patience = setTimeout(() => onWait?.(describeHolder(fd)), SILENT_MS);
    const { exitCode, stderr } = await flock(['flock', wait, '3'], signal === undefined ? {} : { signal }).finally(() =>
      clearTimeout(patience),
    );
    if (exitCode === TAKEN) throw lockedError(describeHolder(fd));
    if (exitCode !== 0) throw unusable(stderr.trim() || 'flock was ended');
    const since = `${new Date().toISOString().slice(0, 19)}Z`;
    sign(fd, signatureText({ pid: process.pid, since, command: process.argv.slice(2).join(' ') }));
    return await work({ fd }).finally(() => sign(fd, ''));
  } finally {
    closeSync(fd);
  }
}

/** Before the first change, and not in the midst of it. */
function ensureCapable(): void {
  const missing = missingCapabilities();
  if (missing.length === 0) return;
  throw new HostError(
    'E_PRIVILEGE',
    `changing the network takes what this process lacks: ${missing.join(', ')}`,
    'run netloom as root, or inside `netloom sandbox`',
  );
}

function openLockFile(): number {
  ensureCapable();
  try {
    mkdirSync('/run/netloom', { recursive: true, mode: 0o755 });
    return openSync(lockPath(), constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code !== 'EACCES' && code !== 'EPERM') throw unusable(cause instanceof Error ? cause.message : String(cause), cause);
    throw new HostError(
      'E_PRIVILEGE',
      "not permitted to keep a lock in /run/netloom, which is root's",
      'run netloom as root, or inside `netloom sandbox`',
      { cause },
    );
  }
}

const unusable = (why: string, cause?: unknown): HostError =>
  new HostError('E_LOCK_FILE', `no lock can be kept in /run/netloom: ${why}`, 'put right what is in the way there, or make room in /run', {
    cause,
  });

const lockPath = (): string => `/run/netloom/lock-${statSync('/proc/self/ns/net').ino}`;

/** Who is changing this host right now, for people; undefined where nobody is, or where one may not look. Takes no lock. */
export function currentHolder(): string | undefined {
  let fd: number;
  try {
    fd = openSync(lockPath(), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    return isHeld(fd) ? describeHolder(fd) : undefined;
  } finally {
    closeSync(fd);
  }
}

/** Says who holds the lock, for those who wait; empty once it is given back. That there is no room for it (a full /run) is no reason not to work. */
function sign(fd: number, text: string): void {
  try {
    ftruncateSync(fd, 0);
    writeSync(fd, text, 0);
  } catch {
    // `describeHolder` finds the process by the lock itself.
  }
}

function lockedError(holder: string): HostError {
  return new HostError(
    'E_LOCKED',
    `this host is being changed by ${holder}`,
    'wait until it has ended (--lock-timeout says how long), or end it',
  );
}
