import { HOST, type Topology } from '../../model/topology.ts';
import { groupBy } from '../group.ts';
import { byNature, plural } from '../text.ts';
import { bridgeLines, namespaceCaption, namespaceLines, networksOf } from './facts.ts';
import type { Cell, Graph, GraphEdge, GraphNode, GraphPort, Line, Mark } from './graph.ts';
import type { Marking } from './marks.ts';
import { type Subjects, subjectsOf, type Wire, type WireEnd } from './subjects.ts';
import { portCells, uplinkLines } from './translation.ts';

/** As many namespaces that hang alike on one bridge are drawn one by one, more stand in a rack; fewer where there are many in all. */
const mostSingle = (namespaces: number): number => (namespaces > 24 ? 2 : 6);

const HOST_BOX = 'host';
const OUTSIDE = 'outside';
const PORTS = 'ports';

/** The picture of a topology, with what there is to say of its objects. A pure function; placing and drawing are others' work. */
export function buildGraph(topology: Topology, marking: Marking): Graph {
  const subjects = subjectsOf(topology, marking.changes);
  const racked = rackedOf(subjects);
  const bridges = bridgeNodes(topology, subjects, racked, marking);
  const translation = translationNodes(topology, subjects, marking);
  const inside = [...hostEnds(subjects, marking), ...translation.inside, ...bridges];
  const nodes = [
    ...translation.outside,
    ...(inside.length === 0 ? [] : [hostNode(topology, marking)]),
    ...inside,
    ...namespaceNodes(topology, subjects, racked, marking),
    ...[...racked].map(([bridge, wires]) => rackNode(topology, bridge, wires, marking)),
  ];
  const edges = [...translation.edges, ...linkEdges(topology, subjects, racked, marking)];
  const { description } = topology;
  return { title: topology.name, ...(description === undefined ? {} : { description }), nodes, edges, says: marking.says };
}

/** By bridge: the links of those namespaces that have no other, where they are many. */
function rackedOf({ bridges, wires, namespaces }: Subjects): ReadonlyMap<string, readonly Wire[]> {
  const links = groupBy(
    wires.flatMap(({ ends }) => ends.map(({ namespace }) => namespace)),
    (namespace) => namespace,
  );
  const isLeaf = ({ ends: [, member] }: Wire): boolean =>
    links.get(member.namespace)?.length === 1 && namespaces.includes(member.namespace);
  return new Map(
    bridges.flatMap((bridge) => {
      const leaves = wires.filter((wire) => wire.bridge === bridge && isLeaf(wire));
      return leaves.length > mostSingle(namespaces.length) ? [[bridge, leaves] as const] : [];
    }),
  );
}

/** One interface may be in two links: the one that goes, and the one that comes. */
const portId = (wire: Wire, { namespace, name }: WireEnd): string => `${wire.id} ${namespace}:${name}`;
const rackId = (bridge: string): string => `rack:${bridge}`;

const marked = (mark: Mark | undefined): { readonly mark?: Mark } => (mark === undefined ? {} : { mark });

/** What is said of one end of a link: of the link, if anything, else of the interface. What is down is so whatever else it is. */
function endMark(wire: Wire, end: WireEnd, marking: Marking): Mark | undefined {
  const own = marking.ofInterface(end.namespace, end.name);
  return own === 'down' ? own : (marking.of(wire.id) ?? own);
}

const addressLines = (addresses: readonly string[]): Line[] => addresses.map((text) => ({ text, tone: 'address' }));

const portOf = (wire: Wire, end: WireEnd, marking: Marking): GraphPort => ({
  id: portId(wire, end),
  name: end.name,
  lines: addressLines(end.addresses),
  ...marked(endMark(wire, end, marking)),
});

