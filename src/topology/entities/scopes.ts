import { HOST } from '../../model/topology.ts';
import type { Draft, Node, Segment } from '../draft.ts';
import type { Faults } from '../faults.ts';
import { itemsOf } from '../raw.ts';
import type { Path } from '../syntax/places.ts';

interface Claim {
  readonly node: Node;
  /** Of the alias; undefined for the namespace's own name. */
  readonly path?: Path;
}

/** Reports names that neighbours would resolve to two namespaces: within one bridge or link each name and alias stands for one. */
export function checkScopes(draft: Draft, faults: Faults): void {
  for (const node of draft.nodes.values()) checkOwn(node, faults);
  const segments = new Set<Segment>(draft.links.map((link) => link.segment));
  for (const segment of segments) checkSegment(segment, draft, faults);
}

const aliasesOf = (node: Node): { alias: string; path: Path }[] =>
  node.share === undefined && node.name !== HOST
    ? itemsOf<string>(node.raw.aliases).map(([alias, step]) => ({ alias, path: [...node.path, 'aliases', ...step] }))
    : [];

function checkOwn(node: Node, faults: Faults): void {
  const seen = new Set<string>([node.name]);
  for (const { alias, path } of aliasesOf(node)) {
    if (alias === 'localhost') faults.add(path, 'E_NAME', 'localhost means each namespace itself', 'choose another alias');
    if (seen.has(alias)) faults.add(path, 'E_NAME_DUPLICATE', `${node.name} has the name ${alias} anyway`, 'remove one');
    seen.add(alias);
  }
}

function checkSegment(segment: Segment, draft: Draft, faults: Faults): void {
  const claims = new Map<string, Claim[]>();
  const enter = (name: string, claim: Claim) => {
    const same = claims.get(name);
    if (same === undefined) claims.set(name, [claim]);
    else if (!same.some((each) => each.node === claim.node)) same.push(claim);
  };
  for (const name of segment.interfaces.keys()) {
    const node = draft.nodes.get(name);
    if (node === undefined || name === HOST) continue;
    enter(name, { node });
    for (const { alias, path } of aliasesOf(node)) enter(alias, { node, path });
  }
  for (const [name, same] of claims) {
    const [first, second] = same;
    if (first === undefined || second === undefined) continue;
    for (const claim of same) {
      const other = claim === first ? second : first;
      const { line } = other.path === undefined ? faults.origin(other.node.path, 'key') : faults.origin(other.path);
      const message = `${name} is also a name of ${other.node.name}, at line ${line}, and both are on ${segment.name}`;
      const hint = 'neighbours could not tell them apart: change one';
      if (claim.path === undefined) faults.addAtKey(claim.node.path, 'E_NAME_DUPLICATE', message, hint);
      else faults.add(claim.path, 'E_NAME_DUPLICATE', message, hint);
    }
  }
}
