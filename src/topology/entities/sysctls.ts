import type { Node } from '../draft.ts';
import type { Faults } from '../faults.ts';
import { quote } from '../syntax/quote.ts';

/** Settings that `forwarding` is. */
const FORWARDING = ['net.ipv4.ip_forward', 'net.ipv4.conf.all.forwarding', 'net.ipv6.conf.all.forwarding'];

/** The settings of a namespace as text; reports those that are no path, stand twice or say what `forwarding` says. */
export function readSysctls(node: Node, faults: Faults): Record<string, string> {
  const sysctls = new Map<string, string>();
  const seen = new Map<string, string>();
  for (const [key, value] of Object.entries(node.raw.sysctls ?? {})) {
    const at = [...node.path, 'sysctls', key];
    // A bad name was left in place by the schema check, which has reported it.
    if (!/^net[./]/.test(key)) continue;
    const parts = key.split(/[./]/);
    if (parts.some((part) => part === '') || key.split('/').some((part) => part === '..' || part === '.')) {
      faults.addAtKey(at, 'E_SYSCTL', `${quote(key)} is not the name of a setting`, 'for example net.core.somaxconn');
      continue;
    }
    const name = parts.join('.');
    const twin = seen.get(name);
    if (twin !== undefined) faults.addAtKey(at, 'E_SYSCTL', `${quote(key)} is the same setting as ${quote(twin)}`, 'keep one of them');
    if (FORWARDING.includes(name) && node.raw.forwarding !== undefined) {
      faults.addAtKey(at, 'E_SYSCTL', `${quote(key)} is what forwarding sets`, 'keep one of them');
    }
    if (typeof value === 'string' && /\n/.test(value)) {
      faults.add(at, 'E_SYSCTL', `the value of ${quote(key)} has several lines`, 'write it in one line');
    }
    seen.set(name, key);
    sysctls.set(key, String(value).trim());
  }
  return Object.fromEntries(sysctls);
}
