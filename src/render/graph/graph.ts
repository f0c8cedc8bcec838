/**
 * A topology as a picture has it, before anything is placed or drawn: boxes, the ends of links in them, lines between them. Every text is
 * as the topology has it; renderers escape. Ids are unique in a graph and for programs alone.
 */
export interface Graph {
  readonly title: string;
  readonly description?: string;
  /** In the order in which a person would read them. A node of a `parent` comes after it. */
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** What the marks say: nothing, a plan, or how the host differs from the file. */
  readonly says: 'file' | 'plan' | 'live';
}

/**
 * `host`: the box around what lives in the host's own namespace. `interface`: an end of a link that is the host's. `ports`: the published
 * ports. `outside`: whatever lies beyond the host's uplinks. `rack`: many namespaces that hang alike on one bridge.
 */
export type NodeKind = 'host' | 'namespace' | 'bridge' | 'interface' | 'ports' | 'outside' | 'rack';

export interface GraphNode {
  readonly id: string;
  readonly kind: NodeKind;
  /** What it is: `namespace`, `bridge`, `router`. */
  readonly caption: string;
  /** Its own name; empty for a rack. */
  readonly name: string;
  readonly lines: readonly Line[];
  /** The box that it stands in. */
  readonly parent?: string;
  /** Where links end, in the order of the file. */
  readonly ports: readonly GraphPort[];
  /** What a rack or the published ports hold, side by side. */
  readonly cells: readonly Cell[];
  readonly mark?: Mark;
}

/** An end of a link, inside of the box of its namespace or bridge. */
export interface GraphPort {
  readonly id: string;
  /** The interface's name. */
  readonly name: string;
  readonly lines: readonly Line[];
  readonly mark?: Mark;
}

export interface Cell {
  readonly id: string;
  readonly name: string;
  readonly lines: readonly Line[];
  readonly mark?: Mark;
}

/** One line of text. `address`: an address or network; `note`: anything else. */
export interface Line {
  readonly text: string;
  readonly tone: 'address' | 'note';
  readonly mark?: Mark;
}

/** `from` and `to` are ids of ports, or of nodes where no interface is meant. A reader's eye goes from the first to the second. */
export interface GraphEdge {
  readonly id: string;
  /** `link`: a veth pair; `bundle`: those of a rack; `flow`: where packets go by translation. */
  readonly kind: 'link' | 'bundle' | 'flow';
  readonly from: string;
  readonly to: string;
  /** Networks, and what else there is to say of the link as a whole. */
  readonly lines: readonly Line[];
  readonly mark?: Mark;
}

/** What is said of an object. The first four are a plan's, the others a live host's. */
export type Mark = 'create' | 'update' | 'replace' | 'delete' | 'missing' | 'drift' | 'down' | 'extra';

/** Colour alone says nothing to many: every mark has a sign, too, and a word for the legend. */
export const MARKS: Readonly<Record<Mark, { readonly sign: string; readonly word: string }>> = {
  create: { sign: '+', word: 'is created' },
  update: { sign: '~', word: 'changes in place' },
  replace: { sign: '±', word: 'is removed and made again' },
  delete: { sign: '-', word: 'is removed' },
  missing: { sign: '×', word: 'is missing' },
  drift: { sign: '≠', word: 'differs from the file' },
  down: { sign: '↓', word: 'is down' },
  extra: { sign: '?', word: 'is not in the file' },
};

/** Every mark in the graph, once, in the order above. */
export function marksIn(graph: Graph): Mark[] {
  const parts = [...graph.edges, ...graph.nodes.flatMap((node) => [node, ...node.ports, ...node.cells])];
  const found = new Set(parts.flatMap(({ mark, lines }) => [mark, ...lines.map((line) => line.mark)]));
  return (Object.keys(MARKS) as Mark[]).filter((mark) => found.has(mark));
}
