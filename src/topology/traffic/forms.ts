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
  readonly hostPorts: PortRange;
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
  if (parts.hostPort === undefined || parts.hostPort === '') {
    const hint =
      ports === undefined
        ? 'write HOSTPORT:PORT'
        : `write the host port: ${prefixOf(parts)}${ports.first < 1024 ? ports.first + 8000 : ports.first}:${parts.port}`;
    faults.add(path, 'E_NOT_YET', 'a host port chosen by netloom is not supported yet', hint);
    return undefined;
  }
  const hostPorts = readPorts(parts.hostPort, parts.at('hostPort'), faults);
  const protocol = readProtocol(parts.protocol, parts.at('protocol'), faults);
  if (ports === undefined || hostPorts === undefined || protocol === undefined || isInterfaceBad) return undefined;
  if (parts.hostAddress !== undefined && hostAddress === undefined) return undefined;
  const [here, there] = [hostPorts.last - hostPorts.first + 1, ports.last - ports.first + 1];
  if (here !== there) {
    faults.add(path, 'E_PUBLISH', `${count(here)} on the host cannot lead to ${count(there)}`, 'both ranges must be as long as each other');
    return undefined;
  }
  return {
    hostPorts,
    ports,
    protocol,
    ...(hostAddress === undefined ? {} : { hostAddress }),
    ...(parts.interface === undefined ? {} : { interface: parts.interface }),
  };
}

/** `127.0.0.1:`, or nothing. */
const prefixOf = ({ hostAddress }: Parts): string =>
  hostAddress === undefined ? '' : hostAddress.includes(':') ? `[${hostAddress}]:` : `${hostAddress}:`;

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
  return { hostAddress: v6 ?? v4, hostPort, port, protocol, interface: device, at: () => path };
}

function shortHint(text: string): string {
  const match = /^([0-9a-fA-F:]*::?[0-9a-fA-F:]*):(\d+):(\d+)$/.exec(text);
  if (match?.[1] !== undefined && parseIp(match[1])?.family === 'ipv6')
    return `put the IPv6 address in brackets: "[${match[1]}]:${match[2]}:${match[3]}"`;
  if (/\/[A-Z]+/.test(text)) return 'the protocol is written in small letters: /tcp, /udp, /sctp';
  return 'the form is [ADDRESS:]HOSTPORT:PORT[/PROTOCOL][@INTERFACE], for example 127.0.0.1:8080:80/tcp';
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
