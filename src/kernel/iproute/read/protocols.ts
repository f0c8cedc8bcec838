/** As /etc/protocols has them, and nft without `-p` prints them: what netloom writes, and what is usual beside it (IANA protocol numbers). */
const NAMES: ReadonlyMap<unknown, string> = new Map([
  [1, 'icmp'],
  [6, 'tcp'],
  [17, 'udp'],
  [58, 'ipv6-icmp'],
  [132, 'sctp'],
]);

/** The name of a protocol's number; anything else as it is. */
export const protocolName = (value: unknown): unknown => NAMES.get(value) ?? value;
