import type { TableSpec } from './spec.ts';

/**
 * What the table is while an update of it is under way: as it will be, but with the guards of what has not gone yet. A bridge keeps
 * its `route_localnet` until it is configured, and one that goes stands until it is removed, both after the filters have been put in;
 * so the loopback guard, and what drops traffic of bridges that go, leave last of all.
 */
export function transition(before: TableSpec, after: TableSpec, going: readonly string[]): TableSpec {
  const { guard, forward } = before.chains;
  const drops = forward?.rules.filter((rule) => going.some((bridge) => dropsOf(bridge, rule))) ?? [];
  const wanted = after.chains.forward;
  return {
    ...after,
    chains: {
      ...after.chains,
      ...(guard === undefined || after.chains.guard?.rules.length ? {} : { guard }),
      ...(wanted !== undefined && drops.length > 0 ? { forward: { ...wanted, rules: [...drops, ...wanted.rules] } } : {}),
    },
  };
}

/** Rules of ours are written that way: see `forwardRules`. */
const dropsOf = (bridge: string, rule: string): boolean =>
  ['iifname', 'oifname'].some((field) => rule.startsWith(`${field} "${bridge}" `)) && / drop( comment |$)/.test(rule);
