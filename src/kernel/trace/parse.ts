import { canonical, type Family, formatIp } from '../../model/ip.ts';
import { isTraceTable } from '../../model/marks.ts';
import type { Flow, Hook, Leg, Ruling, Sighting, TraceEvent, Tuple } from '../../model/trace.ts';

/** What a packet's line says of it. */
interface Packet {
  readonly leg: Leg;
  readonly tuple: Tuple;
  readonly device: string;
  readonly mac?: string;
  readonly icmp?: { readonly type: number; readonly code: number };
}

const LINE = /^trace id (\S+) (\S+) (\S+) (\S+) (packet:|rule|policy|verdict|unknown)\s?(.*)$/;
const RULE = /^(.*?)(?: # handle (\d+))? \(verdict (\w+)[^)]*\)$/;

/**
 * Reads what `nft -n -a monitor trace` (1.0.6) prints in one namespace, line by line: where packets of the flow were seen, and what rules and
 * policies of others have decided about them. Each chain prints the packet first, then what became of it, under an id.
 */
export function createTraceParser(flow: Flow): (line: string) => TraceEvent | undefined {
  const packets = new Map<string, Packet>();
  return (line) => {
    const [, id = '', family = '', table = '', chain = '', what, rest = ''] = LINE.exec(line) ?? [];
    if (what === 'packet:') {
      const packet = packetOf(rest, flow);
      if (packet === undefined) packets.delete(id);
      else packets.set(id, packet);
      return packet && isTraceTable(table) ? sighting(flow.namespace, chain, packet) : undefined;
    }
    const packet = packets.get(id);
    if (packet === undefined || isTraceTable(table) || what === undefined) return undefined;
    return ruling({ family, table, chain }, what, rest, packet.leg);
  };
}

function sighting(namespace: string, chain: string, packet: Packet): Sighting | undefined {
  const [, hook, last] = /^(ingress|egress|prerouting|input|forward|output|postrouting)(-last)?/.exec(chain) ?? [];
  if (hook === undefined) return undefined;
  return { what: 'seen', namespace, hook: hook as Hook, last: last !== undefined || hook === 'egress', ...packet };
}

function ruling(place: Pick<Ruling, 'family' | 'table' | 'chain'>, what: string, rest: string, leg: Leg): Ruling | undefined {
  const base = { what: 'ruled' as const, namespace: '', ...place, leg };
  if (what === 'policy') return rest.trim() === 'drop' ? { ...base, verdict: 'drop' } : undefined;
  if (what !== 'rule') return undefined;
  const [, rule = '', handle, verdict = ''] = RULE.exec(rest.trim()) ?? [];
  if (verdict !== 'accept' && verdict !== 'drop') return undefined;
  return { ...base, rule: rule.trim(), ...(handle === undefined ? {} : { handle: Number(handle) }), verdict };
}

/** Undefined for a packet that is not of the flow: others may trace, too. */
function packetOf(text: string, flow: Flow): Packet | undefined {
  const header = headerOf(text, flow.family);
  if (header === undefined) return undefined;
  const leg = legOf(header, flow);
  if (leg === undefined) return undefined;
  const { source, destination, sourcePort, destinationPort, icmp } = header;
  const ports = flow.protocol === 'icmp' || leg === 'error' ? {} : { sourcePort: sourcePort ?? 0, destinationPort: destinationPort ?? 0 };
  const mac = /ether daddr (\S+)/.exec(text)?.[1];
  return {
    leg,
    tuple: { source, destination, ...ports },
    device: /\biif "([^"]*)"/.exec(text)?.[1] ?? /\boif "([^"]*)"/.exec(text)?.[1] ?? '',
    ...(mac === undefined ? {} : { mac }),
    ...(leg === 'error' && icmp ? { icmp: { type: icmp.type, code: icmp.code } } : {}),
  };
}

interface Header {
  readonly source: string;
  readonly destination: string;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly icmp?: { readonly type: number; readonly code: number; readonly id: number };
}

const ERRORS: Readonly<Record<Family, readonly number[]>> = { ipv4: [3, 11, 12], ipv6: [1, 2, 3, 4] };
const ECHO: Readonly<Record<Family, { readonly request: number; readonly reply: number }>> = {
  ipv4: { request: 8, reply: 0 },
  ipv6: { request: 128, reply: 129 },
};

function legOf({ sourcePort, destinationPort, icmp }: Header, { family, protocol, sourcePort: own }: Flow): Leg | undefined {
  if (icmp !== undefined && ERRORS[family].includes(icmp.type)) return 'error';
  if (protocol === 'icmp') {
    if (icmp?.id !== own) return undefined;
    return icmp?.type === ECHO[family].request ? 'there' : icmp?.type === ECHO[family].reply ? 'back' : undefined;
  }
  if (sourcePort === own) return 'there';
  return destinationPort === own ? 'back' : undefined;
}

/** In words, or, where the hook knows no protocol (egress), as bytes. */
function headerOf(text: string, family: Family): Header | undefined {
  const [, source, destination] = /\bip6? saddr (\S+) ip6? daddr (\S+)/.exec(text) ?? [];
  if (source === undefined || destination === undefined) return rawHeader(text, family);
  const number = (pattern: RegExp): number | undefined => {
    const found = pattern.exec(text)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const type = number(/\bicmp(?:v6)? type (\d+)/);
  // nft 1.0.6 knows no id of ICMPv6 here: it prints the four bytes of id and sequence as `parameter-problem`.
  const id = number(/\bicmp id (\d+)/) ?? (number(/\bparameter-problem (\d+)/) ?? 0) >>> 16;
  const sourcePort = number(/\b(?:tcp|udp) sport (\d+)/);
  const destinationPort = number(/\b(?:tcp|udp) dport (\d+)/);
  return {
    source: canonical(source),
    destination: canonical(destination),
    ...(sourcePort === undefined ? {} : { sourcePort }),
    ...(destinationPort === undefined ? {} : { destinationPort }),
    ...(type === undefined ? {} : { icmp: { type, code: number(/\bicmp(?:v6)? code (\d+)/) ?? 0, id } }),
  };
}

/** `@nh,0,160 0x4500…` is a number: zeros in front are not printed. */
function bytesOf(text: string, name: string): Buffer | undefined {
  const [, bits, hex] = new RegExp(`@${name},0,(\\d+) 0x([0-9a-f]+)`).exec(text) ?? [];
  return hex === undefined ? undefined : Buffer.from(hex.padStart(Number(bits) / 4, '0'), 'hex');
}

function rawHeader(text: string, family: Family): Header | undefined {
  const [network, transport] = [bytesOf(text, 'nh'), bytesOf(text, 'th')];
  const length = family === 'ipv4' ? 20 : 40;
  if (network === undefined || transport === undefined || network.length < length || transport.length < 8) return undefined;
  const [from, size] = family === 'ipv4' ? [12, 4] : [8, 16];
  const address = (start: number): string => formatIp({ family, value: BigInt(`0x${network.toString('hex', start, start + size)}`) });
  const protocol = network[family === 'ipv4' ? 9 : 6];
  const base = { source: address(from), destination: address(from + size) };
  if (protocol === (family === 'ipv4' ? 1 : 58)) {
    return { ...base, icmp: { type: transport.readUInt8(0), code: transport.readUInt8(1), id: transport.readUInt16BE(4) } };
  }
  return { ...base, sourcePort: transport.readUInt16BE(0), destinationPort: transport.readUInt16BE(2) };
}
