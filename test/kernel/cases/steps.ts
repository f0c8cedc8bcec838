import type { LinkSettings, NewEnd, Phase, RouteSpec, Step } from '../../../src/model/operation.ts';

/** A list of operations and what the host holds afterwards, as `project` says it. */
export interface Case {
  readonly claim: string;
  /** Each list is one `run`; the last one may fail. */
  readonly runs: readonly (readonly (readonly [Phase, Step])[])[];
  /** Statuses of the last run's operations; absent: all done. */
  readonly statuses?: readonly ('done' | 'failed' | 'skipped')[];
  /** Sysctls to look at, by namespace. */
  readonly sysctls?: Readonly<Record<string, readonly string[]>>;
  /** Every line of the projection. */
  readonly holds: readonly string[];
}

const GROUP = 4242;
export const MAC = { a: '02:00:00:00:00:0a', b: '02:00:00:00:00:0b', c: '02:00:00:00:00:0c', br: '02:00:00:00:00:99' };

export const add = (name: string): [Phase, Step] => ['create', { do: 'netns-add', name }];
export const end = (namespace: string, ifname: string, mac: string, mtu = 1500): NewEnd => ({ namespace, ifname, mac, mtu, group: GROUP });
export const veth = (first: NewEnd, second: NewEnd, master?: string): [Phase, Step] => [
  'create',
  { do: 'veth-add', ends: [first, second], ...(master === undefined ? {} : { master }) },
];
export const bridge = (ifname: string): [Phase, Step] => [
  'create',
  { do: 'bridge-add', namespace: 'host', ifname, mac: MAC.br, group: GROUP },
];
export const set = (namespace: string, dev: string, settings: LinkSettings, phase: Phase = 'configure'): [Phase, Step] => [
  phase,
  { do: 'link-set', namespace, dev, set: settings },
];
export const up = (namespace: string, dev: string): [Phase, Step] => set(namespace, dev, { up: true });
export const address = (namespace: string, dev: string, text: string): [Phase, Step] => [
  'configure',
  { do: 'address-add', namespace, dev, address: text },
];
export const removeAddress = (namespace: string, dev: string, text: string): [Phase, Step] => [
  'remove',
  { do: 'address-delete', namespace, dev, address: text },
];
export const sysctl = (namespace: string, path: string, value: string): [Phase, Step] => [
  'configure',
  { do: 'sysctl', namespace, path, value },
];
export const route = (namespace: string, spec: Partial<RouteSpec> & { to: string }): [Phase, Step] => [
  'configure',
  { do: 'route-replace', namespace, route: { family: 'ipv4', type: 'unicast', protocol: 4, ...spec } },
];
export const nft = (...lines: string[]): [Phase, Step] => ['guard', { do: 'nft', namespace: 'host', lines }];
export const remove = (namespace: string, dev: string): [Phase, Step] => ['remove', { do: 'link-delete', namespace, dev }];

/** Two namespaces, a pair between them, nothing of IPv6 by itself. */
export const QUIET: (readonly [Phase, Step])[] = ['a', 'b'].flatMap((name) => [
  add(name),
  sysctl(name, 'net/ipv6/conf/default/addr_gen_mode', '1'),
  sysctl(name, 'net/ipv6/conf/default/accept_dad', '0'),
]);
export const PAIR = [...QUIET, veth(end('a', 'eth0', MAC.a), end('b', 'eth0', MAC.b))];
export const QUIET_PAIR = [
  ...PAIR,
  sysctl('a', 'net/ipv6/conf/eth0/addr_gen_mode', '1'),
  sysctl('b', 'net/ipv6/conf/eth0/addr_gen_mode', '1'),
];
