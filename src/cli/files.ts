import { open, readdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { HostError } from '../model/errors.ts';
import { nearest } from '../render/text.ts';
import type { Io } from './io.ts';

/** More than the loader takes. Reading stops here, so that /dev/zero is an error and no hang. */
const MOST_BYTES = 8 * 1024 * 1024;

/** Standard input as a TARGET and as the file of a topology. */
export const STDIN = '-';

const isTopologyFile = (name: string): boolean => /\.ya?ml$/.test(name) && !name.startsWith('.');

/** The topology files of a directory, by name, as paths that begin with the directory's. */
export async function filesIn(directory: string, cwd: string): Promise<string[]> {
  const names = await readdir(resolve(cwd, directory));
  return names
    .filter(isTopologyFile)
    .toSorted()
    .map((name) => join(directory, name));
}

/** What a path stands for: the files of a directory, or itself. Throws HostError when nothing is there. */
export async function filesAt(path: string, cwd: string): Promise<string[]> {
  try {
    const found = await stat(resolve(cwd, path));
    if (!found.isDirectory()) return [path];
    const files = await filesIn(path, cwd);
    if (files.length > 0) return files;
  } catch (error) {
    throw await unreadable(path, cwd, error);
  }
  throw new HostError('E_NO_TOPOLOGY', `no topology in ${path}`, 'a directory means every *.yaml and *.yml directly in it');
}

/** Whether anything is at a path. */
export async function exists(path: string, cwd: string): Promise<boolean> {
  return stat(resolve(cwd, path)).then(
    () => true,
    () => false,
  );
}

/** Whether what is at a path, or what a link there leads to, is something else than a regular file. False where nothing is. */
export async function isSpecial(path: string, cwd: string): Promise<boolean> {
  return stat(resolve(cwd, path)).then(
    (found) => !found.isFile(),
    () => false,
  );
}

/** Whether a directory is at a path, or what a link there leads to. */
export async function isDirectory(path: string, cwd: string): Promise<boolean> {
  return stat(resolve(cwd, path)).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** What is in a file or comes from standard input, as it is: the loader decides whether it is text. Throws HostError when it cannot be read. */
export async function readSource(path: string, io: Io): Promise<Uint8Array> {
  return path === STDIN ? drain(io.stdin) : readStart(path, io.cwd);
}

async function readStart(path: string, cwd: string): Promise<Buffer> {
  const handle = await open(resolve(cwd, path)).catch(async (error: unknown) => {
    throw await unreadable(path, cwd, error);
  });
  try {
    return await drain(handle.createReadStream({ end: MOST_BYTES, autoClose: false }));
  } catch (error) {
    throw await unreadable(path, cwd, error);
  } finally {
    await handle.close();
  }
}

async function drain(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    length += bytes.length;
    if (length > MOST_BYTES) break;
  }
  return Buffer.concat(chunks);
}

/** Writes what a command was asked to write into a file. Throws HostError when it cannot be written. */
export async function writeResult(path: string, text: string, cwd: string): Promise<void> {
  await writeFile(resolve(cwd, path), text).catch((cause: unknown) => {
    throw unwritable(path, cause);
  });
}

/** The same for a file that is not to be there, not even as a link that leads nowhere: somebody may have made it since we looked. */
export async function writeNew(path: string, text: string, cwd: string, isThere: () => HostError): Promise<void> {
  await writeFile(resolve(cwd, path), text, { flag: 'wx' }).catch((cause: unknown) => {
    throw cause instanceof Error && 'code' in cause && cause.code === 'EEXIST' ? isThere() : unwritable(path, cause);
  });
}

function unwritable(path: string, cause: unknown): HostError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  return new HostError('E_FILE_UNWRITABLE', `${path} cannot be written: ${code}`, 'check the path, its directory and permissions', {
    cause,
  });
}

async function unreadable(path: string, cwd: string, cause: unknown): Promise<HostError> {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const siblings = await readdir(resolve(cwd, dirname(path))).catch(() => []);
    const meant = nearest(basename(path), siblings.filter(isTopologyFile));
    const hint =
      meant === undefined ? 'check the path; it is taken from the current directory' : `did you mean ${join(dirname(path), meant)}?`;
    return new HostError('E_FILE_NOT_FOUND', `there is no ${path}`, hint, { cause });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new HostError('E_FILE_DENIED', `${path} may not be read`, 'check its permissions, or run as its owner', { cause });
  }
  return new HostError('E_FILE_UNREADABLE', `${path} cannot be read: ${code || String(cause)}`, 'check what it is', { cause });
}
