import { nameStateIn } from '../../model/names.ts';
import type { OwnedInterface } from '../../model/ownership.ts';
import type { Id, Observed, View } from '../../model/resource.ts';
import { HOST } from '../../model/topology.ts';
import { namespaceValues, normalise, type Values } from './baseline.ts';

const IPV4 = ['rp_filter', 'promote_secondaries', 'forwarding', 'route_localnet'];
const IPV6 = ['accept_ra', 'accept_dad', 'addr_gen_mode', 'disable_ipv6', 'keep_addr_on_down', 'forwarding'];

/** All that we ever set for an interface, or for a namespace as a whole; a file need not be there to know it. */
interface Place {
  readonly id: Id;
  readonly namespace: string;
  readonly paths: readonly string[];
  readonly needs: readonly Id[];
}

/** What is set in every namespace, whatever the file says. */
const EVERYWHERE = Object.keys(namespaceValues({ forwarding: false, sysctls: {} }));

function places(view: View): Place[] {
  const kept = view.snapshot.records.get(view.name)?.sysctls ?? {};
  const namespaces = [...view.snapshot.namespaces.keys()].filter((name) => name !== HOST && nameStateIn(view, name).is === 'own');
  return [
    ...namespaces.map(
      (name): Place => ({
        id: `sysctl:${name}`,
        namespace: name,
        paths: kept[name] === undefined ? EVERYWHERE : [...new Set([...EVERYWHERE, ...Object.keys(kept[name])])],
        needs: [`namespace:${name}`],
      }),
    ),
    ...view.interfaces.filter(({ role }) => role !== 'lo').map(placeOf),
  ];
}

function placeOf({ namespace, home, link, resource }: OwnedInterface): Place {
  const of = (family: string, keys: readonly string[]) => keys.map((key) => `net/${family}/conf/${link.ifname}/${key}`);
  return { id: `sysctl:${home.namespace}:${home.ifname}`, namespace, paths: [...of('ipv4', IPV4), ...of('ipv6', IPV6)], needs: [resource] };
}

/** What is not read for the file's sake. */
export function leaves(view: View, wanted: ReadonlySet<Id>): Map<string, readonly string[]> {
  const paths = new Map<string, readonly string[]>();
  for (const place of places(view)) {
    if (!wanted.has(place.id)) paths.set(place.namespace, [...(paths.get(place.namespace) ?? []), ...place.paths]);
  }
  return paths;
}

/** As far as it has been read. */
export function remember(view: View): Observed<Values>[] {
  return places(view).flatMap(({ id, namespace, paths, needs }) => {
    const sysctls = view.snapshot.namespaces.get(namespace)?.sysctls;
    const spec: Record<string, string> = {};
    for (const path of paths) {
      const value = sysctls?.get(path);
      if (value !== undefined) spec[path] = normalise(value);
    }
    return Object.keys(spec).length === 0 ? [] : [{ kind: 'sysctl', id, topology: view.name, namespace, spec, needs }];
  });
}
