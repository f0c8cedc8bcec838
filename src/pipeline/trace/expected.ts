import { familyOf } from '../../model/ip.ts';
import { HOST } from '../../model/topology.ts';
import type { RuleRef, TraceProtocol, Tuple } from '../../model/trace.ts';
import { ruleRef } from './events.ts';
import type { World } from './world.ts';

interface Arriving {
  readonly namespace: string;
  readonly tuple: Tuple;
  readonly protocol: TraceProtocol;
  readonly incoming?: string;
}

/** Where a published port leads, by the elements of netloom's maps; the more specific map first (docs/architecture.md, "The nft table"). */
export function expectedTranslation(
  world: World,
  { namespace, tuple, protocol, incoming }: Arriving,
): { readonly tuple: Tuple; readonly by: RuleRef } | undefined {
  const { destination, destinationPort } = tuple;
  if (namespace !== HOST || protocol === 'icmp' || !(world.snapshot.namespaces.get(HOST)?.locals ?? []).includes(destination))
    return undefined;
  const family = familyOf(destination);
  const port = `${protocol} . ${destinationPort}`;
  const keys: readonly (readonly [string, string])[] = [
    ['iface_addr', `${incoming} . ${destination} . ${port}`],
    ['iface', `${incoming} . ${port}`],
    ['addr', `${destination} . ${port}`],
    ['any', port],
  ];
  for (const table of world.snapshot.tables.values()) {
    for (const [suffix, key] of keys) {
      const value = table.maps.get(`publish_${family}_${suffix}`)?.elements.get(key)?.value;
      const [, address, toPort] = /^(\S+) \. (\d+)$/.exec(value ?? '') ?? [];
      if (address === undefined || toPort === undefined) continue;
      const by = ruleRef({ family: 'inet', table: table.name, chain: 'publish', rule: `${key} → ${value}` });
      return { tuple: { ...tuple, destination: address, destinationPort: Number(toPort) }, by };
    }
  }
  return undefined;
}

interface Forwarded {
  readonly incoming: string;
  readonly outgoing: string;
  readonly translated: boolean;
  readonly back: boolean;
}

const INET = { ipv4: 'ip', ipv6: 'ip6', inet: 'inet' } as const;

/**
 * What would drop a packet that the host forwards, as far as that can be told without sending one: a firewall that drops what nobody lets through, and
 * the bridges that let in nothing but published ports. What a bridge allows besides has to be tried.
 */
export function expectedDrop(world: World, namespace: string, { incoming, outgoing, translated, back }: Forwarded): RuleRef | undefined {
  if (namespace !== HOST || back) return undefined;
  const names = (list: readonly string[] | undefined, device: string): boolean =>
    (list ?? []).some((name) => name === device || (name.endsWith('*') && device.startsWith(name.slice(0, -1))));
  const foreign = (world.snapshot.filters?.drops ?? []).find(
    ({ passages }) =>
      !passages.some((one) => (one.outgoing && names(one.outgoing, outgoing)) || (one.incoming && names(one.incoming, incoming))),
  );
  if (foreign) {
    const { family, table, chain, reason, legacy } = foreign;
    return ruleRef({
      family: INET[family],
      table,
      chain,
      ...(reason === 'policy drop' ? {} : { rule: reason }),
      ...(legacy ? { legacy } : {}),
    });
  }
  for (const table of world.snapshot.tables.values()) {
    const towards = (table.chains.get('forward')?.rules ?? []).filter((rule) => rule.includes(`oifname "${outgoing}"`));
    const last = towards.at(-1);
    const isOpen = towards.some((rule) => / accept comment "[^"]*: allow /.test(rule));
    if (last?.includes(' drop') && !translated && !isOpen && incoming !== outgoing)
      return ruleRef({ family: 'inet', table: table.name, chain: 'forward', rule: last });
  }
  return undefined;
}
