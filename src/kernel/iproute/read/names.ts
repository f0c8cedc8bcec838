import { lstatSync, readdirSync, statSync } from 'node:fs';
import { HostError } from '../../../model/errors.ts';
import { topologyOfMark } from '../../../model/marks.ts';
import type { Obstacle, Scope } from '../../../model/snapshot.ts';
import { topologyOfTemporary } from '../../../model/temporary.ts';
import { isNamespaceName } from '../../checked.ts';
import { readFirstLine, sortOf } from '../../files.ts';

export const NETNS_DIRECTORY = '/run/netns';
export const FILES_DIRECTORY = '/etc/netns';
const RECORDS_DIRECTORY = '/run/netloom';

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
    if (stat?.isFIFO()) throw blocking(`${NETNS_DIRECTORY}/${name}`);
    if (stat !== undefined) names.set(name, stat.isFile() && stat.dev === nsfs ? `${stat.dev}:${stat.ino}` : undefined);
  }
  return names;
}

/** `ip netns list` opens whatever is there, and would wait for somebody to write. */
const blocking = (path: string): HostError =>
  new HostError('E_NAMESPACE_TAKEN', `${path} is a FIFO, on which every \`ip netns\` would wait for ever`, `remove it with: rm ${path}`);

/** Names whose /etc/netns/<name>/hosts says in its first line that they are these topologies'; whether the namespace exists or not. */
export function markedNames(topologies: Scope['topologies']): string[] {
  return list(FILES_DIRECTORY).filter((name) => {
    if (!isNamespaceName(name)) return false;
    const topology = topologyOfMark(readFirstLine(`${FILES_DIRECTORY}/${name}/hosts`) ?? '');
    return topology !== undefined && (topologies === 'all' || topologies.includes(topology));
  });
}

/** What a killed netloom has left of files that it was writing for these topologies. */
export const temporaryFiles = (topologies: Scope['topologies']): string[] =>
  [FILES_DIRECTORY, RECORDS_DIRECTORY]
    .flatMap((directory) => list(directory).map((file) => `${directory}/${file}`))
    .filter((path) => {
      const topology = topologyOfTemporary(path);
      return topology !== undefined && (topologies === 'all' || topologies.includes(topology));
    });

/** Wanted names at which there is neither a namespace nor the empty file that a killed `ip netns add` leaves; by path. */
export const oddNames = (wanted: readonly string[], names: ReadonlyMap<string, string | undefined>): [string, Obstacle][] =>
  wanted.flatMap((name): [string, Obstacle][] => {
    const path = `${NETNS_DIRECTORY}/${name}`;
    const stat = names.has(name) && names.get(name) === undefined ? lstatSync(path, { throwIfNoEntry: false }) : undefined;
    return stat === undefined || (stat.isFile() && stat.size === 0) ? [] : [[path, { path, what: sortOf(stat) }]];
  });

export function list(directory: string): string[] {
  try {
    return readdirSync(directory).sort();
  } catch {
    return [];
  }
}
