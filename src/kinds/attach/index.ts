import { nameStateIn } from '../../model/names.ts';
import { operation } from '../../model/operations.ts';
import type { Id, KindModule } from '../../model/resource.ts';
import { attachOf, attachText } from '../../model/topology.ts';
import { obstacles } from './blockers.ts';
import { overlapsInside } from './overlaps.ts';
import { schema } from './schema.ts';

/** A name under /run/netns for a namespace that somebody else has made. */
export interface AttachSpec {
  /** Where it is found: `container old-shop`, `process 44951`, `/run/netns/x`. */
  readonly to: string;
  /** False: the name still holds a namespace that is no longer the one to attach to, as after a container's restart. */
  readonly current: boolean;
}

const idOf = (name: string): Id => `attach:${name}`;

export const kind: KindModule<AttachSpec> = {
  kind: 'attach',
  schema,
  immutable: ['current'],
  isOnlyName: true,

  compile: (topology) =>
    topology.namespaces.flatMap(({ name, attach, origin }) =>
      attach === undefined
        ? []
        : [
            {
              kind: 'attach',
              id: idOf(name),
              topology: topology.name,
              namespace: name,
              spec: { to: attachText(attach), current: true },
              needs: [],
              origin,
            },
          ],
    ),

  observe: (view) => {
    const wanted = new Map(view.topology?.namespaces.map(({ name, attach }) => [name, attach]));
    return [...view.snapshot.names.keys()].flatMap((name) => {
      const state = nameStateIn(view, name);
      if (state.is !== 'attached') return [];
      const target = view.snapshot.attached.get(name);
      const attach = wanted.get(name);
      // What counts is where it leads. That the file now finds the same one in another way changes no more than the words in its mark.
      const to = attach === undefined ? (state.to ?? 'a namespace of somebody else') : attachText(attach);
      const spec = { to, current: target?.found === true ? target.inode === state.state.inode : true };
      return [{ kind: 'attach', id: idOf(name), topology: view.name, namespace: name, spec, needs: [] }];
    });
  },

  steps: (change, { view }) => {
    const name = change.namespace;
    if (change.action === 'delete') return [operation(change.id, 'forget', { do: 'netns-delete', name })];
    const source = change.action === 'create' ? attachOf(change.after.to) : undefined;
    if (source === undefined) return [];
    const target = view.snapshot.attached.get(name);
    const inode = target?.found === true ? { inode: target.inode } : {};
    return [operation(change.id, 'create', { do: 'netns-attach', name, source, ...inode })];
  },

  blockers: (resources, view) => [...obstacles(resources, view), ...overlapsInside(view)],

  describe: (spec) => spec.to,
};
