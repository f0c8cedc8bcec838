import type { Family } from '../../model/ip.ts';
import type { Flow } from '../../model/trace.ts';
import { isQuotable, whole } from '../checked.ts';

/** Hooks of the stack; what is first there stands before conntrack's defragmentation (-400), what is last behind all that people use. */
const HOOKS = ['prerouting', 'input', 'forward', 'output', 'postrouting'] as const;
const FIRST = -450;
const LAST = 32_000;

/** Where the packet that an ICMP error is about begins to tell its ports, in bits from the error's own header (RFC 792, RFC 4443). */
const INNER = { ipv4: (8 + 20) * 8, ipv6: (8 + 40) * 8 } as const;

/** Stands for the table's name: the helper that makes it names it after itself, so that one whose helper has gone is known. */
export const TABLE = '@TABLE@';

/**
 * Two tables that mark the packets of probes, at each of the interfaces and in each hook of the stack, as to be traced (`meta nftrace`). They decide
 * nothing. Not tables with an owner, which the kernel would remove by itself: of those `nft -j list` (1.0.6) prints garbage, for everybody.
 */
export function traceTables(flows: readonly Flow[], devices: readonly string[]): string {
  const marks = flows
    .flatMap(matches)
    .map((match) => `${match} meta nftrace set 1;`)
    .join(' ');
  const chain = (name: string, hook: string, priority: number, rules: string): string =>
    `chain ${name} { type filter hook ${hook} priority ${priority}; policy accept; ${rules} }`;
  const stack = HOOKS.flatMap((hook) => [chain(`${hook}-first`, hook, FIRST, marks), chain(`${hook}-last`, hook, LAST, '')]);
  const on = `devices = { ${devices
    .filter(isQuotable)
    .map((name) => `"${name}"`)
    .join(', ')} }`;
  const ends = [chain('ingress', `ingress ${on}`, -500, marks), chain('egress', `egress ${on}`, 500, marks)];
  return [`add table inet ${TABLE} { ${stack.join('; ')}; }`, `add table netdev ${TABLE} { ${ends.join('; ')}; }`].join('\n');
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
