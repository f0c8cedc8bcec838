import { realpath } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { HostError, TopologyError } from '../model/errors.ts';
import type { Remark } from '../model/report.ts';
import type { Topology } from '../model/topology.ts';
import { remarkOf, remarksOfError } from '../render/remark.ts';
import type { Entries, Reading } from '../watch/reading.ts';
import { clashesOf } from './clashes.ts';
import type { Context } from './context.ts';
import { exists, filesIn, isDirectory, isSpecial, readSource, STDIN } from './files.ts';
import { filesOf, isPath, nameIn } from './targets.ts';

/** What a watch looks at, decided once: later a file may be away for a while without the watch looking elsewhere. */
export interface Watched {
  readonly directories: readonly string[];
  readonly files: readonly string[];
}

/** The places that targets stand for; without targets ./netloom.yaml, else topologies/. Throws HostError for what is not there. */
export async function watchedOf(targets: readonly string[], context: Context): Promise<Watched> {
  const { cwd } = context.io;
  if (targets.includes(STDIN)) throw new HostError('E_USAGE', 'standard input cannot be watched', 'name a file or a directory');
  if (targets.length === 0 && !(await exists('netloom.yaml', cwd)) && (await isDirectory('topologies', cwd))) {
    return { directories: ['topologies'], files: [] };
  }
  const directories: string[] = [];
  const files: string[] = [];
  for (const target of targets) {
    if (isPath(target) && (await isDirectory(target, cwd))) directories.push(target);
    else files.push(...(await filesOf([target], context)));
  }
  const all = targets.length === 0 ? await filesOf([], context) : files;
  const once = (paths: readonly string[]): string[] => [...new Map(paths.map((path) => [resolve(cwd, path), path])).values()];
  return { directories: once(directories), files: once(all) };
}

type Content = { readonly topology: Topology } | { readonly errors: readonly Remark[] };

/** Makes the function that reads the watched files: each is loaded again only when its text has changed. */
export async function createReader({ directories, files }: Watched, context: Context): Promise<() => Promise<Reading>> {
  const { loadTopology } = await import('../topology/load.ts');
  const { cwd } = context.io;
  let known = new Map<string, { readonly text: string; readonly content: Content }>();

  const load = async (file: string): Promise<{ text: string; content: Content }> => {
    try {
      // Nobody may ever write into a named pipe.
      if (await isSpecial(file, cwd)) return { text: '', content: { errors: [noFile(file)] } };
      const source = await readSource(file, context.io);
      const text = Buffer.from(source).toString('latin1');
      const before = known.get(file);
      return before?.text === text ? before : { text, content: contentOf(source, file) };
    } catch (error) {
      return { text: '', content: { errors: expected(error) } };
    }
  };
  const contentOf = (source: Uint8Array, file: string): Content => {
    try {
      return { topology: loadTopology(source, file) };
    } catch (error) {
      if (error instanceof TopologyError) return { errors: error.faults.map(remarkOf) };
      throw error;
    }
  };

  return async () => {
    const errors = new Map<string, Remark>();
    const found = [...files];
    for (const directory of directories) {
      try {
        found.push(...(await filesIn(directory, cwd)));
      } catch (error) {
        errors.set(resolve(cwd, directory), unlisted(directory, error));
      }
    }
    const next = new Map<string, { readonly text: string; readonly content: Content }>();
    // A file may be named by itself and by its directory.
    for (const file of new Map(found.map((path) => [resolve(cwd, path), path])).values()) next.set(file, await load(file));
    known = next;
    return {
      files: new Map([...withClashes(next)].map(([file, content]) => [resolve(cwd, file), content])),
      errors,
      places: [...directories, ...files].map((place) => resolve(cwd, place)),
      directories: await holders(directories, found, cwd),
    };
  };
}

/** Files that take what an earlier one has taken are wrong, as for every other command. */
function withClashes(read: ReadonlyMap<string, { readonly content: Content }>): Map<string, Content> {
  const contents = new Map([...read].map(([file, { content }]) => [file, content]));
  const faults = clashesOf([...contents.values()].flatMap((content) => ('topology' in content ? [content.topology] : [])));
  for (const file of new Set(faults.map(({ origin }) => origin.file))) {
    contents.set(file, { errors: faults.filter(({ origin }) => origin.file === file).map(remarkOf) });
  }
  return contents;
}

/** The directories in which a change of the places or files shows: those named, and those that links lead to. */
async function holders(places: readonly string[], files: readonly string[], cwd: string): Promise<Map<string, Entries>> {
  const real = (path: string): Promise<string> => realpath(path).catch(() => path);
  const wanted = new Map<string, Entries>();
  for (const place of places) for (const path of [resolve(cwd, place), await real(resolve(cwd, place))]) wanted.set(path, 'all');
  for (const file of files) {
    for (const path of [resolve(cwd, file), await real(resolve(cwd, file))]) {
      const entries = wanted.get(dirname(path)) ?? new Set<string>();
      if (entries !== 'all') wanted.set(dirname(path), new Set([...entries, basename(path)]));
    }
  }
  return wanted;
}

const noFile = (file: string): Remark => ({
  code: 'E_FILE_UNREADABLE',
  message: `${file} is no regular file`,
  hint: 'a watch reads files again and again: write a file, or a link to one',
});

/** Whether a file is there and says, however wrong it may be, that it holds a topology of that name; `besides`: another path of which it is not the same. */
export async function holds(file: string, name: string, besides: string | undefined, { io }: Context): Promise<boolean> {
  if (await isSpecial(file, io.cwd)) return false;
  const real = (path: string): Promise<string> => realpath(path).catch(() => path);
  if (besides !== undefined && (await real(file)) === (await real(besides))) return false;
  return readSource(file, io).then(
    (source) => nameIn(source) === name,
    () => false,
  );
}

function unlisted(directory: string, error: unknown): Remark {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  const message = code === 'ENOENT' ? `there is no ${directory}` : `${directory} cannot be read: ${code}`;
  return { code: 'E_FILE_UNREADABLE', message, hint: 'what it held is kept up until it is back' };
}

/** What may go wrong with a file; anything else is our bug and goes its own way. */
function expected(error: unknown): readonly Remark[] {
  if (error instanceof HostError) return remarksOfError(error);
  throw error;
}
