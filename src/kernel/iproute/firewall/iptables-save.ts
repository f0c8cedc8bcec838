import { type Family, parseCidr } from '../../../model/ip.ts';
import type { Condition, Ports } from './conditions.ts';
import { otherPorts } from './conditions.ts';
import type { NatRule, NatTable } from './nat-table.ts';

/** One table as `iptables-save` prints it. */
export interface SavedTable {
  /** `filter`, `nat`. */
  readonly name: string;
  /** Built-in chains → `ACCEPT` or `DROP`; chains made by people → `-`. */
  readonly policies: ReadonlyMap<string, string>;
  /** In order, without counters: `-A FORWARD -i docker0 -j ACCEPT`. */
  readonly rules: readonly string[];
}

/** Reads `iptables-save` (1.8): tables as `*name`, chains as `:NAME POLICY [0:0]`, rules as commands. */
export function parseSave(stdout: string): SavedTable[] {
  return stdout.split(/^(?=\*)/m).flatMap((block) => {
    const [head = '', ...lines] = block.split('\n');
    if (!head.startsWith('*')) return [];
    const policies = lines.flatMap((line) => {
      const [, chain, policy] = /^:(\S+) (\S+)/.exec(line) ?? [];
      return chain === undefined || policy === undefined ? [] : [[chain, policy] as const];
    });
    return [{ name: head.slice(1).trim(), policies: new Map(policies), rules: lines.filter((line) => line.startsWith('-A ')) }];
  });
}

/** The words of a rule; a comment is one word. */
export const wordsOf = (rule: string): string[] =>
  [...rule.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');

/** What follows an option, and whether `!` stands before it. */
export function optionOf(words: readonly string[], ...names: readonly string[]): { value: string; negated: boolean } | undefined {
  const index = words.findIndex((word) => names.includes(word));
  const value = index === -1 ? undefined : words[index + 1];
  return value === undefined ? undefined : { value, negated: words[index - 1] === '!' };
}

/** A `nat` table; `where` tells people which: `table ip nat`. */
export const natTableOf = ({ policies, rules }: SavedTable, family: Family, where: string): NatTable => ({
  family,
  name: where,
  roots: ['PREROUTING', 'OUTPUT'],
  rules: rules.flatMap((rule) => natRuleOf(rule, policies, family)),
});

function natRuleOf(rule: string, chains: ReadonlyMap<string, string>, family: Family): NatRule[] {
  const words = wordsOf(rule);
  const target = optionOf(words, '-j', '-g')?.value ?? '';
  const isTranslation = target === 'DNAT' || target === 'REDIRECT';
  if (!isTranslation && !chains.has(target)) return [];
  // What is not meant for the host is no concern of a published port.
  const type = optionOf(words, '--dst-type');
  if (type !== undefined && type.value.split(',').includes('LOCAL') === type.negated) return [];
  return [
    {
      chain: words[1] ?? '',
      when: conditionOf(words, family),
      text: rule.replace(/^-A \S+ /, ''),
      ...(isTranslation ? {} : { to: target }),
    },
  ];
}

/** Only the destination is of interest, and the interface. What is negated, but for ports, counts as anything. */
function conditionOf(words: readonly string[], family: Family): Condition {
  const positive = (...names: string[]): string | undefined => {
    const found = optionOf(words, ...names);
    return found?.negated ? undefined : found?.value;
  };
  const protocol = positive('-p', '--protocol');
  const address = positive('-d', '--destination');
  const device = positive('-i', '--in-interface');
  const ports = optionOf(words, '--dport', '--dports', '--ports');
  const isNetwork = address !== undefined && parseCidr(address.includes('/') ? address : `${address}/${family === 'ipv4' ? 32 : 128}`);
  return {
    ...(protocol === undefined || protocol === 'all' ? {} : { protocols: [protocol === 'ipv6-icmp' ? 'icmpv6' : protocol] }),
    ...(isNetwork ? { addresses: [address] } : {}),
    ...(device === undefined ? {} : { interfaces: [device.replace(/\+$/, '*')] }),
    ...(ports === undefined ? {} : { ports: ports.negated ? otherPorts(portsIn(ports.value)) : portsIn(ports.value) }),
  };
}

/** `53,8080:8090` */
const portsIn = (text: string): Ports[] =>
  text.split(',').map((one) => {
    const [first = 0, last = first] = one.split(':').map(Number);
    return [first, last] as const;
  });
