import type { DraftBridge, DraftEnd, Setting } from '../draft.ts';
import type { Faults } from '../faults.ts';
import type { RawTopology } from '../raw.ts';

/** What Ethernet has, and Linux gives without being asked. */
const DEFAULT_MTU = 1500;

/** The least at which Linux keeps IPv6 on an interface (RFC 8200 §5). */
const IPV6_MTU_MIN = 1280;

const fallback = (raw: RawTopology): Setting<number> => ({ value: raw.defaults?.mtu ?? DEFAULT_MTU, path: ['defaults', 'mtu'] });

/** The MTU of a bridge, with the place that decides it. */
export function bridgeMtu(bridge: DraftBridge, raw: RawTopology): Setting<number> {
  return bridge.raw.mtu === undefined ? fallback(raw) : { value: bridge.raw.mtu, path: [...bridge.path, 'mtu'] };
}

/** The MTU of an end: its own, else the link's, else the bridge's, else the default. */
export function endMtu(end: DraftEnd, raw: RawTopology): Setting<number> {
  const { bridge, mtu } = end.link;
  return end.settings.mtu ?? mtu ?? (bridge === undefined ? fallback(raw) : bridgeMtu(bridge, raw));
}

/** Reports MTUs too small for the IPv6 that they would carry. Runs once the addresses are known. */
export function checkMtus(bridges: Iterable<DraftBridge>, ends: Iterable<DraftEnd>, raw: RawTopology, faults: Faults): void {
  const check = (mtu: Setting<number>, who: string) => {
    if (mtu.value >= IPV6_MTU_MIN) return;
    const message = `mtu ${mtu.value} is below ${IPV6_MTU_MIN}, the least that IPv6 allows, and ${who} has IPv6`;
    faults.add(mtu.path, 'E_MTU_RANGE', message, `write ${IPV6_MTU_MIN} or more, or remove the IPv6 addresses`);
  };
  for (const bridge of bridges) if (bridge.segment.subnet?.networks.ipv6) check(bridgeMtu(bridge, raw), bridge.name);
  for (const end of ends) {
    const hasIpv6 = end.isPort ? end.segment.subnet?.networks.ipv6 !== undefined : wantsIpv6(end);
    if (hasIpv6) check(endMtu(end, raw), end.isPort ? end.segment.name : `${end.namespace}:${end.ifname}`);
  }
}

/** Whether an end has an IPv6 address of any kind. */
export const wantsIpv6 = (end: DraftEnd): boolean =>
  end.settings.linkLocal?.value === true || end.addresses.some((address) => address.family === 'ipv6');
