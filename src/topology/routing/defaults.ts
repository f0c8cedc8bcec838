import { FAMILIES, type Family, formatIp } from '../../model/ip.ts';
import { HOST, type PerFamily, type Route } from '../../model/topology.ts';
import { type DraftEnd, endName, type Node } from '../draft.ts';
import { FAMILY_NAME } from '../entities/ip.ts';
import type { Faults } from '../faults.ts';
import type { Path } from '../syntax/places.ts';

/**
 * The default routes that a namespace gets without writing them: via the gateway of its first link whose subnet has one and whose bridge is not
 * internal, or of the one with `defaultRoute: true`; in an attached namespace of that one alone. `written`: where it writes one itself, by family; that replaces it.
 */
export function impliedRoutes(node: Node, written: PerFamily<Path>, faults: Faults): Route[] {
  if (node.name === HOST || node.share !== undefined) return [];
  const chosen = node.ends.filter((end) => end.settings.defaultRoute?.value === true);
  for (const end of chosen) checkWish(end, chosen, written, faults);
  return FAMILIES.flatMap((family) => {
    if (written[family] !== undefined) return [];
    const usable = node.ends.filter((end) => end.settings.defaultRoute?.value !== false && gatewayFor(end, family) !== undefined);
    // Where somebody else's default route may be, one of ours only on request.
    if (node.raw.attach !== undefined && chosen.length === 0) return [];
    const end = usable.find((each) => chosen.includes(each)) ?? usable[0];
    const gateway = end === undefined ? undefined : gatewayFor(end, family);
    if (end === undefined || gateway === undefined) return [];
    const origin = faults.origin(end.path);
    return [{ namespace: node.name, family, to: 'default', type: 'unicast', via: gateway, dev: end.ifname, origin }];
  });
}

/** The gateway that an end could use; undefined where there is none, where it is the end itself, or where the end has no address to use it with. */
function gatewayFor(end: DraftEnd, family: Family): string | undefined {
  const { subnet, bridge } = end.segment;
  if (bridge?.raw.internal === true) return undefined;
  const gateways = subnet?.gateways[family] ?? [];
  const network = subnet?.networks[family];
  const own = end.addresses.filter((cidr) => cidr.family === family);
  const isHolder = gateways.some((ip) => own.some((cidr) => cidr.value === ip.value));
  const isOn =
    network !== undefined &&
    own.some((cidr) => cidr.prefix === network.prefix && sameNetwork(cidr.value, network.value, family, network.prefix));
  const [first] = gateways;
  return first === undefined || isHolder || !isOn ? undefined : formatIp(first);
}

function sameNetwork(address: bigint, network: bigint, family: Family, prefix: number): boolean {
  const shift = BigInt((family === 'ipv4' ? 32 : 128) - prefix);
  return address >> shift === network >> shift;
}

/** Reports a `defaultRoute: true` that cannot be, or that something else contradicts. */
function checkWish(end: DraftEnd, chosen: readonly DraftEnd[], written: PerFamily<Path>, faults: Faults): void {
  const path = end.settings.defaultRoute?.path ?? end.path;
  const { bridge, subnet } = end.segment;
  const families = FAMILIES.filter((family) => gatewayFor(end, family) !== undefined);
  if (bridge?.raw.internal === true) {
    faults.add(
      path,
      'E_DEFAULT_ROUTE',
      `${bridge.name} is internal: its members get no default route`,
      'remove defaultRoute here, or internal there',
    );
    return;
  }
  if (families.length === 0) {
    const spoilt = faults.spoilt(`namespace:${end.namespace}`, `bridge:${end.segment.name}`, `subnet:${subnet?.name ?? ''}`);
    const message = `${endName(end)} has no gateway to send a default route to`;
    if (!spoilt)
      faults.add(path, 'E_DEFAULT_ROUTE', message, 'give its subnet a gateway, or write the route: routes: [{ to: default, via: … }]');
    return;
  }
  const rival = chosen.find((other) => other !== end && families.some((family) => gatewayFor(other, family) !== undefined));
  if (rival !== undefined) {
    const { line } = faults.origin(rival.settings.defaultRoute?.path ?? rival.path);
    faults.add(path, 'E_DEFAULT_ROUTE', `${endName(rival)} at line ${line} is to have the default route too`, 'keep one of them');
  }
  const family = families.find((each) => written[each] !== undefined);
  if (family === undefined) return;
  const { line } = faults.origin(written[family] ?? path);
  faults.add(
    path,
    'E_DEFAULT_ROUTE',
    `the ${FAMILY_NAME[family]} default route is written at line ${line}, and replaces this one`,
    'keep one of them',
  );
}
