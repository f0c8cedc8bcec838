import type { FlowRule } from '../../model/flow.ts';
import type { TableSpec } from './spec.ts';

/** What the chain `forward` says about connections that begin. Those that stand already have a rule of their own, which is none of these. */
export function flowRules({ chains, sets }: TableSpec): FlowRule[] {
  return (chains.forward?.rules ?? []).flatMap((rule): FlowRule[] => {
    const [, matches = '', verdict] = /^(.*?)(accept|drop)( comment ".*")?$/.exec(rule) ?? [];
    if (verdict === undefined || matches.includes('ct state')) return [];
    return [{ verdict: verdict === 'drop' ? 'drop' : 'accept', ...matchesOf(matches, sets) }];
  });
}

const ITEM = String.raw`(\{[^}]*\}|\S+)`;
const INTERFACE = new RegExp(`(iif|oif)name (!= )?${ITEM}`, 'g');
const ADDRESS = new RegExp(String.raw`ip6? (saddr|daddr) (?!\.)${ITEM}`, 'g');
const PORT = new RegExp(`(tcp|udp|sctp) dport ${ITEM}`);
const SERVICE = / @(\w+)/;

/** As `forwardRules` writes it, and `nft -j` gives it back. */
function matchesOf(text: string, sets: TableSpec['sets']): Omit<FlowRule, 'verdict'> {
  const interfaces = [...text.matchAll(INTERFACE)].map(([, side, not, item = '']) => {
    const value = { names: items(item).map((name) => name.replaceAll('"', '')), ...(not === undefined ? {} : { not: true as const }) };
    return side === 'iif' ? { incoming: value } : { outgoing: value };
  });
  const addresses = [...text.matchAll(ADDRESS)].map(([, side, item = '']) =>
    side === 'saddr' ? { sources: items(item) } : { targets: items(item) },
  );
  const [, protocol, ports] = PORT.exec(text) ?? [];
  const [, set] = SERVICE.exec(text) ?? [];
  return Object.assign(
    {},
    ...interfaces,
    ...addresses,
    protocol === undefined || ports === undefined ? {} : { protocol, ports: items(ports).map(range) },
    set === undefined ? {} : { services: sets[set]?.elements ?? [] },
    text.includes('ct status dnat') ? { translated: true } : {},
  );
}

const items = (text: string): string[] => text.replace(/^\{ | \}$/g, '').split(', ');

function range(text: string): readonly [number, number] {
  const [first = '', last = first] = text.split('-');
  return [Number(first), Number(last)];
}
