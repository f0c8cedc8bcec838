import { closeSync, constants, lstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { topologyOfMark } from '../../../model/marks.ts';
import type { Scope } from '../../../model/snapshot.ts';
import { isNamespaceName } from '../../checked.ts';

export const NETNS_DIRECTORY = '/run/netns';
export const FILES_DIRECTORY = '/etc/netns';

/** The host's own namespace: that of this process. */
export function hostInode(): string {
  const { dev, ino } = statSync('/proc/self/ns/net');
  return `${dev}:${ino}`;
}

/**
 * Every name under /run/netns with what identifies the namespace behind it; undefined for what is none: crash remnants, symbolic links
 * (never followed), foreign files.
 */
export function readNames(): Map<string, string | undefined> {
  const nsfs = statSync('/proc/self/ns/net').dev;
  const names = new Map<string, string | undefined>();
  for (const name of list(NETNS_DIRECTORY)) {
    const stat = lstatSync(`${NETNS_DIRECTORY}/${name}`, { throwIfNoEntry: false });
    if (stat !== undefined) names.set(name, stat.isFile() && stat.dev === nsfs ? `${stat.dev}:${stat.ino}` : undefined);
  }
  return names;
}

/** Names whose /etc/netns/<name>/hosts says in its first line that they are these topologies'; whether the namespace exists or not. */
export function markedNames(topologies: Scope['topologies']): string[] {
  return list(FILES_DIRECTORY).filter((name) => {
    if (!isNamespaceName(name)) return false;
    const topology = topologyOfMark(firstLine(`${FILES_DIRECTORY}/${name}/hosts`) ?? '');
    return topology !== undefined && (topologies === 'all' || topologies.includes(topology));
  });
}

export function list(directory: string): string[] {
  try {
    return readdirSync(directory).sort();
  } catch {
    return [];
  }
}

function firstLine(path: string): string | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    const buffer = Buffer.alloc(256);
    return buffer.toString('utf8', 0, readSync(fd, buffer)).split('\n', 1)[0];
  } catch {
    return undefined; // a directory
  } finally {
    closeSync(fd);
  }
}
