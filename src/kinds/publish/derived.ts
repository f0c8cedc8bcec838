import type { View } from '../../model/resource.ts';
import { DERIVED_PORTS, HOST, type Publish, type Topology } from '../../model/topology.ts';
import { idOf, splitByFamily } from './spec.ts';

/** `net.ipv4.ip_local_reserved_ports`, whatever its name IPv6's too. */
export const RESERVED_PORTS = 'net/ipv4/ip_local_reserved_ports';

/** Published ports whose host port netloom derived, by the ids that they can have as resources: the kernel holds no trace of it. */
export function derivedById(topology: Topology | undefined): Map<string, Publish> {
  const derived = (topology?.publishes ?? []).filter((publish) => publish.derived === true);
  return new Map(derived.flatMap((publish) => [publish, ...splitByFamily(publish)].map((one) => [idOf(one), publish])));
}

/** Ports that the host's administrator keeps for whoever asks for them by number. */
export function reservedPorts(view: View): (port: number) => boolean {
  const text = view.snapshot.namespaces.get(HOST)?.sysctls.get(RESERVED_PORTS) ?? '';
  const ranges = text.split(',').map((range) => range.split('-').map(Number));
  return (port) => ranges.some(([first = 0, last = first]) => first <= port && port <= last);
}

/** What to write in place of a derived host port: the next one that nobody has. */
export function explicitHint(publish: Publish, isFree: (port: number) => boolean): string {
  const count = DERIVED_PORTS.last - DERIVED_PORTS.first + 1;
  const others = Array.from({ length: count - 1 }, (_, step) => publish.hostPort + 1 + step).map((port) =>
    port > DERIVED_PORTS.last ? port - count : port,
  );
  const { hostAddress = '', port, protocol, interface: device } = publish;
  const address = hostAddress === '' ? '' : hostAddress.includes(':') ? `[${hostAddress}]:` : `${hostAddress}:`;
  const form = `${address}${others.find(isFree) ?? 'PORT'}:${port}${protocol === 'tcp' ? '' : `/${protocol}`}${device === undefined ? '' : `@${device}`}`;
  return `write the host port into publish of ${publish.namespace}: "${form}"`;
}
