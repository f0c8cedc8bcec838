import { addressOf, contains, FAMILIES, type Family, familyOf, formatIp } from '../../model/ip.ts';
import { HOST, type PerFamily, type Publish, type Route } from '../../model/topology.ts';
import type { Draft, DraftBridge, DraftEnd, Node } from '../draft.ts';
import { FAMILY_NAME } from '../entities/ip.ts';
import type { Faults } from '../faults.ts';
import { itemsOf, type RawPublish } from '../raw.ts';
import { LIMITS } from '../syntax/limits.ts';
import type { Path } from '../syntax/places.ts';
import { readPublish, type Written } from './forms.ts';

/** A publish with its place in the file. */
export interface PlacedPublish {
  readonly publish: Publish;
  readonly path: Path;
}

/** Every published port, ranges expanded, with the address that it leads to. */
export function readPublishes(draft: Draft, routesOf: ReadonlyMap<string, readonly Route[]>, faults: Faults): PlacedPublish[] {
  const all: PlacedPublish[] = [];
  for (const node of draft.nodes.values()) {
    if (node.name === HOST || node.share !== undefined) continue;
    const items = itemsOf<RawPublish>(node.raw.publish);
    const target = items.length === 0 ? undefined : findTarget(node, routesOf.get(node.name) ?? [], faults);
    for (const [raw, step] of items) {
      const path = [...node.path, 'publish', ...step];
      const written = readPublish(raw, path, faults);
      if (written !== undefined && target !== undefined)
        for (const publish of perPort(node.name, written, target, path, faults)) all.push({ publish, path });
      if (all.length <= LIMITS.ports) continue;
      faults.add(path, 'E_YAML_LIMIT', `there are more than ${LIMITS.ports} published ports`, 'publish smaller ranges');
      return all;
    }
  }
  return all;
}

interface Target {
  readonly bridge: DraftBridge;
  readonly addresses: PerFamily<string>;
}

/** On the link of the default route, else on the first link to a bridge that is not internal. */
function findTarget(node: Node, routes: readonly Route[], faults: Faults): Target | undefined {
  const path = [...node.path, 'publish'];
  // Where the families part, IPv4 decides: a published port leads over one bridge.
  const devices = FAMILIES.flatMap((family) => routes.filter((route) => route.to === 'default' && route.family === family)).map(
    ({ dev }) => dev,
  );
  const onBridges = node.ends.filter((end) => end.link.bridge !== undefined);
  const open = onBridges.filter((end) => end.link.bridge?.raw.internal !== true);
  const end = devices.flatMap((dev) => open.find((each) => each.ifname === dev) ?? [])[0] ?? open[0];
  const bridge = end?.link.bridge;
  const spoilt = faults.spoilt(`namespace:${node.name}`) || onBridges.some((each) => faults.spoilt(`bridge:${each.segment.name}`));
  if (end === undefined || bridge === undefined) {
    if (spoilt) return undefined;
    const internal = onBridges[0]?.segment.name;
    if (internal !== undefined)
      faults.addAtKey(
        path,
        'E_NO_EFFECT',
        `${node.name} is on internal bridges only, where nothing gets in from outside`,
        `remove publish, or internal from ${internal}`,
      );
    else
      faults.addAtKey(
        path,
        'E_PUBLISH_TARGET',
        `${node.name} has no link to a bridge that a port could lead to`,
        `add a link: [${node.name}:eth0, BRIDGE]`,
      );
    return undefined;
  }
  const addresses: { ipv4?: string; ipv6?: string } = {};
  for (const family of FAMILIES) {
    const address = addressOn(end, family);
    if (address !== undefined) addresses[family] = address;
  }
  if (addresses.ipv4 !== undefined || addresses.ipv6 !== undefined) return { bridge, addresses };
  const message = `${node.name} has no address on ${bridge.name} that a port could lead to`;
  if (!spoilt) faults.addAtKey(path, 'E_PUBLISH_TARGET', message, 'give the bridge a subnet, or the end an address');
  return undefined;
}

/** Of several the first that is within the bridge's subnet: the host reaches it without a router. */
function addressOn(end: DraftEnd, family: Family): string | undefined {
  const network = end.segment.subnet?.networks[family];
  const own = end.addresses.filter((cidr) => cidr.family === family);
  const best = own.find((cidr) => network !== undefined && contains(network, cidr)) ?? own[0];
  return best === undefined ? undefined : addressOf(formatIp(best));
}

function perPort(namespace: string, written: Written, { bridge, addresses }: Target, path: Path, faults: Faults): Publish[] {
  const { hostAddress, hostPorts, ports, protocol } = written;
  const family = hostAddress === undefined ? undefined : familyOf(hostAddress);
  const only = family === undefined ? undefined : addresses[family];
  if (family !== undefined && only === undefined) {
    if (faults.spoilt(`namespace:${namespace}`, `bridge:${bridge.name}`)) return [];
    const message = `${namespace} has no ${FAMILY_NAME[family]} address on ${bridge.name} for ${hostAddress} to lead to`;
    faults.add(
      path,
      'E_PUBLISH_TARGET',
      message,
      `give the subnet of ${bridge.name} an ${FAMILY_NAME[family]} network, or publish on an address of the other family`,
    );
    return [];
  }
  const target = family === undefined ? addresses : { [family]: only };
  const origin = faults.origin(path);
  return Array.from({ length: ports.last - ports.first + 1 }, (_, index) => ({
    namespace,
    ...(hostAddress === undefined ? {} : { hostAddress }),
    hostPort: hostPorts.first + index,
    port: ports.first + index,
    protocol,
    ...(written.interface === undefined ? {} : { interface: written.interface }),
    target,
    bridge: bridge.name,
    origin,
  }));
}
