import { FAMILIES, type Family } from '../../model/ip.ts';
import type { TableState } from '../../model/snapshot.ts';
import type { WrittenAllow, WrittenBridge } from '../../model/written.ts';

/** Rules of our own table, of which each bears the name of its bridge: `… comment "br-web: nat"`. */
export const rulesAbout = (table: TableState, chain: string, bridge: string): string[] =>
  (table.chains.get(chain)?.rules ?? []).filter((rule) => bridgeOf(rule) === bridge);

const bridgeOf = (rule: string): string | undefined => / comment "([^":]+): /.exec(rule)?.[1];

/** The order in which rules speak of bridges, chain by chain: that of the file. */
export const ordersIn = (table: TableState): string[][] =>
  ['postrouting', 'forward'].map((chain) => [
    ...new Set(
      (table.chains.get(chain)?.rules ?? [])
        .filter((rule) => / comment "[^"]*: (nat|inbound)/.test(rule))
        .flatMap((rule) => bridgeOf(rule) ?? []),
    ),
  ]);

/** What the table says of one bridge. `usual`: families in which its addresses would be translated without a word. */
export function policyOf(
  table: TableState,
  bridge: string,
  usual: ReadonlySet<Family>,
  name: (address: string) => string | undefined,
): WrittenBridge {
  const forward = rulesAbout(table, 'forward', bridge);
  const says = (what: string): boolean => forward.some((rule) => rule.endsWith(` comment "${bridge}: ${what}"`));
  const internal = says('internal');
  const translated = rulesAbout(table, 'postrouting', bridge).filter((rule) => rule.endsWith(': nat"'));
  const nat = FAMILIES.filter((family) => translated.some((rule) => rule.startsWith(`${family === 'ipv4' ? 'ip' : 'ip6'} saddr `)));
  const expected = internal ? [] : FAMILIES.filter((family) => usual.has(family));
  const allow = allowsIn(forward, name);
  return {
    ...(nat.join() === expected.join() ? {} : { nat: nat.length === 2 ? true : (nat[0] ?? false) }),
    ...(internal || says('inbound published') ? {} : { inbound: 'open' as const }),
    ...(says('icc false') ? { icc: false as const } : {}),
    ...(internal ? { internal: true as const } : {}),
    ...(allow.length === 0 ? {} : { allow }),
  };
}

/** Rules with one number are one `allow`. */
function allowsIn(rules: readonly string[], name: (address: string) => string | undefined): WrittenAllow[] {
  const numbered = new Map<string, string[]>();
  for (const rule of rules) {
    const number = / comment "[^"]*: allow (\d+)"$/.exec(rule)?.[1];
    if (number !== undefined) numbered.set(number, [...(numbered.get(number) ?? []), rule]);
  }
  return [...numbered.values()].map((group) => {
    const sources = group.flatMap((rule) => listAfter(rule, /(?:ip6?) saddr /));
    const outside = group.some((rule) => rule.includes(' iifname != '));
    const from = outside ? 'outside' : (/ iifname "([^"]+)"/.exec(group[0] ?? '')?.[1] ?? nameOf(sources, name));
    const targets = group.flatMap((rule) => listAfter(rule, /(?:ip6?) daddr /));
    const ports = (protocol: string): (number | string)[] =>
      [...new Set(group.flatMap((rule) => listAfter(rule, new RegExp(`\\b${protocol} dport `))))].map((port) =>
        /^\d+$/.test(port) ? Number(port) : port,
      );
    return {
      from,
      ...(targets.length === 0 ? {} : { to: nameOf(targets, name) }),
      ...Object.fromEntries(
        ['tcp', 'udp', 'sctp'].flatMap((protocol) => (ports(protocol).length === 0 ? [] : [[protocol, ports(protocol)]])),
      ),
    };
  });
}

/** `{ 22, 80-90 }` or `22` behind what the pattern finds. */
function listAfter(rule: string, pattern: RegExp): string[] {
  const found = pattern.exec(rule);
  if (found === null) return [];
  const rest = rule.slice(found.index + found[0].length);
  const set = /^\{ ([^}]*) \}/.exec(rest)?.[1];
  return set === undefined ? [rest.split(' ')[0] ?? ''] : set.split(', ');
}

/** The namespace that holds these addresses; a network as it is. */
const nameOf = (addresses: readonly string[], name: (address: string) => string | undefined): string => {
  const [first = ''] = addresses;
  return name(first) ?? first;
};
