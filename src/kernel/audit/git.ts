import { lstatSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { GitState } from '../../model/audit.ts';
import { readPlainFile } from '../files.ts';
import { createPrograms } from '../program.ts';

/** Git is asked about one file; one that takes longer (a network file system) is not waited for. */
const TIMEOUT_MS = 2000;

/**
 * The commit that is checked out where a file is; undefined where there is none. The commit is read from the files of the repository, as
 * that runs nothing of it. Whether the file differs is for git itself to say, with the rights of the repository's owner: its settings can
 * make git run programs, which must not be root's. Never throws.
 */
export async function gitStateOf(file: string): Promise<GitState | undefined> {
  const found = repositoryOf(dirname(file));
  const commit = found && commitOf(found.git);
  if (found === undefined || commit === undefined) return undefined;
  const dirty = await isDirty(file, found.owner);
  return { commit, ...(dirty === undefined ? {} : { dirty }) };
}

interface Repository {
  /** Where what `.git` stands for really is; in worktrees and submodules that is a file. */
  readonly git: string;
  readonly owner: { readonly uid: number; readonly gid: number };
}

/** Of the nearest directory upwards that has one. */
function repositoryOf(directory: string): Repository | undefined {
  const dot = join(directory, '.git');
  const found = lstatSync(dot, { throwIfNoEntry: false });
  const owner = found && { uid: found.uid, gid: found.gid };
  if (owner && found.isDirectory()) return { git: dot, owner };
  if (owner && found.isFile()) {
    const elsewhere = /^gitdir: (.+)$/m.exec(readPlainFile(dot) ?? '')?.[1];
    return elsewhere === undefined ? undefined : { git: resolve(directory, elsewhere), owner };
  }
  return dirname(directory) === directory ? undefined : repositoryOf(dirname(directory));
}

const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
const REF = /^refs\/(?!.*\.\.)[\w./@+-]+$/;

function commitOf(git: string): string | undefined {
  const head = readPlainFile(join(git, 'HEAD'))?.trim() ?? '';
  if (COMMIT.test(head)) return head;
  const ref = /^ref: (.+)$/.exec(head)?.[1] ?? '';
  if (!REF.test(ref)) return undefined;
  // Branches are common to all worktrees of a repository.
  const common = readPlainFile(join(git, 'commondir'))?.trim();
  for (const directory of [git, ...(common === undefined ? [] : [resolve(git, common)])]) {
    const loose = readPlainFile(join(directory, ref))?.trim() ?? '';
    if (COMMIT.test(loose)) return loose;
    const packed = (readPlainFile(join(directory, 'packed-refs')) ?? '').split('\n').find((line) => line.endsWith(` ${ref}`));
    const [commit = ''] = packed?.split(' ') ?? [];
    if (COMMIT.test(commit)) return commit;
  }
  return undefined;
}

async function isDirty(file: string, owner: Repository['owner']): Promise<boolean | undefined> {
  // No hooks, no file system monitor, no lock on the index: it only looks.
  const quiet = ['--no-optional-locks', '--literal-pathspecs', '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];
  const argv = ['git', '-C', dirname(file), ...quiet, 'status', '--porcelain', '--ignored', '--', basename(file)];
  const isOurs = owner.uid === process.geteuid?.();
  try {
    const { exitCode, stdout } = await createPrograms(isOurs ? {} : { as: owner })(argv, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return exitCode === 0 ? stdout !== '' : undefined;
  } catch {
    return undefined;
  }
}
