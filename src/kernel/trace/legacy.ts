import type { Ruling } from '../../model/trace.ts';

/** `table chain rule` → packets; of a policy the rule is empty. */
export type Counters = ReadonlyMap<string, Counter>;

interface Counter {
  readonly table: string;
  readonly chain: string;
  readonly rule: string;
  readonly target: string;
  readonly packets: number;
}

/** Reads `iptables-legacy-save -c`. */
export function parseCounters(saved: string): Counters {
  const counters = new Map<string, Counter>();
  let table = '';
  saved.split('\n').forEach((line, index) => {
    if (line.startsWith('*')) table = line.slice(1).trim();
    const [, chain, policy, packets] = /^:(\S+) (\S+) \[(\d+):/.exec(line) ?? [];
    if (chain !== undefined) counters.set(`${table} ${chain}`, { table, chain, rule: '', target: policy ?? '', packets: Number(packets) });
    const [, count, inside = '', rule = ''] = /^\[(\d+):\d+\] -A (\S+) (.*)$/.exec(line) ?? [];
    const target = /(?:^| )-j (\S+)/.exec(rule)?.[1] ?? '';
    if (count !== undefined) counters.set(`${table} ${inside} ${index}`, { table, chain: inside, rule, target, packets: Number(count) });
  });
  return counters;
}

const DROPS = new Set(['DROP', 'REJECT']);
const TRANSLATIONS = new Set(['DNAT', 'REDIRECT', 'SNAT', 'MASQUERADE', 'NETMAP']);

/** What has counted since: rules that drop or translate, and policies that drop. That it was our probe is likely, not certain. */
export function counted(before: Counters, after: Counters, place: Pick<Ruling, 'namespace' | 'family'>): Ruling[] {
  return [...after].flatMap(([key, { table, chain, rule, target, packets }]): Ruling[] => {
    const verdict = DROPS.has(target) ? 'drop' : TRANSLATIONS.has(target) ? 'accept' : undefined;
    if (verdict === undefined || packets <= (before.get(key)?.packets ?? 0)) return [];
    return [{ what: 'ruled', ...place, table, chain, ...(rule === '' ? {} : { rule }), verdict, leg: 'there', legacy: true }];
  });
}
