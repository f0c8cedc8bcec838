import { addressOf, FAMILIES, type Family } from '../../model/ip.ts';
import { deriveMac } from '../../model/marks.ts';
import type { LinkState } from '../../model/snapshot.ts';
import { HOST } from '../../model/topology.ts';
import type { WrittenBridge } from '../../model/written.ts';
import { policyOf } from './filters.ts';
import type { Pair } from './pairs.ts';
import type { Scene } from './scene.ts';
import { isLinkLocal, type Segment } from './subnets.ts';

const SWITCHES = { ipv4: 'net/ipv4/ip_forward', ipv6: 'net/ipv6/conf/all/forwarding' } as const;

/** Settings of the host that a bridge's entry depends on. */
export const HOST_SETTINGS: readonly string[] = Object.values(SWITCHES);

const DEFAULT_MTU = 1500;

/** A bridge as the file says it. `subnet` is the name of its network. */
export function bridgeOf(
  scene: Scene,
  bridge: LinkState,
  segment: Segment,
  subnet: string | undefined,
  pairs: readonly Pair[],
): WrittenBridge {
  const { ifname, mtu, mac } = bridge;
  const path = ['bridges', ifname];
  if (bridge.bridge?.vlanFiltering) {
    scene.omit({
      path,
      code: 'W_IMPORT_OMITTED',
      message: `${ifname} filters VLANs, which the language cannot say yet; that is left as it is`,
    });
  }
  if (!bridge.up) scene.omit({ path, code: 'W_IMPORT_CHANGED', message: `${ifname} is down; an apply brings it up` });
  if (bridge.addresses.some(isLinkLocal) && segment.gateways.ipv6 === undefined) {
    const message = `${ifname} has a link-local address and no other of IPv6; an apply would remove it`;
    scene.omit({ path, code: 'W_IMPORT_CHANGED', message });
  }
  return {
    ...(subnet === undefined ? {} : { subnet }),
    ...(mtu === DEFAULT_MTU ? {} : { mtu }),
    ...(mac === deriveMac(scene.name, HOST, ifname) ? {} : { mac }),
    ...(bridge.bridge?.stp ? { stp: true as const } : {}),
    ...traffic(scene, bridge, segment, subnet, pairs),
  };
}

/** What may pass: of our own bridge, what our table says; of others, whatever passes now. */
function traffic(scene: Scene, { ifname }: LinkState, segment: Segment, subnet: string | undefined, pairs: readonly Pair[]): WrittenBridge {
  const held = FAMILIES.filter((family) => segment.gateways[family] !== undefined);
  const isOurs = scene.view.interfaces.some(({ role, link }) => role === 'bridge' && link.ifname === ifname);
  if (isOurs && scene.table !== undefined) {
    const names = namesOf(pairs);
    return { ...policyOf(scene.table, ifname, new Set(held), (address) => names.get(address)) };
  }
  const isolation = isolationOf(scene, ifname, pairs);
  const forwarded = held.filter((family) => scene.host.sysctls.get(SWITCHES[family]) === '1');
  // Where the host does not forward, nothing leaves the bridge; a bridge that is a gateway would turn that on.
  if (held.length > 0 && forwarded.length === 0) return { ...isolation, internal: true };
  for (const family of held) {
    if (!forwarded.includes(family)) tellForwarding(scene, ifname, family);
  }
  return { ...(subnet === undefined || held.length === 0 ? {} : { nat: false }), inbound: 'open', ...isolation };
}

function tellForwarding(scene: Scene, bridge: string, family: Family): void {
  const message = `${bridge} has an address of ${family === 'ipv4' ? 'IPv4' : 'IPv6'}, and this host forwards the other family alone; an apply turns it on for both`;
  scene.omit({ path: ['bridges', bridge], code: 'W_IMPORT_CHANGED', message });
}

/** `icc: false` is a matter of all ports, or of none. */
function isolationOf(scene: Scene, bridge: string, pairs: readonly Pair[]): WrittenBridge {
  const ports = pairs.filter((pair) => pair.bridge === bridge).map(({ far }) => far.link);
  const isolated = ports.filter(({ port }) => port?.isolated);
  if (isolated.length > 0 && isolated.length === ports.length) return { icc: false };
  for (const { ifname } of isolated) {
    const message = `the port ${ifname} of ${bridge} is isolated and others are not; \`icc\` is a matter of all of them, and an apply would end it`;
    scene.omit({ path: ['bridges', bridge], code: 'W_IMPORT_CHANGED', message });
  }
  return {};
}

/** Namespaces by their addresses, as rules write them. */
const namesOf = (pairs: readonly Pair[]): Map<string, string> =>
  new Map(pairs.flatMap(({ near }) => near.link.addresses.map((address) => [addressOf(address), near.namespace] as const)));
