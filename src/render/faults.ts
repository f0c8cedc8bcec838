import type { Fault } from '../model/errors.ts';
import { groupBy } from './group.ts';
import { glyphs, type Style } from './style.ts';
import { byNature, visible, widthOf, wrap } from './text.ts';

/** Lines of a piped report are cut to this, so that a fault on a line of a megabyte stays readable. */
const PIPED_WIDTH = 120;
const TAB = '    ';

/**
 * Faults as people read them: where, what, the line with a caret under the culprit, what to do. Grouped by file, in the file's order.
 * `sources` holds each file's text, by the path in the origins; a fault whose text is not there comes without its line.
 */
export function renderFaults(faults: readonly Fault[], sources: ReadonlyMap<string, string>, style: Style): string {
  const files = groupBy(faults, (fault) => fault.origin.file);
  return [...files]
    .map(([file, ofFile]) => {
      const lines = sources.get(file)?.split('\n');
      return ofFile
        .toSorted((a, b) => a.origin.line - b.origin.line || a.origin.column - b.origin.column || byNature(a.code, b.code))
        .map((fault) => renderFault(fault, lines, style))
        .join('\n');
    })
    .join('\n\n');
}

function renderFault(fault: Fault, lines: readonly string[] | undefined, style: Style): string {
  const { colors } = style;
  const { file, line, column } = fault.origin;
  const head = `${colors.bold(`${visible(file)}:${line}:${column}`)} ${colors.red(fault.code)}  ${visible(fault.message)}`;
  const source = lines?.[line - 1]?.replace(/\r$/, '');
  const quoted = source === undefined ? [] : quote(source, fault, style);
  const hint = fault.hint === undefined ? [] : [wrap(`   ${visible(fault.hint)}`, style.width, 3)];
  return [wrap(head, style.width, 3), ...quoted, ...hint].join('\n');
}

function quote(source: string, fault: Fault, style: Style): string[] {
  const { colors } = style;
  const number = String(fault.origin.line);
  if (style.words) return [`   line ${number}: ${visible(source.trim())}`];
  const gutter = Math.max(5, number.length + 1);
  const { text, caretAt, caretWidth } = windowed(cellsOf(source), fault, (style.width ?? PIPED_WIDTH) - gutter - 3, glyphs(style).ellipsis);
  return [
    `${colors.dim(`${number.padStart(gutter)} |`)} ${text}`.trimEnd(),
    `${colors.dim(`${' '.repeat(gutter)} |`)} ${' '.repeat(caretAt)}${colors.red('^'.repeat(caretWidth))}`,
  ];
}

/** What one character of the source becomes, and where it stands in it. */
interface Cell {
  readonly index: number;
  readonly text: string;
  readonly width: number;
}

function cellsOf(source: string): Cell[] {
  const cells: Cell[] = [];
  let index = 0;
  for (const character of source) {
    const text = character === '\t' ? TAB : visible(character);
    cells.push({ index, text, width: widthOf(text) });
    index += character.length;
  }
  return cells;
}

const widthOfCells = (cells: readonly Cell[]): number => cells.reduce((sum, cell) => sum + cell.width, 0);

/** The part of a line around the culprit that fits, and where the caret goes. */
function windowed(cells: readonly Cell[], fault: Fault, width: number, ellipsis: string) {
  const from = fault.origin.column - 1;
  const first = cells.findIndex((cell) => cell.index >= from);
  const start = first === -1 ? cells.length : first;
  const culprit = cells.slice(start).filter((cell) => cell.index < from + fault.length);
  const before = cells.slice(0, start);
  const room = Math.max(20, width);
  if (widthOfCells(cells) <= room) {
    return {
      text: cells.map((cell) => cell.text).join(''),
      caretAt: widthOfCells(before),
      caretWidth: Math.max(1, widthOfCells(culprit)),
    };
  }
  // A third of the room goes to what stands before the culprit, which tells people where they are.
  const left = takeFromEnd(before, Math.floor(room / 3));
  const head = left.length < before.length ? ellipsis : '';
  const right = takeFromStart(cells.slice(start), room - widthOfCells(left) - 2 * ellipsis.length);
  const tail = right.length < cells.length - start ? ellipsis : '';
  const shown = [...left, ...right].map((cell) => cell.text).join('');
  return {
    text: head + shown + tail,
    caretAt: widthOf(head) + widthOfCells(left),
    caretWidth: Math.max(1, Math.min(widthOfCells(culprit), widthOfCells(right))),
  };
}

function takeFromStart(cells: readonly Cell[], room: number): Cell[] {
  let used = 0;
  return cells.filter((cell) => {
    used += cell.width;
    return used <= room;
  });
}

const takeFromEnd = (cells: readonly Cell[], room: number): Cell[] => takeFromStart(cells.toReversed(), room).toReversed();
