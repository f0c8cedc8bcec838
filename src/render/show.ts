import type { InterfaceInventory, Inventory, NamespaceInventory, TopologyInventory } from '../model/report.ts';
import type { Describe } from './change/entry.ts';
import { publishTexts } from './change/publish.ts';
import { renderChanges, renderTitle } from './plan.ts';
import { glyphs, type Style } from './style.ts';
import { type Column, renderTable, widthOfTable } from './table.ts';
import { byNature, plural } from './text.ts';

/**
 * What netloom owns here: for each topology who is connected to whom, through what, with which address and port; then the bridges, what
 * lacks carrier and why, and what differs from the file.
 */
export function renderInventory(inventory: Inventory, describe: Describe, style: Style): string {
  const blocks = inventory.topologies.map((topology) => {
    const drift = inventory.drift.filter((change) => change.topology === topology.name);
    return [
      renderTitle({ ...topology, topology: topology.name }, style),
      ...renderNamespaces(topology, style),
      ...renderBridges(topology, style),
      ...renderSilent(topology),
      ...(drift.length === 0
        ? []
        : [
            '',
            style.colors.yellow(`  differs from the file; \`netloom apply ${topology.name}\` would:`),
            ...renderChanges(drift, describe, style),
          ]),
    ].join('\n');
  });
  return blocks.length === 0 ? 'netloom owns nothing here.' : blocks.join('\n\n');
}

function renderNamespaces(topology: TopologyInventory, style: Style): string[] {
  const { colors } = style;
  const columns: Column[] = [
    { title: 'NAMESPACE', paint: colors.bold },
    { title: 'INTERFACE' },
    { title: 'ADDRESS', paint: colors.cyan, least: 13 },
    { title: 'STATE', paint: (cell) => (cell.startsWith('up') ? colors.green(cell) : colors.yellow(cell)) },
    ...(style.verbose ? [{ title: 'MTU' }, { title: 'MAC' }] : []),
    { title: 'OTHER END', least: 10 },
    { title: 'BRIDGE', least: 6 },
    { title: 'PUBLISHED', paint: colors.magenta, least: 9 },
  ];
  const rowsAs = (stacked: boolean): string[][] => topology.namespaces.flatMap((namespace) => rowsOf(namespace, style, stacked));
  const joined = rowsAs(false);
  if (joined.length === 0) return [];
  const stacked = style.width !== undefined && widthOfTable(columns, joined) > style.width;
  return ['', renderTable(columns, stacked ? rowsAs(true) : joined, style)];
}

/** `stacked`: several addresses or ports are put under each other. A pipe gets one line an interface, with all there is in it, for grep. */
function rowsOf(namespace: NamespaceInventory, style: Style, stacked: boolean): string[][] {
  const repeated = style.width === undefined;
  const more = style.verbose ? ['', ''] : [];
  const publishes = publishTexts(namespace.publish);
  if (namespace.shared !== undefined) return [[namespace.name, `${style.words ? 'same as' : '='} ${namespace.shared}`]];
  const shown = namespace.interfaces.filter((one) => one.name !== 'lo' || one.addresses.length > 0 || style.verbose);
  if (shown.length === 0) return [[namespace.name, 'lo', 'only lo', '', ...more, '', '', publishes.join(' ')]];
  // Ports are the namespace's; they stand beside its first real interface.
  const main = shown.find((one) => one.name !== 'lo') ?? shown[0];
  const rows = shown.flatMap((one, index): string[][] => {
    const name = index === 0 || repeated ? namespace.name : '';
    const published = one === main ? publishes : [];
    const first = (addresses: string, ports: string): string[] => {
      const details = style.verbose ? [String(one.mtu), one.mac] : [];
      return [name, one.name, addresses, stateOf(one), ...details, otherEnd(one), one.bridge ?? '', ports];
    };
    const addresses = said(one.addresses, style);
    if (!stacked) return [first(addresses.join(' '), published.join(' '))];
    const height = Math.max(1, addresses.length, published.length);
    return Array.from({ length: height }, (_, line) => {
      const [address, port] = [addresses[line] ?? '', published[line] ?? ''];
      return line === 0 ? first(address, port) : ['', '', address, '', ...more, '', '', port];
    });
  });
  return style.verbose ? [...rows, ...routeRows(namespace, repeated)] : rows;
}

