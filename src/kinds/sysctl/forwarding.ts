import type { Warning } from '../../model/errors.ts';
import type { View } from '../../model/resource.ts';
import { HOST } from '../../model/topology.ts';
import { hostValues } from './baseline.ts';

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

/** Chains of others that see what the host forwards and were not there before it did: whoever made them may count on it. */
function newHooks({ name, snapshot }: View): readonly string[] {
  const before = snapshot.records.get(name)?.hooks;
  return before === undefined ? [] : (snapshot.filters?.hooks ?? []).filter((hook) => !before.includes(hook));
}

/** Whether somebody else may rely on the switch by now, so that it stays as it is. */
export const hasReliers = (path: string, view: View): boolean => SWITCHES.some((one) => one.path === path) && newHooks(view).length > 0;

/** Switches that are not put back although no topology needs them any more, and why. */
export function keptOn(view: View): Warning[] {
  const { topology, snapshot, name } = view;
  const hooks = newHooks(view);
  const wanted = topology === undefined ? {} : hostValues(topology);
  const others = [...snapshot.records.values()].filter((record) => record.topology !== name);
  return SWITCHES.flatMap(({ path }): Warning[] => {
    const before = snapshot.records.get(name)?.sysctls[HOST]?.[path];
    const now = snapshot.namespaces.get(HOST)?.sysctls.get(path);
    const stillNeeded = wanted[path] !== undefined || others.some(({ sysctls }) => sysctls[HOST]?.[path] !== undefined);
    if (hooks.length === 0 || before === undefined || now === undefined || before === now || stillNeeded) return [];
    const key = path.replaceAll('/', '.');
    return [
      {
        code: 'W_FORWARDING_KEPT',
        message: `${key} stays ${now}, which was ${before} before netloom: somebody else may rely on it by now (${hooks.join('; ')})`,
        hint: `if nobody does: sysctl -w ${key}=${before}`,
      },
    ];
  });
}
