import { nameStateIn, type Sight } from './names.ts';
import type { Id, View } from './resource.ts';
import type { NamespaceState } from './snapshot.ts';
import { HOST, type Topology } from './topology.ts';

/** Names of the file that lead to namespaces of others. */
export const attachedNames = (topology: Topology): ReadonlySet<string> =>
  new Set(topology.namespaces.flatMap(({ name, attach }) => (attach === undefined ? [] : [name])));

/** What the contents of a namespace live on, by its name; nothing is needed of the host's. */
export const foundationOf = (name: string, isAttached: boolean): Id[] =>
  name === HOST ? [] : [isAttached ? `attach:${name}` : `namespace:${name}`];

export const isAttached = (view: Sight, name: string): boolean => name !== HOST && nameStateIn(view, name).is === 'attached';

/** What is, or will be, behind a name of the file that leads to somebody else's namespace; undefined for other names, or where it was not found. */
export function insideAttached({ snapshot }: Pick<View, 'snapshot'>, name: string): Pick<NamespaceState, 'links' | 'routes'> | undefined {
  const target = snapshot.attached.get(name);
  if (target?.found !== true) return undefined;
  return snapshot.names.get(name) === target.inode ? snapshot.namespaces.get(name) : target;
}
