import { glyphs, type Style } from './style.ts';
import { pad, truncate, visible, widthOf } from './text.ts';

export interface Column {
  readonly title: string;
  /** Colours a cell that is already cut and padded. */
  readonly paint?: (cell: string) => string;
  /** Never cut narrower than this on a terminal. Absent: never cut at all. */
  readonly least?: number;
}

const GAP = '  ';

/** What is cut further says nothing any more. */
const NARROWEST = 6;

/**
 * Rows under titles, aligned. On a terminal, columns that may shrink are cut with an ellipsis until the table fits, the rightmost first;
 * columns without content are left out. Cells are plain text.
 */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[], style: Style, indent = '  '): string {
  const clean = rows.map((row) => row.map(visible));
  if (style.words) return clean.map((row) => sentence(columns, row, style)).join('\n');
  const natural = naturalWidths(columns, clean);
  const widths = shrink(columns, natural, (style.width ?? Number.POSITIVE_INFINITY) - indent.length);
  const { ellipsis } = glyphs(style);
  const line = (cells: readonly string[], paint: (index: number) => ((cell: string) => string) | undefined): string => {
    const shown = columns.flatMap((_, index) => {
      const width = widths[index] ?? 0;
      if (width === 0) return [];
      const cell = truncate(cells[index] ?? '', width, ellipsis);
      const padding = ' '.repeat(Math.max(0, width - widthOf(cell)));
      return [(cell === '' ? '' : (paint(index)?.(cell) ?? cell)) + padding];
    });
    return (indent + shown.join(GAP)).trimEnd();
  };
  const titles = line(
    columns.map((column) => column.title),
    () => style.colors.dim,
  );
  return [titles, ...clean.map((row) => line(row, (index) => columns[index]?.paint))].join('\n');
}

/** `namespace web01, interface eth0, address 10.80.1.2/24` */
function sentence(columns: readonly Column[], row: readonly string[], { colors }: Style): string {
  const parts = columns.flatMap(({ title, paint }, index) => {
    const cell = row[index] ?? '';
    return cell === '' ? [] : [`${colors.dim(title.toLowerCase())} ${paint?.(cell) ?? cell}`];
  });
  return parts.join(', ');
}

/** Of each column what its cells and title need; 0 for one without content. */
const naturalWidths = (columns: readonly Column[], rows: readonly (readonly string[])[]): number[] =>
  columns.map(({ title }, index) => {
    const widest = rows.reduce((width, row) => Math.max(width, widthOf(row[index] ?? '')), 0);
    return widest === 0 ? 0 : Math.max(widest, widthOf(title));
  });

const sum = (widths: readonly number[]): number =>
  widths.reduce((total, width) => total + (width === 0 ? 0 : width + GAP.length), -GAP.length);

/** Columns that the whole table takes when nothing is cut. */
export const widthOfTable = (columns: readonly Column[], rows: readonly (readonly string[])[], indent = 2): number =>
  indent + sum(naturalWidths(columns, rows));

/** The rightmost column gives way first: what a line is about stands at its left. */
function shrink(columns: readonly Column[], natural: readonly number[], room: number): number[] {
  const widths = [...natural];
  for (let index = columns.length - 1; index >= 0; index--) {
    const [width = 0, least] = [widths[index], columns[index]?.least];
    const excess = sum(widths) - room;
    if (excess > 0 && least !== undefined && width > least) widths[index] = Math.max(least, width - excess);
  }
  // On a narrow terminal the widest give way, whatever they are.
  for (let excess = sum(widths) - room; excess > 0; excess = sum(widths) - room) {
    const widest = Math.max(...widths);
    if (widest <= NARROWEST) break;
    widths[widths.lastIndexOf(widest)] = widest - 1;
  }
  return widths;
}

/** Lines whose cells stand under each other, without titles; the last cell of a line is not padded. In words: one behind the other. */
export function align(rows: readonly (readonly string[])[], gaps: readonly number[] = [], style?: Style): string[] {
  if (style?.words) return rows.map((row) => row.filter((cell) => cell !== '').join(' '));
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, index) => Math.max(0, ...rows.map((row) => widthOf(row[index] ?? ''))));
  return rows.map((row) =>
    row
      .map((cell, index) => pad(cell, (widths[index] ?? 0) + (gaps[index] ?? 2)))
      .join('')
      .trimEnd(),
  );
}
