import { attachedNames, foundationOf } from '../../model/attached.ts';
import { ROUTE_PROTOCOL } from '../../model/marks.ts';
import { nameStateIn } from '../../model/names.ts';
import type { Operation, RouteSpec } from '../../model/operation.ts';
import { CONFIGURE, operation, RAISE, REMOVE } from '../../model/operations.ts';
import type { Change, Id, KindModule, Observed, View } from '../../model/resource.ts';
import type { RouteState } from '../../model/snapshot.ts';
import { HOST, type Route } from '../../model/topology.ts';
import { overlaps } from './overlaps.ts';
import { schema } from './schema.ts';
import { takenRoutes } from './taken.ts';

/** `static` is what we give, `boot` what a bare `ip route add` does (include/uapi/linux/rtnetlink.h). */
const STATIC = 4;
const BOOT = 3;

/** What the kernel assumes where no metric is given (IP6_RT_PRIO_USER in IPv6). */
const defaultMetric = { ipv4: 0, ipv6: 1024 } as const;

/** A route is known by namespace, destination and metric: the kernel replaces what has the same. */
function idOf(namespace: string, route: Pick<RouteSpec, 'family' | 'to' | 'metric'>): Id {
  const to = route.to === 'default' ? { ipv4: '0.0.0.0/0', ipv6: '::/0' }[route.family] : route.to;
  const metric = route.metric === undefined || route.metric === defaultMetric[route.family] ? '' : `:${route.metric}`;
  return `route:${namespace}:${to}${metric}`;
}

export const kind: KindModule<RouteSpec> = {
  kind: 'route',
  schema,
  immutable: ['type'],
  goesAlong: true,

  compile: (topology) => {
    const links = new Map(
      topology.links.flatMap((link) => link.ends.map((end) => [`${end.namespace}:${end.ifname}`, `link:${link.id}` as Id] as const)),
    );
    const attached = attachedNames(topology);
    for (const bridge of topology.bridges) links.set(`${HOST}:${bridge.name}`, `bridge:${bridge.name}`);
    return topology.routes.map((route) => ({
      kind: 'route',
      id: idOf(route.namespace, route),
      topology: topology.name,
      namespace: route.namespace,
      spec: specOf(route, attached.has(route.namespace)),
      needs: needsOf(
        route.namespace,
        attached.has(route.namespace),
        route.dev === undefined ? undefined : links.get(`${route.namespace}:${route.dev}`),
      ),
      // Its next hop is reached through the addresses of its interface.
      ...(route.dev === undefined ? {} : { follows: [`address:${route.namespace}:${route.dev}` as Id] }),
      origin: route.origin,
    }));
  },

  observe: (view) => {
    const byPlace = new Map(view.interfaces.map((own) => [`${own.namespace}:${own.link.ifname}`, own]));
    return [...view.snapshot.namespaces.values()].flatMap((state) => {
      const is = state.name === HOST ? HOST : nameStateIn(view, state.name).is;
      if (is !== HOST && is !== 'own' && is !== 'attached') return [];
      return state.routes.flatMap((route): Observed<RouteSpec>[] => {
        const own = route.dev === undefined ? undefined : byPlace.get(`${state.name}:${route.dev}`);
        const id = idOf(state.name, route);
        if (is === 'own' ? !isStatic(route) : !isMarked(view, route, own !== undefined, id)) return [];
        const spec = { ...observedSpec(route), ...(own && route.type === 'unicast' ? { dev: own.home.ifname } : {}) };
        return [
          {
            kind: 'route',
            id,
            topology: view.name,
            namespace: state.name,
            spec,
            needs: needsOf(state.name, is === 'attached', own?.resource),
          },
        ];
      });
    });
  },

  steps: (change) => [
    ...(change.action === 'delete'
      ? [operation(change.id, 'remove', { do: 'route-delete', namespace: change.namespace, route: change.before }, REMOVE.routes)]
      : [replace(change.id, change.namespace, change.after)]),
  ],

  /** What takes away an address, or an interface for a moment, takes routes along: those that nobody changed are put back. */
  aftermath: (sides) => {
    const disturbed = new Set(sides.changes.filter(disturbsRoutes).flatMap((change) => namespacesOf(change)));
    if (disturbed.size === 0) return [];
    const changed = new Set(sides.changes.map((change) => change.id));
    return [...sides.desired.values()].flatMap((resource) => {
      if (resource.kind !== 'route' || changed.has(resource.id) || !disturbed.has(resource.namespace)) return [];
      return [replace(resource.id, resource.namespace, resource.spec as RouteSpec)];
    });
  },

  blockers: (resources, view) => [...(view.topology ? overlaps(view.topology, view) : []), ...takenRoutes(resources, view)],

  describe: (spec) =>
    [
      spec.type === 'unicast' ? '' : spec.type,
      spec.to,
      spec.via ? `via ${spec.via}` : '',
      spec.dev && !spec.via ? `dev ${spec.dev}` : '',
      spec.metric === undefined || spec.metric === defaultMetric[spec.family] ? '' : `metric ${spec.metric}`,
    ]
      .filter(Boolean)
      .join(' '),
};

