import { basename, dirname } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import { identityOf, watchDirectories } from '../kernel/listen/directories.ts';
import type { Entries } from './reading.ts';

export interface FileWatch {
  /** Watches these directories, and what holds them, and no others. By absolute path. */
  follow(directories: ReadonlyMap<string, Entries>): Promise<void>;
  close(): Promise<void>;
}

/**
 * Says that something in some directories has changed: a file written in place or by rename, a link that leads elsewhere now, a directory that was
 * removed or made again. What has changed is found by reading. Directories are told apart by their inode: one that was made anew is watched anew.
 * Where only some entries matter (the directory of a single file, what holds a directory) the kernel's own events are taken as they are:
 * chokidar reads a directory whole at each of them, and such a directory may be /tmp.
 */
export function watchFiles(onChange: () => void): FileWatch {
  let watcher: FSWatcher | undefined;
  let followed = '';
  let wanted: ReadonlyMap<string, Entries> = new Map();
  const places = watchDirectories((directory, entry) => {
    if (matters(wanted.get(directory), entry)) onChange();
  });
  return {
    follow: async (directories) => {
      wanted = withParents(directories);
      const whole = [...wanted].flatMap(([path, entries]) => (entries === 'all' ? [path] : []));
      const identity = [...wanted.keys()].map((path) => `${path} ${identityOf(path)}`).join('\n');
      places.follow([...wanted.keys()].filter((path) => !whole.includes(path)));
      if (identity === followed) return;
      followed = identity;
      const old = watcher;
      watcher = whole.length === 0 ? undefined : await watchWhole(whole, onChange);
      await old?.close();
      // What was changed between the reading that named the directories and now has not been heard.
      onChange();
    },
    close: async () => {
      places.close();
      await watcher?.close();
    },
  };
}

async function watchWhole(paths: readonly string[], onChange: () => void): Promise<FSWatcher> {
  const watcher = watch([...paths], { depth: 0, ignoreInitial: true, ignorePermissionErrors: true });
  // `raw` too: a link that leads elsewhere is no change of the entry that chokidar knows.
  const isTopology = (path: string | null): boolean => path === null || /\.ya?ml$|^\.\./.test(basename(path));
  const onEntry = (_: string, path: string): void => {
    if (isTopology(path) || paths.includes(path)) onChange();
  };
  watcher.on('raw', onEntry).on('all', onEntry).on('error', onChange);
  await new Promise<void>((done) => watcher.once('ready', done));
  return watcher;
}

/** Of what holds a directory only that entry matters: it may be replaced as a whole. */
function withParents(directories: ReadonlyMap<string, Entries>): Map<string, Entries> {
  const wanted = new Map(directories);
  for (const path of directories.keys()) {
    const entries = wanted.get(dirname(path)) ?? new Set<string>();
    if (entries !== 'all') wanted.set(dirname(path), new Set([...entries, basename(path)]));
  }
  return wanted;
}

/** Kubernetes swaps `..data`, which the entries of a mounted config map lead through. */
const matters = (entries: Entries | undefined, entry: string | undefined): boolean =>
  entries === undefined || entries === 'all' || entry === undefined || entries.has(entry) || entry.startsWith('..');
