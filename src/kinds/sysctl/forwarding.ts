import type { View } from '../../model/resource.ts';
import { HOST } from '../../model/topology.ts';

/** Writing the host's switch resets every interface's own (net/ipv4/devinet.c, inet_forward_change; IPv6 alike). */
const SWITCHES = [
  { path: 'net/ipv4/ip_forward', ofInterface: /^net\/ipv4\/conf\/([^/]+)\/forwarding$/ },
  { path: 'net/ipv6/conf/all/forwarding', ofInterface: /^net\/ipv6\/conf\/(?!all\/)([^/]+)\/forwarding$/ },
] as const;

/** Whether a path on record is an interface's own forwarding, kept because of the switch. */
export const isOfInterface = (path: string): boolean => SWITCHES.some(({ ofInterface }) => ofInterface.test(path));

/** What the switch going back takes along and has to be written after it: values on record of interfaces that are still there. */
export function resetBy(path: string, view: View): { path: string; value: string }[] {
  const pattern = SWITCHES.find((one) => one.path === path)?.ofInterface;
  const kept = view.snapshot.records.get(view.name)?.sysctls[HOST] ?? {};
  const present = new Set(['default', ...(view.snapshot.namespaces.get(HOST)?.links ?? []).map(({ ifname }) => ifname)]);
  return Object.entries(kept)
    .filter(([one]) => present.has(pattern?.exec(one)?.[1] ?? ''))
    .map(([one, value]) => ({ path: one, value }));
}