const replace = (id: Id, namespace: string, route: RouteSpec): Operation =>
  namespace === HOST
    ? operation(id, 'raise', { do: 'route-replace', namespace, route }, RAISE.routes)
    : operation(id, 'configure', { do: 'route-replace', namespace, route }, CONFIGURE.routes);

const needsOf = (namespace: string, attached: boolean, link: Id | undefined): Id[] => [
  ...foundationOf(namespace, attached),
  ...(link ? [link] : []),
];

function specOf(route: Route, attached: boolean): RouteSpec {
  return {
    family: route.family,
    to: route.to,
    type: route.type,
    ...(route.via === undefined ? {} : { via: route.via }),
    ...(route.dev === undefined || route.type !== 'unicast' ? {} : { dev: route.dev }),
    metric: route.metric ?? defaultMetric[route.family],
    protocol: route.namespace === HOST || attached ? ROUTE_PROTOCOL : STATIC,
  };
}

function observedSpec(route: RouteState): RouteSpec {
  return {
    family: route.family,
    to: route.to,
    type: route.type === 'other' ? 'unicast' : route.type,
    ...(route.via === undefined ? {} : { via: route.via }),
    // An IPv6 blackhole is kept on lo (net/ipv6/route.c), which says nothing.
    ...(route.dev === undefined || route.type !== 'unicast' ? {} : { dev: route.dev }),
    metric: route.metric,
    protocol: route.protocol,
  };
}

/** In our namespaces all that was added by hand is ours to keep in line. */
const isStatic = ({ protocol }: RouteState): boolean => protocol === STATIC || protocol === BOOT;

/** On the host and in attached namespaces only what bears our number. */
function isMarked(view: View, route: RouteState, onOurs: boolean, id: Id): boolean {
  if (route.protocol !== ROUTE_PROTOCOL) return false;
  return onOurs || (route.type !== 'unicast' && claimsRoute(view, id));
}

/** A blackhole leads nowhere, least of all to an interface that says whose it is: the record does, or the file if no other record does. */
function claimsRoute({ snapshot, name, topology }: View, id: Id): boolean {
  const record = snapshot.records.get(name);
  if (record !== undefined) return record.routes.includes(id);
  const others = [...snapshot.records.values()].some(({ routes }) => routes.includes(id));
  return !others && (topology?.routes.some((route) => idOf(route.namespace, route) === id) ?? false);
}

const disturbsRoutes = (change: Change): boolean =>
  change.action !== 'create' &&
  (change.kind === 'address' || change.kind === 'link' || change.kind === 'bridge' || change.kind === 'namespace');

function namespacesOf(change: Change): string[] {
  const far =
    change.kind === 'link' && change.action !== 'create'
      ? (change.before as { far: { namespace: string } }).far.namespace
      : change.namespace;
  return [change.namespace, far];
}
