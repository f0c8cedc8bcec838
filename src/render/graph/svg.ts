import { visible } from '../text.ts';
import { BADGE, type Block, CELL_INSET, gridOf, headBlock, linesBlock, PADDING, portBlock, type Run, sizeOf } from './block.ts';
import { escapeXml } from './escape.ts';
import { type Graph, MARKS, type Mark, marksIn } from './graph.ts';
import type { Placed, PlacedEdge, PlacedNode, PlacedPort } from './layout.ts';
import { FONTS, type FontName, round, textWidth, wrap } from './measure.ts';
import { styleSheet, type Theme } from './theme.ts';

const MARGIN = 24;
/** A description is not set narrower than this, however small the picture. */
const LEAST_WIDTH = 420;
const LINE = 18;
const TITLE_LINE = 26;

/** A placed graph as an SVG document. It stands for itself: no fonts, scripts or pictures from elsewhere. */
export function renderSvg(graph: Graph, placed: Placed, theme: Theme): string {
  const width = Math.ceil(Math.max(placed.width, LEAST_WIDTH)) + 2 * MARGIN;
  const title = titleParts(graph, width - 2 * MARGIN);
  const top = MARGIN + title.height;
  const legend = legendParts(graph, width - 2 * MARGIN);
  const height = Math.ceil(top + placed.height + (legend.height === 0 ? 0 : 20 + legend.height) + MARGIN);
  const boxes = placed.nodes.filter(({ node }) => node.kind === 'host');
  const others = placed.nodes.filter(({ node }) => node.kind !== 'host');
  const insides = new Set(graph.nodes.flatMap((node) => (node.parent === undefined ? [] : [node.id, ...node.ports.map(({ id }) => id)])));
  const shift = round(MARGIN + Math.max(0, (LEAST_WIDTH - placed.width) / 2));
  const name = escapeXml(visible(graph.title));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="${graph.says}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${name}">`,
    `<title>${name}</title>`,
    ...(graph.description === undefined ? [] : [`<desc>${escapeXml(visible(graph.description))}</desc>`]),
    `<style>\n${styleSheet(theme, graph.says)}\n</style>`,
    `<rect class="page" width="${width}" height="${height}"/>`,
    ...at(MARGIN, MARGIN, title.parts),
    ...at(shift, top, [
      ...boxes.flatMap(nodeParts),
      ...placed.edges.flatMap((edge) => edgeParts(edge, insides.has(edge.edge.from) && insides.has(edge.edge.to))),
      ...others.flatMap(nodeParts),
    ]),
    ...at(MARGIN, top + placed.height + 20, legend.parts),
    '</svg>\n',
  ].join('\n');
}

const at = (x: number, y: number, parts: readonly string[]): string[] =>
  parts.length === 0 ? [] : [`<g transform="translate(${round(x)} ${round(y)})">`, ...parts, '</g>'];

/** One text, held to the width that was kept free for it. */
function text(x: number, y: number, content: string, font: FontName, mark?: Mark): string {
  const width = textWidth(content, font);
  const classes = mark === undefined ? font : `${font} ${mark}`;
  return `<text class="${classes}" x="${round(x)}" y="${round(y)}" textLength="${width}" lengthAdjust="spacingAndGlyphs">${escapeXml(content)}</text>`;
}

const runText = (x: number, y: number, run: Run): string => text(x, y + run.y, run.text, run.font, run.mark);

const blockParts = (x: number, y: number, block: Block): string[] => block.runs.map((run) => runText(x, y, run));

const group = (classes: readonly (string | undefined)[], parts: readonly string[]): string[] => [
  `<g class="${classes.filter((name) => name !== undefined).join(' ')}">`,
  ...parts,
  '</g>',
];

const marked = (mark: Mark | undefined): readonly (string | undefined)[] => (mark === undefined ? [] : ['marked', mark]);

function nodeParts({ node, ports, x, y, width, height }: PlacedNode): string[] {
  const radius = node.kind === 'outside' ? round(Math.min(24, height / 2)) : node.kind === 'host' ? 10 : 6;
  const grid = gridOf(node);
  const { head } = sizeOf(node);
  return group(
    [node.kind, ...marked(node.mark)],
    [
      `<rect class="box" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${radius}"/>`,
      ...blockParts(x + PADDING, y + PADDING - 2, headBlock(node)),
      ...badge(x + width, y, node.mark),
      ...grid.places.flatMap((place) => {
        const [left, above] = [x + PADDING + place.x, y + head + place.y];
        return group(
          [...marked(place.cell.mark)],
          [
            `<rect class="cell" x="${round(left)}" y="${round(above)}" width="${round(grid.cellWidth)}" height="${round(grid.cellHeight)}" rx="4"/>`,
            ...blockParts(left + CELL_INSET, above + CELL_INSET - 2, place.block),
            ...badge(left + grid.cellWidth, above, place.cell.mark),
          ],
        );
      }),
      ...ports.flatMap((port) => portParts(port, x, width)),
    ],
  );
}

