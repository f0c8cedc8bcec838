import type { DraftBridge, DraftSubnet, Interface, Node, Segment } from '../draft.ts';
import type { Faults } from '../faults.ts';
import type { RawTopology } from '../raw.ts';
import { quote } from '../syntax/quote.ts';
import { didYouMean } from '../syntax/suggest.ts';
import { badIfname } from './names.ts';

/** The bridges, each with the segment that it makes. */
export function readBridges(
  raw: RawTopology,
  subnets: ReadonlyMap<string, DraftSubnet>,
  nodes: ReadonlyMap<string, Node>,
  faults: Faults,
): Map<string, DraftBridge> {
  const bridges = new Map<string, DraftBridge>();
  for (const [name, value] of Object.entries(raw.bridges ?? {})) {
    const bridge = value ?? {};
    const path = ['bridges', name];
    const bad = badIfname(name, 'bridge name');
    // The schema has already spoken about characters.
    if (bad !== undefined && /^[a-zA-Z][a-zA-Z0-9_.-]*$/.test(name)) faults.addAtKey(path, bad.code, bad.message, bad.hint);
    if (name === 'outside') faults.addAtKey(path, 'E_NAME', 'outside is reserved', '`outside` means whatever is on none of the bridges');
    const clash = nodes.get(name);
    if (clash !== undefined) {
      const hint = 'names in routes and allow could mean either; rename one';
      faults.addAtKey(path, 'E_NAME_DUPLICATE', `${name} is a namespace too`, hint);
      if (clash.path.length > 1) faults.addAtKey(clash.path, 'E_NAME_DUPLICATE', `${name} is a bridge too`, hint);
    }
    const subnet = bridge.subnet === undefined ? undefined : findSubnet(bridge.subnet, [...path, 'subnet'], subnets, faults);
    if (bridge.subnet !== undefined && subnet === undefined) faults.spoil(`bridge:${name}`);
    if (subnet !== undefined && faults.spoilt(`subnet:${subnet.name}`)) faults.spoil(`bridge:${name}`);
    bridges.set(name, createBridge(name, path, bridge, subnet, nodes));
  }
  return bridges;
}

function createBridge(
  name: string,
  path: string[],
  raw: DraftBridge['raw'],
  subnet: DraftSubnet | undefined,
  nodes: ReadonlyMap<string, Node>,
): DraftBridge {
  const interfaces: Segment['interfaces'] = new Map();
  const segment = { name, interfaces, ...(subnet === undefined ? {} : { subnet }) };
  const own: Interface = { namespace: 'host', ifname: name, path, segment, addresses: [] };
  const bridge: DraftBridge = { name, path, raw, segment, own, ports: [] };
  Object.assign(segment, { bridge });
  interfaces.set('host', [own]);
  nodes.get('host')?.interfaces.push(own);
  subnet?.segments.push(segment);
  return bridge;
}

/** The subnet of that name; reports that there is none. */
export function findSubnet(
  name: string,
  path: (string | number)[],
  subnets: ReadonlyMap<string, DraftSubnet>,
  faults: Faults,
): DraftSubnet | undefined {
  const subnet = subnets.get(name);
  if (subnet !== undefined || faults.spoilt('section:subnets')) return subnet;
  const hint = name.includes('/')
    ? 'give the network a name in `subnets`, and write that name here'
    : didYouMean(faults.suggest(name, subnets.keys()), `add it to \`subnets\`: ${quote(name)}: { ipv4: 172.30.1.0/24 }`);
  faults.add(path, 'E_UNKNOWN_NAME', `there is no subnet ${quote(name)}`, hint);
  return undefined;
}
