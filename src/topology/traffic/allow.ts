import { bitsOf, type Cidr, contains, formatCidr, formatIp, parseCidr, parseIp } from '../../model/ip.ts';
import { type Allow, HOST, type PortRange, type Protocol } from '../../model/topology.ts';
import type { Draft, DraftBridge, Node } from '../draft.ts';
import { readNetwork } from '../entities/ip.ts';
import { compareText, type Faults } from '../faults.ts';
import { itemsOf, type RawAllow } from '../raw.ts';
import type { Path } from '../syntax/places.ts';
import { quote } from '../syntax/quote.ts';
import { didYouMean } from '../syntax/suggest.ts';
import { readPorts } from './ports.ts';

/** What a bridge lets in besides published ports. */
export function readAllow(bridge: DraftBridge, draft: Draft, faults: Faults): Allow[] {
  const items = itemsOf<RawAllow>(bridge.raw.allow);
  if (bridge.raw.inbound === 'open' && items.length > 0) {
    faults.addAtKey(
      [...bridge.path, 'allow'],
      'E_NO_EFFECT',
      `${bridge.name} is open: everything is let in anyway`,
      'remove allow, or inbound: open',
    );
  }
  return items.flatMap(([raw, step]) => {
    const path = [...bridge.path, 'allow', ...step];
    const from = readFrom(raw.from, bridge, [...path, 'from'], draft, faults);
    const to = raw.to === undefined ? 'every' : readTo(raw.to, bridge, [...path, 'to'], draft, faults);
    const ports = readAllPorts(raw, path, faults);
    if (from === undefined || to === undefined) return [];
    if (from.kind === 'addresses' && to !== 'every' && !sharesFamily(from.cidrs, to)) {
      faults.add(
        path,
        'E_NO_EFFECT',
        `${quote(raw.from)} and ${quote(raw.to)} have no address family in common`,
        'packets have one family; remove it',
      );
    }
    const origin = faults.origin(path);
    return [{ from, ...(to === 'every' ? {} : { to }), ...(ports.length === 0 ? {} : { ports }), origin }];
  });
}

const sharesFamily = (one: readonly string[], other: readonly string[]): boolean =>
  one.some((a) => other.some((b) => a.includes(':') === b.includes(':')));

function readFrom(text: string, bridge: DraftBridge, path: Path, draft: Draft, faults: Faults): Allow['from'] | undefined {
  if (text === 'outside') return { kind: 'outside' };
  if (text === bridge.name) {
    faults.add(
      path,
      'E_NO_EFFECT',
      `members of ${text} reach each other anyway`,
      'allow speaks of routed traffic; `icc: false` separates members',
    );
    return undefined;
  }
  const other = draft.bridges.get(text);
  if (other !== undefined) {
    if (other.raw.internal === true) {
      faults.add(path, 'E_NO_EFFECT', `${text} is internal: nothing comes out of it`, 'remove this, or internal there');
    }
    return { kind: 'bridge', name: text };
  }
  const node = draft.nodes.get(text);
  if (node !== undefined) return fromNode(node, path, draft, faults);
  if (/^[0-9a-fA-F]*[.:/]/.test(text)) return fromNetwork(text, bridge, path, faults);
  const hint = didYouMean(
    faults.suggest(text, ['outside', ...draft.bridges.keys(), ...draft.nodes.keys()]),
    'write a bridge, a namespace, a network, or outside for whatever comes from elsewhere',
  );
  faults.add(path, 'E_ALLOW', `there is no bridge or namespace ${quote(text)}`, hint);
  return undefined;
}

function fromNetwork(text: string, bridge: DraftBridge, path: Path, faults: Faults): Allow['from'] | undefined {
  const ip = parseIp(text);
  const cidr = ip === undefined ? readNetwork(text, path, faults) : { ...ip, prefix: bitsOf(ip.family) };
  if (cidr === undefined) return undefined;
  const own = bridge.segment.subnet?.networks[cidr.family];
  if (own !== undefined && cidr.prefix >= own.prefix && contains(own, cidr)) {
    faults.add(
      path,
      'E_NO_EFFECT',
      `${text} is within the subnet of ${bridge.name} itself`,
      'members reach each other anyway; allow speaks of routed traffic',
    );
  }
  return { kind: 'addresses', cidrs: [formatCidr(cidr)] };
}

function fromNode(named: Node, path: Path, draft: Draft, faults: Faults): Allow['from'] | undefined {
  const node = draft.nodes.get(named.share ?? named.name) ?? named;
  if (node.name === HOST) {
    faults.add(path, 'E_NO_EFFECT', "the host's own traffic is never filtered", 'remove it; `outside` means other machines');
    return undefined;
  }
  const cidrs = allAddresses(node).map((cidr) => formatCidr({ ...cidr, prefix: bitsOf(cidr.family) }));
  if (cidrs.length > 0) return { kind: 'addresses', cidrs };
  if (!faults.spoilt(`namespace:${node.name}`))
    faults.add(path, 'E_ALLOW', `${named.name} has no address to come from`, 'link it to a bridge with a subnet');
  return undefined;
}

/** Each once, IPv4 first, in order of the text: what is emitted is sorted. */
function allAddresses(node: Node): Cidr[] {
  const all = [...node.interfaces.flatMap((each) => each.addresses), ...node.loopback.map(({ cidr }) => cidr)];
  const unique = new Map(all.map((cidr) => [formatIp(cidr), cidr]));
  return [...unique].sort(([a, one], [b, other]) => compareText(one.family, other.family) || compareText(a, b)).map(([, cidr]) => cidr);
}

function readTo(text: string, bridge: DraftBridge, path: Path, draft: Draft, faults: Faults): string[] | undefined {
  const named = draft.nodes.get(text);
  const node = draft.nodes.get(named?.share ?? text);
  if (node === undefined) {
    const known = [...bridge.segment.interfaces.keys()].filter((name) => name !== HOST);
    const isAddress = parseIp(text) !== undefined || parseCidr(text) !== undefined;
    const hint = isAddress
      ? 'write the namespace that holds it'
      : didYouMean(faults.suggest(text, known), `write a namespace on ${bridge.name}`);
    faults.add(path, 'E_ALLOW', `there is no namespace ${quote(text)}`, hint);
    return undefined;
  }
  const here = node.name === HOST ? [] : (bridge.segment.interfaces.get(node.name) ?? []);
  const addresses = here.flatMap((each) => each.addresses).map(formatIp);
  if (addresses.length > 0) return addresses;
  if (faults.spoilt(`namespace:${node.name}`, `bridge:${bridge.name}`)) return undefined;
  const message = here.length === 0 ? `${text} is not on ${bridge.name}` : `${text} has no address on ${bridge.name}`;
  faults.add(path, 'E_ALLOW', message, `write a namespace on ${bridge.name}, or leave \`to\` out for all of them`);
  return undefined;
}

const PROTOCOLS: readonly Protocol[] = ['tcp', 'udp', 'sctp'];

function readAllPorts(raw: RawAllow, path: Path, faults: Faults): { protocol: Protocol; ports: PortRange[] }[] {
  return PROTOCOLS.flatMap((protocol) => {
    const ports = itemsOf<number | string>(raw[protocol]).flatMap(
      ([value, step]) => readPorts(value, [...path, protocol, ...step], faults) ?? [],
    );
    return ports.length === 0 ? [] : [{ protocol, ports }];
  });
}
