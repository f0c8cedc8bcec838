import type { RouteSpec } from '../../model/operation.ts';
import { isOnLink } from './addresses.ts';
import { type FakeLink, type FakeNamespace, type FakeRoute, linkNamed, refuse } from './state.ts';

/** Metric of a route that was given none. */
const defaultMetric = { ipv4: 0, ipv6: 1024 } as const;

/** One route for each destination and metric: the one that is there is replaced, whatever its protocol. */
export function replaceRoute(namespace: FakeNamespace, spec: RouteSpec, where: string): void {
  const link = deviceOf(namespace, spec, where);
  const { family, to, type, via, protocol } = spec;
  const metric = spec.metric ?? defaultMetric[family];
  const route: FakeRoute = { family, to, type, metric, protocol, ...(via === undefined ? {} : { via }), ...(link ? { link } : {}) };
  const index = namespace.routes.findIndex((other) => other.family === family && other.to === to && other.metric === metric);
  if (index === -1) namespace.routes.push(route);
  else namespace.routes[index] = route;
}

/** The device that the route gets; throws where the next hop cannot be reached. */
function deviceOf(namespace: FakeNamespace, spec: RouteSpec, where: string): FakeLink | undefined {
  const { family, type, via, dev } = spec;
  // IPv6 hangs these on lo, and they go when lo goes down.
  if (type !== 'unicast') return family === 'ipv6' ? linkNamed(namespace, 'lo', where) : undefined;
  const asked = dev === undefined ? undefined : linkNamed(namespace, dev, where);
  if (via === undefined) {
    if (!asked) refuse(where, ['ip'], 'RTNETLINK answers: No such device');
    if (!asked.up) refuse(where, ['ip'], family === 'ipv4' ? 'Error: Device for nexthop is not up.' : 'Error: Nexthop device is not up.');
    return asked;
  }
  const linkLocal = family === 'ipv6' && /^fe[89ab]/.test(via);
  if (linkLocal && asked?.up) return asked;
  const carrier = namespace.routes.find(
    (route) =>
      route.family === family &&
      route.type === 'unicast' &&
      route.via === undefined &&
      (!asked || route.link === asked) &&
      isOnLink(route.to, via),
  );
  if (carrier?.link) return carrier.link;
  refuse(where, ['ip'], family === 'ipv4' ? 'Error: Nexthop has invalid gateway.' : 'RTNETLINK answers: No route to host');
}

export function deleteRoute(namespace: FakeNamespace, spec: RouteSpec, where: string): void {
  const index = namespace.routes.findIndex(
    (route) =>
      route.family === spec.family &&
      route.to === spec.to &&
      route.type === spec.type &&
      (spec.via === undefined || route.via === spec.via) &&
      (spec.dev === undefined || route.link === undefined || route.link.ifname === spec.dev) &&
      (spec.metric === undefined || route.metric === spec.metric),
  );
  if (index === -1) refuse(where, ['ip'], 'RTNETLINK answers: No such process');
  namespace.routes.splice(index, 1);
}
