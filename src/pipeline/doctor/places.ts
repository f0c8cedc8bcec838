import type { Finding, PlaceState } from '../../model/health.ts';
import { bad, doubtful, fine } from './finding.ts';

const WORDS: Readonly<Record<string, { readonly why: string; readonly fix: (path: string) => string }>> = {
  ENOSPC: { why: 'there is no room left', fix: (path) => `make room: df ${path}` },
  EROFS: { why: 'it is mounted read-only', fix: (path) => `mount -o remount,rw "$(stat -c %m ${path})"` },
};

/** Directories that netloom writes to: whose they are, and whether it can. */
export const places = (states: readonly PlaceState[], isRoot: boolean): Finding[] => states.flatMap((state) => ofPlace(state, isRoot));

function ofPlace({ path, use, exists, obstacle, unwritable, shared }: PlaceState, isRoot: boolean): Finding[] {
  if (obstacle !== undefined) {
    const message = `${obstacle.path} is ${obstacle.what}; ${use} would go elsewhere, or be somebody else's to change`;
    return [bad('files', path, { code: 'E_DIRECTORY', message, fix: cureOf(obstacle) })];
  }
  if (unwritable !== undefined && (isRoot || WORDS[unwritable] !== undefined)) {
    const { why, fix } = WORDS[unwritable] ?? {
      why: `this user may not write there (${unwritable})`,
      fix: () => 'run netloom as root, or inside `netloom sandbox`',
    };
    return [bad('files', path, { code: 'E_DIRECTORY', message: `${use} cannot be written: ${why}`, fix: fix(path) })];
  }
  const good = fine('files', path, exists ? use : `${use}; the first apply makes it`);
  if (shared !== false) return [good];
  const message =
    'what is mounted here is not seen in other mount namespaces: services of systemd with their own will not find names made from now on';
  return [doubtful('files', path, { code: 'W_NOT_SHARED', message, fix: `mount --make-shared ${path}` })];
}

function cureOf({ path, what }: { readonly path: string; readonly what: string }): string {
  if (what.includes('of another user')) return `chown root:root ${path}`;
  if (what.includes('everybody may write')) return `chmod o-w ${path}`;
  return `look who has put it there, and move it away: mv ${path} ${path}.old`;
}
