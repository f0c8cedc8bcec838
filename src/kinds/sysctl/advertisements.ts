import type { Blocker } from '../../model/errors.ts';
import type { Resource, View } from '../../model/resource.ts';
import { PROTOCOL_RA } from '../../model/snapshot.ts';
import { HOST } from '../../model/topology.ts';
import type { Values } from './baseline.ts';

const FORWARDING = 'net/ipv6/conf/all/forwarding';

/**
 * Interfaces whose routes by router advertisement the kernel would drop, at once and for good, when the host begins to forward IPv6
 * (net/ipv6/addrconf.c, addrconf_fixup_forwarding: rt6_purge_dflt_routers, which spares those whose accept_ra is 2).
 */
export function advertisements(resources: readonly Resource<Values>[], { snapshot }: View): Blocker[] {
  const host = snapshot.namespaces.get(HOST);
  const switching = resources.find(({ namespace, spec }) => namespace === HOST && spec[FORWARDING] === '1');
  if (switching === undefined || host?.sysctls.get(FORWARDING) !== '0') return [];
  const devices = new Map(host.routes.flatMap((route) => (route.protocol === PROTOCOL_RA && route.dev ? [[route.dev, route]] : [])));
  return [...devices].flatMap(([dev, { to, via }]): Blocker[] => {
    const value = host.sysctls.get(`net/ipv6/conf/${dev}/accept_ra`);
    // With 0 the kernel does not listen: the route is a daemon's (systemd-networkd, NetworkManager), which asks for `proto ra` and is spared.
    if (value === undefined || value === '0' || value === '2') return [];
    return [
      {
        code: 'E_RA_LOST',
        message: `${dev} would lose its IPv6 route to ${to}${via ? ` via ${via}` : ''}, learnt by router advertisement, once this host forwards IPv6 (accept_ra is ${value})`,
        // With the slash form a dot in the interface's name is a dot.
        hint: `keep it: sysctl -w net/ipv6/conf/${dev}/accept_ra=2`,
      },
    ];
  });
}
