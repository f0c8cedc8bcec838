import { StepError } from '../../model/errors.ts';
import type { DockerUserRule } from '../../model/firewall.ts';
import type { Family } from '../../model/ip.ts';
import type { NewEnd } from '../../model/operation.ts';
import type { Listener } from '../../model/snapshot.ts';
import { type Attach, HOST, type RouteType } from '../../model/topology.ts';
import { type InterfaceSettings, newInterfaceSettings, newNamespaceSettings } from './settings.ts';

/** A whole machine, as plain mutable data: `structuredClone` copies it. */
export interface FakeHost {
  readonly host: FakeNamespace;
  /** Names under /run/netns; undefined: an empty file. */
  readonly names: Map<string, FakeNamespace | undefined>;
  readonly files: Map<string, string>;
  readonly listeners: Listener[];
  /** Namespaces that containers and processes hold, by the JSON of where they are found; undefined: not running. */
  readonly others: Map<string, FakeNamespace | undefined>;
  /** Our rules in Docker's chain, by family; absent where there is no such chain. */
  readonly dockerUser: { ipv4?: FakeDockerUser; ipv6?: FakeDockerUser };
  /** Whether the program is installed. */
  hasConntrack: boolean;
  nextInode: number;
}

export interface FakeDockerUser {
  rules: DockerUserRule[];
  bridges: string[];
}

export interface FakeNamespace {
  readonly inode: string;
  readonly links: FakeLink[];
  readonly routes: FakeRoute[];
  /** By path below /proc/sys; those of interfaces are with their links, `all` and `default` in `interfaces`. */
  readonly sysctls: Map<string, string>;
  readonly interfaces: { readonly all: InterfaceSettings; readonly default: InterfaceSettings };
  tables: Map<string, FakeTable>;
  nextIndex: number;
}

export interface FakeLink {
  readonly ifindex: number;
  readonly kind: 'loopback' | 'veth' | 'bridge' | 'physical';
  readonly namespace: FakeNamespace;
  ifname: string;
  up: boolean;
  mtu: number;
  mac: string;
  group: number;
  alias: string;
  readonly altnames: string[];
  /** In the kernel's order. */
  addresses: FakeAddress[];
  settings: InterfaceSettings;
  /** Linux keeps no IPv6 on a link whose MTU is below 1280. */
  ipv6: boolean;
  peer?: FakeLink;
  master?: FakeLink;
  port: { isolated: boolean; hairpin: boolean };
  stp: boolean;
  /** Of a bridge whose MTU has been set: it follows its ports no longer. */
  mtuPinned: boolean;
}

export interface FakeAddress {
  readonly family: Family;
  /** With prefix length. */
  readonly text: string;
  /** One of the two that lo gets by itself: dumps leave them out. */
  readonly automatic: boolean;
}

export interface FakeRoute {
  readonly family: Family;
  readonly to: string;
  readonly type: RouteType;
  readonly via?: string;
  readonly link?: FakeLink;
  readonly metric: number;
  readonly protocol: number;
}

export interface FakeTable {
  readonly chains: Map<string, FakeChain>;
  readonly maps: Map<
    string,
    { readonly key: string; readonly value: string; readonly elements: Map<string, { value: string; comment: string }> }
  >;
  readonly sets: Map<string, { readonly key: string; readonly elements: Set<string> }>;
}

export interface FakeChain {
  readonly base?: { readonly type: string; readonly hook: string; readonly priority: number; readonly policy: string };
  readonly rules: string[];
}

/** What a failing program would have said. */
export function refuse(namespace: string, argv: readonly string[], stderr: string): never {
  throw new StepError({ argv, namespace, exitCode: argv[0] === 'ip' ? 2 : 1, stderr });
}

export function newHost(): FakeHost {
  return {
    host: newNamespace('fake:1'),
    names: new Map(),
    files: new Map(),
    listeners: [],
    others: new Map(),
    dockerUser: {},
    hasConntrack: true,
    nextInode: 2,
  };
}

export function newNamespace(inode: string): FakeNamespace {
  const { sysctls, all, initial } = newNamespaceSettings();
  const namespace: FakeNamespace = {
    inode,
    links: [],
    routes: [],
    sysctls,
    interfaces: { all, default: initial },
    tables: new Map(),
    nextIndex: 1,
  };
  addLink(namespace, 'loopback', { ifname: 'lo', mac: '00:00:00:00:00:00', mtu: 65536, group: 0 });
  return namespace;
}

/** As `ip netns add` makes it: only lo, down. */
export function addNamespace(host: FakeHost, name: string): void {
  host.names.set(name, newNamespace(`fake:${host.nextInode++}`));
}

/** As `ip netns add` of somebody who gives it no name: a container that starts. */
export function startOther(host: FakeHost, source: Attach): void {
  host.others.set(JSON.stringify(source), newNamespace(`fake:${host.nextInode++}`));
}

/** Somebody else's namespace; undefined where there is none. A path in /run/netns is that of a name. */
export function otherNamespace(host: FakeHost, source: Attach): FakeNamespace | undefined {
  const name = 'path' in source ? /^\/run\/netns\/([^/]+)$/.exec(source.path)?.[1] : undefined;
  return name === undefined ? host.others.get(JSON.stringify(source)) : host.names.get(name);
}

/** The namespace behind a name; `host` is the host's own. */
export function namespaceNamed(host: FakeHost, name: string): FakeNamespace {
  const found = name === HOST ? host.host : host.names.get(name);
  return found ?? refuse(HOST, ['ip'], `Cannot open network namespace "${name}": No such file or directory`);
}

export const holds = (link: FakeLink, name: string): boolean => link.ifname === name || link.altnames.includes(name);

/** By name or altname. */
export function linkNamed(namespace: FakeNamespace, name: string, where: string): FakeLink {
  return namespace.links.find((link) => holds(link, name)) ?? refuse(where, ['ip'], `Cannot find device "${name}"`);
}

/** Throws as the kernel does where the name is taken, as a name or as an altname. */
export function claimName(namespace: FakeNamespace, name: string, where: string): void {
  if (namespace.links.some((link) => holds(link, name))) refuse(where, ['ip'], 'RTNETLINK answers: File exists');
}

export function addLink(namespace: FakeNamespace, kind: FakeLink['kind'], end: Omit<NewEnd, 'namespace'>): FakeLink {
  const link: FakeLink = {
    ...end,
    ifindex: namespace.nextIndex++,
    kind,
    namespace,
    up: false,
    alias: '',
    altnames: [],
    addresses: [],
    settings: newInterfaceSettings(namespace.interfaces.default, kind === 'loopback'),
    ipv6: end.mtu >= 1280,
    port: { isolated: false, hairpin: false },
    stp: false,
    mtuPinned: false,
  };
  namespace.links.push(link);
  return link;
}
