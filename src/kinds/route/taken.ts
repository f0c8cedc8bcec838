import { insideAttached } from '../../model/attached.ts';
import type { Blocker } from '../../model/errors.ts';
import { ROUTE_PROTOCOL } from '../../model/marks.ts';
import type { RouteSpec } from '../../model/operation.ts';
import type { Resource, View } from '../../model/resource.ts';

/** Somebody else's routes in attached namespaces that ours would replace: the kernel keeps one for each destination and metric. */
export function takenRoutes(resources: readonly Resource<RouteSpec>[], view: View): Blocker[] {
  return resources.flatMap(({ namespace, spec, origin }): Blocker[] => {
    const holder = insideAttached(view, namespace)?.routes.find(
      ({ family, to, metric, protocol }) =>
        family === spec.family && to === spec.to && metric === spec.metric && protocol !== ROUTE_PROTOCOL,
    );
    if (holder === undefined) return [];
    const way = [holder.via && `via ${holder.via}`, holder.dev && `on ${holder.dev}`].filter(Boolean).join(' ');
    return [
      {
        code: 'E_ROUTE_TAKEN',
        message: `${namespace} has a route to ${spec.to} of its own already${way ? `, ${way}` : ''}`,
        hint:
          spec.to === 'default'
            ? 'remove defaultRoute, write the route with a metric, or start the container with --network none'
            : 'remove the route from the file, or give it a metric',
        ...(origin ? { origin } : {}),
      },
    ];
  });
}
