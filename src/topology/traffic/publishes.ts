import { addressOf, contains, FAMILIES, type Family, familyOf, formatIp } from '../../model/ip.ts';
import { HOST, type PerFamily, type Publish, type Route } from '../../model/topology.ts';
import type { Draft, DraftBridge, DraftEnd, Node } from '../draft.ts';
import { FAMILY_NAME } from '../entities/ip.ts';
import type { Faults } from '../faults.ts';
import { itemsOf, type RawPublish } from '../raw.ts';
import { LIMITS } from '../syntax/limits.ts';
import type { Path } from '../syntax/places.ts';
import { readExposed } from './expose.ts';
import { readPublish, type Written } from './forms.ts';

/** A publish with its place in the file. */
export interface PlacedPublish {
  readonly publish: Publish;
  readonly path: Path;
}

/** A published port that may still lack its host port. */
export type Wish = Omit<Publish, 'hostPort' | 'derived'>;

export interface PlacedWish {
  readonly wish: Wish;
  readonly hostPort?: number;
  readonly path: Path;
}

/** Every published port, ranges expanded, with the address that it leads to; in the order of the file. */
export function readPublishes(draft: Draft, routesOf: ReadonlyMap<string, readonly Route[]>, faults: Faults): PlacedWish[] {
  const all: PlacedWish[] = [];
  for (const node of draft.nodes.values()) {
    if (node.name === HOST || node.share !== undefined) continue;
    const requests = requestsOf(node, faults);
    const key = requests[0]?.path[node.path.length] === 'expose' ? 'expose' : 'publish';
    const target = requests.length === 0 ? undefined : findTarget(node, key, routesOf.get(node.name) ?? [], faults);
    for (const { written, path } of requests) {
      if (written !== undefined && target !== undefined) all.push(...perPort(node.name, written, target, path, faults));
      if (all.length <= LIMITS.ports) continue;
      faults.add(path, 'E_YAML_LIMIT', `there are more than ${LIMITS.ports} published ports`, 'publish smaller ranges');
      return all;
    }
  }
  return all;
}

interface Request {
  /** Undefined for one that was wrong. */
  readonly written: Written | undefined;
  readonly path: Path;
}

/** What is published, then what is exposed and, as in Docker, not published anyway. */
function requestsOf(node: Node, faults: Faults): Request[] {
  const published = itemsOf<RawPublish>(node.raw.publish).map(([raw, step]): Request => {
    const path = [...node.path, 'publish', ...step];
    return { written: readPublish(raw, path, faults), path };
  });
  const exposes = readExposed(node, faults);
  const done = exposes.length === 0 ? new Set() : portsOf(published);
  const exposed = exposes
    .filter(({ port, protocol }) => !done.has(`${port}/${protocol}`))
    .map(({ port, protocol, path }): Request => ({ written: { ports: { first: port, last: port }, protocol }, path }));
  return [...published, ...exposed];
}

/** `80/tcp` for each; of a hostile file no more than are let through anyway. */
function portsOf(requests: readonly Request[]): Set<string> {
  const ports = new Set<string>();
  let seen = 0;
  for (const { written } of requests) {
    if (written === undefined) continue;
    for (let port = written.ports.first; port <= written.ports.last && seen <= LIMITS.ports; port += 1, seen += 1) {
      ports.add(`${port}/${written.protocol}`);
    }
  }
  return ports;
}

interface Target {
  readonly bridge: DraftBridge;
  readonly addresses: PerFamily<string>;
}

/** On the link of the default route, else on the first link to a bridge that is not internal. */
function findTarget(node: Node, key: 'publish' | 'expose', routes: readonly Route[], faults: Faults): Target | undefined {
  const path = [...node.path, key];
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
        `remove ${key}, or internal from ${internal}`,
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

function perPort(namespace: string, written: Written, { bridge, addresses }: Target, path: Path, faults: Faults): PlacedWish[] {
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
    wish: {
      namespace,
      ...(hostAddress === undefined ? {} : { hostAddress }),
      port: ports.first + index,
      protocol,
      ...(written.interface === undefined ? {} : { interface: written.interface }),
      target,
      bridge: bridge.name,
      origin,
    },
    ...(hostPorts === undefined ? {} : { hostPort: hostPorts.first + index }),
    path,
  }));
}
