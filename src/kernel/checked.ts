import { parseCidr, parseIp } from '../model/ip.ts';

/**
 * The last gate before text reaches `ip -batch`, nft or /proc/sys: whatever does not look like what it should be is our bug, and throws.
 */
function checked(what: string, pattern: RegExp): (value: string) => string {
  return (value) => {
    if (!pattern.test(value)) throw new Error(`refused ${what}: ${JSON.stringify(value)}`);
    return value;
  };
}

const IFNAME = /^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,14}$/;
/** As strict as the topology language; the kernel itself takes far more. */
export const ifname = checked('interface name', IFNAME);
/** Whether a foreign interface has a name that we can hand on. */
export const isInterfaceName = (name: string): boolean => IFNAME.test(name);
/** Whether a foreign interface's name may stand between nft's double quotes: nothing that means something there or beyond them. */
export const isQuotable = (name: string): boolean => /^[A-Za-z0-9_.@+,=%~^-]{1,15}$/.test(name);
/** What `dev` takes: an interface name or an altname, by which a renamed interface is found. */
export const device = checked('device', /^[A-Za-z0-9_][A-Za-z0-9_.:@-]{0,126}$/);
export const namespaceName = checked('namespace name', /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}$/);
/** As engines take them: a name or an id; never an option. */
export const containerName = checked('container name', /^[A-Za-z0-9][A-Za-z0-9_.-]{0,254}$/);
export const topologyName = checked('topology name', /^[a-z][a-z0-9-]{0,30}$/);
export const mac = checked('MAC', /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/);
export const altname = checked('altname', /^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,126}$/);
export const protocolName = checked('protocol', /^(tcp|udp|sctp)$/);
/** Below /proc/sys, with slashes; no component is `.` or `..`. */
export const sysctlPath = checked('sysctl path', /^(?!.*(^|\/)\.{1,2}(\/|$))[A-Za-z0-9_.@-]+(\/[A-Za-z0-9_.@-]+)+$/);
/** Where netloom writes: files that `ip netns exec` mounts, and its records. Nothing else, whatever a plan says. */
export const writablePath = checked(
  'path',
  /^(\/etc\/netns\/[A-Za-z0-9_][A-Za-z0-9_.-]*|\/run\/netloom)\/[A-Za-z0-9_][A-Za-z0-9_.-]*$|^(\/etc\/netns|\/run\/netloom)\/\.netloom-[A-Za-z0-9_.-]+$/,
);
export const sysctlValue = checked('sysctl value', /^[\x20-\x7e\t]{0,1024}$/);
/**
 * In an `ip -batch` line `#` starts a comment even within quotes and a backslash at the end joins lines (lib/utils.c, getcmdline), so
 * these and the double quote itself are refused.
 */
export const alias = checked('alias', /^[^\p{Cc}"\\#]{0,255}$/u);

export function address(value: string): string {
  if (!parseIp(value)) throw new Error(`refused address: ${JSON.stringify(value)}`);
  return value;
}

export function cidr(value: string): string {
  if (!parseCidr(value)) throw new Error(`refused address with prefix length: ${JSON.stringify(value)}`);
  return value;
}

export function whole(value: number): string {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) throw new Error(`refused number: ${value}`);
  return String(value);
}

/** Whether a name found on the host is one that netloom could have made; others are never read. */
export const isNamespaceName = (name: string): boolean => /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}$/.test(name);
export const isSysctlPath = (path: string): boolean => {
  try {
    return sysctlPath(path) === path;
  } catch {
    return false;
  }
};
