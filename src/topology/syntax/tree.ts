import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Node, type Pair, type YAMLMap } from 'yaml';
import { LIMITS } from './limits.ts';
import type { Parsed, SyntaxFault } from './parse.ts';
import type { Place, Span } from './places.ts';
import { quote } from './quote.ts';

/** Plain data. Mappings have no prototype, so `__proto__` and `constructor` are keys like any other. */
export type Data = null | boolean | number | string | readonly Data[] | { readonly [key: string]: Data };

interface Branch {
  readonly data: Data;
  readonly place: Place;
}

const NOTHING: ReadonlyMap<string | number, Place> = new Map();

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for; tab and line feed may stand in a description
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;

/** A composed document → plain data, with the place of every value, aliases and `<<` followed. */
export function createPlaces(document: Document.Parsed, source: string, lines: LineCounter): Parsed {
  const walker = new Walker();
  const { data, place } = walker.read(document.contents, undefined);
  const faults = place.size > LIMITS.values ? [tooManyValues(walker.firstAlias ?? place.span)] : walker.faults;
  return { places: { source, lines, root: place }, faults, ...(faults.some((fault) => fault.code.startsWith('E_YAML')) ? {} : { data }) };
}

const tooManyValues = (span: Span): SyntaxFault => ({
  code: 'E_YAML_LIMIT',
  message: `aliases expand to more than ${LIMITS.values} values`,
  hint: 'use ranges such as pc(001-999) in place of aliases',
  span,
});

class Walker {
  readonly faults: SyntaxFault[] = [];
  firstAlias: Span | undefined;
  /** What each anchor stands for at this point of the text; undefined while it is being read. */
  readonly #anchors = new Map<string, Branch | undefined>();

  read(node: Node | null | undefined, key: Span | undefined): Branch {
    const span = spanOf(node, key);
    if (node === null || node === undefined) return { data: null, place: leaf(span, key) };
    if (isAlias(node)) return this.#alias(node, span, key);
    if (node.tag !== undefined) this.#tag(node.tag, span);
    const { anchor } = node;
    if (anchor !== undefined) this.#anchors.set(anchor, undefined);
    const branch = this.#value(node, span, key);
    if (anchor !== undefined) this.#anchors.set(anchor, branch);
    return branch;
  }

