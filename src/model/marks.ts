import { hash } from 'node:crypto';

/**
 * How netloom marks what it owns in the kernel (docs/architecture.md, "Ownership"): a link is ours when it bears this group number
 * *and* an altname of ours; either alone owns nothing. The number spells "ntlm" and stays below 2^31, the most that Linux takes.
 */
export const LINK_GROUP = 0x6e746c6d;

/** Links on their way out are moved to this group, unless they are all there is in ours, re-read, and removed in bulk; it counts as ours too. */
export const DOOMED_GROUP = LINK_GROUP + 1;

/** The route protocol number of our routes in namespaces that are not ours; unassigned in /etc/iproute2/rt_protos. */
export const ROUTE_PROTOCOL = 159;

/** IFNAMSIZ minus the final NUL (include/uapi/linux/if.h). */
export const IFNAME_MAX = 15;

/** BR_MAX_PORTS less one (net/bridge/br_private.h): the 1,024th port fails with EXFULL. */
export const BRIDGE_PORTS_MAX = 1023;

/** The long name of an interface, unique in its namespace: `netloom:shop:web01:eth0`, for a bridge `netloom:shop:br-web`. */
export type Altname = `netloom:${string}`;

export const interfaceAltname = (topology: string, namespace: string, ifname: string): Altname =>
  `netloom:${topology}:${namespace}:${ifname}`;

export const bridgeAltname = (topology: string, bridge: string): Altname => `netloom:${topology}:${bridge}`;

/** What an altname of ours says, or undefined for one that is not. */
export type ParsedAltname =
  | { readonly topology: string; readonly bridge: string }
  | { readonly topology: string; readonly namespace: string; readonly ifname: string };

export function parseAltname(altname: string): ParsedAltname | undefined {
  if (!altname.startsWith('netloom:')) return undefined;
  const [, topology, first, second, more] = altname.split(':');
  if (!topology || !first || more !== undefined) return undefined;
  return second === undefined ? { topology, bridge: first } : { topology, namespace: first, ifname: second };
}

/**
 * The MAC of an interface, derived so that the same file gives the same one everywhere: locally administered, unicast
 * (the second hex digit is 2, 6, a or e: IEEE 802 §8.4).
 */
export function deriveMac(topology: string, namespace: string, ifname: string): string {
  const digest = hash('sha256', `mac\0${topology}\0${namespace}\0${ifname}`);
  const bytes = [0, 2, 4, 6, 8, 10].map((at) => digest.slice(at, at + 2));
  bytes[0] = ((Number.parseInt(bytes[0] ?? '', 16) & 0xfc) | 0x02).toString(16).padStart(2, '0');
  return bytes.join(':');
}

/** Whether a word may be the name of a topology. */
export const isTopologyName = (word: string): boolean => /^[a-z][a-z0-9-]{0,30}$/.test(word);

/** The first line of every file that netloom writes; what follows the topology's name is for people (but see `attachMark`). */
export const fileMark = (topology: string): string => `# netloom:${topology}`;

/** The first line of the hosts file of an attached name: whoever destroys by name must know that what is inside is not ours. */
export const attachMark = (topology: string, to: string): string => `${fileMark(topology)} attached to ${to}`;

/** What an attached name's mark says that it is attached to; undefined where a file begins otherwise. Takes its text, or the first line alone. */
export const attachedTo = (text: string): string | undefined => /^# netloom:[a-z][a-z0-9-]{0,30} attached to (.+)(?:\n|$)/.exec(text)?.[1];

/** The topology that a file's first line names, or undefined when the file is not ours. Takes its text, or the first line alone. */
export function topologyOfMark(text: string): string | undefined {
  return /^# netloom:([a-z][a-z0-9-]{0,30})(?:\s|$)/.exec(text)?.[1];
}

export const tableName = (topology: string): string => `netloom-${topology}`;

/** `netloom-shop` → `shop`; undefined for a table that is not ours by name. */
export const topologyOfTable = (table: string): string | undefined => /^netloom-([a-z][a-z0-9-]{0,30})$/.exec(table)?.[1];

interface DockerUserPlace {
  readonly topology: string;
  readonly bridge: string;
  readonly direction: 'in' | 'out';
  readonly past?: string;
}

/** A rule of ours in Docker's chain, as iptables writes it; its comment is the mark. See `DockerUserRule`. */
export const dockerUserRule = ({ topology, bridge, direction, past }: DockerUserPlace): string =>
  [
    `-${direction[0]} ${bridge}`,
    ...(past === undefined ? [] : [`-o ${past}`]),
    `-m comment --comment "netloom:${topology} ${bridge}" -j ${past === undefined ? 'ACCEPT' : 'RETURN'}`,
  ].join(' ');

/** What a line of `iptables -S DOCKER-USER` says of ours; undefined for a line that is not. */
export function dockerUserRuleOf(line: string): DockerUserPlace | undefined {
  const [, way, bridge, past, topology, target] =
    /^-A DOCKER-USER -([io]) (\S+)(?: -o (\S+))? -m comment --comment "netloom:([a-z][a-z0-9-]{0,30}) \2" -j (ACCEPT|RETURN)$/.exec(line) ??
    [];
  if (bridge === undefined || topology === undefined || (target === 'RETURN') !== (past !== undefined)) return undefined;
  return { topology, bridge, direction: way === 'i' ? 'in' : 'out', ...(past === undefined ? {} : { past }) };
}

/** The tables that a trace puts up while it looks: no topology's, since their names have no underscore. Behind it the number of the process that keeps it. */
export const TRACE_TABLE = 'netloom-trace_';
export const isTraceTable = (table: string): boolean => table.startsWith(TRACE_TABLE);
