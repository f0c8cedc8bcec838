import { dirname } from 'node:path';
import type { Remark } from '../model/report.ts';
import type { Topology } from '../model/topology.ts';

/** The watched files at one moment. */
export interface Reading {
  /** Every file that there is, by absolute path: what it says, or what is wrong with it. */
  readonly files: ReadonlyMap<string, { readonly topology: Topology } | { readonly errors: readonly Remark[] }>;
  /** Places that could not be listed, and why: of those `files` says nothing, and nothing of theirs is gone. */
  readonly errors: ReadonlyMap<string, Remark>;
  /** What was asked for: directories, and single files. Absolute. What was applied from elsewhere is nobody's business here. */
  readonly places: readonly string[];
  /** Where to watch, by absolute path: directories that hold the files, or what they lead to; with the entries that matter there. */
  readonly directories: ReadonlyMap<string, Entries>;
}

/** Names of directory entries; `all`: whatever they are called. */
export type Entries = ReadonlySet<string> | 'all';

/** A topology with the absolute path of its file; its own `file` is as people are shown it. */
export interface Kept {
  readonly topology: Topology;
  readonly path: string;
}

/** What a reading means for what is kept up. */
export interface Intent {
  /** What is to be kept up, in the files' order: the new content, or the last that was valid. */
  readonly kept: readonly Kept[];
  /** Files that are wrong, with the names of the topologies of theirs that are still kept up. */
  readonly invalid: ReadonlyMap<string, { readonly errors: readonly Remark[]; readonly keeps: readonly string[] }>;
  /** Topologies that were kept up or are on record, and have no file any more: name → the file that they had. */
  readonly gone: ReadonlyMap<string, string>;
  /** False where something that cannot be read now may hold what seems to be gone. */
  readonly certain: boolean;
}

/** A topology on record: who applied it last from where. */
export interface Recorded {
  readonly name: string;
  /** Absolute. */
  readonly file: string;
}

/** A file that is wrong, or lies in a place that cannot be listed, keeps its last good content. */
export function intentOf(reading: Reading, before: readonly Kept[], recorded: readonly Recorded[]): Intent {
  const kept: Kept[] = [];
  const invalid = new Map<string, { errors: readonly Remark[]; keeps: readonly string[] }>();
  for (const [path, content] of reading.files) {
    if ('topology' in content) kept.push({ topology: content.topology, path });
    else {
      const last = before.filter((one) => one.path === path);
      kept.push(...last);
      invalid.set(path, { errors: content.errors, keeps: last.map(({ topology }) => topology.name) });
    }
  }
  const isAway = (file: string): boolean => reading.errors.has(dirname(file));
  const named = (): Set<string> => new Set(kept.map(({ topology }) => topology.name));
  const known = named();
  kept.push(...before.filter(({ topology, path }) => isAway(path) && !known.has(topology.name)));
  const names = named();
  const isOurs = ({ file }: Recorded): boolean => reading.places.includes(file) || reading.places.includes(dirname(file));
  const all = [...recorded.filter(isOurs), ...before.map(({ topology, path }) => ({ name: topology.name, file: path }))];
  // A file that is wrong may still be meant to hold what it held; one that has never been right, anything.
  const gone = all.filter(({ name, file }) => !names.has(name) && !invalid.has(file) && !isAway(file));
  const certain = reading.errors.size === 0 && [...invalid.values()].every(({ keeps }) => keeps.length > 0);
  return { kept, invalid, gone: new Map(gone.map(({ name, file }) => [name, file])), certain };
}
