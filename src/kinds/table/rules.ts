import type { Namespace, Topology } from '../../model/topology.ts';
import { directSets } from './direct.ts';
import { forwardRules } from './forward.ts';
import { sourceRules } from './source.ts';
import type { TableSpec } from './spec.ts';
import { publishMaps, translation } from './translation.ts';
import { comment, oneOf, quoted } from './words.ts';

/** The topology's table; undefined where there is nothing to filter or translate. */
export function tableOf(topology: Topology): TableSpec | undefined {
  if (topology.bridges.length === 0) return undefined;
  return {
    maps: publishMaps(topology),
    sets: directSets(topology),
    chains: {
      ...translation(topology),
      postrouting: { base: { type: 'nat', hook: 'postrouting', priority: 100, policy: 'accept' }, rules: sourceRules(topology) },
      forward: { base: { type: 'filter', hook: 'forward', priority: 0, policy: 'accept' }, rules: forwardRules(topology) },
    },
  };
}

/** The table of a router that hides what it forwards behind its own address. */
export function routerTable({ name, masquerade }: Namespace): TableSpec {
  const rule = `oifname ${oneOf(quoted(masquerade))} masquerade${comment(`${name}: masquerade`)}`;
  return {
    maps: {},
    sets: {},
    chains: { postrouting: { base: { type: 'nat', hook: 'postrouting', priority: 100, policy: 'accept' }, rules: [rule] } },
  };
}
