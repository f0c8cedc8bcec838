import { visible } from '../text.ts';
import { type Cell, type GraphNode, type GraphPort, type Line, MARKS, type Mark } from './graph.ts';
import { FONTS, type FontName, textWidth } from './measure.ts';

/** Text that is set: lines under each other, from the upper left corner of its own rectangle. */
export interface Block {
  readonly width: number;
  readonly height: number;
  readonly runs: readonly Run[];
}

export interface Run {
  readonly text: string;
  readonly font: FontName;
  /** Of the baseline. */
  readonly y: number;
  readonly width: number;
  readonly mark?: Mark;
}

/** Between the edge of a box and its text. */
export const PADDING = 12;
/** The circle with a mark's sign in the corner of a box. */
export const BADGE = 18;
/** Between texts in one box that stand side by side. */
const GUTTER = 20;
/** Room of one line, in sizes of its font. */
const LEADING = 1.34;

type Row = Omit<Run, 'y' | 'width'>;

function blockOf(rows: readonly Row[]): Block {
  let height = 0;
  const runs = rows.map(({ text, ...row }): Run => {
    const { size } = FONTS[row.font];
    const y = height + size * 1.02;
    height += size * LEADING;
    const shown = visible(text);
    return { ...row, text: shown, y, width: textWidth(shown, row.font) };
  });
  return { width: Math.max(0, ...runs.map(({ width }) => width)), height, runs };
}

/** A line that is marked begins with the sign. */
const lineRow = ({ text, tone, mark }: Line): Row => ({
  text: mark === undefined ? text : `${MARKS[mark].sign} ${text}`,
  font: tone,
  ...(mark === undefined ? {} : { mark }),
});

/** What stands at the top of a box: what it is, its name, and what there is to say of it. */
export function headBlock({ caption, name, lines, kind }: GraphNode): Block {
  // The box around the host is named by what it is.
  const rows: Row[] = kind === 'host' ? [{ text: caption, font: 'name' }] : [{ text: caption, font: 'caption' }];
  if (name !== '' && kind !== 'host') rows.push({ text: name, font: 'name' });
  return blockOf([...rows, ...lines.map(lineRow)]);
}

/** An interface where its link ends. */
export const portBlock = ({ name, lines, mark }: GraphPort): Block =>
  blockOf([
    { text: mark === undefined ? name : `${MARKS[mark].sign} ${name}`, font: 'port', ...(mark ? { mark } : {}) },
    ...lines.map(lineRow),
  ]);

const cellBlock = ({ name, lines }: Cell): Block => blockOf([{ text: name, font: 'port' }, ...lines.map(lineRow)]);

export const linesBlock = (lines: readonly Line[]): Block => blockOf(lines.map(lineRow));

/** The cells of a box, in columns; places are relative to the grid's own corner. */
export interface Grid {
  readonly width: number;
  readonly height: number;
  readonly places: readonly { readonly cell: Cell; readonly block: Block; readonly x: number; readonly y: number }[];
  readonly cellWidth: number;
  readonly cellHeight: number;
}

const CELL_PADDING = 8;
const CELL_GAP = 8;

/** How much wider than high a grid should be, about: ports are a list, namespaces fill a page. */
const SHAPE = { rack: 1.4, ports: 0.8 } as const;

export function gridOf(node: GraphNode): Grid {
  const blocks = node.cells.map((cell) => ({ cell, block: cellBlock(cell) }));
  const cellWidth = Math.max(0, ...blocks.map(({ cell, block }) => block.width + badgeRoom(cell.mark))) + 2 * CELL_PADDING;
  const cellHeight = Math.max(0, ...blocks.map(({ block }) => block.height)) + 2 * CELL_PADDING - 2;
  const columns = Math.max(
    1,
    Math.round(Math.sqrt((SHAPE[node.kind === 'rack' ? 'rack' : 'ports'] * blocks.length * cellHeight) / Math.max(1, cellWidth))),
  );
  const rows = Math.ceil(blocks.length / columns);
  const places = blocks.map(({ cell, block }, index) => ({
    cell,
    block,
    // Down each column, as one reads a list.
    x: Math.floor(index / rows) * (cellWidth + CELL_GAP),
    y: (index % rows) * (cellHeight + CELL_GAP),
  }));
  const used = Math.ceil(blocks.length / Math.max(1, rows));
  return {
    width: Math.max(0, used * (cellWidth + CELL_GAP) - CELL_GAP),
    height: Math.max(0, rows * (cellHeight + CELL_GAP) - CELL_GAP),
    places,
    cellWidth,
    cellHeight,
  };
}

export const CELL_INSET = CELL_PADDING;

const badgeRoom = (mark: Mark | undefined): number => (mark === undefined ? 0 : BADGE + 6);

/** How large a box must be at least, and what of its height is its head. Ends of links come below the head, on either side. */
export function sizeOf(node: GraphNode): { readonly width: number; readonly height: number; readonly head: number } {
  const head = headBlock(node);
  const grid = gridOf(node);
  const widths = node.ports.map((port) => portBlock(port).width).toSorted((a, b) => b - a);
  // Which side an end comes to is decided by the layout: any two may face each other.
  const ports = (widths[0] ?? 0) + (widths.length > 1 ? GUTTER + (widths[1] ?? 0) : 0);
  const width = Math.max(head.width + badgeRoom(node.mark), grid.width, ports) + 2 * PADDING;
  const headHeight = PADDING - 2 + head.height + 6;
  const below = grid.height > 0 ? grid.height + PADDING : PADDING - 6;
  // Halves of it have no fraction either: lines that end in the middle are straight.
  return { width: Math.ceil(width), height: 2 * Math.ceil((headHeight + below) / 2), head: Math.ceil(headHeight) };
}
