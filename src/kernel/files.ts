import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { writablePath } from './checked.ts';

/** Nothing that netloom looks for is larger; others could put what they like in its way. */
const MOST_BYTES = 16 * 1024 * 1024;

/** A regular file's content; undefined for what is absent, a symbolic link, no regular file, or larger than 16 MiB. */
export function readPlainFile(path: string): string | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    const stat = fstatSync(fd);
    return stat.isFile() && stat.size <= MOST_BYTES ? readFileSync(fd, 'utf8') : undefined;
  } finally {
    closeSync(fd);
  }
}

/**
 * Writes a file, mode 0644, so that no reader sees half of it. A new one appears by rename. An existing one is written in place, since
 * processes in the namespace have its inode mounted (`ip netns exec`) and would never see a new one; a single write is all that a reader
 * of a small file can meet. Symbolic links are refused, for the file and the directory.
 */
export function writeFileSafely(path: string, content: string): void {
  writablePath(path);
  ensureDirectory(dirname(path));
  const data = Buffer.from(content);
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat !== undefined && !stat.isFile()) throw new Error(`${path} is no regular file; move it out of the way`);
  if (stat === undefined) create(path, data);
  else overwrite(path, data);
}

function overwrite(path: string, data: Buffer): void {
  const fd = openSync(path, constants.O_WRONLY | constants.O_NOFOLLOW);
  try {
    writeFileSync(fd, data); // all of it, or it throws: write(2) alone may stop half-way on a full disk
    ftruncateSync(fd, data.length);
  } finally {
    closeSync(fd);
  }
}

function create(path: string, data: Buffer): void {
  const temporary = temporaryOf(path);
  const fd = openSync(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW, 0o644);
  try {
    fchmodSync(fd, 0o644); // whatever the umask
    writeFileSync(fd, data);
  } finally {
    closeSync(fd);
  }
  renameSync(temporary, path);
}

/** One name for each file, so that what a killed netloom left is written over, and goes with the file. */
const temporaryOf = (path: string): string => `${dirname(path)}/.${basename(path)}.netloom`;

/** Removes a file and, where that leaves it empty, its directory in /etc/netns. Absent is fine. */
export function deleteFileSafely(path: string): void {
  writablePath(path);
  const directory = dirname(path);
  if (!isRealDirectory(directory)) return;
  for (const one of [path, temporaryOf(path)]) ignoring(['ENOENT'], () => unlinkSync(one));
  if (directory.startsWith('/etc/netns/')) ignoring(['ENOENT', 'ENOTEMPTY', 'EEXIST'], () => rmdirSync(directory));
}

function isRealDirectory(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Makes a directory below a real one; one that others could have put there (a link, or another user's) is refused. */
function ensureDirectory(path: string): void {
  const parent = dirname(path);
  if (parent !== '/etc' && parent !== '/run') ensureDirectory(parent);
  ignoring(['EEXIST'], () => mkdirSync(path, 0o755));
  const stat = lstatSync(path);
  if (!stat.isDirectory() || (stat.uid !== 0 && stat.uid !== process.geteuid?.())) {
    throw new Error(`${path} is not a directory of root's; move it out of the way`);
  }
}

function ignoring(codes: readonly string[], call: () => void): void {
  try {
    call();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && codes.includes(String(error.code)))) throw error;
  }
}
