import type { Blocker } from '../../model/errors.ts';
import { interfaceAltname } from '../../model/marks.ts';
import { markOf, namePath, nameStateIn, oddName } from '../../model/names.ts';
import { CONFIGURE, changedPaths, linkSet, operation } from '../../model/operations.ts';
import type { Id, KindModule, Observed } from '../../model/resource.ts';
import { HOST } from '../../model/topology.ts';
import { schema } from './schema.ts';

/** A network namespace of our own, by its name under /run/netns. */
export interface NamespaceSpec {
  /** False: an empty file is there instead, left by a killed `ip netns add`. */
  readonly usable: boolean;
  /** Its lo bears our altname. */
  readonly marked: boolean;
  /** Its lo is up. */
  readonly up: boolean;
}

const idOf = (name: string): Id => `namespace:${name}`;

export const kind: KindModule<NamespaceSpec> = {
  kind: 'namespace',
  schema,
  immutable: ['usable'],

  compile: (topology) =>
    topology.namespaces
      .filter(({ share, attach }) => share === undefined && attach === undefined)
      .map((namespace) => ({
        kind: 'namespace',
        id: idOf(namespace.name),
        topology: topology.name,
        namespace: namespace.name,
        spec: { usable: true, marked: true, up: true },
        needs: [],
        origin: namespace.origin,
      })),

  observe: (view) =>
    [...view.snapshot.names.keys()].flatMap((name): Observed<NamespaceSpec>[] => {
      const state = nameStateIn(view, name);
      const base = { kind: 'namespace', id: idOf(name), topology: view.name, namespace: name, needs: [] };
      if (state.is === 'remnant') return [{ ...base, spec: { usable: false, marked: false, up: false } }];
      if (state.is !== 'own') return [];
      const lo = state.state.links.find((link) => link.ifname === 'lo');
      const marked = lo?.altnames.includes(interfaceAltname(view.name, name, 'lo')) ?? false;
      return [{ ...base, spec: { usable: true, marked, up: lo?.up ?? false } }];
    }),

  steps: (change, sides) => {
    const name = change.namespace;
    if (change.action === 'delete') return [operation(change.id, 'forget', { do: 'netns-delete', name })];
    const altname = interfaceAltname(sides.view.name, name, 'lo');
    const mark = operation(change.id, 'configure', { do: 'altname-add', namespace: name, dev: 'lo', altname }, CONFIGURE.loopback);
    const raise = operation(change.id, 'configure', linkSet(name, 'lo', { up: change.after.up }), CONFIGURE.loopback);
    if (change.action === 'create') return [operation(change.id, 'create', { do: 'netns-add', name }), mark, raise];
    const changed = changedPaths(change.fields);
    const unmark = operation(change.id, 'configure', { do: 'altname-delete', namespace: name, dev: 'lo', altname }, CONFIGURE.loopback);
    return [...(changed.has('marked') ? [change.after.marked ? mark : unmark] : []), ...(changed.has('up') ? [raise] : [])];
  },

  blockers: (resources, view) =>
    resources.flatMap((resource): Blocker[] => {
      const name = resource.namespace;
      const state = nameStateIn(view, name);
      const where = resource.origin ? { origin: resource.origin } : {};
      const holder = markOf(view.snapshot, name);
      if (holder !== undefined && holder !== view.name) {
        const file = view.snapshot.records.get(holder)?.file;
        return [
          {
            code: 'E_NAMESPACE_TAKEN',
            message: `namespace ${name} belongs to the topology ${holder}${file ? ` (${file})` : ''}`,
            hint: `rename one of the two, or remove the other with: netloom destroy ${holder}`,
            ...where,
          },
        ];
      }
      // A second name that an earlier file asked for goes first; one that nobody has marked is somebody else's.
      if (state.is === 'shared' && holder === undefined) {
        return [
          {
            code: 'E_NAMESPACE_TAKEN',
            message: `/run/netns/${name} is a second name of ${state.source === HOST ? "the host's own namespace" : state.source}`,
            hint: `remove it with: ip netns del ${name}`,
            ...where,
          },
        ];
      }
      const odd = view.snapshot.obstacles?.get(namePath(name));
      if (odd !== undefined) return [{ ...oddName(odd), ...where }];
      if (state.is !== 'foreign' || (view.adopt && state.state !== undefined)) return [];
      return [
        {
          code: 'E_NAMESPACE_TAKEN',
          message: `a namespace ${name} is there already and is not netloom's`,
          hint: `rename it in the file, remove it with \`ip netns del ${name}\`, or take it over with --adopt`,
          ...where,
        },
      ];
    }),

  describe: (spec) => (spec.usable ? '' : 'an unfinished name'),
};
