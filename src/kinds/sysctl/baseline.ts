import { publishesOn } from '../../model/lookup.ts';
import { IPV6_MTU } from '../../model/operations.ts';
import type { Id } from '../../model/resource.ts';
import type { Bridge, End, Namespace, Topology } from '../../model/topology.ts';

/** Path below /proc/sys, with slashes (names of interfaces may hold dots) → value. */
export type Values = Readonly<Record<string, string>>;

/** Of a namespace as a whole, or of one interface in it. */
export const idOf = (namespace: string, dev?: string): Id => `sysctl:${namespace}${dev === undefined ? '' : `:${dev}`}`;

const flag = (on: boolean): string => (on ? '1' : '0');

const ipv4 = (scope: string, values: Values): [string, string][] =>
  Object.entries(values).map(([key, value]) => [`net/ipv4/conf/${scope}/${key}`, value]);
const ipv6 = (scope: string, values: Values): [string, string][] =>
  Object.entries(values).map(([key, value]) => [`net/ipv6/conf/${scope}/${key}`, value]);

/** Nothing appears on an interface by itself, and what is put there stays and is usable at once. */
const quiet: Values = { accept_ra: '0', accept_dad: '0', addr_gen_mode: '1', disable_ipv6: '0', keep_addr_on_down: '1' };

/**
 * What a namespace of ours has besides what the file says. A new namespace inherits some of these from the host, in ways that differ
 * between kernels and with what the host did before: so every one is set.
 */
export function namespaceValues(namespace: Pick<Namespace, 'forwarding' | 'sysctls'>): Values {
  const forwarding = flag(namespace.forwarding);
  return Object.fromEntries([
    ['net/ipv4/ip_forward', forwarding],
    ...ipv4('all', { rp_filter: '0', promote_secondaries: '1' }),
    ...ipv4('default', { rp_filter: '0', promote_secondaries: '1' }),
    ...ipv6('all', { forwarding, accept_dad: '0', keep_addr_on_down: '1', disable_ipv6: '0' }),
    ...ipv6('default', { ...quiet }),
    ...Object.entries(namespace.sysctls).map(([key, value]) => [pathOf(key), normalise(value)] as const),
  ]);
}

/** The values of namespaces and of the ends in them. Most in a lab are set alike: these share what is made once. */
export function createValues(): { namespaceValues: typeof namespaceValues; endValues: typeof endValues } {
  const made = new Map<string, Values>();
  const once = (key: string, make: () => Values): Values => {
    const values = made.get(key) ?? make();
    made.set(key, values);
    return values;
  };
  return {
    namespaceValues: (one) => once(JSON.stringify([one.forwarding, one.sysctls]), () => namespaceValues(one)),
    endValues: (end, forwarding) => once(`${end.ifname} ${end.mtu < IPV6_MTU} ${forwarding}`, () => endValues(end, forwarding)),
  };
}

/** The kernel separates numbers by tabs; people by spaces. */
export const normalise = (value: string): string => (/\s/.test(value) ? value.trim().split(/\s+/).join(' ') : value);

/** `net.core.somaxconn` → `net/core/somaxconn`. A key with slashes is a path already, and its dots are dots, as in sysctl(8). */
export function pathOf(key: string): string {
  return key.includes('/') ? key : key.replaceAll('.', '/');
}

/** An end in a namespace of ours, or in an attached one: there `forwarding` is absent. */
function endValues(end: End, forwarding: boolean | undefined): Values {
  const routes: Values = forwarding === undefined ? {} : { forwarding: flag(forwarding) };
  return Object.fromEntries([
    ...ipv4(end.ifname, { rp_filter: '0', promote_secondaries: '1', ...routes }),
    ...(end.mtu < IPV6_MTU ? [] : ipv6(end.ifname, { ...quiet, ...routes })),
  ]);
}

/** An end in the host's namespace: a bridge's port carries frames and no addresses. */
export function hostEndValues(end: End, isPort: boolean): Values {
  if (end.mtu < IPV6_MTU) return {};
  const { disable_ipv6: _, ...others } = quiet;
  return Object.fromEntries(
    ipv6(end.ifname, isPort ? { addr_gen_mode: '1' } : end.addresses.some((address) => address.includes(':')) ? quiet : others),
  );
}

export function bridgeValues(bridge: Bridge, topology: Topology): Values {
  const published = publishesOn(topology, bridge.name).some(({ target }) => target.ipv4 !== undefined);
  const { disable_ipv6, ...others } = quiet;
  const usesIpv6 = bridge.addresses.some((address) => address.includes(':'));
  const forwards = forwardsFor(bridge);
  return Object.fromEntries([
    // A port published on 127.0.0.1 leaves through the bridge with that source; the guard in the raw table stands before it.
    ...ipv4(bridge.name, { route_localnet: flag(published), promote_secondaries: '1', ...(forwards.ipv4 ? { forwarding: '1' } : {}) }),
    ...(bridge.mtu < IPV6_MTU
      ? []
      : ipv6(bridge.name, {
          ...others,
          ...(usesIpv6 ? { disable_ipv6: disable_ipv6 ?? '0' } : {}),
          ...(forwards.ipv6 ? { forwarding: '1' } : {}),
        })),
  ]);
}

/** A bridge that is its members' gateway needs the host to forward, unless it is internal. */
function forwardsFor(bridge: Bridge): { ipv4: boolean; ipv6: boolean } {
  const holds = (family: 'ipv4' | 'ipv6') =>
    !bridge.internal && bridge.addresses.some((address) => address.includes(':') === (family === 'ipv6'));
  return { ipv4: holds('ipv4'), ipv6: holds('ipv6') };
}

/** What the host as a whole needs; the values from before are kept on record and put back. */
export function hostValues(topology: Topology): Values {
  const needs = topology.bridges.map(forwardsFor);
  return {
    ...(needs.some((one) => one.ipv4) ? { 'net/ipv4/ip_forward': '1' } : {}),
    ...(needs.some((one) => one.ipv6) ? { 'net/ipv6/conf/all/forwarding': '1' } : {}),
  };
}
