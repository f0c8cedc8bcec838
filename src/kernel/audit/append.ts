import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from 'node:fs';
import type { AuditEntry } from '../../model/audit.ts';
import { auditDirectory, auditPath, olderPath } from './place.ts';

/** The file moves aside once it is larger, so that both together stay below twice this and a line. */
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * Adds one line, mode 0640, by a single write at the file's end, so that neither a reader nor another netloom meets half of one. What a full
 * disk has cut short is taken back. Symbolic links are refused. Throws where it cannot be done, with nothing added.
 */
export function appendAudit(entry: AuditEntry, directory = auditDirectory(), mostBytes = MOST_BYTES): void {
  ensure(directory);
  const path = auditPath(directory);
  if ((lstatSync(path, { throwIfNoEntry: false })?.size ?? 0) > mostBytes) renameSync(path, olderPath(directory));
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  const fd = openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o640);
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw new Error(`${path} is no regular file`);
    if (stat.size === 0) fchmodSync(fd, 0o640); // whatever the umask
    // A line that a crash of the machine has cut does not spoil the next one.
    const line = Buffer.from(`${endsWithLine(fd, stat.size) ? '' : '\n'}${JSON.stringify(entry)}\n`);
    const written = writeSync(fd, line);
    if (written === line.length) return;
    ftruncateSync(fd, stat.size);
    throw new Error(`no space left for ${path}`);
  } finally {
    closeSync(fd);
  }
}

function ensure(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o755 });
  const stat = lstatSync(directory);
  if (!stat.isDirectory() || (stat.uid !== 0 && stat.uid !== process.geteuid?.()))
    throw new Error(`${directory} is not a directory of root's`);
}

function endsWithLine(fd: number, size: number): boolean {
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  readSync(fd, last, 0, 1, size - 1);
  return last[0] === 0x0a;
}
