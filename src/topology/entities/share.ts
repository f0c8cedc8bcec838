import { HOST } from '../../model/topology.ts';
import type { Node } from '../draft.ts';
import type { Faults } from '../faults.ts';
import { quote } from '../syntax/quote.ts';
import { didYouMean } from '../syntax/suggest.ts';

/** Finds out which namespace each shared name leads to in the end. */
export function resolveShares(nodes: ReadonlyMap<string, Node>, faults: Faults): void {
  for (const node of nodes.values()) {
    if (node.raw.share === undefined) continue;
    for (const key of Object.keys(node.raw)) {
      if (key === 'share') continue;
      const hint = `put it into ${quote(node.raw.share)}, or remove share`;
      faults.addAtKey([...node.path, key], 'E_SHARE', `${key} has no place beside share: ${node.name} is only another name`, hint);
    }
    const target = follow(node, nodes, faults);
    // Even where it leads nowhere it stays a mere name, so that no second fault comes of it.
    node.share = target ?? HOST;
    if (target === undefined) faults.spoil(`namespace:${node.name}`);
  }
}

/** The namespace at the end of the chain; undefined, and reported at each name on it, where there is none. */
function follow(start: Node, nodes: ReadonlyMap<string, Node>, faults: Faults): string | undefined {
  const seen = new Set<string>([start.name]);
  const path = [...start.path, 'share'];
  let name = start.raw.share ?? HOST;
  for (let hop = 0; hop <= nodes.size; hop += 1) {
    const next = nodes.get(name);
    if (next === undefined) {
      // A chain through another shared name is reported there.
      if (hop === 0 && !faults.spoilt('section:namespaces')) {
        const hint = didYouMean(faults.suggest(name, nodes.keys()), 'share names a namespace of this file, or host');
        faults.add(path, 'E_SHARE', `there is no namespace ${quote(name)}`, hint);
      }
      return undefined;
    }
    if (next.raw.share === undefined) return name;
    if (next.name === start.name) {
      const chain = [...seen, start.name].join(' → ');
      faults.add(path, 'E_SHARE', `share goes round in a circle: ${chain}`, 'let one of them be a namespace of its own');
      return undefined;
    }
    if (seen.has(next.name)) return undefined;
    seen.add(next.name);
    name = next.raw.share;
  }
  return undefined;
}
