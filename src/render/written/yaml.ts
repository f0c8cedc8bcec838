import { Document, isCollection, isMap, isNode, isPair, isScalar, isSeq, parseDocument, Scalar, type YAMLMap } from 'yaml';
import type { Omission, WrittenTopology } from '../../model/written.ts';
import { visible } from '../text.ts';

type Path = readonly (string | number)[];

/** A topology as a file, with remarks where they belong. `head`: lines about the whole. */
export function writeTopology(topology: WrittenTopology, omissions: readonly Omission[], head: readonly string[]): string {
  const filled = Object.entries(topology).filter(([, value]) => typeof value !== 'object' || Object.keys(value).length > 0);
  const document = new Document(Object.fromEntries(filled), { aliasDuplicateObjects: false });
  layOut(document);
  const astray: Omission[] = [];
  for (const omission of omissions) if (!remark(document, omission.path, remarkText(omission))) astray.push(omission);
  const text = document.toString({ lineWidth: 160, flowCollectionPadding: true, nullStr: '' });
  const comments = [...head, ...(astray.length === 0 ? [] : ['', ...astray.map(remarkText)])].map((line) =>
    line === '' ? '#' : `# ${visible(line)}`,
  );
  return `${comments.map((line) => `${line}\n`).join('')}${tight(text)}`;
}

/** Brackets without the room that the library gives to braces and brackets alike; no value of ours has any such within. */
const tight = (text: string): string => text.replace(/\[ (?=\S)/g, '[').replace(/(?<=\S) \]/g, ']');

function remarkText({ code, message, hint }: Omission): string {
  const what = code === 'W_IMPORT_OMITTED' ? 'left out' : 'would change';
  return visible(`${what}: ${message}${hint === undefined ? '' : ` (${hint})`}`);
}

/** Sections are blocks, apart from each other; what is in them is in flow form where it is short. */
function layOut(document: Document): void {
  if (!isMap(document.contents)) return;
  for (const pair of document.contents.items) {
    if (!isNode(pair.value)) continue;
    if (isScalar(pair.key) && isCollection(pair.value)) pair.key.spaceBefore = true;
    if (isMap(pair.value)) for (const entry of pair.value.items) if (isCollection(entry.value)) flowWhereShort(entry.value as YAMLMap);
    if (isSeq(pair.value)) for (const item of pair.value.items) if (isCollection(item)) flowWhereShort(item as YAMLMap);
    quoteColons(pair.value);
  }
}

/** As much of an entry as fits a line; longer ones get a line for each of their keys. */
function flowWhereShort(entry: YAMLMap): void {
  entry.flow = JSON.stringify(entry).length <= 120;
  if (entry.flow) return;
  for (const { value } of entry.items) {
    if (!isSeq(value)) continue;
    value.flow = value.items.every(isScalar);
    for (const item of value.items) if (isCollection(item)) item.flow = true;
  }
}

/** A colon within a flow collection is read differently by different parsers. */
function quoteColons(node: unknown): void {
  if (isScalar(node)) {
    if (typeof node.value === 'string' && /::|^\d+:|:\d/.test(node.value)) node.type = Scalar.QUOTE_DOUBLE;
  } else if (isCollection(node)) for (const item of node.items) quoteColons(isPair(item) ? item.value : item);
}

/** Puts a comment in front of what a path leads to, or of what is nearest to it. False where even its section is not there. */
function remark(document: Document, path: Path, text: string): boolean {
  for (let length = Math.min(path.length, 2); length > 0; length -= 1) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    const node = isMap(parent)
      ? parent.items.find(({ key }) => isScalar(key) && key.value === last)?.key
      : isSeq(parent) && typeof last === 'number'
        ? parent.items[last]
        : undefined;
    if (!isNode(node)) continue;
    node.commentBefore = node.commentBefore ? `${node.commentBefore}\n ${text}` : ` ${text}`;
    return true;
  }
  return false;
}

/** What of a written topology stands at a place of its text, as what can be left out: a link, a bridge, a namespace, a route of the host. */
export function partAt(text: string, line: number, column: number): Path | undefined {
  const offset = text
    .split('\n')
    .slice(0, line - 1)
    .reduce((sum, one) => sum + one.length + 1, column - 1);
  const path: (string | number)[] = [];
  let node: unknown = parseDocument(text).contents;
  while (isCollection(node)) {
    const index: number = node.items.findIndex((item) => covers(item, offset));
    const item: unknown = node.items[index];
    if (item === undefined) break;
    path.push(isPair(item) ? String(isScalar(item.key) ? item.key.value : '') : index);
    node = isPair(item) ? item.value : item;
  }
  return shortened(path);
}

function covers(item: unknown, offset: number): boolean {
  if (isPair(item)) return covers(item.key, offset) || covers(item.value, offset);
  return isNode(item) && item.range != null && item.range[0] <= offset && offset < Math.max(item.range[1], item.range[0] + 1);
}

/** Whole objects: one that is said in part would lose the rest when it is taken over. */
function shortened(path: Path): Path | undefined {
  const [section] = path;
  if (section === undefined || section === 'name' || section === 'version' || path.length < 2) return undefined;
  return path.slice(0, section === 'host' ? 3 : 2);
}

/** The same without that part. */
export function withoutPart(topology: WrittenTopology, path: Path): WrittenTopology {
  const document = new Document(topology);
  document.deleteIn(path);
  return document.toJS() as WrittenTopology;
}
