import { HostError } from '../../model/errors.ts';
import { isTopologyName } from '../../model/marks.ts';
import { markOf, nameState } from '../../model/names.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { HOST } from '../../model/topology.ts';
import { ownersOf, type Selection } from '../../pipeline/import/scene.ts';
import { viewOf } from '../../pipeline/observe.ts';
import { nearest } from '../../render/text.ts';

/** What the words of a command line mean on this host: bridges, namespaces, or all that a topology of netloom's owns. */
export function choose(words: readonly string[], given: string | undefined, snapshot: Snapshot): Selection {
  const known = { bridges: bridgesOf(snapshot), namespaces: [...snapshot.names.keys()].sort() };
  const topologies = topologiesOf(snapshot);
  if (words.length === 0) throw nothingNamed(known);
  const bridges = new Set<string>();
  const namespaces = new Set<string>();
  for (const word of words) {
    const [isBridge, isNamespace] = [known.bridges.includes(word), known.namespaces.includes(word)];
    if (isBridge) bridges.add(word);
    if (isNamespace) namespaces.add(word);
    if (isBridge || isNamespace) continue;
    if (!topologies.includes(word)) throw unknown(word, known, topologies);
    const owned = ownedBy(word, snapshot);
    for (const one of owned.bridges) bridges.add(one);
    for (const one of owned.namespaces) namespaces.add(one);
  }
  const chosen = { bridges: [...bridges], namespaces: [...namespaces] };
  return { ...chosen, name: given ?? nameFor(words, ownersOf(snapshot, chosen)) };
}

const bridgesOf = (snapshot: Snapshot): string[] =>
  (snapshot.namespaces.get(HOST)?.links ?? []).filter(({ kind }) => kind === 'bridge').map(({ ifname }) => ifname);

const topologiesOf = (snapshot: Snapshot): string[] => {
  const names = [...snapshot.names.keys()].flatMap((name) => markOf(snapshot, name) ?? []);
  return [...new Set([...snapshot.records.keys(), ...names])].sort();
};

function ownedBy(name: string, snapshot: Snapshot): { bridges: string[]; namespaces: string[] } {
  const { interfaces } = viewOf({ name, adopt: false }, snapshot);
  return {
    bridges: interfaces.filter(({ role }) => role === 'bridge').map(({ link }) => link.ifname),
    namespaces: [...snapshot.names.keys()]
      .filter((one) => ['own', 'shared', 'attached'].includes(nameState(snapshot, name, one).is))
      .sort(),
  };
}

/** That of the topology whose all of it is already; else the first word, where it may be one. */
function nameFor(words: readonly string[], owners: readonly string[]): string {
  const [owner, first = ''] = [owners[0], words[0]];
  if (owner !== undefined && owners.length === 1) return owner;
  return isTopologyName(first) ? first : 'imported';
}

function listed(known: Omit<Selection, 'name'>): string {
  const part = (what: string, names: readonly string[]): string[] =>
    names.length === 0 ? [] : [`${what}: ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}`];
  const parts = [...part('bridges', known.bridges), ...part('namespaces', known.namespaces)];
  return parts.length === 0 ? 'there is neither a bridge nor a named namespace on this host' : `there are ${parts.join('; ')}`;
}

const nothingNamed = (known: Omit<Selection, 'name'>): HostError =>
  new HostError('E_USAGE', 'what is to be imported? Name bridges and namespaces, or --docker NETWORK', listed(known));

function unknown(word: string, known: Omit<Selection, 'name'>, topologies: readonly string[]): HostError {
  const meant = nearest(word, [...known.bridges, ...known.namespaces, ...topologies]);
  return new HostError(
    'E_IMPORT_UNKNOWN',
    `there is no bridge, namespace or topology ${word} here`,
    meant === undefined ? listed(known) : `did you mean ${meant}?`,
  );
}
