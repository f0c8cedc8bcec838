import { lstatSync, mkdirSync, unlinkSync } from 'node:fs';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { HostError } from '../../model/errors.ts';
import { type ListenAddress, listenText } from './address.ts';

/** Gone after each boot, and netloom's own, so made here; any other directory is who named it to make. */
const RUN = '/run/netloom';
/** Connecting needs the right to write: for the owner and a group that an administrator may set. */
const SOCKET_UMASK = 0o117;

/** Makes a server listen. Throws HostError E_LISTEN, which says what is in the way. */
export async function bind(server: Server, address: ListenAddress): Promise<void> {
  if (address.kind === 'unix') await makeRoom(address.path);
  await new Promise<void>((done, failed) => {
    server.once('error', (error) => failed(refused(address, error)));
    server.once('listening', done);
    if (address.kind === 'tcp') return void server.listen({ host: address.host, port: address.port, exclusive: true });
    // A socket is made by this very call, so that it is never open to others; nothing else runs meanwhile.
    const before = process.umask(SOCKET_UMASK);
    try {
      server.listen(address.path);
    } finally {
      process.umask(before);
    }
  });
  server.removeAllListeners('error');
}

/** Removes the socket of a watch that was killed: one that nobody listens on. Everything else stays. */
async function makeRoom(path: string): Promise<void> {
  if (dirname(path) === RUN) mkdirSync(RUN, { recursive: true, mode: 0o755 });
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (!stat.isSocket())
    throw new HostError('E_LISTEN', `${path} is there and is no socket`, 'name another path after --listen, or remove it');
  if (await isListenedOn(path)) {
    throw new HostError(
      'E_LISTEN',
      `somebody listens on ${path} already`,
      `see who: ss -xlp src ${path}; or name another path after --listen`,
    );
  }
  unlinkSync(path);
}

const isListenedOn = (path: string): Promise<boolean> =>
  new Promise((done) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      done(true);
    });
    // Anything but a plain refusal may be somebody who is busy.
    probe.once('error', (error: NodeJS.ErrnoException) => done(error.code !== 'ECONNREFUSED'));
  });

function refused(address: ListenAddress, cause: NodeJS.ErrnoException): HostError {
  const where = listenText(address);
  const hints: Readonly<Record<string, string>> = {
    EADDRINUSE:
      address.kind === 'tcp' ? `see who: ss -tlnp 'sport = :${address.port}'; or name another port after --listen` : 'name another path',
    EADDRNOTAVAIL: 'name an address of this host after --listen',
    ENOENT: 'make its directory first',
    EACCES: 'name another after --listen, or run netloom as root',
  };
  const reason = cause.code === 'EADDRINUSE' ? 'somebody listens there already' : (cause.code ?? cause.message);
  return new HostError(
    'E_LISTEN',
    `cannot listen on ${where}: ${reason}`,
    hints[cause.code ?? ''] ?? 'name another address after --listen',
    {
      cause,
    },
  );
}
