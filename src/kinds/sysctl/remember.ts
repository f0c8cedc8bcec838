import { nameStateIn } from '../../model/names.ts';
import type { OwnedInterface } from '../../model/ownership.ts';
import type { Id, Observed, View } from '../../model/resource.ts';
import { HOST } from '../../model/topology.ts';
import { idOf, namespaceValues, normalise, type Values } from './baseline.ts';

const IPV4 = ['rp_filter', 'promote_secondaries', 'forwarding', 'route_localnet'];
const IPV6 = ['accept_ra', 'accept_dad', 'addr_gen_mode', 'disable_ipv6', 'keep_addr_on_down', 'forwarding'];

/** All that we ever set for an interface, or for a namespace as a whole; a file need not be there to know it. */
interface Place {
  readonly id: Id;
  readonly namespace: string;
  readonly paths: readonly string[];
  readonly needs: readonly Id[];
}

/** What every namespace has. */
const PATHS = Object.keys(namespaceValues({ forwarding: false, sysctls: {} }));

/** Those whose ids are asked for. */
function places(view: View, isAsked: (id: Id) => boolean): Place[] {
  const kept = view.snapshot.records.get(view.name)?.sysctls ?? {};
  const namespaces = [...view.snapshot.namespaces.keys()].filter(
    (name) => name !== HOST && isAsked(idOf(name)) && nameStateIn(view, name).is === 'own',
  );
  const pathsOf = createPaths();
  return [
    ...namespaces.map(
      (name): Place => ({
        id: idOf(name),
        namespace: name,
        paths: kept[name] === undefined ? PATHS : [...new Set([...PATHS, ...Object.keys(kept[name])])],
        needs: [`namespace:${name}`],
      }),
    ),
    ...view.interfaces
      .filter(({ role, home }) => role !== 'lo' && isAsked(idOf(home.namespace, home.ifname)))
      .map((own) => placeOf(own, pathsOf(own.link.ifname))),
  ];
}

const placeOf = ({ namespace, home, resource }: OwnedInterface, paths: readonly string[]): Place => ({
  id: idOf(home.namespace, home.ifname),
  namespace,
  paths,
  needs: [resource],
});

/** The paths of an interface by its name, which most in a lab have in common. */
function createPaths(): (ifname: string) => readonly string[] {
  const made = new Map<string, readonly string[]>();
  const of = (family: string, ifname: string, keys: readonly string[]) => keys.map((key) => `net/${family}/conf/${ifname}/${key}`);
  return (ifname) => {
    const paths = made.get(ifname) ?? [...of('ipv4', ifname, IPV4), ...of('ipv6', ifname, IPV6)];
    made.set(ifname, paths);
    return paths;
  };
}

/** What is not read for the file's sake. */
export function leaves(view: View, wanted: ReadonlySet<Id>): Map<string, readonly string[]> {
  const paths = new Map<string, readonly string[]>();
  for (const place of places(view, (id) => !wanted.has(id))) {
    paths.set(place.namespace, [...(paths.get(place.namespace) ?? []), ...place.paths]);
  }
  return paths;
}

/** As far as it has been read. */
export function remember(view: View, isAsked: (id: Id) => boolean): Observed<Values>[] {
  return places(view, isAsked).flatMap(({ id, namespace, paths, needs }) => {
    const sysctls = view.snapshot.namespaces.get(namespace)?.sysctls;
    const spec: Record<string, string> = {};
    for (const path of paths) {
      const value = sysctls?.get(path);
      if (value !== undefined) spec[path] = normalise(value);
    }
    return Object.keys(spec).length === 0 ? [] : [{ kind: 'sysctl', id, topology: view.name, namespace, spec, needs }];
  });
}
