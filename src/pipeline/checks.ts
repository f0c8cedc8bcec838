import { addressOf, FAMILIES, type Family, familyOf, parseIp } from '../model/ip.ts';
import { type Check, HOST, type Publish, type Topology } from '../model/topology.ts';

/** One thing to try, with everything decided. */
export interface Attempt {
  readonly check: Check;
  readonly from: string;
  readonly to: string;
  /** Absent where there is nothing to probe: `reason` says why. */
  readonly target?: { readonly namespace: string; readonly address: string; readonly family: Family; readonly source?: string };
  /** Where a listener may have to be opened. */
  readonly server?: { readonly namespace: string; readonly port: number };
  readonly reason?: string;
}

interface Interface {
  readonly segment: string;
  readonly addresses: readonly string[];
}

/** Every combination of source, target and family that the checks of a file ask for. */
export function attemptsOf(topology: Topology): Attempt[] {
  const interfaces = interfacesOf(topology);
  const shares = new Map(topology.namespaces.flatMap(({ name, share }) => (share === undefined ? [] : [[name, share] as const])));
  const own = (name: string): string => shares.get(name) ?? name;
  return topology.checks.flatMap((check) =>
    check.from.flatMap((from) => check.to.flatMap((to) => attempts(check, from, to, { interfaces, own, publishes: topology.publishes }))),
  );
}

interface Known {
  readonly interfaces: ReadonlyMap<string, readonly Interface[]>;
  /** The namespace behind a shared name. */
  readonly own: (name: string) => string;
  readonly publishes: readonly Publish[];
}

function attempts(check: Check, from: string, to: string, known: Known): Attempt[] {
  const source = parseIp(from) === undefined ? undefined : from;
  const namespace = source === undefined ? from : (holderOf(source, known) ?? HOST);
  const families = FAMILIES.filter((family) => check.family === undefined || check.family === family).filter(
    (family) => source === undefined || familyOf(source) === family,
  );
  const found = families.flatMap((family): Attempt[] => {
    const address = parseIp(to)
      ? familyOf(to) === family
        ? to
        : undefined
      : addressFor(known.own(namespace), known.own(to), family, known);
    const reachable = address !== undefined && (isLoopback(address) || hasFamily(known.own(namespace), family, known));
    // A family that only one of both has is not asked about, unless the check names it.
    if (address === undefined || (!reachable && check.family === undefined && check.expect !== 'unreachable')) return [];
    const server = serverOf(check, namespace, address, to, known);
    return [
      {
        check,
        from,
        to,
        target: { namespace, address, family, ...(source === undefined ? {} : { source }) },
        ...(server ? { server } : {}),
      },
    ];
  });
  return found.length > 0 ? found : [{ check, from, to, reason: `${from} and ${to} have no address of one family` }];
}

/** Who has to listen: who holds the address, or behind a published port of the host whoever publishes it. */
function serverOf({ probe, serve, expect }: Check, from: string, address: string, to: string, known: Known): Attempt['server'] {
  if (probe.kind === 'ping' || !serve || expect === 'refused') return undefined;
  const holder = isLoopback(address) ? known.own(from) : parseIp(to) ? (holderOf(address, known) ?? HOST) : known.own(to);
  if (holder !== HOST) return { namespace: holder, port: probe.port };
  const publish = known.publishes.find(
    (one) =>
      one.hostPort === probe.port &&
      one.protocol === probe.kind &&
      (one.hostAddress === undefined || one.hostAddress === address || one.hostAddress === '0.0.0.0' || one.hostAddress === '::'),
  );
  return publish ? { namespace: publish.namespace, port: publish.port } : { namespace: HOST, port: probe.port };
}

const isLoopback = (address: string): boolean => address === '::1' || address.startsWith('127.');

function interfacesOf(topology: Topology): Map<string, Interface[]> {
  const interfaces = new Map<string, Interface[]>();
  const add = (namespace: string, one: Interface) => interfaces.set(namespace, [...(interfaces.get(namespace) ?? []), one]);
  for (const { name, addresses } of topology.bridges) if (addresses.length > 0) add(HOST, { segment: name, addresses });
  for (const link of topology.links)
    for (const { namespace, addresses } of link.ends) add(namespace, { segment: link.bridge ?? link.id, addresses });
  for (const { name, loopback } of topology.namespaces)
    if (loopback.length > 0) add(name, { segment: `lo of ${name}`, addresses: loopback });
  return interfaces;
}

const ofFamily = (addresses: readonly string[], family: Family): string | undefined =>
  addresses.find((address) => familyOf(address) === family);

/** Its address on a segment that both share, else its first. */
function addressFor(from: string, to: string, family: Family, { interfaces }: Known): string | undefined {
  const targets = (interfaces.get(to) ?? []).filter(({ addresses }) => ofFamily(addresses, family) !== undefined);
  const segments = new Set((interfaces.get(from) ?? []).map(({ segment }) => segment));
  const chosen = targets.find(({ segment }) => segments.has(segment)) ?? targets[0];
  const address = chosen && ofFamily(chosen.addresses, family);
  return address === undefined ? undefined : addressOf(address);
}

const hasFamily = (namespace: string, family: Family, { interfaces }: Known): boolean =>
  (interfaces.get(namespace) ?? []).some(({ addresses }) => ofFamily(addresses, family) !== undefined);

function holderOf(address: string, { interfaces }: Known): string | undefined {
  for (const [namespace, list] of interfaces)
    if (list.some(({ addresses }) => addresses.some((one) => addressOf(one) === address))) return namespace;
  return undefined;
}
