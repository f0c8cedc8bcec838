/** A replacement in a text: what stands from one offset to another, the end excluded, becomes something else. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export const insertion = (at: number, text: string): Edit => ({ start: at, end: at, text });

/** Carries edits out, all of them given in offsets of the text as it was. Of insertions at one place the earlier given stands first. */
export function edited(source: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const { start, end, text } of edits.toSorted((a, b) => a.start - b.start)) {
    if (start < at) throw new RangeError('edits overlap');
    result += source.slice(at, start) + text;
    at = end;
  }
  return result + source.slice(at);
}

/** The edits that are within a part of a text, in offsets of that part. */
export const within = (edits: readonly Edit[], from: number): Edit[] =>
  edits.map(({ start, end, text }) => ({ start: start - from, end: end - from, text }));
