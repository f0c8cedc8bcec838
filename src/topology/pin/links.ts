import { isAlias, isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import { addressOf } from '../../model/ip.ts';
import type { End, Link } from '../../model/topology.ts';
import { namesOf } from '../entities/ranges.ts';
import { type Edit, edited, insertion, within } from './edits.ts';
import { isAt, isShared, joined, leftAt, NO_PINS, own, type PinFile, type Pinned, type Pins, quoted, section } from './file.ts';
import { addItems, addKey, endOf, endOfLine, indentTo, lineFeed, startOf } from './layout.ts';

const WRITE_OUT = 'write the link out where it is used, without * and <<';

/** The addresses that netloom chose, in the items of `links`. */
export function pinLinks(file: PinFile): Pins {
  const list = section(file, 'links');
  const chosen = file.topology.links.filter((link) => link.ends.some(isOpen));
  if (list === undefined || chosen.length === 0) return NO_PINS;
  const target = isAlias(list) ? list.resolve(file.document) : list;
  if (!isSeq(target)) return NO_PINS;
  return joined(
    (target.items as Node[]).map((item) => {
      const links = file.topology.links.filter((link) => isAt(link.origin, item, file));
      if (!links.some((link) => link.ends.some(isOpen))) return NO_PINS;
      if (isShared(list, file) || isShared(item, file)) return left(item, links, 'stands behind an anchor or alias', WRITE_OUT, file);
      return links.length === 1 ? pinOne(item, links, file) : pinRange(item, target, links, file);
    }),
  );
}

const isOpen = (end: End): boolean => (end.automatic ?? []).length > 0;

const nameOf = ({ namespace, ifname }: End): string => `${namespace}:${ifname}`;

function left(item: Node, links: readonly Link[], why: string, hint: string, file: PinFile): Pins {
  const names = links.flatMap((link) => link.ends.filter(isOpen).map(nameOf));
  const subject = names.length > 2 ? `${names[0]} to ${names.at(-1)}` : names.join(', ');
  return { ...NO_PINS, left: [leftAt(item, subject, `${subject}: ${why}`, hint, file)] };
}

function pinOne(item: Node, links: readonly Link[], file: PinFile): Pins {
  const edits = links.map((link) => editsOf(item, link, file));
  if (edits.some((each) => each === undefined)) return left(item, links, 'stands behind an anchor or alias', WRITE_OUT, file);
  return { edits: edits.flatMap((each) => each ?? []), pinned: links.flatMap(pinnedOf), left: [] };
}

const pinnedOf = (link: Link): Pinned[] =>
  link.ends.flatMap((end) =>
    (end.automatic ?? []).map((address) => ({ kind: 'address' as const, subject: nameOf(end), value: addressOf(address) })),
  );

/** One item for each link that a range stands for. */
function pinRange(item: Node, list: YAMLSeq, links: readonly Link[], file: PinFile): Pins {
  const { source } = file;
  if (!file.expand)
    return left(
      item,
      links,
      `one item stands for ${links.length} links, each with addresses of its own`,
      '--expand writes each of them out',
      file,
    );
  const all = links.map((link, index) => [editsOf(item, link, file), editsOfRange(item, index, file)]);
  if (all.some((each) => each.includes(undefined))) return left(item, links, 'stands behind an anchor or alias', WRITE_OUT, file);
  const start = startOf(item);
  const own = endOf(source, item);
  // The lines of a block mapping may end with comments, behind which its keys are put.
  const end = isMap(item) && item.flow !== true ? endOfLine(source, own) : own;
  const texts = all.map((each) =>
    edited(
      source.slice(start, end),
      within(
        each.flatMap((edits) => edits ?? []),
        start,
      ),
    ),
  );
  const dash = /- +$/.exec(source.slice(source.lastIndexOf('\n', start - 1) + 1, start))?.[0] ?? '- ';
  const between = list.flow === true ? ', ' : `${lineFeed(source)}${indentTo(source, startOf(list))}${dash}`;
  return { edits: [{ start, end, text: texts.join(between) }], pinned: links.flatMap(pinnedOf), left: [] };
}

/** The two ends as they are written; undefined where they are not written here. */
function writtenEnds(item: Node, file: PinFile): Node[] | undefined {
  const ends = isMap(item) ? own(item as YAMLMap, 'ends')?.value : item;
  if (!isSeq(ends) || isShared(ends, file)) return undefined;
  const nodes = ends.items as Node[];
  return nodes.some((node) => isShared(node, file)) ? undefined : nodes;
}

/** The text that says where an end is. */
function atOf(end: Node): Scalar<string> | undefined {
  const at = isMap(end) ? own(end as YAMLMap, 'at')?.value : end;
  return isScalar(at) && typeof at.value === 'string' ? (at as Scalar<string>) : undefined;
}

/** What one item of a range has in place of the range: the names of its ends and ports. */
function editsOfRange(item: Node, index: number, file: PinFile): Edit[] | undefined {
  return writtenEnds(item, file)?.flatMap((end) => {
    const port = isMap(end) ? own(end as YAMLMap, 'name')?.value : undefined;
    return [atOf(end), port].flatMap((node): Edit[] => {
      if (!isScalar(node) || typeof node.value !== 'string' || !node.range) return [];
      const names = namesOf(node.value);
      return names.length > 1 ? [{ start: node.range[0], end: node.range[1], text: names[index] ?? node.value }] : [];
    });
  });
}

/** Gives the ends of one link their addresses. Undefined where that would change another place of the file. */
function editsOf(item: Node, link: Link, file: PinFile): Edit[] | undefined {
  const ends = writtenEnds(item, file);
  const all = link.ends.filter(isOpen).map((end) => {
    const written = ends?.find((node) => namesOf(atOf(node)?.value ?? '').includes(nameOf(end)));
    return written === undefined ? undefined : editsOfEnd(item, written, end, link, file);
  });
  return all.includes(undefined) ? undefined : all.flatMap((edits) => edits ?? []);
}

function editsOfEnd(item: Node, written: Node, end: End, link: Link, file: PinFile): Edit[] | undefined {
  const values = (end.automatic ?? []).map((address) => quoted(addressOf(address)));
  const hasSome = (end.automatic ?? []).length < end.addresses.length;
  const besideEnds = link.bridge !== undefined && isMap(item) && own(item as YAMLMap, 'addresses') !== undefined;
  if (isMap(written) && !besideEnds) return inMapping(written as YAMLMap, 'at', values, hasSome, file);
  if (link.bridge === undefined) return aroundEnd(written, values, file);
  return isMap(item) ? inMapping(item as YAMLMap, 'ends', values, hasSome, file) : aroundItem(item as YAMLSeq, values, file);
}

/** In a mapping: behind the addresses that it has, or as a key of its own. */
function inMapping(map: YAMLMap, after: string, values: readonly string[], hasSome: boolean, file: PinFile): Edit[] | undefined {
  const { source } = file;
  const given = own(map, 'addresses');
  if (given !== undefined) {
    const list = given.value;
    return isSeq(list) && list.items.length > 0 && !isShared(list, file) ? [addItems(source, list, values)] : undefined;
  }
  const behind = own(map, after);
  // Those that it has are merged into it, and a key of its own would hide them.
  return behind === undefined || hasSome ? undefined : [addKey(source, map, behind, addressesText(values))];
}

const addressesText = (values: readonly string[]): string => `addresses: [${values.join(', ')}]`;

/** `a:eth0` → `{ at: a:eth0, addresses: […] }` */
const aroundEnd = (end: Node, values: readonly string[], { source }: PinFile): Edit[] => [
  insertion(startOf(end), '{ at: '),
  insertion(endOf(source, end), `, ${addressesText(values)} }`),
];

/** `[a:eth0, br]` → `{ ends: [a:eth0, br], addresses: […] }` */
function aroundItem(item: YAMLSeq, values: readonly string[], { source }: PinFile): Edit[] {
  const [start, end] = [startOf(item), endOf(source, item)];
  if (item.flow === true) return [insertion(start, '{ ends: '), insertion(end, `, ${addressesText(values)} }`)];
  const line = lineFeed(source) + indentTo(source, start);
  return [insertion(start, `ends:${line}`), insertion(endOfLine(source, end), line + addressesText(values))];
}
