import { isFields } from './edge.ts';
import { groupNumber } from './groups.ts';
import { protocolName } from './protocols.ts';

/** Thrown inside only: an expression that netloom never writes. */
class Unknown extends Error {}

/**
 * A rule in nft's own language, exactly as `nft list table` (1.0.6) prints it, but for two things: elements of an anonymous set are sorted
 * by plain comparison of their text (nft's order depends on the type), so write wanted rules the same way with `printSet`; and counters
 * are without their numbers. Where a rule holds an expression that netloom never writes the whole rule becomes JSON text, which equals no
 * wanted rule.
 */
export function printRule(expressions: readonly unknown[], comment?: string): string {
  let body: string;
  try {
    body = expressions.map(statement).join(' ');
  } catch (error) {
    if (!(error instanceof Unknown)) throw error;
    body = JSON.stringify(expressions);
  }
  return comment === undefined ? body : `${body} comment "${comment}"`;
}

/** `{ 5432, 6000-6010 }`: sorted by plain comparison, so that equal sets have equal text. */
export const printSet = (elements: readonly string[]): string => `{ ${[...elements].sort().join(', ')} }`;

/** What may stand alone: an element, a key, one side of a comparison. Strings are not quoted. */
export function printValue(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? 'exists' : 'missing';
  const [name, inner] = only(value);
  switch (name) {
    case 'prefix':
      return `${printValue(field(inner, 'addr'))}/${printValue(field(inner, 'len'))}`;
    case 'range':
      return items(inner).map(printValue).join('-');
    case 'concat':
      return items(inner).map(printValue).join(' . ');
    case 'set':
      return printSet(items(inner).map(printValue));
    case 'elem':
      return printValue(field(inner, 'val'));
    case 'meta':
      return metaKey(word(inner, 'key'));
    case 'payload':
      return `${word(inner, 'protocol')} ${word(inner, 'field')}`;
    case 'ct':
      return ['ct', ...optional(inner, 'dir'), word(inner, 'key')].join(' ');
    case 'fib':
      return `fib ${flags(inner).join(' . ')} ${word(inner, 'result')}`;
    default:
      throw new Unknown(name);
  }
}

/** Interface names are quoted, marks are hexadecimal, protocols have their names. */
function rightSide(left: unknown, right: unknown): string {
  const meta = isFields(left) && isFields(left.meta) ? left.meta.key : undefined;
  if (meta === 'iifname' || meta === 'oifname' || meta === 'iif' || meta === 'oif') return eachString(right, quoted);
  if ((meta === 'iifgroup' || meta === 'oifgroup') && typeof right === 'string') return groupNumber(right);
  const ct = isFields(left) && isFields(left.ct) ? left.ct.key : undefined;
  if ((meta === 'mark' || ct === 'mark') && typeof right === 'number') return `0x${right.toString(16).padStart(8, '0')}`;
  if (isProtocol(left)) return printProtocols(right);
  if (Array.isArray(right)) return items(right).map(printValue).join(',');
  return printValue(right);
}

const isProtocol = (left: unknown): boolean => ['meta l4proto', 'ip protocol', 'ip6 nexthdr', 'ct protocol'].includes(printValue(left));

const printProtocols = (value: unknown): string =>
  isFields(value) && Array.isArray(value.set) ? printSet(items(value.set).map(printProtocols)) : printValue(protocolName(value));

const quoted = (text: string): string => (text.startsWith('@') ? text : `"${text}"`);

function eachString(value: unknown, print: (text: string) => string): string {
  if (typeof value === 'string') return print(value);
  if (isFields(value) && Array.isArray(value.set)) return printSet(items(value.set).map((one) => eachString(one, print)));
  throw new Unknown('interface');
}

/** Keys that nft prints without `meta` (nftables 1.0.6, src/meta.c, meta_key_is_unqualified). */
const UNQUALIFIED = new Set([
  'iif',
  'iifname',
  'iiftype',
  'iifgroup',
  'oif',
  'oifname',
  'oiftype',
  'oifgroup',
  'skuid',
  'skgid',
  'rtclassid',
]);
const metaKey = (key: string): string => (UNQUALIFIED.has(key) ? key : `meta ${key}`);

function statement(expression: unknown): string {
  const [name, inner] = only(expression);
  switch (name) {
    case 'match':
      return match(inner);
    case 'accept':
    case 'drop':
    case 'return':
    case 'continue':
    case 'notrack':
      return name;
    case 'masquerade':
      if (inner !== null) throw new Unknown(name);
      return name;
    case 'reject':
      return reject(inner);
    case 'jump':
    case 'goto':
      return `${name} ${word(inner, 'target')}`;
    case 'counter':
      if (typeof inner === 'string') throw new Unknown(name);
      return name;
    case 'dnat':
    case 'snat':
      return nat(name, inner);
    case 'vmap':
      return `${printValue(field(inner, 'key'))} vmap ${printValue(field(inner, 'data'))}`;
    case 'mangle':
      return `${printValue(field(inner, 'key'))} set ${rightSide(field(inner, 'key'), field(inner, 'value'))}`;
    default:
      throw new Unknown(name);
  }
}

/** The kind of rejection that is the default in an inet table is not printed. */
function reject(inner: unknown): string {
  const reason = inner === null ? '' : [word(inner, 'type'), ...optional(inner, 'expr')].join(' ');
  return reason === '' || reason === 'icmpx port-unreachable' ? 'reject' : `reject with ${reason}`;
}

/** `in` (a flag among flags) and `==` are printed as nothing. */
function match(inner: unknown): string {
  const op = word(inner, 'op');
  if (!['==', 'in', '!=', '<', '>', '<=', '>='].includes(op)) throw new Unknown(op);
  const left = field(inner, 'left');
  return [printValue(left), ...(op === '==' || op === 'in' ? [] : [op]), rightSide(left, field(inner, 'right'))].join(' ');
}

function nat(name: string, inner: unknown): string {
  if (!isFields(inner) || inner.flags !== undefined) throw new Unknown(name);
  const family = optional(inner, 'family');
  const to = inner.addr;
  if (isFields(to) && isFields(to.map) && inner.port === undefined) {
    return [name, ...family, 'to', printValue(to.map.key), 'map', word(to.map, 'data')].join(' ');
  }
  const address = printValue(to);
  const port = inner.port === undefined ? '' : `:${printValue(inner.port)}`;
  return [name, ...family, 'to', `${port !== '' && address.includes(':') ? `[${address}]` : address}${port}`].join(' ');
}

function only(value: unknown): [string, unknown] {
  const entries = isFields(value) ? Object.entries(value) : [];
  const [entry] = entries;
  if (entry === undefined || entries.length !== 1) throw new Unknown('shape');
  return entry;
}

function field(value: unknown, key: string): unknown {
  if (!isFields(value) || value[key] === undefined) throw new Unknown(key);
  return value[key];
}

function word(value: unknown, key: string): string {
  const found = field(value, key);
  if (typeof found !== 'string') throw new Unknown(key);
  return found;
}

const optional = (value: unknown, key: string): string[] => (isFields(value) && value[key] !== undefined ? [word(value, key)] : []);

function items(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Unknown('list');
  return value;
}

function flags(value: unknown): string[] {
  const found = field(value, 'flags');
  return (Array.isArray(found) ? items(found) : [found]).map(printValue);
}