  #value(node: Node, span: Span, key: Span | undefined): Branch {
    if (isMap(node)) return this.#map(node, span, key);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.read(item as Node | null, undefined));
      const children = new Map(items.map((item, index) => [index, item.place]));
      return { data: items.map((item) => item.data), place: branching(span, key, children) };
    }
    const value = isScalar(node) ? node.value : null;
    const data = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
    if (typeof data === 'string') this.#text(data, span);
    return { data, place: leaf(span, key) };
  }

  #map(node: YAMLMap, span: Span, key: Span | undefined): Branch {
    const own = new Map<string, Branch>();
    const merged = new Map<string, Branch>();
    for (const pair of node.items as Pair<Node | null, Node | null>[]) {
      const at = spanOf(pair.key, span);
      const name = this.#key(pair.key, at, pair.value);
      if (name === undefined) continue;
      const branch = this.read(pair.value, at);
      if (name === '<<' && isScalar(pair.key) && pair.key.type === 'PLAIN') this.#merge(branch, pair.value, merged, at);
      else if (own.has(name)) this.#duplicate(name, at);
      else own.set(name, branch);
    }
    const all = [...merged].filter(([name]) => !own.has(name)).concat([...own]);
    const data: { [key: string]: Data } = Object.create(null);
    for (const [name, branch] of all) data[name] = branch.data;
    const children = new Map(all.map(([name, branch]) => [name, branch.place]));
    return { data, place: branching(span, key, children) };
  }

  /** The keys of a mapping are text. Numbers and the like count as what is written; undefined for a list or mapping as key. */
  #key(key: Node | null, span: Span, value: Node | null): string | undefined {
    if (isScalar(key)) {
      const text = typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
      if (key.tag !== undefined) this.#tag(key.tag, span);
      this.#text(text, span);
      return text;
    }
    const isPublish = isSeq(key) && isScalar(value);
    this.faults.push({
      code: 'E_YAML_FEATURE',
      message: isPublish ? 'this reads as a mapping whose key is a list' : 'a key must be plain text',
      hint: isPublish
        ? 'quote the whole value, as in "[::1]:8080:80"; brackets begin a list in YAML'
        : 'quote it, or write it as a list item',
      span,
    });
    return undefined;
  }

  #alias(node: Alias, span: Span, key: Span | undefined): Branch {
    this.firstAlias ??= span;
    const target = this.#anchors.get(node.source);
    if (target !== undefined) return key === undefined ? target : { ...target, place: { ...target.place, key } };
    const within = this.#anchors.has(node.source);
    this.faults.push({
      code: within ? 'E_YAML_LIMIT' : 'E_YAML',
      message: within
        ? `*${quote(node.source)} stands within what it is an alias of`
        : `no anchor &${quote(node.source)} stands before this alias`,
      hint: within
        ? 'remove the alias; it would never end'
        : 'quote a value that begins with *, or put the anchor first (in an x-… key, say)',
      span,
    });
    return { data: null, place: leaf(span, key) };
  }

  /** `<<: *common` or `<<: [*a, *b]`: the earlier ones win, as YAML's merge keys define it. */
  #merge(branch: Branch, value: Node | null, merged: Map<string, Branch>, at: Span): void {
    // An alias that leads nowhere has been reported.
    if (isAlias(value) && branch.data === null) return;
    const isList = Array.isArray(branch.data);
    const parts: readonly Data[] = isList ? (branch.data as readonly Data[]) : [branch.data];
    for (const [index, part] of parts.entries()) {
      const where = isList ? branch.place.children.get(index) : branch.place;
      if (part === null || typeof part !== 'object' || Array.isArray(part) || where === undefined) {
        const span = spanOf(value, at);
        this.faults.push({ code: 'E_YAML', message: '<< merges mappings only', hint: 'write an alias of a mapping: <<: *name', span });
        continue;
      }
      for (const [name, data] of Object.entries(part)) {
        const child = where.children.get(name);
        if (child !== undefined && !merged.has(name)) merged.set(name, { data, place: child });
      }
    }
  }

  #text(text: string, span: Span): void {
    if (text.includes('${')) {
      this.faults.push({ code: 'E_DOLLAR', message: '`${` is reserved', hint: 'write the value itself; files have no variables', span });
    }
    if (CONTROL.test(text)) {
      this.faults.push({ code: 'E_CONTROL_CHARACTER', message: `${quote(text)} holds a control character`, hint: 'remove it', span });
    }
  }

  #tag(tag: string, span: Span): void {
    this.faults.push({
      code: 'E_YAML_FEATURE',
      message: `the tag ${quote(tag)} is not read`,
      hint: 'remove it; quote text with "…"',
      span,
    });
  }

  #duplicate(name: string, span: Span): void {
    this.faults.push({
      code: 'E_DUPLICATE_KEY',
      message: `${quote(name)} stands twice in this mapping`,
      hint: 'merge the two, or rename one',
      span,
    });
  }
}

const leaf = (span: Span, key: Span | undefined): Place => ({ span, ...(key === undefined ? {} : { key }), children: NOTHING, size: 1 });

function branching(span: Span, key: Span | undefined, children: ReadonlyMap<string | number, Place>): Place {
  let size = 1;
  for (const child of children.values()) size += child.size;
  return { span, ...(key === undefined ? {} : { key }), children, size };
}

/** Without trailing comments and blank lines. An empty value stands at its key. */
function spanOf(node: Node | null | undefined, otherwise: Span | undefined): Span {
  const range = node?.range;
  return range ? { start: range[0], end: range[1] } : { start: otherwise?.start ?? 0, end: otherwise?.start ?? 0 };
}
