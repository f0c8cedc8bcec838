import { nameStateIn } from '../../model/names.ts';
import type { Operation } from '../../model/operation.ts';
import { operation } from '../../model/operations.ts';
import type { FieldChange, Id, KindModule, Observed, Resource, View } from '../../model/resource.ts';
import { HOST, type Origin, type Topology } from '../../model/topology.ts';
import { advertisements } from './advertisements.ts';
import { bridgeValues, createValues, hostEndValues, hostValues, idOf, normalise, type Values } from './baseline.ts';
import { hasReliers, isOfInterface, keptOn, resetBy } from './forwarding.ts';
import { leaves, remember } from './remember.ts';
import { schema } from './schema.ts';

/** Sysctls of a namespace, or of one interface in it: path below /proc/sys → value. */
export type SysctlSpec = Values;

export const kind: KindModule<SysctlSpec> = {
  kind: 'sysctl',
  schema,
  immutable: [],
  goesAlong: true,
  compile: (topology) => wantedOf(topology),
  leaves,
  remember,

  observe: (view) => {
    const wanted = view.topology ? wantedOf(view.topology) : [];
    const renamed = renamedPlaces(view);
    const kept = view.snapshot.records.get(view.name)?.sysctls ?? {};
    const holders = new Map(view.interfaces.map((own) => [idOf(own.home.namespace, own.home.ifname), own.resource]));
    // An interface's live on the pair that it is an end of now, which may be another one than the file wants.
    const needs = ({ namespace, id }: Resource): readonly Id[] | undefined => {
      const holder = holders.get(id);
      if (id.split(':')[2] !== undefined) return holder && [holder];
      return namespace === HOST || isOwn(view, namespace) ? needsOf(namespace) : undefined;
    };
    const byId = new Map(
      wanted.flatMap((resource) => {
        const { id, namespace, spec } = resource;
        const found = needs(resource);
        if (found === undefined) return [];
        // What is under the wanted name is another interface's, or nothing: see `aftermath`.
        return [[id, renamed.has(id) ? resource : observed(view, namespace, id, spec, found)] as const];
      }),
    );
    // What an earlier version of the file set, and this one does not mention: known by its value from before.
    for (const [namespace, values] of Object.entries(kept)) {
      const id = idOf(namespace);
      const wantedSpec = byId.get(id)?.spec ?? {};
      if (namespace === HOST || isOwn(view, namespace)) {
        const sysctls = view.snapshot.namespaces.get(namespace)?.sysctls;
        const astray = Object.entries(values).filter(([path]) => {
          const [found, back] = [sysctls?.get(path), putBack(view, namespace, path)];
          return found !== undefined && back !== undefined && normalise(found) !== normalise(back) && !isOfInterface(path);
        });
        byId.set(
          id,
          observed(view, namespace, id, { ...Object.fromEntries(astray), ...wantedSpec }, byId.get(id)?.needs ?? needsOf(namespace)),
        );
      }
    }
    return [...byId.values()].filter((one) => Object.keys(one.spec).length > 0);
  },

  steps: (change, sides) => {
    const after: SysctlSpec = change.action === 'delete' ? {} : change.after;
    const paths =
      change.action === 'create'
        ? Object.keys(after)
        : change.action === 'delete'
          ? Object.keys(change.before)
          : change.fields.map((field) => field.path);
    return paths.flatMap((path): Operation[] => {
      const wanted = after[path];
      const value = wanted ?? putBack(sides.view, change.namespace, path);
      if (value === undefined || !exists(sides.view, path)) return [];
      // The host forwards as before only once nothing of ours is left that relies on it.
      const phase = wanted === undefined && change.namespace === HOST ? 'close' : 'configure';
      const along = phase === 'close' ? resetBy(path, sides.view) : [];
      return [{ path, value }, ...along].map((one) => operation(change.id, phase, { do: 'sysctl', namespace: change.namespace, ...one }));
    });
  },

  /** An interface that gets its name back has been read under no name: all that it should have is written again. */
  aftermath: ({ view, desired, changes }) => {
    const named = new Set(changes.flatMap((change) => ('fields' in change && change.fields.some(isName) ? [change.id] : [])));
    return [...renamedPlaces(view)].flatMap(([id, link]): Operation[] => {
      const resource = named.has(link) ? desired.get(id) : undefined;
      if (resource === undefined) return [];
      return Object.entries(resource.spec as SysctlSpec)
        .filter(([path]) => exists(view, path))
        .map(([path, value]) => operation(id, 'configure', { do: 'sysctl', namespace: resource.namespace, path, value }));
    });
  },

  blockers: advertisements,
  warnings: ({ view }) => keptOn(view),

  describe: (spec) =>
    Object.entries(spec)
      .map(([path, value]) => `${path.replaceAll('/', '.')} ${value}`)
      .join(', '),
};

