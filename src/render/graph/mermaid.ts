import { visible } from '../text.ts';
import { type Graph, type GraphEdge, type GraphNode, type Line, MARKS, type Mark, marksIn } from './graph.ts';
import { INK, PALETTES } from './theme.ts';

/**
 * A graph as a Mermaid flowchart, for pages and pull requests that draw it themselves. Names and labels are quoted and spelled with entity
 * codes where they have other characters than a name may have, so that no text of a topology is taken for Mermaid's own or for HTML.
 */
export function renderMermaid(graph: Graph): string {
  const ids = new Map(graph.nodes.map(({ id }, index) => [id, `n${index}`]));
  const owners = new Map(graph.nodes.flatMap((node) => [[node.id, node], ...node.ports.map(({ id }) => [id, node] as const)] as const));
  const tops = graph.nodes.filter(({ parent }) => parent === undefined);
  const edges = graph.edges.map((edge) => edgeLine(edge, owners, ids));
  const lines = [
    '---',
    // A JSON string is a YAML string, too.
    `title: ${JSON.stringify(visible(graph.title))}`,
    '---',
    'flowchart LR',
    ...tops.flatMap((node) => nodeLines(node, graph, ids)).map((line) => `  ${line}`),
    ...edges.map((line) => `  ${line}`),
    ...styleLines(graph, ids).map((line) => `  ${line}`),
  ];
  return `${lines.join('\n')}\n`;
}

function nodeLines(node: GraphNode, graph: Graph, ids: ReadonlyMap<string, string>): string[] {
  const id = ids.get(node.id) ?? '';
  const head = [...(node.mark === undefined ? [] : [node.mark]).map(sign), quoted(node.caption)].join(' ');
  const name = node.name === '' || node.kind === 'host' ? [] : [`<b>${quoted(node.name)}</b>`];
  const inner = graph.nodes.filter(({ parent }) => parent === node.id);
  const facts = [
    ...node.lines.map(lineText),
    // A bridge's ports have no addresses; the lines to them bear their names.
    ...node.ports
      .filter(({ lines }) => lines.length > 0)
      .map(({ name: port, lines, mark }) => [signed(mark, port), ...lines.map(lineText)].join(' ')),
  ];
  if (node.kind === 'host')
    return subgraph(
      id,
      [head, ...facts],
      inner.flatMap((one) => nodeLines(one, graph, ids)),
    );
  if (node.kind === 'rack') {
    const cells = node.cells.map(
      (cell, index) => `${id}c${index}["${[signed(cell.mark, cell.name), ...cell.lines.map(lineText)].join(BREAK)}"]`,
    );
    return subgraph(id, [head], cells);
  }
  const cells = node.cells.map((cell) => [signed(cell.mark, cell.name), ...cell.lines.map(lineText)].join(' '));
  const text = [head, ...name, ...facts, ...cells].join(BREAK);
  return [node.kind === 'outside' ? `${id}(["${text}"])` : node.kind === 'ports' ? `${id}{{"${text}"}}` : `${id}["${text}"]`];
}

const BREAK = '<br/>';

const subgraph = (id: string, head: readonly string[], inner: readonly string[]): string[] => [
  `subgraph ${id}["${head.join(BREAK)}"]`,
  ...inner.map((line) => `  ${line}`),
  'end',
];

function edgeLine(edge: GraphEdge, owners: ReadonlyMap<string, GraphNode>, ids: ReadonlyMap<string, string>): string {
  const [from, to] = [edge.from, edge.to].map((end) => {
    const owner = owners.get(end);
    return { id: ids.get(owner?.id ?? '') ?? '', name: owner?.ports.find(({ id }) => id === end)?.name ?? owner?.name ?? '' };
  });
  const line = { link: '---', bundle: '===', flow: '-.->' }[edge.kind];
  const ends = edge.kind === 'link' ? [`${signed(edge.mark, from?.name ?? '')} #8212; ${quoted(to?.name ?? '')}`] : [];
  const label = [...ends, ...edge.lines.map(lineText)].join(BREAK);
  return `${from?.id} ${line}${label === '' ? '' : `|"${label}"|`} ${to?.id}`;
}

/** Borders and lines of what is marked; the rest is left to the page's own theme. */
function styleLines(graph: Graph, ids: ReadonlyMap<string, string>): string[] {
  const classes = marksIn(graph).map(
    (mark) => `classDef ${mark} stroke:${inkOf(mark)},stroke-width:3px${DASHED.includes(mark) ? ',stroke-dasharray:5 3' : ''}`,
  );
  const marked = graph.nodes.flatMap((node) => [
    ...(node.mark === undefined ? [] : [`class ${ids.get(node.id)} ${node.mark}`]),
    ...(node.kind === 'rack' ? node.cells : []).flatMap((cell, index) =>
      cell.mark === undefined ? [] : [`class ${ids.get(node.id)}c${index} ${cell.mark}`],
    ),
  ]);
  const links = graph.edges.flatMap(({ mark }, index) =>
    mark === undefined ? [] : [`linkStyle ${index} stroke:${inkOf(mark)},stroke-width:3px`],
  );
  return [...classes, ...marked, ...links];
}

const DASHED: readonly Mark[] = ['delete', 'missing'];

/** Between light and dark, so as to be seen on both. */
const inkOf = (mark: Mark): string => PALETTES.light.marks[INK[mark]].ink;

/** As entity codes: a line that begins with + or - would be a list. */
const sign = (mark: Mark): string => `#${MARKS[mark].sign.codePointAt(0)};`;

const signed = (mark: Mark | undefined, text: string): string => (mark === undefined ? quoted(text) : `${sign(mark)} ${quoted(text)}`);

const lineText = ({ text, mark }: Line): string => signed(mark, text);

/** Whatever is not part of names, addresses and plain words becomes Mermaid's entity code of it. */
const quoted = (text: string): string => visible(text).replace(/[^A-Za-z0-9 ._:/,-]/gu, (character) => `#${character.codePointAt(0)};`);
