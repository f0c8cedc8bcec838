import { visible } from '../text.ts';
import { escapeXml } from './escape.ts';
import { type Cell, type Graph, type GraphEdge, type GraphNode, type GraphPort, type Line, MARKS, type Mark } from './graph.ts';
import { INK, PALETTES } from './theme.ts';

/** How many cells of a rack stand side by side. */
const COLUMNS = 4;

const { kinds, marks, wire, neutral } = PALETTES.light;

/** A graph for Graphviz. Every text is an HTML-like label, in which only what XML acts on needs an escape. */
export function renderDot(graph: Graph): string {
  const ids = new Map(graph.nodes.map(({ id }, index) => [id, `n${index}`]));
  const ends = new Map(
    graph.nodes.flatMap(
      (node) =>
        [[node.id, ids.get(node.id) ?? ''], ...node.ports.map(({ id }, index) => [id, `${ids.get(node.id)}:p${index}`] as const)] as const,
    ),
  );
  const tops = graph.nodes.filter(({ parent }) => parent === undefined);
  const title = graph.description === undefined ? '' : `<BR/><FONT POINT-SIZE="11">${quoted(graph.description)}</FONT>`;
  const lines = [
    'graph {',
    `  graph [rankdir=LR, nodesep=0.3, ranksep=0.9, fontname="Helvetica", labelloc=t, labeljust=l, label=<<B>${quoted(graph.title)}</B>${title}>]`,
    '  node [shape=plain, fontname="Helvetica", fontsize=11]',
    `  edge [fontname="Helvetica", fontsize=10, color="${wire}"]`,
    ...tops.flatMap((node) => nodeLines(node, graph, ids)).map((line) => `  ${line}`),
    ...graph.edges.map((edge) => `  ${edgeLine(edge, ends)}`),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

function nodeLines(node: GraphNode, graph: Graph, ids: ReadonlyMap<string, string>): string[] {
  const id = ids.get(node.id) ?? '';
  if (node.kind !== 'host') return [`${id} [label=<${table(node, graph.says)}>]`];
  const label = [`<B>${quoted(node.caption)}</B>`, ...node.lines.map(lineText)].join('<BR/>');
  const inner = graph.nodes.filter(({ parent }) => parent === node.id).flatMap((one) => nodeLines(one, graph, ids));
  return [
    `subgraph cluster_${id} {`,
    `  graph [label=<${label}>, style=dashed, color="${kinds.host.stroke}", bgcolor="${kinds.host.fill}"]`,
    ...inner.map((line) => `  ${line}`),
    '}',
  ];
}

function table(node: GraphNode, says: Graph['says']): string {
  const paint = says === 'file' ? kinds[node.kind] : neutral;
  const ink = node.mark === undefined ? undefined : marks[INK[node.mark]];
  const head = [
    `<FONT POINT-SIZE="9">${signed(node.mark, node.caption)}</FONT>`,
    ...(node.name === '' ? [] : [`<B>${quoted(node.name)}</B>`]),
    ...node.lines.map(lineText),
  ];
  const width = Math.min(COLUMNS, Math.max(1, node.kind === 'rack' ? node.cells.length : 1));
  const rows = [
    `<TR><TD COLSPAN="${width}" ALIGN="LEFT" BALIGN="LEFT">${head.join('<BR/>')}</TD></TR>`,
    ...node.ports.map(portRow),
    ...chunks(node.cells, width).map((cells) => `<TR>${cells.map(cellData).join('')}</TR>`),
  ];
  const style = ['ROUNDED', ...(isDashed(node) ? ['DASHED'] : [])].join(',');
  const frame = `STYLE="${style}" BGCOLOR="${ink?.tint ?? paint.fill}" COLOR="${ink?.ink ?? paint.stroke}"`;
  return `<TABLE BORDER="${node.mark === undefined ? 1 : 2}" CELLBORDER="0" CELLSPACING="4" CELLPADDING="3" ${frame}>${rows.join('')}</TABLE>`;
}

const isDashed = ({ kind, mark }: GraphNode): boolean => kind === 'outside' || mark === 'delete' || mark === 'missing';

const portRow = ({ name, lines, mark }: GraphPort, index: number): string =>
  `<TR><TD PORT="p${index}" ALIGN="LEFT" BALIGN="LEFT"><B>${signed(mark, name)}</B>${lines.map((line) => `<BR/>${lineText(line)}`).join('')}</TD></TR>`;

function cellData({ name, lines, mark }: Cell): string {
  const colour = mark === undefined ? neutral.stroke : marks[INK[mark]].ink;
  return `<TD BORDER="1" COLOR="${colour}" ALIGN="LEFT" BALIGN="LEFT"><B>${signed(mark, name)}</B>${lines.map((line) => `<BR/>${lineText(line)}`).join('')}</TD>`;
}

function edgeLine({ from, to, kind, lines, mark }: GraphEdge, ends: ReadonlyMap<string, string>): string {
  const attributes = [
    ...(kind === 'flow' ? ['style=dashed', 'dir=forward'] : []),
    ...(kind === 'bundle' ? ['penwidth=4'] : []),
    ...(mark === undefined ? [] : [`color="${marks[INK[mark]].ink}"`, 'penwidth=2']),
    ...(lines.length === 0 ? [] : [`label=<${lines.map(lineText).join('<BR/>')}>`]),
  ];
  return `${ends.get(from)} -- ${ends.get(to)}${attributes.length === 0 ? '' : ` [${attributes.join(', ')}]`}`;
}

const signed = (mark: Mark | undefined, text: string): string =>
  mark === undefined ? quoted(text) : `<FONT COLOR="${marks[INK[mark]].ink}">${quoted(MARKS[mark].sign)} ${quoted(text)}</FONT>`;

const lineText = ({ text, mark }: Line): string => signed(mark, text);

const quoted = (text: string): string => escapeXml(visible(text));

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}
