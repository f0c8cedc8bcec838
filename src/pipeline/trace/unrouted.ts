import { contains, familyOf, parseCidr, parseIp } from '../../model/ip.ts';
import type { RouteState } from '../../model/snapshot.ts';
import type { Tracer, Tuple } from '../../model/trace.ts';
import type { CauseBody } from './walk.ts';
import type { World } from './world.ts';

const FORWARDING = { ipv4: 'net/ipv4/ip_forward', ipv6: 'net/ipv6/conf/all/forwarding' } as const;

/**
 * Why a namespace does not route a packet. `error` is what the kernel says (fib_validate_source, ip_route_input_slow in net/ipv4): EXDEV is the reverse
 * path filter; EHOSTUNREACH of what came in, forwarding that is off, or a route that refuses, like EACCES; EINVAL a blackhole, or a source that is
 * no host's. IPv6 is not asked about forwarding by `ip route get`.
 */
export function unrouted(world: World, namespace: string, { source, destination }: Tuple, error: string, incoming?: string): CauseBody {
  const state = world.namespaces.get(namespace);
  const sysctl = FORWARDING[familyOf(destination)];
  if (/Invalid cross-device link/.test(error)) return { kind: 'reverse-path', namespace, device: incoming ?? '', source };
  const isOff = state?.sysctls.get(sysctl) === '0';
  if (incoming !== undefined && isOff) return { kind: 'forwarding-off', namespace, device: incoming, sysctl: sysctl.replaceAll('/', '.') };
  const route = best(state?.routes ?? [], destination);
  if (route !== undefined && route.type !== 'unicast') return { kind: 'no-route', namespace, destination, error, type: route.type };
  // The routes of an interface go when it goes down (IPv4), and its addresses with it (IPv6).
  const down = (state?.links ?? []).filter(({ ifname, up }) => ifname !== 'lo' && !up);
  const [only] = down;
  if (incoming === undefined && route === undefined && only !== undefined) return { kind: 'link-down', namespace, device: only.ifname };
  return { kind: 'no-route', namespace, destination, error };
}

const EXDEV = 'Invalid cross-device link';

/**
 * What the kernel means by an error. Linux 6.18 answers EINVAL to all that is wrong with a source, the reverse path filter included: then the filter's
 * setting and the route back tell.
 */
export async function reasonOf(
  tracer: Pick<Tracer, 'route' | 'setting'>,
  namespace: string,
  { source }: Tuple,
  error: string,
  device: string,
): Promise<string> {
  if (!/Invalid argument/.test(error) || source.includes(':')) return error;
  const settings = await Promise.all(['all', device].map((one) => tracer.setting(namespace, `net/ipv4/conf/${one}/rp_filter`)));
  const filter = Math.max(...settings.map((text) => Number(text ?? '0')));
  if (filter === 0) return error;
  const back = await tracer.route({ namespace, destination: source });
  // Strict: by this very interface (RFC 3704 §2.2); loose: by any.
  return (filter === 1 ? back.found && back.device === device : back.found) ? error : EXDEV;
}

/** The route of the longest prefix, of those of the least metric. */
function best(routes: readonly RouteState[], destination: string): RouteState | undefined {
  const ip = parseIp(destination);
  const matching = routes.flatMap((route) => {
    const family = familyOf(destination);
    if (ip === undefined || route.family !== family) return [];
    const cidr = parseCidr(
      route.to === 'default'
        ? { ipv4: '0.0.0.0/0', ipv6: '::/0' }[family]
        : route.to.includes('/')
          ? route.to
          : `${route.to}/${family === 'ipv4' ? 32 : 128}`,
    );
    return cidr !== undefined && contains(cidr, ip) ? [{ route, prefix: cidr.prefix }] : [];
  });
  return matching.sort((a, b) => b.prefix - a.prefix || a.route.metric - b.route.metric)[0]?.route;
}
