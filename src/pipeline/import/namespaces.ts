import { FAMILIES, familyOf } from '../../model/ip.ts';
import { topologyOfMark } from '../../model/marks.ts';
import { attachOf, HOST, type PerFamily } from '../../model/topology.ts';
import type { WrittenNamespace } from '../../model/written.ts';
import { compile, NO_FACTS } from '../compile.ts';
import { observe } from '../observe.ts';
import type { Names } from './names.ts';
import type { MemberRoutes } from './routes.ts';
import type { Member, Scene } from './scene.ts';
import { isLinkLocal } from './subnets.ts';

/** What of a namespace is read besides its links and routes: whether it routes, and what decides whether packets are dropped for their source. */
export const SETTINGS = ['net/ipv4/ip_forward', 'net/ipv6/conf/all/forwarding', 'net/ipv4/conf/all/rp_filter'] as const;

/** Published ports of each namespace, as `publish` says them. */
export function publishesOf({ view, members }: Scene): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { kind, namespace, spec } of observe(view).values()) {
    const member = kind === 'publish' ? members.get(namespace) : undefined;
    if (member !== undefined) found.set(namespace, [...(found.get(namespace) ?? []), publishText(ofOneFamily(spec as Published, member))]);
  }
  return found;
}

interface Published {
  readonly hostAddress?: string;
  readonly hostPort: number;
  readonly port: number;
  readonly protocol: string;
  readonly interface?: string;
  readonly target?: PerFamily<string>;
}

/** Every address of one family alone, where the namespace has both: that has to be said. */
function ofOneFamily(published: Published, { state }: Member): Published {
  const { hostAddress, target = {} } = published;
  const addresses = state.links.filter(({ ifname }) => ifname !== 'lo').flatMap((link) => link.addresses);
  const hasBoth = FAMILIES.every((family) => addresses.some((address) => familyOf(address) === family && !isLinkLocal(address)));
  const [only, ...more] = FAMILIES.filter((family) => target[family] !== undefined);
  if (hostAddress !== undefined || !hasBoth || only === undefined || more.length > 0) return published;
  return { ...published, hostAddress: only === 'ipv4' ? '0.0.0.0' : '::' };
}

export function publishText({ hostAddress, hostPort, port, protocol, interface: device }: Published): string {
  const address = hostAddress === undefined ? '' : `${hostAddress.includes(':') ? `[${hostAddress}]` : hostAddress}:`;
  return `${address}${hostPort}:${port}${protocol === 'tcp' ? '' : `/${protocol}`}${device === undefined ? '' : `@${device}`}`;
}

export function namespaceOf(
  scene: Scene,
  member: Member,
  { routes }: MemberRoutes,
  names: Names,
  publish: readonly string[],
): WrittenNamespace {
  const { name, state, relation } = member;
  const common = {
    ...list('aliases', names.aliasesOf(name)),
    ...list('publish', publish),
    ...list('routes', routes),
  };
  if (relation.is === 'attached') {
    const attach = relation.to === undefined ? undefined : attachOf(relation.to);
    if (attach !== undefined) return { attach, ...common };
    scene.omit({
      path: ['namespaces', name],
      code: 'W_IMPORT_CHANGED',
      message: `what ${name} is attached to is not on record any more`,
      hint: 'add attach: { container: NAME }, or { pid: … }',
    });
    return common;
  }
  const forwards = state.sysctls.get('net/ipv4/ip_forward') === '1';
  const forwards6 = state.sysctls.get('net/ipv6/conf/all/forwarding');
  if (forwards6 !== undefined && (forwards6 === '1') !== forwards) {
    const message = `${name} forwards ${forwards ? 'IPv4' : 'IPv6'} alone; \`forwarding\` means both families`;
    scene.omit({ path: ['namespaces', name], code: 'W_IMPORT_CHANGED', message });
  }
  const lo = state.links.find(({ ifname }) => ifname === 'lo')?.addresses ?? [];
  const sysctls = sysctlsOf(scene, member, forwards);
  return {
    ...(forwards ? { forwarding: true as const } : {}),
    ...list('masquerade', masqueradeOf(scene, member)),
    ...list('dns', resolversOf(scene, name)),
    ...(Object.keys(sysctls).length === 0 ? {} : { sysctls }),
    ...(lo.length === 0 ? {} : { interfaces: { lo: { addresses: lo } } }),
    ...common,
  };
}

const list = <K extends string, T>(key: K, items: readonly T[]): { [key in K]?: readonly T[] } =>
  (items.length === 0 ? {} : { [key]: items }) as { [key in K]?: readonly T[] };

/** Interfaces whose outgoing traffic our own table in there masquerades. */
function masqueradeOf({ snapshot }: Scene, { name, state }: Member): string[] {
  const tables = snapshot.namespaces.get(name)?.tables ?? state.tables;
  const rules = [...(tables?.values() ?? [])].flatMap((table) => table.chains.get('postrouting')?.rules ?? []);
  return rules
    .filter((rule) => / masquerade comment /.test(rule))
    .flatMap((rule) => [...(rule.split(' masquerade')[0] ?? '').matchAll(/"([^"]+)"/g)].map(([, device = '']) => device));
}

/** Of a resolv.conf that netloom has written. */
function resolversOf({ snapshot, name }: Scene, namespace: string): string[] {
  const [mark = '', ...lines] = (snapshot.files.get(`/etc/netns/${namespace}/resolv.conf`) ?? '').split('\n');
  return topologyOfMark(mark) === name ? lines.flatMap((line) => /^nameserver (\S+)/.exec(line)?.[1] ?? []) : [];
}

/** Settings that are not what a namespace of netloom's has anyway: those on record, and a reverse path filter. */
function sysctlsOf({ snapshot, name: topology }: Scene, { name, state }: Member, forwarding: boolean): Record<string, string | number> {
  const usual = baselineOf(name, forwarding);
  const paths = [...Object.keys(snapshot.records.get(topology)?.sysctls[name] ?? {}), 'net/ipv4/conf/all/rp_filter'];
  return Object.fromEntries(
    paths.flatMap((path) => {
      const value = state.sysctls.get(path);
      if (value === undefined || value === usual[path]) return [];
      // A dot within a word is a dot; the form with slashes says so.
      return [[path.includes('.') ? path : path.replaceAll('/', '.'), /^\d{1,9}$/.test(value) ? Number(value) : value] as const];
    }),
  );
}

/** What every namespace of netloom's is set to: of a topology with nothing else in it. */
function baselineOf(name: string, forwarding: boolean): Readonly<Record<string, string>> {
  const origin = { file: '', line: 1, column: 1 };
  const namespace = { name, forwarding, sysctls: {}, loopback: [], masquerade: [], aliases: [], oneWayAliases: [], origin };
  const nothing = { name: 'import', file: '', digest: '', subnets: [], bridges: [], links: [], routes: [], publishes: [], checks: [] };
  const desired = compile({ ...nothing, namespaces: [namespace] }, NO_FACTS);
  return (desired.get(`sysctl:${name}`)?.spec ?? {}) as Record<string, string>;
}

/** Further names of members, and of the host. */
export const sharesOf = ({ shares }: Scene): Record<string, WrittenNamespace> =>
  Object.fromEntries([...shares].map(([name, source]) => [name, { share: source === HOST ? HOST : source }]));