/** The sign of a mark, in the upper right corner of a box that ends at `right`. */
function badge(right: number, top: number, mark: Mark | undefined): string[] {
  if (mark === undefined) return [];
  const [x, y] = [right - BADGE / 2 - 4, top + BADGE / 2 + 4];
  return [`<circle class="badge" cx="${round(x)}" cy="${round(y)}" r="${BADGE / 2}"/>`, signText(x, y, mark)];
}

function signText(x: number, y: number, mark: Mark): string {
  const { sign } = MARKS[mark];
  const width = textWidth(sign, 'name');
  return `<text class="name sign" x="${round(x - width / 2)}" y="${round(y + FONTS.name.size * 0.34)}" textLength="${width}" lengthAdjust="spacingAndGlyphs">${sign}</text>`;
}

function portParts({ port, side, y }: PlacedPort, left: number, width: number): string[] {
  const block = portBlock(port);
  const top = y - block.height / 2;
  const edge = side === 'west' ? left : left + width;
  return group(
    [...marked(port.mark)],
    [
      `<circle class="dot" cx="${round(edge)}" cy="${round(y)}" r="3.5"/>`,
      ...block.runs.map((run) => runText(side === 'west' ? left + PADDING : edge - PADDING - run.width, top, run)),
    ],
  );
}

function edgeParts({ edge, points, label }: PlacedEdge, isInside: boolean): string[] {
  const path = points.map((point, index) => `${index === 0 ? 'M' : 'L'}${round(point.x)} ${round(point.y)}`).join('');
  const block = linesBlock(edge.lines);
  const flow = edge.kind === 'flow' ? ' flow' : '';
  return group(
    [edge.kind, ...(isInside ? ['inside'] : []), ...marked(edge.mark)],
    [
      `<path class="wire${flow}" d="${path}"/>`,
      ...(edge.kind === 'flow' ? [arrowHead(points)] : []),
      ...(label === undefined
        ? []
        : [
            `<rect class="label" x="${round(label.x)}" y="${round(label.y)}" width="${round(label.width)}" height="${round(label.height)}" rx="3"/>`,
            ...block.runs.map((run) => runText(label.x + (label.width - run.width) / 2, label.y + 2, run)),
          ]),
    ],
  );
}

function arrowHead(points: PlacedEdge['points']): string {
  const [from, to] = points.slice(-2);
  if (from === undefined || to === undefined) return '';
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const [dx, dy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const corner = (side: number): string => `${round(to.x - 9 * dx - side * 4.5 * dy)} ${round(to.y - 9 * dy + side * 4.5 * dx)}`;
  return `<path class="head" d="M${round(to.x)} ${round(to.y)}L${corner(1)}L${corner(-1)}Z"/>`;
}

interface Parts {
  readonly parts: readonly string[];
  readonly height: number;
}

function titleParts(graph: Graph, width: number): Parts {
  const title = wrap(visible(graph.title), width, 'title');
  const lines = wrap(visible(graph.description ?? ''), width, 'description');
  const below = title.length * TITLE_LINE;
  return {
    parts: [
      ...title.map((line, index) => text(0, FONTS.title.size * 0.8 + index * TITLE_LINE, line, 'title')),
      ...lines.map((line, index) => text(0, below + 14 + index * LINE, line, 'description')),
    ],
    height: below + lines.length * LINE + 18,
  };
}

const NOTHING = { file: '', plan: 'Nothing would change.', live: 'The host is as the file says.' } as const;

/** What the marks mean: those that are there. */
function legendParts(graph: Graph, width: number): Parts {
  const marks = marksIn(graph);
  const nothing = NOTHING[graph.says];
  if (marks.length === 0) return nothing === '' ? { parts: [], height: 0 } : { parts: [text(0, 14, nothing, 'description')], height: 20 };
  const parts: string[] = [];
  let [x, y] = [0, 0];
  for (const mark of marks) {
    const { word } = MARKS[mark];
    const room = BADGE + 8 + textWidth(word, 'description');
    if (x > 0 && x + room > width) [x, y] = [0, y + BADGE + 10];
    parts.push(
      ...group(
        ['marked', mark],
        [
          `<circle class="badge" cx="${round(x + BADGE / 2)}" cy="${y + BADGE / 2}" r="${BADGE / 2}"/>`,
          signText(x + BADGE / 2, y + BADGE / 2, mark),
        ],
      ),
      text(x + BADGE + 8, y + 13.5, word, 'description'),
    );
    x += room + 24;
  }
  return { parts, height: y + BADGE };
}
