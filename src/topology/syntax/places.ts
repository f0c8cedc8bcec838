import type { LineCounter } from 'yaml';

/** The way from the root of a file to a value: `['links', 3, 'ends', 0]`. */
export type Path = readonly (string | number)[];

/** From one offset of the text to another, the end excluded. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where a value and what is in it stand in the text. */
export interface Place {
  readonly span: Span;
  /** Of the key that the value stands under. */
  readonly key?: Span;
  readonly children: ReadonlyMap<string | number, Place>;
  /** Values in it, itself included, aliases counted as often as they are used. */
  readonly size: number;
}

/** The places of a whole file. */
export interface Places {
  readonly source: string;
  readonly lines: LineCounter;
  readonly root: Place;
}

export interface Position {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/**
 * Where the value (or the key) at a path stands; of the nearest thing around it where the path leads nowhere. The length ends with
 * the line.
 */
export function spanOf(places: Places, path: Path, on: 'key' | 'value'): Position {
  let place = places.root;
  let reached = true;
  for (const step of path) {
    const next = place.children.get(step);
    if (next === undefined) {
      reached = false;
      break;
    }
    place = next;
  }
  // What is missing is missing from something whose key says it best; an empty value has no text to point at.
  const atKey = on === 'key' || !reached || place.span.end === place.span.start;
  return positionOf(places.source, places.lines, (atKey ? place.key : undefined) ?? place.span);
}

export function positionOf(source: string, lines: LineCounter, span: Span): Position {
  const { line, col } = lines.linePos(span.start);
  const newline = source.slice(span.start, span.end).search(/[\r\n]/);
  const length = newline === -1 ? span.end - span.start : newline;
  return { line: Math.max(line, 1), column: Math.max(col, 1), length: Math.max(length, 1) };
}
