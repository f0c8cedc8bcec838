import type { Hook, Leg, RuleRef, Ruling, Sighting, Spot, TraceEvent, Tuple } from '../../model/trace.ts';
import { ownerOf } from './owner.ts';

/** What was seen of one leg, in one namespace. */
export interface Scene {
  readonly namespace: string;
  readonly leg: Leg;
  readonly events: readonly TraceEvent[];
}

const sightings = ({ namespace, leg, events }: Scene): Sighting[] =>
  events.filter((event): event is Sighting => event.what === 'seen' && event.namespace === namespace && event.leg === leg);

/** The first packet that was seen there, at any interface or at one. */
export const seenAt = (scene: Scene, hook: Hook, device?: string): Sighting | undefined =>
  sightings(scene).find((one) => one.hook === hook && (device === undefined || one.device === device));

export const devicesSeen = (scene: Scene, hook: Hook): string[] => [
  ...new Set(sightings(scene).flatMap((one) => (one.hook === hook ? [one.device] : []))),
];

/** How a packet looked before and behind all rules of a hook. */
export function aroundHook(scene: Scene, hook: Hook, before: Tuple): { readonly before: Tuple; readonly after: Tuple } {
  const all = sightings(scene).filter((one) => one.hook === hook);
  const first = all.find(({ last, tuple }) => !last && isEqual(tuple, before)) ?? all.find(({ last }) => !last);
  const index = first === undefined ? -1 : all.indexOf(first);
  const last = all.slice(index + 1).find((one) => one.last);
  return { before: first?.tuple ?? before, after: last?.tuple ?? first?.tuple ?? before };
}

export const isEqual = (a: Tuple, b: Tuple): boolean =>
  a.source === b.source && a.destination === b.destination && a.sourcePort === b.sourcePort && a.destinationPort === b.destinationPort;

/** Who has dropped it there: rules of nft that said so; else those of iptables-legacy whose counters have moved. */
export function dropIn({ namespace, leg, events }: Scene): RuleRef | undefined {
  const drops = events.filter(
    (event): event is Ruling => event.what === 'ruled' && event.namespace === namespace && event.verdict === 'drop',
  );
  const drop = drops.find((one) => one.leg === leg && one.legacy === undefined) ?? drops.find((one) => one.legacy);
  return drop && ruleRef(drop);
}

const TRANSLATES = { dnat: /\b(?:dnat|redirect)\b/i, snat: /\b(?:snat|masquerade)\b/i } as const;

/** Whose rule has rewritten it. */
export function translatorIn({ namespace, events }: Scene, what: 'dnat' | 'snat'): RuleRef | undefined {
  const found = events.find(
    (event): event is Ruling =>
      event.what === 'ruled' && event.namespace === namespace && event.verdict === 'accept' && TRANSLATES[what].test(event.rule ?? ''),
  );
  return found && ruleRef(found);
}

export const ruleRef = ({
  family,
  table,
  chain,
  rule,
  handle,
  legacy,
}: Omit<Ruling, 'what' | 'namespace' | 'verdict' | 'leg'>): RuleRef => ({
  family,
  table,
  chain,
  ...(rule === undefined ? {} : { rule }),
  ...(handle === undefined ? {} : { handle }),
  ...(legacy ? { legacy } : {}),
  ...ownerOf({ family, table, chain }),
});

export const spotText = ({ namespace, device }: Spot): string => `${namespace}:${device}`;
