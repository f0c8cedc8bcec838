import { addressOf, FAMILIES, type Family } from '../../model/ip.ts';
import { LINK_GROUP } from '../../model/marks.ts';
import type { ChainState, SetState } from '../../model/snapshot.ts';
import { type Allow, type Bridge, HOST, type Topology } from '../../model/topology.ts';
import type { TableSpec } from './spec.ts';

/** Names of nft's own language for each family. */
const ip = { ipv4: 'ip', ipv6: 'ip6' } as const;
const addressType = { ipv4: 'ipv4_addr', ipv6: 'ipv6_addr' } as const;

/**
 * The maps of published ports, the more specific ones first: by interface and address, by interface, by address, by port alone. Rule order
 * makes a specific host address win over a wildcard.
 */
export const PUBLISH_MAPS = [
  {
    suffix: 'iface_addr',
    keys: (family: Family) => ['ifname', addressType[family], 'inet_proto', 'inet_service'],
    lookup: (family: Family) => `iifname . ${ip[family]} daddr . meta l4proto . th dport`,
  },
  { suffix: 'iface', keys: () => ['ifname', 'inet_proto', 'inet_service'], lookup: () => 'iifname . meta l4proto . th dport' },
  {
    suffix: 'addr',
    keys: (family: Family) => [addressType[family], 'inet_proto', 'inet_service'],
    lookup: (family: Family) => `${ip[family]} daddr . meta l4proto . th dport`,
  },
  { suffix: 'any', keys: () => ['inet_proto', 'inet_service'], lookup: () => 'meta l4proto . th dport' },
] as const;

export const mapName = (family: Family, suffix: string): string => `publish_${family}_${suffix}`;

/** Undefined where there is nothing to filter or translate. */
export function tableOf(topology: Topology): TableSpec | undefined {
  if (topology.bridges.length === 0) return undefined;
  const publishes = topology.publishes.length > 0;
  const maps = publishes
    ? FAMILIES.flatMap((family) =>
        PUBLISH_MAPS.map(
          ({ suffix, keys }) =>
            [mapName(family, suffix), { key: keys(family).join(' . '), value: `${addressType[family]} . inet_service` }] as const,
        ),
      )
    : [];
  return {
    maps: Object.fromEntries(maps),
    sets: directSets(topology),
    chains: {
      ...(publishes ? translation(topology) : {}),
      postrouting: { base: { type: 'nat', hook: 'postrouting', priority: 100, policy: 'accept' }, rules: sourceRules(topology) },
      forward: { base: { type: 'filter', hook: 'forward', priority: 0, policy: 'accept' }, rules: forwardRules(topology) },
    },
  };
}

function translation(topology: Topology): Record<string, ChainState> {
  const ipv4 = topology.publishes.some((publish) => publish.target.ipv4 !== undefined);
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
      rules: [`ip6 daddr != ::1 fib daddr type local jump publish`, `meta nfproto ipv4 fib daddr type local jump publish`],
    },
    publish: {
      rules: FAMILIES.flatMap((family) =>
        PUBLISH_MAPS.map(({ suffix, lookup }) => `dnat ${ip[family]} to ${lookup(family)} map @${mapName(family, suffix)}`),
      ),
    },
  };
}

function sourceRules(topology: Topology): string[] {
  const published = topology.publishes.length > 0;
  const bridges = quoted(topology.bridges.map((bridge) => bridge.name));
  const hostEnds = topology.links.flatMap((link) =>
    link.bridge === undefined ? link.ends.filter((end) => end.namespace === HOST).map((end) => end.ifname) : [],
  );
  return topology.bridges.flatMap((bridge) =>
    FAMILIES.flatMap((family) => {
      const subnet = bridge.subnet[family];
      if (subnet === undefined) return [];
      const from = `${ip[family]} saddr ${subnet}`;
      const held = bridge.addresses.some((address) => address.includes(':') === (family === 'ipv6'));
      return [
        // By subnet and not by interface: with bridge-nf-call-iptables the packet is bridged, and has no input interface here.
        ...(published
          ? [
              `ct status dnat ${from} ${ip[family]} daddr ${subnet} masquerade${comment(`${bridge.name}: to itself or a neighbour through the host`)}`,
            ]
          : []),
        ...(published && family === 'ipv4' && held
          ? [
              `ct status dnat ip saddr 127.0.0.0/8 oifname "${bridge.name}" masquerade${comment(`${bridge.name}: from the host's 127.0.0.1`)}`,
            ]
          : []),
        ...(bridge.nat[family]
          ? [
              ...(hostEnds.length > 0 ? [`${from} oifname ${oneOf(quoted(hostEnds))} masquerade${comment(`${bridge.name}: nat`)}`] : []),
              `${from} oifname != ${oneOf(bridges)} meta oifgroup != ${LINK_GROUP} masquerade${comment(`${bridge.name}: nat`)}`,
            ]
          : []),
      ];
    }),
  );
}

