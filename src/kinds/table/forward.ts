import { addressOf, FAMILIES, type Family } from '../../model/ip.ts';
import { publishesOn } from '../../model/lookup.ts';
import type { Allow, Bridge, Topology } from '../../model/topology.ts';
import { directElements, directName } from './direct.ts';
import { comment, ip, oneOf, quoted } from './words.ts';

/** What may be forwarded towards the bridges, and between their members. */
export function forwardRules(topology: Topology): string[] {
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
    ...(publishesOn(topology, bridge.name).length > 0 ? [`${out} ct status dnat accept${comment(`${bridge.name}: published ports`)}`] : []),
    ...FAMILIES.filter((family) => directElements(topology, bridge, family).length > 0).map(
      (family) =>
        `${out} ${ip[family]} daddr . meta l4proto . th dport @${directName(family)} accept${comment(`${bridge.name}: published ports without nat`)}`,
    ),
    ...bridge.allow.flatMap((allow, index) => allowRules(bridge, allow, index + 1, topology)),
    `${out} drop${comment(`${bridge.name}: inbound published`)}`,
  ];
}

/** `number`: which of the bridge's `allow` it is. Its line in the file would make every edit above it a change of the table. */
function allowRules(bridge: Bridge, allow: Allow, number: number, topology: Topology): string[] {
  const note = comment(`${bridge.name}: allow ${number}`);
  const ports = (allow.ports ?? []).map(
    ({ protocol, ports: list }) =>
      `${protocol} dport ${oneOf(list.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)))} `,
  );
  return sources(allow, topology).flatMap(({ family, match }) =>
    destinations(allow, family).flatMap((to) =>
      (ports.length === 0 ? [''] : ports).map((port) => `oifname "${bridge.name}" ${match}${to}${port}accept${note}`),
    ),
  );
}

function sources({ from }: Allow, topology: Topology): { family?: Family; match: string }[] {
  switch (from.kind) {
    case 'outside':
      // By name and not by our group, which the host's ends of links bear too: what is behind those is outside.
      return [{ match: `iifname != ${oneOf(quoted(topology.bridges.map((one) => one.name)))} ` }];
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

/** nft prints a host's network as a bare address. */
const bare = (cidr: string): string => cidr.replace(/(\.\d+)\/32$/, '$1').replace(/\/128$/, '');
