import type { LinkState, NamespaceState, Snapshot } from '../../src/model/snapshot.ts';

/**
 * What two kernels must agree on, as lines that a person can read: no ifindex, inode or dynamic state; the host's lo, which every host has,
 * left out.
 */
export function project(snapshot: Snapshot): string[] {
  const namespaces = [...snapshot.namespaces.values()];
  // A namespace with several names appears under the first; the host's under `host`.
  const isHost = (state: NamespaceState): number => Number(state.name === 'host');
  const first = new Map(
    namespaces
      .toReversed()
      .toSorted((a, b) => isHost(a) - isHost(b))
      .map((state) => [state.inode, state.name]),
  );
  return [
    ...[...snapshot.names].filter(([, inode]) => inode === undefined).map(([name]) => `${name} is no namespace`),
    ...namespaces.flatMap((state) => {
      const own = first.get(state.inode);
      return own === state.name ? namespaceLines(state) : [`${state.name} is ${own}`];
    }),
    ...[...snapshot.tables.values()].flatMap((table) => [
      ...[...table.maps].flatMap(([name, { key, value, elements }]) => [
        `${table.name} map ${name}: ${key} to ${value}`,
        ...[...elements].map(([from, to]) => `${table.name} map ${name} ${from} -> ${to.value} "${to.comment}"`),
      ]),
      ...[...table.sets].map(([name, { key, elements }]) => `${table.name} set ${name}: ${key} {${elements.toSorted().join(', ')}}`),
      ...[...table.chains].flatMap(([name, { base, rules }]) => [
        `${table.name} chain ${name}${base ? `: ${base.type} ${base.hook} ${base.priority} ${base.policy}` : ''}`,
        ...rules.map((rule, index) => `${table.name} chain ${name} ${index}: ${rule}`),
      ]),
    ]),
    ...[...snapshot.files].map(([path, content]) => `${path}: ${JSON.stringify(content)}`),
  ].toSorted();
}

function namespaceLines(state: NamespaceState): string[] {
  return [
    ...state.links.filter((link) => state.name !== 'host' || link.ifname !== 'lo').map((link) => `${state.name} ${linkLine(link)}`),
    ...state.routes.map(
      ({ to, family, type, via, dev, metric, protocol }) =>
        `${state.name} route ${type === 'unicast' ? '' : `${type} `}${to === 'default' ? `default ${family}` : to}${via ? ` via ${via}` : ''}` +
        `${dev ? ` dev ${dev}` : ''} metric ${metric} proto ${protocol}`,
    ),
    ...[...state.sysctls].map(([path, value]) => `${state.name} ${path} = ${value.split(/\s+/).join(' ')}`),
  ];
}

function linkLine(link: LinkState): string {
  return [
    `${link.ifname}:`,
    link.kind,
    link.up ? 'up' : 'down',
    link.carrier ? 'carrier' : '',
    `mtu ${link.mtu}`,
    link.mac === '00:00:00:00:00:00' ? '' : link.mac,
    link.group === 0 ? '' : `group ${link.group}`,
    link.alias === '' ? '' : `"${link.alias}"`,
    ...link.altnames,
    link.peer ? `peer ${link.peer.namespace}:${link.peer.ifname}` : '',
    link.master ? `on ${link.master}` : '',
    link.port?.isolated ? 'isolated' : '',
    link.port?.hairpin ? 'hairpin' : '',
    link.bridge?.stp ? 'stp' : '',
    link.addresses.length > 0 ? `[${link.addresses.join(' ')}]` : '',
  ]
    .filter(Boolean)
    .join(' ');
}