function forwardRules(topology: Topology): string[] {
  const bridges = topology.bridges;
  return [
    // What must not pass comes before every accept.
    ...bridges
      .filter((bridge) => !bridge.icc)
      .map(({ name }) => `iifname "${name}" oifname "${name}" drop${comment(`${name}: icc false`)}`),
    ...bridges
      .filter((bridge) => bridge.internal)
      .flatMap(({ name }) => [
        `iifname "${name}" oifname != "${name}" drop${comment(`${name}: internal`)}`,
        `oifname "${name}" iifname != "${name}" drop${comment(`${name}: internal`)}`,
      ]),
    ...bridges.flatMap((bridge) => towards(bridge, topology)),
  ];
}

function towards(bridge: Bridge, topology: Topology): string[] {
  if (bridge.internal || bridge.inbound === 'open') return [];
  const out = `oifname "${bridge.name}"`;
  return [
    `${out} ct state established,related accept`,
    ...(bridge.icc ? [`iifname "${bridge.name}" ${out} accept`] : []),
    ...(topology.publishes.some((publish) => publish.bridge === bridge.name)
      ? [`${out} ct status dnat accept${comment(`${bridge.name}: published ports`)}`]
      : []),
    ...FAMILIES.filter((family) => directElements(topology, bridge, family).length > 0).map(
      (family) =>
        `${out} ${ip[family]} daddr . meta l4proto . th dport @${directName(family)} accept${comment(`${bridge.name}: published ports without nat`)}`,
    ),
    ...bridge.allow.flatMap((allow) => allowRules(bridge, allow)),
    `${out} drop${comment(`${bridge.name}: inbound published`)}`,
  ];
}

function allowRules(bridge: Bridge, allow: Allow): string[] {
  const note = comment(`${bridge.name}: allow at line ${allow.origin.line}`);
  const ports = (allow.ports ?? []).map(
    ({ protocol, ports: list }) =>
      `${protocol} dport ${oneOf(list.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)))} `,
  );
  return sources(allow).flatMap(({ family, match }) =>
    destinations(allow, family).flatMap((to) =>
      (ports.length === 0 ? [''] : ports).map((port) => `oifname "${bridge.name}" ${match}${to}${port}accept${note}`),
    ),
  );
}

function sources({ from }: Allow): { family?: Family; match: string }[] {
  switch (from.kind) {
    case 'outside':
      return [{ match: `meta iifgroup != ${LINK_GROUP} ` }];
    case 'bridge':
      return [{ match: `iifname "${from.name}" ` }];
    case 'addresses':
      return FAMILIES.flatMap((family) => {
        const list = from.cidrs.filter((cidr) => cidr.includes(':') === (family === 'ipv6')).map(bare);
        return list.length === 0 ? [] : [{ family, match: `${ip[family]} saddr ${oneOf(list)} ` }];
      });
    default:
      return from satisfies never;
  }
}

function destinations({ to }: Allow, family: Family | undefined): string[] {
  if (to === undefined) return [''];
  return FAMILIES.filter((one) => family === undefined || one === family).flatMap((one) => {
    const list = to.map(addressOf).filter((address) => address.includes(':') === (one === 'ipv6'));
    return list.length === 0 ? [] : [`${ip[one]} daddr ${oneOf(list)} `];
  });
}

/** Without NAT a published port is also reachable at the member's own address. */
function directSets(topology: Topology): Record<string, SetState> {
  return Object.fromEntries(
    FAMILIES.flatMap((family) => {
      const elements = topology.bridges.flatMap((bridge) => directElements(topology, bridge, family));
      return elements.length === 0
        ? []
        : [
            [
              directName(family),
              { key: `${addressType[family]} . inet_proto . inet_service`, elements: [...new Set(elements)].sort() },
            ] as const,
          ];
    }),
  );
}

const directName = (family: Family): string => `direct_${family}`;

function directElements(topology: Topology, bridge: Bridge, family: Family): string[] {
  if (bridge.nat[family] || bridge.inbound === 'open') return [];
  return topology.publishes
    .filter((publish) => publish.bridge === bridge.name && publish.target[family] !== undefined)
    .map((publish) => `${publish.target[family]} . ${publish.protocol} . ${publish.port}`);
}

/** nft prints a host's network as a bare address. */
const bare = (cidr: string): string => cidr.replace(/(\.\d+)\/32$/, '$1').replace(/\/128$/, '');

const quoted = (names: readonly string[]): string[] => names.map((name) => `"${name}"`);

/** A set in the order in which observed ones are put too: that of the text. */
const oneOf = (items: readonly string[]): string => {
  const sorted = [...new Set(items)].sort();
  return sorted.length === 1 ? (sorted[0] ?? '') : `{ ${sorted.join(', ')} }`;
};

/** 128 bytes at most (NFTNL_UDATA_COMMENT_MAXLEN). */
const comment = (text: string): string => ` comment "${text.slice(0, 120)}"`;
