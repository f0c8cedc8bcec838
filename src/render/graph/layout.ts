import ElkConstructor, { type ElkExtendedEdge, type ElkNode, type ElkPort, type LayoutOptions } from 'elkjs/lib/elk.bundled.js';
import { linesBlock, portBlock, sizeOf } from './block.ts';
import type { Graph, GraphEdge, GraphNode, GraphPort } from './graph.ts';

/** A graph with a place for everything; coordinates are absolute, from the upper left corner. */
export interface Placed {
  readonly width: number;
  readonly height: number;
  /** Boxes that hold others come before what they hold. */
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedNode extends Rectangle {
  readonly node: GraphNode;
  readonly ports: readonly PlacedPort[];
}

/** An end of a link: the middle of its height, on one side of its box. */
export interface PlacedPort {
  readonly port: GraphPort;
  readonly side: 'west' | 'east';
  readonly y: number;
}

export interface PlacedEdge {
  readonly edge: GraphEdge;
  /** Corners of the line, from end to end. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Where its text stands, if it has any. */
  readonly label?: Rectangle;
}

/** Not inherited: what holds boxes says it for itself. */
const SPACING: LayoutOptions = {
  'elk.spacing.nodeNode': '26',
  'elk.spacing.edgeNode': '20',
  'elk.spacing.edgeEdge': '12',
  'elk.layered.spacing.nodeNodeBetweenLayers': '64',
  'elk.layered.spacing.edgeNodeBetweenLayers': '24',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '12',
};

const ROOT_OPTIONS: LayoutOptions = {
  ...SPACING,
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.json.shapeCoords': 'ROOT',
  'elk.json.edgeCoords': 'ROOT',
  // The order of the file decides where there is a choice, and a picture is the same every time.
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.randomSeed': '1',
  'elk.layered.thoroughness': '15',
  'elk.spacing.componentComponent': '36',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.aspectRatio': '1.6',
  'elk.padding': '[top=0,left=0,bottom=0,right=0]',
};

/** For a long row of namespaces: it goes on below, as text does. The kernel does not do this with boxes in boxes. */
const WRAPPED: LayoutOptions = {
  'elk.hierarchyHandling': 'SEPARATE_CHILDREN',
  'elk.layered.wrapping.strategy': 'MULTI_EDGE',
  'elk.layered.wrapping.additionalEdgeSpacing': '30',
};

/** Wider than this a picture is no longer one. */
const TOO_WIDE = { width: 3000, times: 4 };

/** Places a graph with the Eclipse Layout Kernel: layers from left to right, lines at right angles and around the boxes. */
export async function place(graph: Graph): Promise<Placed> {
  const placed = await placeWith(graph, {});
  const isRow = placed.width > TOO_WIDE.width && placed.width > TOO_WIDE.times * placed.height;
  return isRow && graph.nodes.every(({ parent }) => parent === undefined) ? placeWith(graph, WRAPPED) : placed;
}

async function placeWith(graph: Graph, options: LayoutOptions): Promise<Placed> {
  const elk = new ElkConstructor.default();
  const root: ElkNode = {
    id: 'root',
    layoutOptions: { ...ROOT_OPTIONS, ...options },
    children: childrenOf(graph, undefined),
    edges: graph.edges.map(edgeOf),
  };
  const laidOut = await elk.layout(root);
  const nodes = flatten(laidOut.children ?? []);
  const edges = new Map((laidOut.edges ?? []).map((edge) => [edge.id, edge]));
  return {
    width: laidOut.width ?? 0,
    height: laidOut.height ?? 0,
    nodes: graph.nodes.flatMap((node) => placedNode(node, nodes.get(node.id)) ?? []),
    edges: graph.edges.flatMap((edge) => placedEdge(edge, edges.get(edge.id)) ?? []),
  };
}

function childrenOf(graph: Graph, parent: string | undefined): ElkNode[] {
  return graph.nodes.filter((node) => node.parent === parent).map((node) => elkNode(node, childrenOf(graph, node.id)));
}

function elkNode(node: GraphNode, children: ElkNode[]): ElkNode {
  const { width, height, head } = sizeOf(node);
  if (node.kind === 'host') {
    const layoutOptions = {
      ...SPACING,
      'elk.layered.spacing.nodeNodeBetweenLayers': '40',
      'elk.padding': `[top=${head + 8},left=20,bottom=20,right=20]`,
      'elk.nodeSize.constraints': 'MINIMUM_SIZE',
      'elk.nodeSize.minimum': `(${width},${height})`,
    };
    return { id: node.id, children, layoutOptions };
  }
  return {
    id: node.id,
    width,
    height,
    ports: node.ports.map(elkPort),
    layoutOptions: {
      'elk.portConstraints': 'FREE',
      'elk.nodeSize.constraints': 'PORTS MINIMUM_SIZE',
      'elk.nodeSize.minimum': `(${width},${height})`,
      'elk.spacing.portPort': '8',
      'elk.spacing.individual': `elk.spacing.portsSurrounding:[top=${node.ports.length > 0 ? head - 6 : 8},left=0,bottom=8,right=0]`,
    },
  };
}

/**
 * As high as its text, so that the texts of one side never meet; and without width, being on the very edge of its box. An even height
 * has a middle without fraction, which keeps lines straight.
 */
const elkPort = (port: GraphPort): ElkPort => ({ id: port.id, width: 0, height: even(portBlock(port).height) });

const even = (value: number): number => 2 * Math.ceil(value / 2);

function edgeOf({ id, from, to, lines }: GraphEdge): ElkExtendedEdge {
  const { width, height } = linesBlock(lines);
  const labels =
    lines.length === 0 ? [] : [{ id: `${id} label`, text: id, width: width + 10, height: even(height + 4), layoutOptions: INLINE }];
  return { id, sources: [from], targets: [to], labels };
}

const INLINE: LayoutOptions = { 'elk.edgeLabels.placement': 'CENTER', 'elk.edgeLabels.inline': 'true' };

function flatten(nodes: readonly ElkNode[]): Map<string, ElkNode> {
  return new Map(nodes.flatMap((node) => [[node.id, node] as const, ...flatten(node.children ?? [])]));
}

function placedNode(node: GraphNode, at: ElkNode | undefined): PlacedNode | undefined {
  if (at === undefined) return undefined;
  const rectangle = rectangleOf(at);
  const ports = node.ports.flatMap((port): PlacedPort[] => {
    const found = at.ports?.find(({ id }) => id === port.id);
    if (found === undefined) return [];
    const { x, y, height } = rectangleOf(found);
    return [{ port, side: x < rectangle.x + rectangle.width / 2 ? 'west' : 'east', y: y + height / 2 }];
  });
  return { ...rectangle, node, ports };
}

const rectangleOf = ({ x = 0, y = 0, width = 0, height = 0 }: Partial<Rectangle>): Rectangle => ({ x, y, width, height });

function placedEdge(edge: GraphEdge, at: ElkExtendedEdge | undefined): PlacedEdge | undefined {
  const [section] = at?.sections ?? [];
  if (section === undefined) return undefined;
  const label = at?.labels?.[0];
  const points = levelled([section.startPoint, ...(section.bendPoints ?? []), section.endPoint]);
  return { edge, points, ...(label === undefined ? {} : { label: rectangleOf(label) }) };
}

/** The kernel takes ends that are a pixel apart for level, and draws a slant; so that none is seen, a line keeps the height it has. */
function levelled(points: PlacedEdge['points']): PlacedEdge['points'] {
  const level: { x: number; y: number }[] = [];
  for (const { x, y } of points) {
    const last = level.at(-1);
    level.push({ x, y: last !== undefined && Math.abs(last.y - y) <= 1.5 ? last.y : y });
  }
  return level;
}
