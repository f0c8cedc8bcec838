import { readFileSync } from 'node:fs';
import { formatIp } from '../../../model/ip.ts';
import type { Listener } from '../../../model/snapshot.ts';
import { socketOwners } from './processes.ts';

/** A listening socket with the inode that `socketOwners` takes. */
export interface Socket extends Listener {
  readonly inode: string;
}

/** TCP_LISTEN (include/net/tcp_states.h), and SCTP_SS_LISTENING, which is the same number. */
const LISTEN = 10;

/** Listening sockets of the host's namespace, from /proc/net. Protocols that the kernel lacks have no file and no listeners. */
export function readListeners(): Socket[] {
  return [
    ...parseSockets('tcp', read('/proc/net/tcp')),
    ...parseSockets('tcp', read('/proc/net/tcp6')),
    ...parseSockets('udp', read('/proc/net/udp')),
    ...parseSockets('udp', read('/proc/net/udp6')),
    ...parseSctp(read('/proc/net/sctp/eps')),
  ];
}

/** The listeners, those that wait on these ports with the process whose they are. */
export function readListenersOf(ports: readonly number[]): Listener[] {
  const wanted = new Set(ports);
  const sockets = readListeners();
  const owners = socketOwners(new Set(sockets.filter(({ port }) => wanted.has(port)).map(({ inode }) => inode)));
  return sockets.map(({ inode, ...listener }) => {
    const process = owners.get(inode);
    return { ...listener, ...(process === undefined ? {} : { process }) };
  });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** `sl local_address rem_address st … uid timeout inode`; a UDP socket waits for anybody's datagrams while it is not connected. */
export function parseSockets(protocol: 'tcp' | 'udp', table: string): Socket[] {
  return rows(table).flatMap((fields) => {
    const [, local = '', remote = '', state = ''] = fields;
    const waits = protocol === 'tcp' ? Number.parseInt(state, 16) === LISTEN : /^0+:0000$/.test(remote);
    const [address = '', port = ''] = local.split(':');
    return waits ? [{ protocol, address: parseAddress(address), port: Number.parseInt(port, 16), inode: fields[9] ?? '' }] : [];
  });
}

/** `ENDPT SOCK STY SST HBKT LPORT UID INODE LADDRS…` */
export function parseSctp(table: string): Socket[] {
  return rows(table).flatMap((fields) => {
    if (Number(fields[3]) !== LISTEN) return [];
    const addresses = fields.slice(8).map((text) => text.replace(/^\[|\]$/g, ''));
    return addresses.map((address): Socket => ({ protocol: 'sctp', address, port: Number(fields[5]), inode: fields[7] ?? '' }));
  });
}

const rows = (table: string): string[][] =>
  table
    .split('\n')
    .slice(1)
    .filter((line) => line.trim() !== '')
    .map((line) => line.trim().split(/\s+/));

/** The kernel prints each 32-bit word in the host's byte order, which is little-endian on every machine that we support. */
function parseAddress(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).reverse());
  const value = BigInt(`0x${bytes.join('') || '0'}`);
  return formatIp({ family: bytes.length === 4 ? 'ipv4' : 'ipv6', value });
}
