import { readdir, readFile } from 'node:fs/promises';
import { type Cidr, parseCidr } from '../model/ip.ts';

/** What a new topology had better stay clear of on this host. Needs no privileges; what cannot be read counts as nothing. */
export interface Taken {
  /** Networks that the main routing table leads to, the default route left out. */
  readonly networks: readonly Cidr[];
  /** TCP ports on which something listens, whatever the address. */
  readonly ports: ReadonlySet<number>;
  readonly interfaces: ReadonlySet<string>;
  readonly namespaces: ReadonlySet<string>;
}

export async function takenHere(): Promise<Taken> {
  const [routes4, routes6, tcp4, tcp6, interfaces, namespaces] = await Promise.all([
    ...['route', 'ipv6_route', 'tcp', 'tcp6', 'dev'].map(linesOf),
    readdir('/run/netns').catch((): string[] => []),
  ] as const);
  return {
    networks: [...(routes4 ?? []).flatMap(network4), ...(routes6 ?? []).flatMap(network6)],
    ports: new Set([...(tcp4 ?? []), ...(tcp6 ?? [])].flatMap(listening)),
    interfaces: new Set((interfaces ?? []).flatMap((line) => /^\s*([^\s:]+):/.exec(line)?.[1] ?? [])),
    namespaces: new Set(namespaces),
  };
}

const linesOf = async (name: string): Promise<string[]> =>
  readFile(`/proc/net/${name}`, 'utf8').then(
    (text) => text.split('\n'),
    () => [],
  );

/** `eth0 0002A8C0 00000000 0001 0 0 0 00FFFFFF …`: destination and mask in the machine's byte order (net/ipv4/fib_trie.c, fib_route_seq_show). */
function network4(line: string): Cidr[] {
  const [, destination = '', , , , , , mask = ''] = line.split(/\s+/);
  if (!/^[0-9A-F]{8}$/.test(destination) || !/^[0-9A-F]{8}$/.test(mask)) return [];
  const bytes = [...Buffer.from(destination, 'hex')].toReversed();
  const prefix = [...Buffer.from(mask, 'hex')].reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
  return prefix === 0 ? [] : list(parseCidr(`${bytes.join('.')}/${prefix}`));
}

/** `fd00…0000 40 …`: destination and prefix length, in hex (net/ipv6/route.c, rt6_info_route). */
function network6(line: string): Cidr[] {
  const [, destination = '', length = ''] = /^([0-9a-f]{32}) ([0-9a-f]{2}) /.exec(line) ?? [];
  const prefix = Number.parseInt(length, 16);
  // Multicast and link-local networks are on every interface.
  if (destination === '' || prefix === 0 || /^f[ef]/.test(destination)) return [];
  return list(parseCidr(`${(destination.match(/.{4}/g) ?? []).join(':')}/${prefix}`));
}

const list = (cidr: Cidr | undefined): Cidr[] => (cidr === undefined ? [] : [cidr]);

/** ` 0: 0100007F:1F90 00000000:0000 0A …`; 0A is TCP_LISTEN (include/net/tcp_states.h). */
function listening(line: string): number[] {
  const port = /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} 0A /.exec(line)?.[1];
  return port === undefined ? [] : [Number.parseInt(port, 16)];
}
