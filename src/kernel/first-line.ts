import { closeSync, constants, openSync, readSync } from 'node:fs';

/** The first line of a file, or its first 256 bytes; undefined for what cannot be read as one, and for a symbolic link. */
export function readFirstLine(path: string): string | undefined {
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