/** Of interfaces that somebody has renamed: their names in /proc/sys are not those that the file speaks of. */
const renamedPlaces = (view: View): ReadonlyMap<Id, Id> =>
  new Map(
    view.interfaces
      .filter(({ link, home }) => link.ifname !== home.ifname)
      .map(({ home, resource }) => [idOf(home.namespace, home.ifname), resource]),
  );

const isName = ({ path }: FieldChange): boolean => path === 'name' || path === 'far.name';

const needsOf = (namespace: string): Id[] => (namespace === HOST ? [] : [`namespace:${namespace}`]);

const isOwn = (view: View, namespace: string): boolean => nameStateIn(view, namespace).is === 'own';

/** By topology, which never changes: it is asked for to be wanted, and again to be compared. */
const compiled = new WeakMap<Topology, readonly Resource<SysctlSpec>[]>();

function wantedOf(topology: Topology): Resource<SysctlSpec>[] {
  const wanted = compiled.get(topology) ?? compile(topology);
  compiled.set(topology, wanted);
  return [...wanted];
}

function compile(topology: Topology): Resource<SysctlSpec>[] {
  const { namespaceValues, endValues } = createValues();
  const resource = (namespace: string, dev: string | undefined, spec: SysctlSpec, needs: Id[], origin?: Origin): Resource<SysctlSpec>[] =>
    Object.keys(spec).length === 0
      ? []
      : [{ kind: 'sysctl', id: idOf(namespace, dev), topology: topology.name, namespace, spec, needs, ...(origin ? { origin } : {}) }];
  // In somebody else's namespace whether an interface of ours routes is left as it is born.
  const forwarding = new Map(topology.namespaces.map((one) => [one.name, one.attach === undefined ? one.forwarding : undefined]));
  return [
    ...resource(HOST, undefined, hostValues(topology), []),
    ...topology.namespaces
      .filter((one) => one.share === undefined && one.attach === undefined)
      .flatMap((one) => resource(one.name, undefined, namespaceValues(one), needsOf(one.name), one.origin)),
    ...topology.bridges.flatMap((bridge) =>
      resource(HOST, bridge.name, bridgeValues(bridge, topology), [`bridge:${bridge.name}`], bridge.origin),
    ),
    ...topology.links.flatMap((link) =>
      link.ends.flatMap((end, index) => {
        const values =
          end.namespace === HOST
            ? hostEndValues(end, link.bridge !== undefined && index === 0)
            : endValues(end, forwarding.get(end.namespace));
        return resource(end.namespace, end.ifname, values, [`link:${link.id}`], end.origin);
      }),
    ),
  ];
}

function observed(view: View, namespace: string, id: Id, wanted: SysctlSpec, needs: readonly Id[]): Observed<SysctlSpec> {
  const state = view.snapshot.namespaces.get(namespace);
  const found: Record<string, string> = {};
  let differs = false;
  for (const path of Object.keys(wanted)) {
    const value = wanted[path];
    const read = state?.sysctls.get(path);
    // A kernel without IPv6 has no such file, and nothing to want there.
    const now = read === undefined ? (exists(view, path) ? undefined : value) : normalise(read);
    if (now !== undefined) found[path] = now;
    if (now !== value) differs = true;
  }
  // What is as wanted is the very same, and need not be compared again.
  return { kind: 'sysctl', id, topology: view.name, namespace, spec: differs ? found : wanted, needs };
}

const exists = (view: View, path: string): boolean =>
  !path.startsWith('net/ipv6/') || (view.snapshot.namespaces.get(HOST)?.sysctls.has('net/ipv6/conf/all/forwarding') ?? true);

/** What a sysctl goes back to: on the host the value from before, where nobody else needs what we set. */
function putBack(view: View, namespace: string, path: string): string | undefined {
  if (namespace !== HOST) return view.snapshot.fresh.get(path);
  const needed = [...view.snapshot.records.values()].some(
    (record) => record.topology !== view.name && record.sysctls[HOST]?.[path] !== undefined,
  );
  return needed || hasReliers(path, view) ? undefined : view.snapshot.records.get(view.name)?.sysctls[HOST]?.[path];
}
