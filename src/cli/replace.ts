import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open, readFile, realpath, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { HostError } from '../model/errors.ts';

/**
 * Puts another text into a file that is there: all of it or nothing, with the file's mode and owner; where a symbolic link is at the path, into
 * what it leads to. Throws HostError: E_FILE_UNWRITABLE, and E_FILE_CHANGED where the file does not hold `before` any more.
 */
export async function replaceFile(path: string, before: string, text: string, cwd: string): Promise<void> {
  try {
    await replace(await realpath(resolve(cwd, path)), Buffer.from(before), text, path);
  } catch (cause) {
    if (cause instanceof HostError) throw cause;
    const why = cause instanceof Error ? (cause.message.split(',')[0] ?? '') : String(cause);
    const hint = 'it was left as it is; check the directory and the permissions, or write it elsewhere: netloom pin - < OLD > NEW';
    throw new HostError('E_FILE_UNWRITABLE', `${path} cannot be written: ${why}`, hint, { cause });
  }
}

async function replace(real: string, before: Buffer, text: string, shown: string): Promise<void> {
  const found = await stat(real);
  if (!found.isFile()) throw new Error('it is not a regular file');
  const temporary = join(dirname(real), `.${basename(real)}.${randomBytes(6).toString('hex')}`);
  const handle = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    try {
      const made = await handle.stat();
      if (made.uid !== found.uid || made.gid !== found.gid) await handle.chown(found.uid, found.gid);
      await handle.chmod(found.mode & 0o7777);
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    // An editor may have saved meanwhile; what it wrote must not be lost.
    if (!before.equals(await readFile(real)))
      throw new HostError('E_FILE_CHANGED', `${shown} has changed meanwhile, and was left as it is`, 'run the same command again');
    await rename(temporary, real);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
}
