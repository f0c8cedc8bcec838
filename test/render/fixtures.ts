import { kinds } from '../../src/kinds/registry.ts';
import type { Change, FieldChange, Id, Plan } from '../../src/model/resource.ts';
import type { Describe } from '../../src/render/change/entry.ts';
import { PLAIN, type Style } from '../../src/render/style.ts';

export const ASCII: Style = { ...PLAIN, unicode: false };
export const VERBOSE: Style = { ...PLAIN, verbose: true };

/** The kinds' own words, as the command line passes them in. */
export const describe: Describe = (kind, spec) => kinds.find((one) => one.kind === kind)?.describe(spec as never) ?? '';

export function planOf(changes: readonly Change[], rest: Partial<Plan> = {}): Plan {
  return { topology: 'web-lab', file: 'topologies/web-lab.yaml', changes, operations: [], blockers: [], warnings: [], before: [], ...rest };
}

const namespaceIn = (id: string): string => {
  const [kind, name = ''] = id.split(':');
  return kind === 'bridge' || kind === 'table' ? 'host' : name;
};

const base = (id: Id, namespace = namespaceIn(id)) => ({
  kind: id.slice(0, id.indexOf(':')),
  id,
  topology: 'web-lab',
  namespace,
  impact: 'none' as const,
  origin: { file: 'topologies/web-lab.yaml', line: 9, column: 3 },
});

export const created = (id: Id, after: object, namespace?: string): Change => ({ ...base(id, namespace), action: 'create', after });

export const deleted = (id: Id, before: object, namespace?: string): Change => ({ ...base(id, namespace), action: 'delete', before });

export const changed = (
  id: Id,
  before: object,
  fields: readonly FieldChange[],
  rest: { action?: 'update' | 'replace'; impact?: Change['impact']; after?: object } = {},
): Change => {
  const { action = 'update', impact = action === 'replace' ? 'replace' : 'none' } = rest;
  const after = rest.after ?? { ...before, ...Object.fromEntries(fields.map(({ path, after: value }) => [path, value])) };
  return { ...base(id), action, impact, before, after, fields };
};

const end = (namespace: string, name: string, mtu: number) => ({
  namespace,
  name,
  mtu,
  up: true,
  group: 1,
  altname: '',
  alias: '',
  mac: '',
});

/** A bridge's port as the link kind has it: `web01:eth0` on br-web. */
export function port(at: string, bridge = 'br-web', mtu = 1500) {
  const [namespace = '', name = ''] = at.split(':');
  return { ...end(namespace, name, mtu), peer: 'bridge', bridge, far: end('host', `${namespace}-${name}`, mtu) };
}

/** A link between two namespaces. */
export function pair(at: string, other: string, mtu = 1500) {
  const [namespace = '', name = ''] = at.split(':');
  const [farNamespace = '', farName = ''] = other.split(':');
  return { ...end(namespace, name, mtu), peer: other, far: end(farNamespace, farName, mtu) };
}

export const addresses = (dev: string, ...list: string[]) => ({ dev, addresses: list });

export const route = (to: string, via: string, family = 'ipv4') => ({ family, to, type: 'unicast', via, dev: 'eth0', protocol: 4 });

export const publish = (namespace: string, hostPort: number, to: number, rest: object = {}) => ({
  namespace,
  hostPort,
  port: to,
  protocol: 'tcp',
  target: { ipv4: '172.30.1.2' },
  ...rest,
});

/** A namespace with a port, its address, default route and the files and sysctls that come with it. */
export function member(name: string, address: string, bridge = 'br-web', gateway = '172.30.1.1'): Change[] {
  return [
    created(`namespace:${name}`, { usable: true, marked: true, up: true }),
    created(`sysctl:${name}`, { 'net/ipv4/ip_forward': '0' }),
    created(`sysctl:${name}:eth0`, { 'net/ipv4/conf/eth0/rp_filter': '0' }),
    created(`file:/etc/netns/${name}/hosts`, { path: `/etc/netns/${name}/hosts`, content: '# netloom:web-lab\n' }, name),
    created(`link:${name}:eth0`, port(`${name}:eth0`, bridge)),
    created(`address:${name}:eth0`, addresses('eth0', address)),
    created(`route:${name}:0.0.0.0/0`, route('default', gateway)),
  ];
}

export const bridge = (rest: object = {}) => ({ mac: '02:00:00:00:00:01', mtu: 1500, stp: false, up: true, ...rest });
