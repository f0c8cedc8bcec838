import { dropIpv6Addresses, makeLinkLocal } from './addresses.ts';
import type { InterfaceSettings } from './settings.ts';
import { type FakeLink, type FakeNamespace, refuse } from './state.ts';

/** The value of a sysctl, by its path below /proc/sys; undefined where there is none. */
export function readSysctl(namespace: FakeNamespace, path: string): string | undefined {
  if (path === 'net/ipv4/ip_forward') return namespace.interfaces.all.values.get('ipv4/forwarding');
  const found = findSetting(namespace, path);
  return found ? found.settings.values.get(found.name) : namespace.sysctls.get(path);
}

/** Writes a sysctl, with what that brings about in others. */
export function writeSysctl(namespace: FakeNamespace, path: string, value: string, where: string): void {
  const before = readSysctl(namespace, path);
  if (before === undefined) refuse(where, ['sysctl', '-w'], `sysctl: cannot stat /proc/sys/${path}: No such file or directory`);
  if (/^-?\d+$/.test(before) && !/^-?\d+$/.test(value)) refuse(where, ['sysctl', '-w'], `sysctl: setting key "${path}": Invalid argument`);
  const found = findSetting(namespace, path === 'net/ipv4/ip_forward' ? 'net/ipv4/conf/all/forwarding' : path);
  if (!found) {
    namespace.sysctls.set(path, value);
    return;
  }
  found.settings.values.set(found.name, value);
  if (found.owner === 'all') spreadFromAll(namespace, found.name, before, value);
  else if (found.owner === 'default') spreadFromDefault(namespace, found.settings, found.name, value);
  else takeEffect(found.owner, found.name, value);
}

interface Setting {
  readonly settings: InterfaceSettings;
  /** `ipv4/forwarding` */
  readonly name: string;
  readonly owner: 'all' | 'default' | FakeLink;
}

function findSetting(namespace: FakeNamespace, path: string): Setting | undefined {
  const match = /^net\/(ipv4|ipv6)\/conf\/([^/]+)\/([^/]+)$/.exec(path);
  const [, family, holder, key] = match ?? [];
  if (family === undefined || holder === undefined || key === undefined) return undefined;
  const name = `${family}/${key}`;
  if (holder === 'all' || holder === 'default') return { settings: namespace.interfaces[holder], name, owner: holder };
  const link = namespace.links.find((one) => one.ifname === holder);
  if (!link || (family === 'ipv6' && !link.ipv6)) return undefined;
  return { settings: link.settings, name, owner: link };
}

/** Few of `all`'s values reach the interfaces, and forwarding only when it changes (inet_forward_change, addrconf_fixup_forwarding). */
function spreadFromAll(namespace: FakeNamespace, name: string, before: string, value: string): void {
  const always = name === 'ipv6/disable_ipv6' || name === 'ipv6/addr_gen_mode';
  const onChange = name === 'ipv4/forwarding' || name === 'ipv6/forwarding';
  if (!always && !(onChange && before !== value)) return;
  namespace.interfaces.default.values.set(name, value);
  for (const link of namespace.links) {
    if (name.startsWith('ipv6') && !link.ipv6) continue;
    link.settings.values.set(name, value);
    takeEffect(link, name, value);
  }
}

/** IPv4's `default` also reaches interfaces on which that value was never written (devinet_copy_dflt_conf); forwarding excepted. */
function spreadFromDefault(namespace: FakeNamespace, initial: InterfaceSettings, name: string, value: string): void {
  if (!name.startsWith('ipv4') || name === 'ipv4/forwarding') return;
  initial.touched.add(name);
  for (const link of namespace.links) if (!link.settings.touched.has(name)) link.settings.values.set(name, value);
}

function takeEffect(link: FakeLink, name: string, value: string): void {
  if (name.startsWith('ipv4')) link.settings.touched.add(name);
  if (name === 'ipv6/disable_ipv6' && value !== '0') dropIpv6Addresses(link, { keepStatic: false });
  if (name === 'ipv6/addr_gen_mode' || name === 'ipv6/disable_ipv6') makeLinkLocal(link);
}
