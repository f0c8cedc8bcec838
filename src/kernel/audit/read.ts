import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { AuditEntry, AuditLog } from '../../model/audit.ts';
import { HostError } from '../../model/errors.ts';
import { isFields } from '../iproute/read/edge.ts';
import { auditDirectory, auditPath, olderPath } from './place.ts';

/** The whole audit trail, what was moved aside included. A line that is none is counted and left out. Throws HostError where it may not be read. */
export async function readAudit(directory = auditDirectory()): Promise<AuditLog> {
  const path = auditPath(directory);
  const lines = [await textOf(olderPath(directory)), await textOf(path)].flatMap((text) => text.split('\n')).filter((line) => line !== '');
  const entries = lines.flatMap((line) => parseEntry(line) ?? []);
  return { path, entries, damaged: lines.length - entries.length };
}

async function textOf(path: string): Promise<string> {
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      if (!(await handle.stat()).isFile()) throw inTheWay(path);
      return await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (cause instanceof HostError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return '';
    if (code === 'ELOOP') throw inTheWay(path); // a symbolic link
    throw new HostError('E_LOG_UNREADABLE', `${path} cannot be read: ${code}`, 'run netloom as root, whose it is', { cause });
  }
}

const inTheWay = (path: string): HostError =>
  new HostError('E_LOG_UNREADABLE', `${path} is no regular file`, 'move it away: until then nothing can be recorded');

/** An entry as a later version may write it is taken too, as long as what is printed of it is there. */
export function parseEntry(line: string): AuditEntry | undefined {
  let data: unknown;
  try {
    data = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isFields(data)) return undefined;
  const { time, ms, command, argv, version, who, topology, file, digest, git, outcome, summary, changes, operations, errors } = data;
  const isRight =
    [time, command, version, topology, outcome].every(isText) &&
    !Number.isNaN(Date.parse(String(time))) &&
    isNumber(ms) &&
    [file, digest].every((value) => value === undefined || isText(value)) &&
    isFields(who) &&
    isNumber(who.uid) &&
    [who.user, who.sudoUser, who.tty, who.ssh].every((value) => value === undefined || isText(value)) &&
    (git === undefined || (isFields(git) && isText(git.commit))) &&
    hasNumbers(summary, ['create', 'update', 'replace', 'delete']) &&
    hasNumbers(operations, ['done', 'failed', 'skipped']) &&
    isList(argv, isText) &&
    isList(changes, isChange) &&
    isList(errors, (error) => hasTexts(error, ['code', 'message']));
  return isRight ? (data as unknown as AuditEntry) : undefined;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number';
const isList = (value: unknown, isItem: (item: unknown) => boolean): boolean => Array.isArray(value) && value.every(isItem);
const hasTexts = (value: unknown, keys: readonly string[]): boolean => isFields(value) && keys.every((key) => isText(value[key]));
const hasNumbers = (value: unknown, keys: readonly string[]): boolean => isFields(value) && keys.every((key) => isNumber(value[key]));
const isChange = (value: unknown): boolean =>
  hasTexts(value, ['action', 'id']) && isFields(value) && isList(value.fields, (field) => hasTexts(field, ['path', 'before', 'after']));
