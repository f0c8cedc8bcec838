import type { LinkState, NamespaceState, RouteState } from './snapshot.ts';
import type { Namespace, Publish, Topology } from './topology.ts';

/**
 * Finds members of lists that never change by a key: each list is walked once, however often it is asked, since a lab of thousands is
 * asked about each of its members. What is remembered goes with the list. A short list is walked each time: most namespaces have two links, and a
 * thousand small indexes cost more than they save.
 */
function groupedBy<T>(keysOf: (one: T) => readonly (string | undefined)[]): (list: readonly T[], key: string) => readonly T[] {
  const indexes = new WeakMap<readonly T[], ReadonlyMap<string | undefined, readonly T[]>>();
  return (list, key) => {
    if (list.length <= SHORT) return list.filter((one) => keysOf(one).includes(key));
    const index = indexes.get(list) ?? grouped(list, keysOf);
    indexes.set(list, index);
    return index.get(key) ?? [];
  };
}

const SHORT = 4;

function grouped<T>(list: readonly T[], keysOf: (one: T) => readonly (string | undefined)[]): Map<string | undefined, T[]> {
  const groups = new Map<string | undefined, T[]>();
  for (const one of list) {
    for (const key of keysOf(one)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [one]);
      else group.push(one);
    }
  }
  return groups;
}

const namespaces = groupedBy<Namespace>(({ name }) => [name]);
const links = groupedBy<LinkState>(({ ifname }) => [ifname]);
const holders = groupedBy<LinkState>(({ ifname, altnames }) => [ifname, ...altnames]);
const publishes = groupedBy<Publish>(({ bridge }) => [bridge]);
const routes = groupedBy<RouteState>(({ dev }) => [dev]);

/** What the file says of a namespace. */
export const namespaceOf = (topology: Topology | undefined, name: string): Namespace | undefined =>
  topology === undefined ? undefined : namespaces(topology.namespaces, name)[0];

/** The published ports whose target is on a bridge. */
export const publishesOn = (topology: Topology, bridge: string): readonly Publish[] => publishes(topology.publishes, bridge);

/** A link by its name; undefined where it, or the namespace, is not there. */
export const linkOf = (state: NamespaceState | undefined, ifname: string): LinkState | undefined =>
  state === undefined ? undefined : links(state.links, ifname)[0];

/** The link that holds a name, which is the kernel's for `ifname` and altname alike. */
export const holderOf = (state: Pick<NamespaceState, 'links'> | undefined, name: string): LinkState | undefined =>
  state === undefined ? undefined : holders(state.links, name)[0];

/** The routes of a namespace that go out of one of its interfaces. */
export const routesOf = (state: NamespaceState | undefined, ifname: string): readonly RouteState[] =>
  state === undefined ? [] : routes(state.routes, ifname);
