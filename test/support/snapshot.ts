import type { NamespaceState, Snapshot } from '../../src/model/snapshot.ts';

/** A host with these namespaces and nothing else; the first is the host's own. */
export const snapshotOf = (states: readonly NamespaceState[], more: Partial<Snapshot> = {}): Snapshot => ({
  namespaces: new Map(states.map((one) => [one.name, one])),
  names: new Map(),
  files: new Map(),
  tables: new Map(),
  records: new Map(),
  listeners: [],
  hasConntrack: true,
  fresh: new Map(),
  attached: new Map(),
  ...more,
});
