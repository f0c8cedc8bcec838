import { resolve } from 'node:path';
import { contains, formatIp, parseCidr, parseIp } from '../../model/ip.ts';

/** Where the endpoint listens. */
export type ListenAddress =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  /** Absolute. */
  | { readonly kind: 'unix'; readonly path: string };

/** The longest path of a socket, in bytes: sun_path of unix(7) without its final zero. */
const PATH_MAX = 107;

/** What `127.0.0.1:9750`, `[::1]:9750`, `localhost:9750`, `unix:/run/netloom/watch.sock` and `/run/netloom/watch.sock` mean; undefined for anything else. */
export function parseListen(text: string, cwd: string): ListenAddress | undefined {
  const [, prefixed] = /^unix:(.+)$/.exec(text) ?? [];
  const given = prefixed ?? (text.startsWith('/') ? text : undefined);
  if (given !== undefined) {
    const path = resolve(cwd, given);
    return Buffer.byteLength(path) > PATH_MAX || path.includes('\0') ? undefined : { kind: 'unix', path };
  }
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const ip = parseIp(plain === 'localhost' ? '127.0.0.1' : (bracketed ?? plain ?? ''));
  const port = Number(digits);
  if (ip === undefined || (ip.family === 'ipv6') !== (bracketed !== undefined) || port < 1 || port > 65535) return undefined;
  return { kind: 'tcp', host: formatIp(ip), port };
}

const LOOPBACK = ['127.0.0.0/8', '::1/128'].flatMap((text) => parseCidr(text) ?? []);

/** Whether only this machine can reach it. */
export function isLocal(address: ListenAddress): boolean {
  if (address.kind === 'unix') return true;
  const ip = parseIp(address.host);
  return ip !== undefined && LOOPBACK.some((network) => contains(network, ip));
}

export function listenText(address: ListenAddress): string {
  if (address.kind === 'unix') return address.path;
  return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}
