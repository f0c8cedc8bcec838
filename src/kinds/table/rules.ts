import type { Topology } from '../../model/topology.ts';
import { directSets } from './direct.ts';
import { forwardRules } from './forward.ts';
import { sourceRules } from './source.ts';
import type { TableSpec } from './spec.ts';
import { publishMaps, translation } from './translation.ts';

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
