import { type FSWatcher, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

export interface Directories {
  /** Watches these and no others; those that are not there by their parent, for their name alone. */
  follow(paths: readonly string[]): void;
  close(): void;
}

/**
 * Watches directories by the kernel's own events (inotify), which cost nothing however large the directory is. `onChange` is called with the directory and the
 * entry's name where it is known; entries are not looked at, and links not followed.
 */
export function watchDirectories(onChange: (directory: string, entry: string | undefined) => void): Directories {
  const watchers = new Map<string, { readonly inode: string; readonly watcher: FSWatcher }>();
  const drop = (path: string): void => {
    watchers.get(path)?.watcher.close();
    watchers.delete(path);
  };

  const add = (path: string): void => {
    const inode = identityOf(path);
    if (watchers.get(path)?.inode === inode) return;
    drop(path);
    const [place, only] = inode === undefined ? [dirname(path), basename(path)] : [path, undefined];
    try {
      const watcher = watch(place, { persistent: false }, (_, entry) => {
        if (only !== undefined && entry !== only) return;
        onChange(path, entry ?? undefined);
      });
      watcher.on('error', () => {
        drop(path);
        onChange(path, undefined);
      });
      watchers.set(path, { inode: inode ?? `parent of ${path}`, watcher });
    } catch {
      // Neither it nor its parent is there, or there are no watches left: the resync finds what changes.
    }
  };

  return {
    follow: (paths) => {
      for (const path of [...watchers.keys()]) if (!paths.includes(path)) drop(path);
      for (const path of paths) add(path);
    },
    close: () => {
      for (const path of [...watchers.keys()]) drop(path);
    },
  };
}

/** What tells a directory from one of the same name that was made anew, also where the file system gives inode numbers again; undefined for none. */
export function identityOf(path: string): string | undefined {
  try {
    const stat = statSync(path, { bigint: true });
    return stat.isDirectory() ? `${stat.dev}:${stat.ino}:${stat.birthtimeNs}` : undefined;
  } catch {
    return undefined; // not there, or not to be had: ELOOP, EACCES, ESTALE
  }
}
