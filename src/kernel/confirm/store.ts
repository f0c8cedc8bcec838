import { closeSync, constants, fsyncSync, lstatSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { Ended, Pending } from '../../model/pending.ts';
import { readPlainFile } from '../files.ts';

/** The process that waits for a deadline. Its own file, as it is the only one to write it. */
export interface GuardFile {
  readonly id: string;
  readonly pid: number;
  /** Field 22 of /proc/PID/stat: pids come back, a pid with its start does not. */
  readonly startTime: string;
}

/**
 * What is kept of a pending change, mode 0600 in a directory of root's of mode 0700, named after the host's network namespace as the lock is.
 * Below /run it goes with the kernel state that it is about. Written whole or not at all; change `pending` under the lock alone.
 */
export interface Store {
  readonly pending: () => Pending | undefined;
  readonly guard: () => GuardFile | undefined;
  readonly last: () => Ended | undefined;
  /** What differs whenever `pending` has been written; empty where there is none. Cheaper than reading it. */
  readonly version: () => string;
  readonly setPending: (pending: Pending) => void;
  readonly setGuard: (guard: GuardFile) => void;
  /** Nothing is pending from here on. */
  readonly end: (ended: Ended) => void;
  /** Forgets what was never guarded, and how the last one has ended. */
  readonly forget: () => void;
}

export function openStore(): Store {
  const directory = `/run/netloom/confirm-${statSync('/proc/self/ns/net').ino}`;
  const path = (name: string): string => `${directory}/${name}.json`;
  const read = (name: string): unknown => parse(readPlainFile(path(name)));
  const write = (name: string, content: object): void => {
    ensure(directory);
    writeWhole(path(name), JSON.stringify(content));
  };
  const remove = (...names: readonly string[]): void => {
    for (const name of names) rmSync(path(name), { force: true });
  };
  return {
    // Written by ourselves alone, where nobody else may write: its form is what `formatVersion` says.
    pending: () => read('pending') as Pending | undefined,
    guard: () => read('guard') as GuardFile | undefined,
    last: () => read('last') as Ended | undefined,
    version: () => {
      const stat = lstatSync(path('pending'), { throwIfNoEntry: false });
      return stat === undefined ? '' : `${stat.ino} ${stat.mtimeMs}`;
    },
    setPending: (pending) => write('pending', pending),
    setGuard: (guard) => write('guard', guard),
    end: (ended) => {
      write('last', ended);
      remove('pending', 'guard');
    },
    forget: () => remove('pending', 'guard', 'last'),
  };
}

function parse(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    const data: unknown = JSON.parse(text);
    return typeof data === 'object' && data !== null ? data : undefined;
  } catch {
    return undefined;
  }
}

function ensure(directory: string): void {
  mkdirSync('/run/netloom', { recursive: true, mode: 0o755 });
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const stat = lstatSync(directory);
  if (!stat.isDirectory() || stat.uid !== process.geteuid?.()) throw new Error(`${directory} is not a directory of root's; move it away`);
}

function writeWhole(path: string, text: string): void {
  const temporary = `${path}.new`;
  rmSync(temporary, { force: true });
  const fd = openSync(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
  try {
    writeFileSync(fd, text);
    fsyncSync(fd);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true }); // a full /run needs the room
    throw error;
  } finally {
    closeSync(fd);
  }
}
