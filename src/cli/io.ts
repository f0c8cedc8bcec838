import { fstatSync, writeSync } from 'node:fs';

/** What of a stream commands use. */
export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Everything of the process that commands touch, so that tests bring their own. */
export interface Io {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream & NodeJS.WritableStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

export const processIo = (): Io => ({
  stdin: process.stdin,
  stdout: isFile(process.stdout.fd) ? { write: (text) => writeWhole(process.stdout, text) } : process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
});

const isFile = (fd: number): boolean => {
  try {
    return fstatSync(fd).isFile();
  } catch {
    return false; // closed
  }
};

/**
 * Writes to a file until all is written, or emits the stream's `error`. Node leaves it at one write(2) and does not look how much of it was taken
 * (lib/internal/fs/sync_write_stream.js), so that on a disk that becomes full the rest would be missing without a word.
 */
function writeWhole(stream: NodeJS.EventEmitter & { readonly fd: number }, text: string): void {
  const data = Buffer.from(text);
  try {
    for (let done = 0; done < data.length; ) done += writeSync(stream.fd, data, done);
  } catch (error) {
    stream.emit('error', error);
  }
}

/**
 * `netloom apply | head`, `netloom plan > /full/disk`: that what is said reaches nobody must not end what is under way. Returns what tells
 * whether something was lost otherwise than by a reader who has gone; that is told once, when it happens.
 */
export function outliveReader(stream: NodeJS.EventEmitter, onLost: (error: Error) => void): () => boolean {
  let isLost = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || isLost) return;
    isLost = true;
    onLost(error);
  });
  return () => isLost;
}