function hostNode(topology: Topology, marking: Marking): GraphNode {
  const names = topology.namespaces.filter(({ share }) => share === HOST).map(({ name }) => name);
  const lines: Line[] = names.map((name) => ({ text: `also ${name}`, tone: 'note', ...marked(marking.of(`share:${name}`)) }));
  return box({ id: HOST_BOX, kind: 'host', caption: 'the host', name: 'host', lines: [...lines, ...marking.notes(HOST)] });
}

type Box = Pick<GraphNode, 'id' | 'kind' | 'caption' | 'name'> & Partial<GraphNode>;

const box = (node: Box): GraphNode => ({ lines: [], ports: [], cells: [], ...node });

function bridgeNodes(topology: Topology, subjects: Subjects, racked: ReadonlyMap<string, readonly Wire[]>, marking: Marking): GraphNode[] {
  return subjects.bridges.map((name) => {
    const bridge = topology.bridges.find((one) => one.name === name);
    const singles = subjects.wires.filter((wire) => wire.bridge === name && !racked.get(name)?.includes(wire));
    return box({
      id: `bridge:${name}`,
      kind: 'bridge',
      caption: bridge?.internal ? 'internal bridge' : 'bridge',
      name,
      parent: HOST_BOX,
      lines: bridge === undefined ? [] : bridgeLines(bridge, topology),
      ports: singles.map((wire) => portOf(wire, wire.ends[0], marking)),
      ...marked(marking.ofInterface(HOST, name) === 'down' ? 'down' : (marking.of(`bridge:${name}`) ?? marking.ofInterface(HOST, name))),
    });
  });
}

/** Ends of links that are interfaces of the host itself. */
const hostEnds = ({ wires }: Subjects, marking: Marking): GraphNode[] =>
  wires.flatMap((wire) =>
    wire.bridge === undefined
      ? wire.ends
          .filter(({ namespace }) => namespace === HOST)
          .map((end) =>
            box({
              id: portId(wire, end),
              kind: 'interface',
              caption: 'interface',
              name: end.name,
              parent: HOST_BOX,
              lines: addressLines(end.addresses),
              ...marked(endMark(wire, end, marking)),
            }),
          )
      : [],
  );

function namespaceNodes(
  topology: Topology,
  subjects: Subjects,
  racked: ReadonlyMap<string, readonly Wire[]>,
  marking: Marking,
): GraphNode[] {
  const inRack = new Set([...racked.values()].flatMap((wires) => wires.map(({ ends: [, member] }) => member.namespace)));
  return subjects.namespaces
    .filter((name) => !inRack.has(name))
    .map((name) => {
      const ends = subjects.wires.flatMap((wire) => wire.ends.filter(({ namespace }) => namespace === name).map((end) => ({ wire, end })));
      return box({
        id: `namespace:${name}`,
        kind: 'namespace',
        caption: namespaceCaption(topology, name),
        name,
        lines: [...namespaceLines(topology, name, marking, ends.length === 0), ...marking.notes(name)],
        ports: ends.map(({ wire, end }) => portOf(wire, end, marking)),
        ...marked(namespaceMark(name, marking)),
      });
    });
}

const namespaceMark = (name: string, marking: Marking): Mark | undefined => marking.of(`namespace:${name}`) ?? marking.of(`attach:${name}`);

function rackNode(topology: Topology, bridge: string, wires: readonly Wire[], marking: Marking): GraphNode {
  const cells = wires.map((wire): Cell => {
    const [port, member] = wire.ends;
    const { namespace } = member;
    const mark = namespaceMark(namespace, marking) ?? endMark(wire, member, marking) ?? endMark(wire, port, marking);
    const [first, ...rest] = member.addresses;
    const lines: Line[] = [
      { text: first === undefined ? member.name : `${member.name} ${first}`, tone: 'address' },
      ...addressLines(rest),
      { text: port.name, tone: 'note' },
      ...namespaceLines(topology, namespace, marking, false),
      ...marking.notes(namespace),
    ];
    return { id: `namespace:${namespace}`, name: namespace, lines, ...marked(mark) };
  });
  const caption = `${plural(cells.length, 'namespace')} on ${bridge}`;
  return box({ id: rackId(bridge), kind: 'rack', caption, name: '', cells: cells.toSorted((a, b) => byNature(a.name, b.name)) });
}

