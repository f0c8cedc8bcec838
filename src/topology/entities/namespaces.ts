import { HOST } from '../../model/topology.ts';
import type { Node } from '../draft.ts';
import type { Faults } from '../faults.ts';
import type { RawNamespace, RawTopology } from '../raw.ts';
import { LIMITS } from '../syntax/limits.ts';
import type { Path } from '../syntax/places.ts';
import { badNamespace } from './names.ts';
import { expand } from './ranges.ts';

/** The namespaces, ranges expanded, the host's own first. */
export function readNamespaces(raw: RawTopology, faults: Faults): Map<string, Node> {
  const nodes = new Map<string, Node>([[HOST, node(HOST, ['host'], { routes: raw.host?.routes ?? null })]]);
  for (const [key, namespace] of Object.entries(raw.namespaces ?? {})) {
    const path = ['namespaces', key];
    const names = expand(key);
    if ('problem' in names) {
      faults.addAtKey(path, 'E_RANGE', `${key}: ${names.problem}`, 'for example pc(01-20)');
      faults.spoil('everything:');
      continue;
    }
    if (nodes.size + names.length > LIMITS.items) {
      faults.addAtKey(path, 'E_YAML_LIMIT', `there are more than ${LIMITS.items} namespaces`, 'split the topology');
      return nodes;
    }
    if (faults.spoilt(`namespace:${key}`)) for (const name of names) faults.spoil(`namespace:${name}`);
    for (const name of names) add(nodes, node(name, path, namespace ?? {}), faults);
  }
  return nodes;
}

const node = (name: string, path: Path, raw: RawNamespace): Node => ({ name, path, raw, interfaces: [], ends: [], loopback: [] });

function add(nodes: Map<string, Node>, added: Node, faults: Faults): void {
  const { name, path } = added;
  const bad = badNamespace(name);
  if (bad !== undefined) {
    // The schema has already spoken about characters.
    if (/^[a-z][a-z0-9-]*$/.test(name)) faults.addAtKey(path, bad.code, bad.message, bad.hint);
    if (name === HOST) return;
  }
  const first = nodes.get(name);
  if (first === undefined) {
    nodes.set(name, added);
    return;
  }
  for (const [one, other] of [
    [first, added],
    [added, first],
  ] as const) {
    const { line } = faults.origin(other.path, 'key');
    faults.addAtKey(one.path, 'E_NAME_DUPLICATE', `the namespace ${name} is also made at line ${line}`, 'change the name or the range');
  }
}
