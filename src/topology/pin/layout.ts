import { isCollection, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { type Edit, insertion } from './edits.ts';

/** Where a node's own text begins. */
export const startOf = (node: Node): number => node.range?.[0] ?? 0;

/** Where a node's own text ends: before comments, blank lines and the line feed. */
export function endOf(source: string, node: Node): number {
  const [start, end] = node.range ?? [0, 0];
  if (!isCollection(node) || node.flow === true) return end;
  // A block collection ends with its last item.
  const last = lastOf(node);
  return last === undefined ? start + source.slice(start, end).trimEnd().length : endOf(source, last);
}

function lastOf(node: { readonly items: readonly unknown[] }): Node | undefined {
  const last = node.items.at(-1);
  if (last === undefined || last === null) return undefined;
  if (isPairLike(last)) return ((last.value ?? last.key) as Node | null) ?? undefined;
  return last as Node;
}

const isPairLike = (value: unknown): value is Pair => typeof value === 'object' && value !== null && 'key' in value && 'value' in value;

/** The end of the line that an offset is on, before its line feed: behind a comment. */
export function endOfLine(source: string, offset: number): number {
  const at = source.indexOf('\n', offset);
  const end = at === -1 ? source.length : at;
  return source[end - 1] === '\r' && end > offset ? end - 1 : end;
}

export const lineFeed = (source: string): string => (source.includes('\r\n') ? '\r\n' : '\n');

/** Spaces up to the column of an offset. */
export const indentTo = (source: string, offset: number): string => ' '.repeat(offset - (source.lastIndexOf('\n', offset - 1) + 1));

/** Puts `key: value` behind another key of a mapping, in the style that the mapping has. */
export function addKey(source: string, map: YAMLMap, after: Pair, text: string): Edit {
  const behind = endOf(source, (after.value ?? after.key) as Node);
  if (map.flow === true) return insertion(behind, `, ${text}`);
  const first = (map.items[0]?.key ?? after.key) as Node;
  return insertion(endOfLine(source, behind), lineFeed(source) + indentTo(source, startOf(first)) + text);
}

/** Puts items at the end of a list, in the style that the list has. */
export function addItems(source: string, list: YAMLSeq, texts: readonly string[]): Edit {
  // Only a flow list can be empty.
  if (list.items.length === 0) return insertion(startOf(list) + 1, texts.join(', '));
  const behind = endOf(source, list.items.at(-1) as Node);
  if (list.flow === true) return insertion(behind, texts.map((text) => `, ${text}`).join(''));
  const before = lineFeed(source) + indentTo(source, startOf(list));
  return insertion(endOfLine(source, behind), texts.map((text) => `${before}- ${text}`).join(''));
}
