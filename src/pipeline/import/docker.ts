import type { EngineContainer, EngineNetwork } from '../../model/engine.ts';
import { isWildcard } from '../../model/host-ports.ts';
import { addressOf, familyOf, formatIp, hostRange, parseCidr } from '../../model/ip.ts';
import { IFNAME_MAX } from '../../model/marks.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { HOST } from '../../model/topology.ts';
import type { Imported, Omission, WrittenBridge, WrittenLink, WrittenNamespace, WrittenSubnet } from '../../model/written.ts';
import { publishText } from './namespaces.ts';

const OPTION = 'com.docker.network.';

/** Names under which the namespaces of containers are found: lower case, and of the letters that a namespace's name may have. */
export function namespaceNames(containers: Iterable<string>): Map<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>([HOST]);
  for (const container of containers) {
    const plain =
      container
        .toLowerCase()
        .replace(/[^a-z0-9-]/g, '-')
        .replace(/^[^a-z]+/, '')
        .slice(0, 58) || 'container';
    let name = plain;
    for (let count = 2; taken.has(name); count += 1) name = `${plain}-${count}`;
    taken.add(name);
    names.set(container, name);
  }
  return names;
}

/** Networks of Docker's and their containers as netloom would link them in Docker's place. `snapshot` holds what is inside the containers. */
export function importNetworks(
  networks: readonly EngineNetwork[],
  names: ReadonlyMap<string, string>,
  snapshot: Snapshot,
  name: string,
): Imported {
  const omissions: Omission[] = [];
  const subnets: Record<string, WrittenSubnet> = {};
  const bridges: Record<string, WrittenBridge> = {};
  const links: WrittenLink[] = [];
  const members = new Map<string, EngineContainer[]>();
  const bridgeNames = bridgeNamesOf(networks, snapshot);
  for (const network of networks) {
    const bridge = bridgeNames.get(network.name) ?? network.name;
    const subnet = subnetOf(network, bridge, omissions);
    if (subnet !== undefined) subnets[bridge] = subnet;
    bridges[bridge] = bridgeOf(network, subnet === undefined ? undefined : bridge);
    for (const container of network.containers) {
      members.set(container.name, [...(members.get(container.name) ?? []), container]);
      links.push(linkOf(network, container, bridge, names, snapshot));
    }
  }
  const namespaces = Object.fromEntries(
    [...members].map(([container, ends]) => [names.get(container) ?? container, namespaceOf(container, ends, omissions)]),
  );
  return { topology: { version: 1, name, subnets, bridges, namespaces, host: {}, links }, omissions, remarks: [] };
}

/** Docker's own bridge stays until its network is removed, so that ours has another name: that of the network. */
function bridgeNamesOf(networks: readonly EngineNetwork[], snapshot: Snapshot): Map<string, string> {
  const taken = new Set((snapshot.namespaces.get(HOST)?.links ?? []).map(({ ifname }) => ifname));
  const names = new Map<string, string>();
  for (const { name } of networks) {
    const plain = (name === 'bridge' ? 'dock' : name).replace(/[^a-zA-Z0-9_.-]/g, '-').replace(/^[^a-zA-Z]+/, '');
    const base = plain.slice(0, IFNAME_MAX) || 'net';
    let chosen = base;
    for (let count = 0; taken.has(chosen) || chosen === 'outside'; count += 1)
      chosen = `${base.slice(0, IFNAME_MAX - 1 - String(count).length)}-${count}`;
    taken.add(chosen);
    names.set(name, chosen);
  }
  return names;
}

function subnetOf(network: EngineNetwork, bridge: string, omissions: Omission[]): WrittenSubnet | undefined {
  const texts: { ipv4?: string; ipv6?: string } = {};
  const gateways: string[] = [];
  let usual = true;
  for (const { subnet, gateway } of network.subnets) {
    const family = familyOf(subnet);
    const cidr = parseCidr(subnet);
    if (texts[family] !== undefined || cidr === undefined) {
      omissions.push({
        path: ['subnets', bridge],
        code: 'W_IMPORT_OMITTED',
        message: `${subnet} of the network ${network.name}: a subnet has one network of each family`,
      });
      continue;
    }
    texts[family] = subnet;
    const first = formatIp({ family, value: hostRange(cidr).first });
    gateways.push(gateway ?? first);
    usual = usual && (gateway ?? first) === first;
  }
  if (gateways.length === 0) return undefined;
  return usual ? texts : { ...texts, gateway: gateways };
}

function bridgeOf({ options, internal, subnets }: EngineNetwork, subnet: string | undefined): WrittenBridge {
  const mtu = Number(options[`${OPTION}driver.mtu`] ?? 1500);
  const says = (key: string): string | undefined => options[`${OPTION}bridge.${key}`];
  return {
    ...(subnet === undefined ? {} : { subnet }),
    ...(Number.isInteger(mtu) && mtu > 0 && mtu !== 1500 ? { mtu } : {}),
    ...(says('enable_ip_masquerade') === 'false' && !internal && subnets.length > 0 ? { nat: false as const } : {}),
    ...(says('enable_icc') === 'false' ? { icc: false as const } : {}),
    ...(internal ? { internal: true as const } : {}),
  };
}

function linkOf(
  network: EngineNetwork,
  container: EngineContainer,
  bridge: string,
  names: ReadonlyMap<string, string>,
  snapshot: Snapshot,
): WrittenLink {
  const namespace = names.get(container.name) ?? container.name;
  const inside = snapshot.attached.get(namespace);
  const device = (inside?.found === true ? inside.links : []).find(({ mac }) => mac === container.mac)?.ifname ?? 'eth0';
  const isDefault = inside?.found === true && inside.routes.some(({ to, dev }) => to === 'default' && dev === device);
  return {
    ends: [`${namespace}:${device}`, bridge],
    addresses: container.addresses.map(addressOf),
    ...(container.mac === '' ? {} : { mac: container.mac }),
    ...(isDefault && !network.internal ? { defaultRoute: true } : {}),
  };
}

function namespaceOf(container: string, ends: readonly EngineContainer[], omissions: Omission[]): WrittenNamespace {
  // A port is the container's, whichever network one looks from; and one of each family where the engine listens on both.
  const publish = [
    ...new Set(
      (ends[0]?.ports ?? []).map(({ hostAddress, ...port }) =>
        publishText(isWildcard(hostAddress) || hostAddress === '' ? port : { ...port, hostAddress }),
      ),
    ),
  ];
  const asked = [...new Set(ends.flatMap(({ aliases }) => aliases))].filter((alias) => alias !== container);
  const aliases = asked.filter((alias) => /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(alias));
  for (const alias of asked.filter((one) => !aliases.includes(one))) {
    omissions.push({ path: ['namespaces'], code: 'W_IMPORT_OMITTED', message: `the alias ${alias} of ${container} is no host name` });
  }
  return { attach: { container }, ...(aliases.length === 0 ? {} : { aliases }), ...(publish.length === 0 ? {} : { publish }) };
}
