import type { Blocker } from '../../model/errors.ts';
import { attachedTo, fileMark, topologyOfMark } from '../../model/marks.ts';
import { hostsPath, nameStateIn } from '../../model/names.ts';
import { operation } from '../../model/operations.ts';
import type { Id, KindModule, Resource, View } from '../../model/resource.ts';
import { topologyOfTemporary } from '../../model/temporary.ts';
import { HOST } from '../../model/topology.ts';
import { hostsFiles, isTextOf } from './hosts.ts';
import { resolversOf, withoutResolver } from './resolvers.ts';
import { schema } from './schema.ts';

/** A file in /etc/netns/<name>, which `ip netns exec` and `netloom exec` mount over that of /etc. The hosts file also marks the name as ours. */
export interface FileSpec {
  readonly path: string;
  readonly content: string;
}

const idOf = (path: string): Id => `file:${path}`;

export const kind: KindModule<FileSpec> = {
  kind: 'file',
  schema,
  immutable: [],

  compile: (topology, facts) => {
    const hosts = hostsFiles(topology);
    return topology.namespaces.flatMap((namespace) => {
      const resource = (file: string, content: string): Resource<FileSpec> => {
        const path = `/etc/netns/${namespace.name}/${file}`;
        return {
          kind: 'file',
          id: idOf(path),
          topology: topology.name,
          namespace: namespace.name,
          spec: { path, content },
          needs: [],
          origin: namespace.origin,
        };
      };
      const resolvers = resolversOf(namespace.dns, facts);
      return [
        resource('hosts', hosts.get(namespace.name)?.text ?? ''),
        ...(resolvers.length === 0
          ? []
          : [
              resource(
                'resolv.conf',
                `${fileMark(topology.name)} resolvers of ${namespace.name}\n${resolvers.map((address) => `nameserver ${address}\n`).join('')}`,
              ),
            ]),
      ];
    });
  },

  observe: (view) => {
    const wanted = view.topology && hostsFiles(view.topology);
    return [...view.snapshot.files].flatMap(([path, content]) => {
      const name = /^\/etc\/netns\/([^/]+)\/[^/]+$/.exec(path)?.[1];
      const mark = topologyOfMark(content);
      if (name === undefined || (mark !== view.name && !(mark === undefined && isOwnHosts(view, name, path)))) return [];
      const hosts = path === hostsPath(name) ? wanted?.get(name) : undefined;
      // What is as wanted is the very same text, which is neither compared again nor kept twice.
      const spec = { path, content: hosts !== undefined && isTextOf(hosts, content) ? hosts.text : content };
      return [{ kind: 'file', id: idOf(path), topology: view.name, namespace: name, spec, needs: [] }];
    });
  },

  steps: (change) => {
    if (change.action === 'delete') {
      const { path } = change.before;
      // The hosts file is the mark by which the others are found again when we are killed here.
      return [operation(change.id, 'close', { do: 'file-delete', path }, path === hostsPath(change.namespace) ? 2 : 1)];
    }
    // The mark must stand before the name that it marks, and that of an attached one as long as the name leads to what is not ours.
    const early = change.action === 'create' || (isAttached(change.after.content) && !isAttached(change.before.content));
    return [
      operation(change.id, early ? 'mark' : 'settle', {
        do: 'file-write',
        path: change.after.path,
        content: change.after.content,
      }),
    ];
  },

  // What a killed netloom left half written goes with the next run, whatever that does.
  aftermath: ({ view }) =>
    [...view.snapshot.files.keys()]
      .filter((path) => topologyOfTemporary(path) === view.name)
      .map((path) => operation(idOf(path), 'close', { do: 'file-delete', path }, 3)),

  blockers: (resources, view) =>
    resources.flatMap(({ namespace, spec, origin }): Blocker[] => {
      const obstacle = view.snapshot.obstacles?.get(spec.path);
      if (obstacle !== undefined) {
        return [
          {
            code: 'E_FILE_TAKEN',
            message: `${obstacle.path} is ${obstacle.what}, where netloom has to write ${spec.path}`,
            hint: 'look who has put it there, and move it away',
            ...(origin ? { origin } : {}),
          },
        ];
      }
      const content = view.snapshot.files.get(spec.path);
      if (content === undefined || view.adopt || topologyOfMark(content) !== undefined) return [];
      if (isOwnHosts(view, namespace, spec.path)) return [];
      return [
        {
          code: 'E_FILE_TAKEN',
          message: `${spec.path} is there already and is not netloom's`,
          hint: 'move it away, or let it be replaced with --adopt',
          ...(origin ? { origin } : {}),
        },
      ];
    }),

  warnings: withoutResolver,

  describe: (spec) => spec.path,
};

const isAttached = (content: string): boolean => attachedTo(content) !== undefined;

/** A hosts file whose mark somebody has removed, of a name that is ours all the same: we wrote it before we made the name. */
function isOwnHosts(view: View, name: string, path: string): boolean {
  if (path !== hostsPath(name)) return false;
  const state = nameStateIn(view, name);
  return state.is === 'own' || state.is === 'attached' || (state.is === 'shared' && state.source !== HOST);
}
