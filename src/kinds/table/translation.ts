import { isWildcard } from '../../model/host-ports.ts';
import { FAMILIES, type Family } from '../../model/ip.ts';
import type { ChainState } from '../../model/snapshot.ts';
import type { Publish, Topology } from '../../model/topology.ts';
import type { TableSpec } from './spec.ts';
import { addressType, comment, ip } from './words.ts';

/**
 * The maps of published ports, the more specific ones first: by interface and address, by interface, by address, by port alone. Rule order
 * makes a specific host address win over a wildcard.
 */
const SHAPES = [
  { suffix: 'iface_addr', onInterface: true, onAddress: true },
  { suffix: 'iface', onInterface: true, onAddress: false },
  { suffix: 'addr', onInterface: false, onAddress: true },
  { suffix: 'any', onInterface: false, onAddress: false },
] as const;

interface PublishMap {
  readonly family: Family;
  readonly name: string;
  readonly key: string;
  /** What of a packet is looked up. */
  readonly lookup: string;
}

/** Only those maps that some publish is kept in. */
function mapsOf(topology: Topology): PublishMap[] {
  return FAMILIES.flatMap((family) =>
    SHAPES.filter((shape) => topology.publishes.some((publish) => fits(publish, family, shape))).map(
      ({ suffix, onInterface, onAddress }) => ({
        family,
        name: `publish_${family}_${suffix}`,
        key: [...(onInterface ? ['ifname'] : []), ...(onAddress ? [addressType[family]] : []), 'inet_proto', 'inet_service'].join(' . '),
        lookup: [...(onInterface ? ['iifname'] : []), ...(onAddress ? [`${ip[family]} daddr`] : []), 'meta l4proto', 'th dport'].join(
          ' . ',
        ),
      }),
    ),
  );
}

function fits(publish: Publish, family: Family, shape: (typeof SHAPES)[number]): boolean {
  const onAddress = !isWildcard(publish.hostAddress);
  return publish.target[family] !== undefined && onAddress === shape.onAddress && (publish.interface !== undefined) === shape.onInterface;
}

export const publishMaps = (topology: Topology): TableSpec['maps'] =>
  Object.fromEntries(mapsOf(topology).map(({ name, key, family }) => [name, { key, value: `${addressType[family]} . inet_service` }]));

/** The chains that lead from the host's ports to the namespaces', and the guard before them. */
export function translation(topology: Topology): Record<string, ChainState> {
  const maps = mapsOf(topology);
  if (maps.length === 0) return {};
  const ipv4 = maps.some(({ family }) => family === 'ipv4');
  return {
    // route_localnet on a bridge opens 127.0.0.0/8 to the wire; this closes it again, before anything is translated.
    guard: {
      base: { type: 'filter', hook: 'prerouting', priority: -300, policy: 'accept' },
      rules: ipv4
        ? ['daddr', 'saddr'].map((field) => `iifname != "lo" ip ${field} 127.0.0.0/8 drop${comment('loopback stays on lo')}`)
        : [],
    },
    prerouting: {
      base: { type: 'nat', hook: 'prerouting', priority: -100, policy: 'accept' },
      rules: [`fib daddr type local jump publish${comment('only what is addressed to this host')}`],
    },
    output: {
      base: { type: 'nat', hook: 'output', priority: -100, policy: 'accept' },
      // The answer to a translated ::1 is never accepted, and a refusal is better than silence.
      rules: ['ip6 daddr != ::1 fib daddr type local jump publish', 'meta nfproto ipv4 fib daddr type local jump publish'],
    },
    publish: { rules: maps.map(({ family, name, lookup }) => `dnat ${ip[family]} to ${lookup} map @${name}`) },
  };
}