function linkEdges(topology: Topology, subjects: Subjects, racked: ReadonlyMap<string, readonly Wire[]>, marking: Marking): GraphEdge[] {
  const bundled = new Set([...racked.values()].flat());
  const singles = subjects.wires.filter((wire) => !bundled.has(wire)).map((wire) => linkEdge(topology, subjects, wire, marking));
  const bundles = [...racked.keys()].map(
    (bridge): GraphEdge => ({
      id: `bundle:${bridge}`,
      kind: 'bundle',
      from: `bridge:${bridge}`,
      to: rackId(bridge),
      lines: [],
    }),
  );
  return [...bundles, ...singles];
}

function linkEdge(topology: Topology, subjects: Subjects, wire: Wire, marking: Marking): GraphEdge {
  const marks = wire.ends.map((end) => endMark(wire, end, marking));
  const mark = marks.includes('down') ? 'down' : marking.of(wire.id);
  const [from, to] = directed(wire, subjects).map((end) => portId(wire, end));
  // At a bridge its box says the network.
  const lines = wire.bridge === undefined ? networksOf(topology, wire) : [];
  return { id: wire.id, kind: 'link', from: from ?? '', to: to ?? '', lines, ...marked(mark) };
}

/** From a bridge to its members; from a machine on a LAN to the host's interface there; else from the host, or as the file has them. */
function directed({ ends, bridge }: Wire, { wires }: Subjects): readonly [WireEnd, WireEnd] {
  const [first, second] = ends;
  if (bridge !== undefined || first.namespace !== HOST) return ends;
  const isOnBridge = wires.some((other) => other.bridge !== undefined && other.ends[1].namespace === second.namespace);
  return isOnBridge ? ends : [second, first];
}

/** What is beyond the host, the box where addresses and ports are translated, and the ways between them. */
function translationNodes(
  topology: Topology,
  subjects: Subjects,
  marking: Marking,
): { readonly outside: readonly GraphNode[]; readonly inside: readonly GraphNode[]; readonly edges: readonly GraphEdge[] } {
  const cells = portCells(subjects, marking);
  const natted = topology.bridges.filter(({ nat }) => nat.ipv4 || nat.ipv6).map(({ name }) => name);
  const open = topology.bridges
    .filter(({ inbound, internal, allow }) => !internal && (inbound === 'open' || allow.some(({ from }) => from.kind === 'outside')))
    .map(({ name }) => name);
  const publishing = topology.publishes.map(({ bridge }) => bridge);
  const flow = (from: string, to: string): GraphEdge => ({ id: `flow:${from} ${to}`, kind: 'flow', from, to, lines: [] });
  const translated = [...new Set([...publishing, ...natted])];
  const hasBox = cells.length > 0 || natted.length > 0;
  if (!hasBox && open.length === 0) return { outside: [], inside: [], edges: [] };
  const lines: Line[] = natted.map((name) => ({ text: `NAT for what leaves ${name}`, tone: 'note' }));
  return {
    outside: [
      box({ id: OUTSIDE, kind: 'outside', caption: "beyond the host's uplinks", name: 'outside', lines: uplinkLines(marking.uplinks) }),
    ],
    inside: hasBox
      ? [
          box({
            id: PORTS,
            kind: 'ports',
            caption: cells.length > 0 ? 'published ports' : 'address translation',
            name: '',
            parent: HOST_BOX,
            lines,
            cells,
          }),
        ]
      : [],
    edges: [
      ...(hasBox ? [flow(OUTSIDE, PORTS)] : []),
      ...translated.map((name) => flow(PORTS, `bridge:${name}`)),
      ...open.filter((name) => !translated.includes(name)).map((name) => flow(OUTSIDE, `bridge:${name}`)),
    ],
  };
}
