import type { Kernel } from '../../model/kernel.ts';
import { tableName } from '../../model/marks.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { HOST } from '../../model/topology.ts';
import type { Imported, Omission, WrittenBridge, WrittenSubnet } from '../../model/written.ts';
import { bridgeOf, HOST_SETTINGS } from './bridges.ts';
import { ordersIn } from './filters.ts';
import { linkOf } from './links.ts';
import { namesIn } from './names.ts';
import { namespaceOf, publishesOf, SETTINGS, sharesOf } from './namespaces.ts';
import { mergeOrders } from './order.ts';
import { pairsOf } from './pairs.ts';
import { hostRoutes, type MemberRoutes, routesOf } from './routes.ts';
import { type Selection, sceneOf } from './scene.ts';
import { segmentOf, writtenSubnet } from './subnets.ts';

/** What there is to choose from. */
export async function surveyHost(kernel: Kernel, signal?: AbortSignal): Promise<Snapshot> {
  return kernel.dump({ topologies: 'all', namespaces: [], sysctls: new Map(), files: [] }, signal);
}

/** Reads the host with every namespace that has a name, so that each link's other end is known, and what was chosen in full. */
export async function readLive(kernel: Kernel, survey: Snapshot, { name, namespaces }: Selection, signal?: AbortSignal): Promise<Snapshot> {
  const kept = survey.records.get(name)?.sysctls ?? {};
  const sysctls = new Map<string, readonly string[]>(namespaces.map((one) => [one, [...SETTINGS, ...Object.keys(kept[one] ?? {})]]));
  sysctls.set(HOST, HOST_SETTINGS);
  const isThere = survey.records.has(name) || survey.tables.has(tableName(name));
  const tables = isThere ? namespaces : [];
  return kernel.dump({ topologies: [name], namespaces: [...survey.names.keys()], sysctls, files: [], tables }, signal);
}

/** What was chosen of a host, as a topology that asks for nothing else than what is there. A pure function. */
export function importLive(snapshot: Snapshot, selection: Selection): Imported {
  const omissions: Omission[] = [];
  const scene = sceneOf(snapshot, selection, (omission) => void omissions.push(omission));
  const found = pairsOf(scene);
  const names = namesIn(scene, found);
  const order = mergeOrders(found.map(({ id }) => id).toSorted(byNature), names.linkOrders);
  const pairs = order.flatMap((id) => found.filter((pair) => pair.id === id));
  const bridgeOrder = mergeOrders(
    scene.bridges.map(({ ifname }) => ifname),
    [...names.bridgeOrders, ...(scene.table === undefined ? [] : ordersIn(scene.table))],
  );
  const bridges = bridgeOrder.flatMap((name) => scene.bridges.filter(({ ifname }) => ifname === name));
  const segments = new Map(bridges.map((bridge) => [bridge.ifname, segmentOf(scene, bridge, pairs)]));
  const subnets: Record<string, WrittenSubnet> = {};
  const written: Record<string, WrittenBridge> = {};
  for (const bridge of bridges) {
    const segment = segments.get(bridge.ifname) ?? { networks: {}, gateways: {} };
    const subnet = writtenSubnet(segment);
    if (subnet !== undefined) subnets[subnetName(bridge.ifname)] = subnet;
    written[bridge.ifname] = bridgeOf(scene, bridge, segment, subnet && subnetName(bridge.ifname), pairs);
  }
  const internal = new Set(Object.keys(written).filter((name) => written[name]?.internal));
  const offering = new Map([...segments].filter(([name]) => !internal.has(name)));
  const routes = new Map([...scene.members].map(([name, member]) => [name, routesOf(scene, member, pairs, offering)]));
  const publishes = publishesOf(scene);
  const none: MemberRoutes = { routes: [] };
  const namespaces = Object.fromEntries(
    [...scene.members].map(([name, member]) => [
      name,
      namespaceOf(scene, member, routes.get(name) ?? none, names, publishes.get(name) ?? []),
    ]),
  );
  const host = hostRoutes(scene, pairs);
  const links = pairs.map((pair) => {
    const bridge = bridges.find(({ ifname }) => ifname === pair.bridge);
    const segment = segments.get(pair.bridge ?? '');
    const wish = routes.get(pair.near.namespace)?.defaultRoute;
    const as = names.oneWay.get(pair.id);
    const said = { ...(wish?.links.includes(pair.id) ? { defaultRoute: wish.value } : {}), ...(as === undefined ? {} : { as }) };
    return linkOf(scene.name, pair, said, bridge && segment && { link: bridge, segment });
  });
  const topology = {
    version: 1,
    name: scene.name,
    subnets,
    bridges: written,
    namespaces: { ...namespaces, ...sharesOf(scene) },
    host: host.length === 0 ? {} : { routes: host },
    links,
  } as const;
  return { topology, omissions, remarks: [] };
}

const byNature = new Intl.Collator('en', { numeric: true }).compare;

/** Subnets and bridges have separate names; one that is reserved for routes is not given. */
const subnetName = (bridge: string): string => (bridge === 'default' ? 'default-net' : bridge);
