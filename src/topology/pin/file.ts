import { type Document, isAlias, isMap, isScalar, LineCounter, type Node, type Pair, parseDocument, visit, type YAMLMap } from 'yaml';
import type { Topology } from '../../model/topology.ts';
import type { Edit } from './edits.ts';

/** An address or port that netloom chose and the file now says. */
export interface Pinned {
  readonly kind: 'address' | 'port';
  /** `web01:eth0`; of a port the namespace. */
  readonly subject: string;
  /** `172.30.1.2`; of a port as `publish` has it, `40123:80/tcp`. */
  readonly value: string;
}

/** What could not be written, and why. */
export interface Left {
  readonly line: number;
  readonly column: number;
  readonly subject: string;
  readonly message: string;
  readonly hint: string;
}

/** What pinning one part of a file comes to. */
export interface Pins {
  readonly edits: readonly Edit[];
  readonly pinned: readonly Pinned[];
  readonly left: readonly Left[];
}

export const NO_PINS: Pins = { edits: [], pinned: [], left: [] };

export const joined = (parts: readonly Pins[]): Pins => ({
  edits: parts.flatMap(({ edits }) => edits),
  pinned: parts.flatMap(({ pinned }) => pinned),
  left: parts.flatMap(({ left }) => left),
});

/** A valid file with its tree, and what it stands for. */
export interface PinFile {
  readonly source: string;
  readonly topology: Topology;
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
  /** Anchors that an alias leads to: what stands there stands elsewhere, too. */
  readonly shared: ReadonlySet<string>;
  /** Whether ranges may be written out. */
  readonly expand: boolean;
}

export function openFile(source: string, topology: Topology, expand: boolean): PinFile {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, uniqueKeys: false, prettyErrors: false });
  const shared = new Set<string>();
  visit(document, { Alias: (_, alias) => void shared.add(alias.source) });
  return { source, topology, document, lines, shared, expand };
}

/** The pair of a key that stands in the mapping itself, and is not merged into it. */
export const own = (map: YAMLMap, key: string): Pair<Node, Node | null> | undefined =>
  (map.items as Pair<Node, Node | null>[]).find((pair) => isScalar(pair.key) && pair.key.value === key);

/** Whether a mapping has keys of another one merged into it. */
export const hasMerged = (map: YAMLMap): boolean => own(map, '<<') !== undefined;

/** Whether a text at this node would be read elsewhere as well. */
export const isShared = (node: Node | null | undefined, { shared }: PinFile): boolean =>
  node !== null && node !== undefined && (isAlias(node) || (node.anchor !== undefined && shared.has(node.anchor)));

/** Where a node stands, as origins say it. */
export function placeOf(node: Node, { lines }: PinFile): { readonly line: number; readonly column: number } {
  const { line, col } = lines.linePos(node.range?.[0] ?? 0);
  return { line, column: col };
}

/** Whether a value's origin is this node, or what it is an alias of. */
export function isAt(origin: { readonly line: number; readonly column: number }, node: Node, file: PinFile): boolean {
  const resolved = isAlias(node) ? node.resolve(file.document) : node;
  if (resolved === undefined) return false;
  const { line, column } = placeOf(resolved, file);
  return origin.line === line && origin.column === column;
}

export const leftAt = (node: Node, subject: string, message: string, hint: string, file: PinFile): Left => ({
  ...placeOf(node, file),
  subject,
  message,
  hint,
});

/** The sections of the file that are mappings or lists of their own. */
export function section(file: PinFile, key: string): Node | undefined {
  const root = file.document.contents;
  return (isMap(root) ? own(root as YAMLMap, key)?.value : undefined) ?? undefined;
}

/** Double quotes where YAML, or an older reader of it, would see something else than text. */
export const quoted = (text: string): string => (text.includes(':') ? `"${text}"` : text);