/** Link-local addresses are everywhere where there is IPv6, and said under -v. */
const said = (addresses: readonly string[], style: Style): readonly string[] =>
  style.verbose ? addresses : addresses.filter((address) => !address.startsWith('fe80:'));

/** A bridge's port is always the host's: its name says enough. */
function otherEnd({ peer, bridge }: InterfaceInventory): string {
  if (peer === undefined) return '';
  return bridge === undefined ? `${peer.namespace}:${peer.interface}` : peer.interface;
}

function routeRows(namespace: NamespaceInventory, repeated: boolean): string[][] {
  return namespace.routes.map((route) => {
    const words = [
      route.type === 'unicast' ? '' : route.type,
      route.to,
      route.via === undefined ? '' : `via ${route.via}`,
      route.dev === undefined ? '' : `dev ${route.dev}`,
      route.metric === undefined ? '' : `metric ${route.metric}`,
    ];
    return [repeated ? namespace.name : '', 'route', words.filter((word) => word !== '').join(' ')];
  });
}

function stateOf(one: InterfaceInventory): string {
  if (!one.up) return 'down';
  return one.carrier ? 'up' : 'no carrier';
}

function renderBridges(topology: TopologyInventory, style: Style): string[] {
  if (topology.bridges.length === 0) return [];
  const { colors } = style;
  const ours = new Set(
    topology.namespaces.flatMap(({ interfaces }) => interfaces.flatMap((one) => (one.bridge === undefined ? [] : [one.peer?.interface]))),
  );
  const columns: Column[] = [
    { title: 'BRIDGE', paint: colors.bold },
    { title: 'ADDRESS', paint: colors.cyan },
    { title: 'STATE', paint: (cell) => (cell === 'up' ? colors.green(cell) : colors.yellow(cell)) },
    { title: 'MTU' },
    { title: 'PORTS' },
  ];
  const heads = topology.bridges.map((bridge) => [
    bridge.name,
    said(bridge.addresses, style).join(' '),
    bridge.up ? 'up' : 'down',
    String(bridge.mtu),
  ]);
  const taken = columns
    .slice(0, -1)
    .map(({ title }, index) => Math.max(title.length, ...heads.map((head) => head[index]?.length ?? 0)) + 2);
  const room = (style.width ?? Number.POSITIVE_INFINITY) - taken.reduce((sum, width) => sum + width, 2);
  const rows = topology.bridges.map((bridge, index) => {
    const ports = bridge.members.toSorted(byNature).map((port) => (ours.has(port) ? port : `${port} (not netloom's)`));
    return [...(heads[index] ?? []), asManyAs(ports, style.verbose ? Number.POSITIVE_INFINITY : room, style)];
  });
  return ['', renderTable(columns, rows, style)];
}

/** Ports as far as there is room, and how many more there are: the table above has them all. */
function asManyAs(ports: readonly string[], room: number, style: Style): string {
  if (ports.length === 0) return 'none';
  const { ellipsis } = glyphs(style);
  for (let count = ports.length; count > 0; count--) {
    const rest = ports.length - count;
    const text = ports.slice(0, count).join(', ') + (rest > 0 ? `, ${ellipsis} ${rest} more` : '');
    if (text.length <= room) return text;
  }
  return plural(ports.length, 'port');
}

/** Interfaces that are up and hear nothing, with the reason. */
function renderSilent(topology: TopologyInventory): string[] {
  const lines = topology.namespaces.flatMap(({ name, interfaces }) =>
    interfaces.flatMap((one) => {
      if (!one.up || one.carrier || one.name === 'lo') return [];
      // A veth pair has carrier while both ends are up (drivers/net/veth.c, veth_open).
      const other = one.peer && `${one.peer.namespace}:${one.peer.interface}`;
      return [`  ${name}:${one.name} has no carrier: its other end ${other === undefined ? 'is gone' : `${other} is down`}`];
    }),
  );
  return lines.length === 0 ? [] : ['', ...lines];
}
