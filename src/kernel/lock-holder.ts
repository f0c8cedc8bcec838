import { fstatSync, readdirSync, readFileSync, type Stats, statSync } from 'node:fs';

/** What is in a lock file while the lock is held: who took it, when, and with which command line. */
export interface Signature {
  readonly pid: number;
  /** ISO 8601, UTC, to the second. */
  readonly since: string;
  readonly command: string;
}

export const signatureText = ({ pid, since, command }: Signature): string => `${pid} ${since} ${command}`;

function parseSignature(text: string): Signature | undefined {
  const [, pid, since = '', command = ''] = /^(\d+) (\S+) (.*)$/s.exec(text) ?? [];
  return pid === undefined ? undefined : { pid: Number(pid), since, command };
}

/**
 * Who holds the lock on an open file, for people. The file says who took it; the kernel says who has it now: an open file that is locked
 * says so in fdinfo, of each process that has it. So a text that a killed netloom left is not believed, and a program that outlived its netloom is found.
 */
export function describeHolder(fd: number): string {
  const signature = parseSignature(readFileSync(`/proc/self/fd/${fd}`, 'utf8'));
  const holders = processesWithLock(fstatSync(fd));
  const signed = signature && `process ${signature.pid} (netloom ${signature.command}), since ${signature.since}`;
  if (signature && signed && holders.includes(signature.pid)) return signed;
  const [left] = holders;
  if (left !== undefined) return `process ${left} (${commandOf(left)}), perhaps of a netloom that was killed`;
  // It may be in a PID namespace that cannot be seen from here.
  return signed ?? 'another netloom';
}

/** Whether a process that can be seen from here has the lock on an open file. */
export const isHeld = (fd: number): boolean => processesWithLock(fstatSync(fd)).length > 0;

function processesWithLock(file: Stats): number[] {
  return namesIn('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) =>
      namesIn(`/proc/${pid}/fd`).some((fd) => isFile(`/proc/${pid}/fd/${fd}`, file) && isLocked(`/proc/${pid}/fdinfo/${fd}`)),
    )
    .map(Number);
}

const isFile = (path: string, { dev, ino }: Stats): boolean =>
  unlessGone(
    () => statSync(path),
    (found) => found.dev === dev && found.ino === ino,
    false,
  );

/** `lock:	1: FLOCK  ADVISORY  WRITE …`, only of the open file that holds it, not of those that wait (fs/locks.c, show_fd_locks). */
const isLocked = (path: string): boolean =>
  unlessGone(
    () => readFileSync(path, 'utf8'),
    (text) => /^lock:.*\bFLOCK\b.*\bWRITE\b/m.test(text),
    false,
  );

const commandOf = (pid: number): string =>
  unlessGone(
    () => readFileSync(`/proc/${pid}/cmdline`, 'utf8'),
    (text) => text.replaceAll('\0', ' ').trim(),
    '',
  ) || 'unknown';

const namesIn = (path: string): string[] =>
  unlessGone(
    () => readdirSync(path),
    (names) => names,
    [],
  );

/** Processes come and go while one looks, and some may not be looked at. */
function unlessGone<T, R>(read: () => T, then: (value: T) => R, otherwise: R): R {
  let value: T;
  try {
    value = read();
  } catch {
    return otherwise;
  }
  return then(value);
}
