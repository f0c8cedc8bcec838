import { accessSync, constants, lstatSync, readFileSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { PlaceState } from '../../model/health.ts';
import { auditDirectory } from '../audit/place.ts';
import { obstacleAt, sortOf } from '../files.ts';
import { FILES_DIRECTORY, NETNS_DIRECTORY } from '../iproute/read/names.ts';

/** The directories that netloom keeps something in, as they are now. */
export function readPlaces(mountinfo: string = readFileSync('/proc/self/mountinfo', 'utf8')): PlaceState[] {
  const audit = auditDirectory();
  return [
    placeOf(NETNS_DIRECTORY, 'names of namespaces', obstacleAt(`${NETNS_DIRECTORY}/doctor`), sharingOf(NETNS_DIRECTORY, mountinfo)),
    placeOf(FILES_DIRECTORY, 'hosts and resolv.conf of namespaces', obstacleAt(`${FILES_DIRECTORY}/doctor/hosts`)),
    placeOf('/run/netloom', 'records and the lock', obstacleAt('/run/netloom/doctor.json')),
    placeOf(audit, 'the audit trail', notOurs(audit)),
  ];
}

function placeOf(path: string, use: string, obstacle: PlaceState['obstacle'], shared?: boolean): PlaceState {
  const exists = lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  const unwritable = obstacle === undefined ? whyUnwritable(path) : undefined;
  return {
    path,
    use,
    exists,
    ...(obstacle === undefined ? {} : { obstacle }),
    ...(unwritable === undefined ? {} : { unwritable }),
    ...(shared === undefined ? {} : { shared }),
  };
}

/** The error that writing there would meet, asked of the kernel; of what is not there, its nearest parent is asked. */
function whyUnwritable(path: string): string | undefined {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined && path !== '/') return whyUnwritable(dirname(path));
  try {
    accessSync(path, constants.W_OK);
    // A memory file system without a limit has no blocks; what is reserved on a disk is root's.
    const { blocks, bavail, bfree } = statfsSync(path);
    return blocks > 0 && (process.geteuid?.() === 0 ? bfree : bavail) === 0 ? 'ENOSPC' : undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

/** As the audit trail wants its directory: root's own, and no link. */
function notOurs(path: string): PlaceState['obstacle'] {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  if (!stat.isDirectory()) return { path, what: sortOf(stat) };
  return stat.uid === 0 || stat.uid === process.geteuid?.() ? undefined : { path, what: `a directory of another user (uid ${stat.uid})` };
}

/** Whether a mount point is shared (proc(5), mountinfo: `shared:N` among the optional fields); undefined where it is none. */
export function sharingOf(path: string, mountinfo: string): boolean | undefined {
  const line = mountinfo
    .split('\n')
    .filter((text) => text.split(' ')[4] === path)
    .at(-1);
  return line === undefined
    ? undefined
    : (line.split(' - ')[0] ?? '')
        .split(' ')
        .slice(6)
        .some((field) => field.startsWith('shared:'));
}
