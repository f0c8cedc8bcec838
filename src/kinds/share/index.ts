import { attachedNames, foundationOf } from '../../model/attached.ts';
import type { Blocker } from '../../model/errors.ts';
import { nameStateIn } from '../../model/names.ts';
import { operation, RAISE } from '../../model/operations.ts';
import type { Id, KindModule } from '../../model/resource.ts';

/** A further name of a namespace under /run/netns: "container mode". */
export interface ShareSpec {
  /** The namespace that it names; `host` for the host's own. */
  readonly source: string;
  /** False: it still holds a namespace that the source's name has left. */
  readonly current: boolean;
}

const idOf = (name: string): Id => `share:${name}`;

export const kind: KindModule<ShareSpec> = {
  kind: 'share',
  immutable: ['source', 'current'],

  compile: (topology) => {
    const attached = attachedNames(topology);
    return topology.namespaces.flatMap(({ name, share, origin }) =>
      share === undefined
        ? []
        : [
            {
              kind: 'share',
              id: idOf(name),
              topology: topology.name,
              namespace: name,
              spec: { source: share, current: true },
              needs: foundationOf(share, attached.has(share)),
              origin,
            },
          ],
    );
  },

  observe: (view) =>
    [...view.snapshot.names.keys()].flatMap((name) => {
      const state = nameStateIn(view, name);
      if (state.is !== 'shared') return [];
      const spec = { source: state.source, current: state.current };
      return [{ kind: 'share', id: idOf(name), topology: view.name, namespace: name, spec, needs: [] }];
    }),

  steps: (change) => {
    const name = change.namespace;
    if (change.action === 'delete') return [operation(change.id, 'forget', { do: 'netns-delete', name })];
    if (change.action !== 'create') return [];
    // Once the source's lo bears its mark: a name made before and left by a kill would look like a namespace of its own.
    return [operation(change.id, 'raise', { do: 'netns-bind', name, source: change.after.source }, RAISE.names)];
  },

  blockers: (resources, view) =>
    resources.flatMap((resource): Blocker[] => {
      const name = resource.namespace;
      const state = nameStateIn(view, name);
      if (state.is === 'absent' || state.is === 'remnant' || state.is === 'shared' || state.is === 'attached') return [];
      if (state.is === 'own' && state.state.links.some((link) => link.altnames.length > 0)) return [];
      return [
        {
          code: 'E_NAMESPACE_TAKEN',
          message: `a namespace ${name} is there already, where the file wants a second name of ${resource.spec.source}`,
          hint: `rename it in the file, or remove it with: ip netns del ${name}`,
          ...(resource.origin ? { origin: resource.origin } : {}),
        },
      ];
    }),

  describe: (spec) => `another name of ${spec.source}`,
};
