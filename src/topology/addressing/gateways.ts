import { type Cidr, contains, FAMILIES, type Family, formatIp, hostRange, type Ip } from '../../model/ip.ts';
import { type Draft, type DraftEnd, type DraftSubnet, endName, type GatewayWish, type Segment } from '../draft.ts';
import { FAMILY_NAME } from '../entities/ip.ts';
import type { Faults } from '../faults.ts';
import { quote } from '../syntax/quote.ts';

/**
 * Decides each subnet's gateways and gives them to whoever holds them: the bridge, or the end that the file names. An end that holds a
 * gateway without having written it gets it as its automatic address, in `held`.
 */
export function decideGateways(draft: Draft, faults: Faults): Map<DraftEnd, Cidr[]> {
  const held = new Map<DraftEnd, Cidr[]>();
  for (const subnet of draft.subnets.values()) {
    const [segment] = subnet.segments;
    if (segment !== undefined) decide(subnet, segment, draft, held, faults);
  }
  return held;
}

function decide(subnet: DraftSubnet, segment: Segment, draft: Draft, held: Map<DraftEnd, Cidr[]>, faults: Faults): void {
  const wish = subnet.gateway;
  if (wish.kind === 'none') return;
  if (wish.kind === 'end') {
    giveToEnd(subnet, segment, wish, draft, held, faults);
    return;
  }
  for (const family of FAMILIES) {
    const network = subnet.networks[family];
    if (network === undefined) continue;
    const written = wish.kind === 'addresses' ? wish.addresses.filter(({ ip }) => ip.family === family).map(({ ip }) => ip) : [];
    // A written gateway replaces the default of its own family only, as a written address does.
    const gateways = written.length > 0 ? written : segment.bridge === undefined ? [] : [firstHost(network)];
    if (gateways.length === 0) continue;
    subnet.gateways[family] = gateways;
    if (segment.bridge !== undefined) segment.bridge.own.addresses.push(...gateways.map((ip) => ({ ...ip, prefix: network.prefix })));
  }
  if (segment.bridge === undefined && wish.kind === 'addresses') checkHolders(wish, segment, faults);
}

const firstHost = (network: Cidr): Ip => ({ family: network.family, value: hostRange(network).first });

const endsOf = (segment: Segment): DraftEnd[] =>
  [...segment.interfaces.values()].flat().filter((each): each is DraftEnd => 'explicit' in each);

/** Without a bridge, a written gateway is held by the end that has that address. */
function checkHolders(wish: Extract<GatewayWish, { kind: 'addresses' }>, segment: Segment, faults: Faults): void {
  const ends = endsOf(segment);
  for (const { ip, path } of wish.addresses) {
    if (ends.some((end) => end.explicit.some(({ cidr }) => cidr.family === ip.family && cidr.value === ip.value))) continue;
    const hint = `name the end that holds it: gateway: ${ends[0] === undefined ? 'r1:eth0' : endName(ends[0])}`;
    faults.add(path, 'E_GATEWAY', `neither end of the link holds ${formatIp(ip)}`, hint);
  }
}

function giveToEnd(
  subnet: DraftSubnet,
  segment: Segment,
  wish: Extract<GatewayWish, { kind: 'end' }>,
  draft: Draft,
  held: Map<DraftEnd, Cidr[]>,
  faults: Faults,
): void {
  const [name = '', ifname] = wish.end.split(':');
  const owner = draft.nodes.get(name)?.share ?? name;
  const end = endsOf(segment).find((each) => each.namespace === owner && each.ifname === ifname);
  if (end === undefined) {
    const ends = endsOf(segment).slice(0, 4).map(endName);
    const hint = ends.length === 0 ? 'nothing is on this subnet yet' : `on this subnet are ${ends.join(', ')}`;
    const isSpoilt = faults.spoilt(`namespace:${owner}`) || (segment.bridge !== undefined && faults.spoilt(`bridge:${segment.name}`));
    if (!isSpoilt) faults.add(wish.path, 'E_GATEWAY', `${quote(wish.end)} is not on subnet ${subnet.name}`, hint);
    return;
  }
  for (const family of FAMILIES) {
    const network = subnet.networks[family];
    if (network === undefined) continue;
    const own = end.explicit.find(({ cidr }) => contains(network, cidr))?.cidr;
    if (own !== undefined) subnet.gateways[family] = [{ family, value: own.value }];
    else if (isAutomatic(end, family)) {
      subnet.gateways[family] = [firstHost(network)];
      held.set(end, [...(held.get(end) ?? []), { ...firstHost(network), prefix: network.prefix }]);
    } else {
      const hint = `give it an address within ${subnet.name}, or remove its ${FAMILY_NAME[family]} addresses`;
      faults.add(wish.path, 'E_GATEWAY', `${wish.end} has no ${FAMILY_NAME[family]} address on subnet ${subnet.name}`, hint);
    }
  }
}

/** Whether an end gets an automatic address of that family: it has written none of it, and not asked for none at all. */
export function isAutomatic(end: DraftEnd, family: Family): boolean {
  const { addresses } = end.settings;
  if (addresses === undefined) return true;
  if ((addresses.value ?? []).length === 0) return false;
  return !end.explicit.some(({ cidr }) => cidr.family === family);
}
