import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';

export interface FileWatch {
  /** Watches these directories, and what holds them, and no others. Absolute paths. */
  follow(directories: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Says that something in some directories has changed: a file written in place or by rename, a link that leads elsewhere now, a directory that was
 * removed or made again. What has changed is found by reading, so entries are not looked at one by one. Directories are told apart
 * by their inode: one that was made anew is watched anew.
 */
export function watchFiles(onChange: () => void): FileWatch {
  let watcher: FSWatcher | undefined;
  let followed = '';
  return {
    follow: async (directories) => {
      const wanted = new Set([...directories, ...directories.map((one) => dirname(one))]);
      const identity = [...wanted].map((path) => `${path} ${inodeOf(path)}`).join('\n');
      if (identity === followed) return;
      followed = identity;
      const old = watcher;
      const next = watch([...wanted], {
        depth: 0,
        ignoreInitial: true,
        ignorePermissionErrors: true,
        // Only the directories themselves: their own watch tells of every entry.
        ignored: (path) => !wanted.has(path),
      });
      watcher = next;
      next.on('raw', onChange).on('all', onChange).on('error', onChange);
      await new Promise<void>((done) => next.once('ready', done));
      await old?.close();
      // What was changed between the reading that named the directories and now has not been heard.
      onChange();
    },
    close: async () => {
      await watcher?.close();
    },
  };
}

function inodeOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? 'none' : `${stat.dev}:${stat.ino}`;
}
