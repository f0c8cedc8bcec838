import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmdirSync,
  type Stats,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Obstacle } from '../model/snapshot.ts';
import { temporaryFor, temporaryPath } from '../model/temporary.ts';
import { writablePath } from './checked.ts';

/** Nothing that netloom looks for is larger; others could put what they like in its way. */
const MOST_BYTES = 16 * 1024 * 1024;

/** A regular file's content; undefined for what is absent, a symbolic link, no regular file, or larger than 16 MiB. */
export const readPlainFile = (path: string): string | undefined =>
  withOpen(path, (fd) => {
    const stat = fstatSync(fd);
    return stat.isFile() && stat.size <= MOST_BYTES ? readFileSync(fd, 'utf8') : undefined;
  });

/** The first line of a file, or its first 256 bytes; undefined for what cannot be read as one, and for a symbolic link. */
export const readFirstLine = (path: string): string | undefined =>
  withOpen(path, (fd) => {
    try {
      const buffer = Buffer.alloc(256);
      return buffer.toString('utf8', 0, readSync(fd, buffer)).split('\n', 1)[0];
    } catch {
      return undefined; // a directory
    }
  });

/** Undefined for what cannot be opened. No link is followed, and no FIFO waited for. */
function withOpen<T>(path: string, read: (fd: number) => T): T | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    return read(fd);
  } finally {
    closeSync(fd);
  }
}

/**
 * Writes a file, mode 0644, so that no reader sees half of it. A new one appears by rename. An existing one is written in place, since
 * processes in the namespace have its inode mounted (`ip netns exec`) and would never see a new one; a single write is all that a reader
 * of a small file can meet. What `obstacleAt` names is refused.
 */
export function writeFileSafely(path: string, content: string): void {
  writablePath(path);
  const obstacle = obstacleAt(path);
  if (obstacle !== undefined) throw new Error(`${obstacle.path} is ${obstacle.what}; move it out of the way`);
  const data = Buffer.from(content);
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) create(path, data, temporaryPath(path, content));
  else overwrite(path, data);
}

/**
 * Blank lines are what a kill may add, and a full disk may not even do that: the room is taken first, and what was there goes by one write.
 */
function overwrite(path: string, data: Buffer): void {
  const fd = openSync(path, constants.O_WRONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    fchmodSync(fd, 0o644);
    const { size } = fstatSync(fd);
    if (data.length > size) extend(fd, size, data.length);
    writeAt(fd, size > data.length ? Buffer.concat([data, blank(size - data.length)]) : data, 0);
    ftruncateSync(fd, data.length);
  } finally {
    closeSync(fd);
  }
}

function extend(fd: number, from: number, to: number): void {
  try {
    writeAt(fd, blank(to - from), from);
  } catch (error) {
    ftruncateSync(fd, from);
    throw error;
  }
}

const blank = (length: number): Buffer => Buffer.alloc(Math.max(length, 0), '\n');

/** All of it, or it throws: write(2) alone may stop half-way on a full disk. */
function writeAt(fd: number, data: Buffer, position: number): void {
  for (let done = 0; done < data.length; ) done += writeSync(fd, data, done, data.length - done, position + done);
}

/** The temporary file comes first and goes last: whatever a kill leaves has a name that says whose it is (see `temporaryPath`). */
function create(path: string, data: Buffer, temporary: string): void {
  makeDirectory(dirname(temporary));
  const fd = openSync(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW, 0o644);
  try {
    fchmodSync(fd, 0o644); // whatever the umask
    writeFileSync(fd, data);
  } finally {
    closeSync(fd);
  }
  makeDirectory(dirname(path));
  renameSync(temporary, path);
}

/**
 * Removes a file and, where that leaves it empty, its directory in /etc/netns; of a temporary file the directory that it was meant for. Absent
 * is fine. The file gets its temporary name first, so that a kill leaves no directory of which nobody knows whose it is.
 */
export function deleteFileSafely(path: string): void {
  writablePath(path);
  if (!isRealDirectory(dirname(path))) return;
  const meant = temporaryFor(path);
  const temporary = meant === undefined ? temporaryPath(path, readFirstLine(path) ?? '') : path;
  if (meant === undefined) ignoring(['ENOENT'], () => renameSync(path, temporary));
  const directory = dirname(meant ?? path);
  if (directory.startsWith('/etc/netns/') && isRealDirectory(directory)) {
    ignoring(['ENOENT', 'ENOTEMPTY', 'EEXIST'], () => rmdirSync(directory));
  }
  ignoring(['ENOENT'], () => unlinkSync(temporary));
}

function isRealDirectory(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** What keeps a file from being written: itself or a directory on its way, being what others could have put there. */
export const obstacleAt = (path: string): Obstacle | undefined => obstacleIn(path, inTheWay);

function obstacleIn(path: string, look: typeof inTheWay): Obstacle | undefined {
  // From the outside in: below what is no directory there is nothing to look at.
  for (const directory of directoriesOf(path)) {
    const obstacle = look(directory, 'directory');
    if (obstacle !== undefined) return obstacle;
  }
  return look(path, 'file');
}

/** Those of the paths that something keeps from being written, with what it is. A directory that they share is looked at once. */
export function obstaclesAmong(paths: readonly string[]): [string, Obstacle][] {
  const directories = new Map<string, Obstacle | undefined>();
  const look: typeof inTheWay = (path, wanted) => {
    if (wanted === 'file') return inTheWay(path, wanted);
    if (!directories.has(path)) directories.set(path, inTheWay(path, wanted));
    return directories.get(path);
  };
  return paths.flatMap((path): [string, Obstacle][] => {
    const obstacle = obstacleIn(path, look);
    return obstacle === undefined ? [] : [[path, obstacle]];
  });
}

function inTheWay(path: string, wanted: 'directory' | 'file'): Obstacle | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  if (wanted === 'directory' ? !stat.isDirectory() : !stat.isFile()) return { path, what: sortOf(stat) };
  if (stat.uid !== 0 && stat.uid !== process.geteuid?.()) return { path, what: `a ${wanted} of another user (uid ${stat.uid})` };
  if ((stat.mode & 0o002) !== 0) return { path, what: `a ${wanted} that everybody may write to` };
  return undefined;
}

/** In words, with the article. */
export function sortOf(stat: Stats): string {
  if (stat.isSymbolicLink()) return 'a symbolic link';
  if (stat.isDirectory()) return 'a directory';
  if (stat.isFIFO()) return 'a FIFO';
  if (stat.isSocket()) return 'a socket';
  return stat.isFile() ? 'a file' : 'a device';
}

/** The directories of a file, outermost first, without /etc and /run, which are the host's own. */
function directoriesOf(path: string): string[] {
  const parent = dirname(path);
  return parent === '/etc' || parent === '/run' ? [] : [...directoriesOf(parent), parent];
}

/** Whatever the umask. */
function makeDirectory(path: string): void {
  for (const directory of [...directoriesOf(path), path]) {
    // Mostly it is there, and an error that is thrown to be ignored costs more than a look.
    if (lstatSync(directory, { throwIfNoEntry: false }) !== undefined) continue;
    ignoring(['EEXIST'], () => {
      mkdirSync(directory, 0o755);
      chmodSync(directory, 0o755);
    });
  }
}

function ignoring(codes: readonly string[], call: () => void): void {
  try {
    call();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && codes.includes(String(error.code)))) throw error;
  }
}
