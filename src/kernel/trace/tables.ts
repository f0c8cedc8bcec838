import type { Family } from '../../model/ip.ts';
import type { Flow } from '../../model/trace.ts';
import { isInterfaceName, whole } from '../checked.ts';

/** Hooks of the stack; what is first there stands before conntrack's defragmentation (-400), what is last behind all that people use. */
const HOOKS = ['prerouting', 'input', 'forward', 'output', 'postrouting'] as const;
const FIRST = -450;
const LAST = 32_000;

/** Where the packet that an ICMP error is about begins to tell its ports, in bits from the error's own header (RFC 792, RFC 4443). */
const INNER = { ipv4: (8 + 20) * 8, ipv6: (8 + 40) * 8 } as const;

/**
 * What is said to `nft -i` in a namespace: two tables that mark the packets of one probe, at each of the interfaces and in each hook of the stack,
 * as to be traced, then to print what comes by. The kernel removes a table with an owner as soon as the program that made it has ended, however it has
 * (NFT_TABLE_F_OWNER, Linux 5.12). They decide nothing.
 */
export function traceLines(table: string, flow: Flow, devices: readonly string[]): string[] {
  const marks = matches(flow)
    .map((match) => `${match} meta nftrace set 1;`)
    .join(' ');
  const chain = (name: string, hook: string, priority: number, rules: string): string =>
    `chain ${name} { type filter hook ${hook} priority ${priority}; policy accept; ${rules} }`;
  const stack = HOOKS.flatMap((hook) => [chain(`${hook}-first`, hook, FIRST, marks), chain(`${hook}-last`, hook, LAST, '')]);
  const on = `devices = { ${devices
    .filter(isInterfaceName)
    .map((name) => `"${name}"`)
    .join(', ')} }`;
  const ends = [chain('ingress', `ingress ${on}`, -500, marks), chain('egress', `egress ${on}`, 500, marks)];
  return [
    `add table inet ${table} { flags owner; ${stack.join('; ')}; }`,
    ...(devices.some(isInterfaceName) ? [`add table netdev ${table} { flags owner; ${ends.join('; ')}; }`] : []),
    'monitor trace',
  ];
}

/** The probe, its answer, and ICMP errors about it, in the language of nft. */
function matches({ family, protocol, sourcePort = 0 }: Flow): string[] {
  const number = whole(sourcePort);
  const inner = INNER[family] + (protocol === 'icmp' ? 32 : 0);
  const error = `${errorTypes[family]} @th,${inner},16 ${number}`;
  if (protocol === 'icmp') return [`${{ ipv4: 'icmp', ipv6: 'icmpv6' }[family]} id ${number}`, error];
  const network = `meta protocol ${{ ipv4: 'ip', ipv6: 'ip6' }[family]}`;
  return [`${network} ${protocol} sport ${number}`, `${network} ${protocol} dport ${number}`, error];
}

/** Destination unreachable, time exceeded, parameter problem; of IPv6 also packet too big. */
const errorTypes: Readonly<Record<Family, string>> = { ipv4: 'icmp type { 3, 11, 12 }', ipv6: 'icmpv6 type { 1, 2, 3, 4 }' };
