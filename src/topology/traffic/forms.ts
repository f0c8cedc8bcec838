import { contains, formatCidr, formatIp, parseIp } from '../../model/ip.ts';
import type { PortRange, Protocol } from '../../model/topology.ts';
import { SPECIAL } from '../entities/ip.ts';
import { badIfname } from '../entities/names.ts';
import type { Faults } from '../faults.ts';
import type { RawPublish } from '../raw.ts';
import type { Path } from '../syntax/places.ts';
import { quote } from '../syntax/quote.ts';
import { readPorts } from './ports.ts';

/** A publish as written, in either form, before it has a target. */
export interface Written {
  /** Canonical. */
  readonly hostAddress?: string;
  /** Absent: netloom derives one for each port. */
  readonly hostPorts?: PortRange;
  readonly ports: PortRange;
  readonly protocol: Protocol;
  readonly interface?: string;
}

/** Its parts, not yet checked, each with its place: the short form has one place for all. */
interface Parts {
  readonly hostAddress?: string | undefined;
  readonly hostPort?: string | number | undefined;
  readonly port: string | number;
  readonly protocol: string;
  readonly interface?: string | undefined;
  readonly at: (part: keyof Parts) => Path;
}

const SHORT =
  /^(?:(?:\[(?<v6>[^\]]*)\]|(?<v4>[^:[\]@/]+)):)??(?:(?<hostPort>[0-9-]*):)?(?<port>[0-9-]+)(?:\/(?<protocol>[a-z]+))?(?:@(?<interface>.+))?$/;

/** Reads one item of `publish`; reports what is wrong with it. */
export function readPublish(raw: RawPublish, path: Path, faults: Faults): Written | undefined {
  const parts = typeof raw === 'object' ? longParts(raw, path) : shortParts(String(raw), path, faults);
  if (parts === undefined) return undefined;
  const hostAddress = parts.hostAddress === undefined ? undefined : readHostAddress(parts.hostAddress, parts.at('hostAddress'), faults);
  const isInterfaceBad = parts.interface !== undefined && !readInterface(parts.interface, parts.at('interface'), faults);
  const ports = readPorts(parts.port, parts.at('port'), faults);
  const hostPorts = isGiven(parts.hostPort) ? readPorts(parts.hostPort, parts.at('hostPort'), faults) : undefined;
  const protocol = readProtocol(parts.protocol, parts.at('protocol'), faults);
  if (ports === undefined || protocol === undefined || isInterfaceBad) return undefined;
  if (parts.hostAddress !== undefined && hostAddress === undefined) return undefined;
  if (isGiven(parts.hostPort) && hostPorts === undefined) return undefined;
  const [here, there] = [lengthOf(hostPorts ?? ports), lengthOf(ports)];
  if (here !== there) {
    faults.add(path, 'E_PUBLISH', `${count(here)} on the host cannot lead to ${count(there)}`, 'both ranges must be as long as each other');
    return undefined;
  }
  return {
    ports,
    protocol,
    ...(hostPorts === undefined ? {} : { hostPorts }),
    ...(hostAddress === undefined ? {} : { hostAddress }),
    ...(parts.interface === undefined ? {} : { interface: parts.interface }),
  };
}

/** `127.0.0.1::80` leaves it to netloom as `80` does. */
const isGiven = (hostPort: Parts['hostPort']): hostPort is string | number => hostPort !== undefined && hostPort !== '';

const lengthOf = ({ first, last }: PortRange): number => last - first + 1;

const count = (ports: number): string => (ports === 1 ? 'one port' : `${ports} ports`);

function longParts(raw: Exclude<RawPublish, string | number>, path: Path): Parts {
  return { ...raw, protocol: raw.protocol ?? 'tcp', at: (part) => (Object.hasOwn(raw, part) ? [...path, part] : path) };
}

function shortParts(text: string, path: Path, faults: Faults): Parts | undefined {
  const groups = SHORT.exec(text)?.groups;
  if (groups === undefined) {
    faults.add(path, 'E_PUBLISH', `${quote(text)} is not a publish`, shortHint(text));
    return undefined;
  }
  const { v4, v6, hostPort, port = '', protocol = 'tcp', interface: device } = groups;
  const address = v6 === undefined ? v4 : `[${v6}]`;
  if (v4 !== undefined && hostPort === undefined && parseIp(v4) === undefined) {
    faults.add(
      path,
      'E_PUBLISH',
      `${quote(v4)} is neither a host port nor an address of the host`,
      `for example "8080:${port}" or "192.0.2.1::${port}"`,
    );
    return undefined;
  }
  if (address !== undefined && hostPort === undefined) {
    // Docker refuses it too: one half of its readers takes the port for the host's, the other for the namespace's.
    const message = `${quote(text)} does not say whose port ${port} is`;
    faults.add(
      path,
      'E_PUBLISH',
      message,
      `write ${address}:HOSTPORT:${port}, or ${address}::${port} for a host port that netloom derives`,
    );
    return undefined;
  }
  return { hostAddress: v6 ?? v4, hostPort, port, protocol, interface: device, at: () => path };
}

function shortHint(text: string): string {
  const match = /^([0-9a-fA-F:]*::?[0-9a-fA-F:]*):(\d+):(\d+)$/.exec(text);
  if (match?.[1] !== undefined && parseIp(match[1])?.family === 'ipv6')
    return `put the IPv6 address in brackets: "[${match[1]}]:${match[2]}:${match[3]}"`;
  if (/\/[A-Z]+/.test(text)) return 'the protocol is written in small letters: /tcp, /udp, /sctp';
  return 'the form is [ADDRESS:][HOSTPORT:]PORT[/PROTOCOL][@INTERFACE], for example 127.0.0.1:8080:80/tcp';
}

const WILDCARDS = ['0.0.0.0', '::'];

function readHostAddress(text: string, path: Path, faults: Faults): string | undefined {
  const ip = parseIp(text);
  if (ip === undefined) {
    const hint =
      text === 'localhost'
        ? 'write 127.0.0.1'
        : text === '*'
          ? 'leave it out: without an address every one is meant'
          : 'for example 192.0.2.1 or [2001:db8::1]';
    faults.add(path, 'E_PUBLISH', `${quote(text)} is not a host address`, hint);
    return undefined;
  }
  const address = formatIp(ip);
  const special = SPECIAL.find(({ network }) => contains(network, ip));
  if (special === undefined || WILDCARDS.includes(address) || address.startsWith('127.')) return address;
  if (address !== '::1') {
    faults.add(
      path,
      'E_PUBLISH',
      `no host can be reached on ${text}: ${formatCidr(special.network)} ${special.what}`,
      'write an address of the host',
    );
    return undefined;
  }
  const message = 'Linux cannot publish on [::1]: IPv6 has no route_localnet, so the answers would be lost';
  faults.add(path, 'E_PUBLISH_LOOPBACK', message, 'publish on 127.0.0.1, or on [::]');
  return undefined;
}

function readInterface(name: string, path: Path, faults: Faults): boolean {
  const bad = badIfname(name);
  // lo is no interface to make, but one that packets arrive by.
  if (bad === undefined || name === 'lo') return true;
  faults.add(path, bad.code, bad.message, bad.hint);
  return false;
}

function readProtocol(text: string, path: Path, faults: Faults): Protocol | undefined {
  if (text === 'tcp' || text === 'udp' || text === 'sctp') return text;
  faults.add(path, 'E_PUBLISH', `${quote(text)} is not a protocol that has ports`, 'one of tcp, udp, sctp');
  return undefined;
}
