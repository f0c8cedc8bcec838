import { readFileSync } from 'node:fs';
import { HostError } from '../../../model/errors.ts';
import { formatIp } from '../../../model/ip.ts';
import type { Listener } from '../../../model/snapshot.ts';
import type { RunProgram } from '../../program.ts';
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
export async function readListenersOf(run: RunProgram, ports: readonly number[], signal?: AbortSignal): Promise<Listener[]> {
  const wanted = new Set(ports);
  const sockets = readListeners();
  const found = sockets.filter(({ port }) => wanted.has(port));
  const owners = socketOwners(new Set(found.map(({ inode }) => inode)));
  // /proc does not say it, and there is seldom a reason to ask.
  const alone = found.some(({ address }) => address === '::') ? await readIpv6Only(run, signal) : undefined;
  return sockets.map(({ inode, ...listener }) => {
    const process = owners.get(inode);
    return { ...listener, ...(alone?.has(inode) ? { ipv6Only: true } : {}), ...(process === undefined ? {} : { process }) };
  });
}

/** Inodes of sockets with IPV6_V6ONLY. None where `ss` is missing or cannot tell: they count as hearing IPv4 as well, as most do. */
async function readIpv6Only(run: RunProgram, signal?: AbortSignal): Promise<ReadonlySet<string>> {
  try {
    const { stdout } = await run(['ss', '-H', '-l', '-n', '-t', '-u', '-e', '-6'], signal === undefined ? {} : { signal });
    return parseIpv6Only(stdout);
  } catch (error) {
    if (error instanceof HostError) return new Set(); // not installed
    throw error;
  }
}

/** `tcp LISTEN 0 511 [::]:8081 [::]:* ino:4711 sk:f cgroup:/ v6only:1 <->` (iproute2 6.1) */
export const parseIpv6Only = (listed: string): ReadonlySet<string> =>
  new Set(listed.split('\n').flatMap((line) => (/ v6only:1( |$)/.test(line) ? (/ ino:(\d+)/.exec(line)?.[1] ?? []) : [])));

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
  // A socket of IPv6 that is bound to ::ffff:192.0.2.1 hears IPv4 alone.
  const isIpv4 = bytes.length === 4 || value >> 32n === 0xffffn;
  return formatIp({ family: isIpv4 ? 'ipv4' : 'ipv6', value: isIpv4 ? value & 0xffff_ffffn : value });
}
