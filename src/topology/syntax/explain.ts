import type { ErrorObject } from 'ajv';
import type { Code } from '../codes.ts';
import type { Faults } from '../faults.ts';
import { missingKey, nameOf, unknownKey } from './keys.ts';
import type { Path } from './places.ts';
import { pathOf } from './pointer.ts';
import { quote } from './quote.ts';
import { isMapping, type Loose } from './repair.ts';
import { didYouMean } from './suggest.ts';

/** What ajv's `verbose` puts into `parentSchema`, as far as it is used here. */
export interface Annotated {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, { readonly not?: unknown }>>;
  readonly patternErrorMessage?: string;
  readonly errorMessage?: string;
  readonly examples?: readonly unknown[];
}

/** A fault can have two errors; beyond this many nobody reads on, and a hostile file has thousands. */
const ERRORS_MAX = 1000;

/** Faults of the shape → plain words, each at the value or key that causes it. */
export function explain(errors: readonly ErrorObject[], data: Loose, faults: Faults): void {
  for (const error of errors.slice(0, ERRORS_MAX)) {
    const path = pathOf(error, data);
    // A third end is one too many, whatever is wrong with it.
    if (path[0] === 'links' && Number(path.at(-1)) > 1 && path.length > 2) continue;
    explainOne(error, path, faults);
  }
}

function explainOne(error: ErrorObject, path: Path, faults: Faults): void {
  const schema = (error.parentSchema ?? {}) as Annotated;
  const what = nameOf(path);
  switch (error.keyword) {
    case 'additionalProperties':
      unknownKey(String(error.params.additionalProperty), path, schema, faults);
      return;
    case 'not':
      faults.addAtKey(path, 'E_NOT_YET', `${what} is not supported yet`, 'it is reserved for a later version; leave it out');
      return;
    case 'required':
      missingKey(String(error.params.missingProperty), error.data, path, schema, faults);
      return;
    case 'type':
      wrongType(error, path, schema, faults);
      return;
    case 'const':
      faults.add(
        path,
        'E_VERSION',
        `${what} cannot be ${typeof error.data === 'string' ? JSON.stringify(error.data) : quote(error.data)}`,
        'write version: 1',
      );
      return;
    case 'enum':
      faults.add(path, 'E_VALUE', `${what} cannot be ${quote(error.data)}`, enumHint(error.data, schema, faults));
      return;
    case 'pattern':
      wrongText(error, path, schema, faults);
      return;
    case 'minimum':
    case 'maximum':
      outOfRange(error, path, faults);
      return;
    case 'minItems':
    case 'maxItems':
      wrongCount(error, path, faults);
      return;
    case 'minLength':
    case 'maxLength':
      faults.add(path, 'E_VALUE', `${what} has a length of ${String(error.data).length}`, error.message);
      return;
    case 'propertyNames':
      return; // its cause is reported for itself
    default:
      faults.add(path, 'E_VALUE', `${what} ${error.message ?? 'is wrong'}`);
      return;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  object: 'a mapping',
  array: 'a list',
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

const typeOf = (value: unknown): string => {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'string' ? `the text ${quote(value)}` : quote(value);
};

function wrongType(error: ErrorObject, path: Path, schema: Annotated, faults: Faults): void {
  const types = [schema.type ?? []].flat().filter((type) => type !== 'null');
  const wanted = types.map((type) => TYPES[type] ?? type).join(' or ');
  const message = `${nameOf(path)} must be ${wanted}, and is ${typeOf(error.data)}`;
  // What is left of such a section proves nothing.
  if (path[0] === 'bridges' && KEYS_OF_BRIDGES.includes(String(path[1]))) faults.spoil('everything:');
  if (path.length === 0) faults.add(path, 'E_SHAPE', message, 'begin the file with version: 1');
  else faults.add(path, 'E_TYPE', message, typeHint(error.data, types, path, schema));
}

function typeHint(value: unknown, types: readonly string[], path: Path, schema: Annotated): string | undefined {
  if (types.includes('boolean')) return booleanHint(value) ?? 'write true or false';
  if (path.includes('sysctls')) return `write ${value === true ? 1 : 0}`;
  if (schema.patternErrorMessage !== undefined) return schema.patternErrorMessage;
  if (typeof value === 'string' && types.includes('integer') && /^\d+$/.test(value)) return `write ${value}, without quotes`;
  if ((typeof value === 'number' || typeof value === 'boolean') && types.includes('string')) return `quote it: "${value}"`;
  if (path.length === 1 && types.includes('object') && typeof value === 'string') {
    const [name = 'web01'] = value.split(' ');
    return `put a colon behind each name: ${/^[\w.-]+$/.test(name) ? name : 'web01'}:`;
  }
  if (path.length === 1 && types.includes('object') && Array.isArray(value)) return 'write each name as a key: `web01: {}`';
  if (path[0] === 'links' && path.length > 1 && types.includes('array') && path.at(-1) !== 'addresses')
    return 'write [namespace:interface, bridge]';
  if (path[0] === 'links' && path.length === 1 && typeof value === 'string' && value.startsWith('-'))
    return `put a space behind the -: ${quote(value.replace(/^-/, '- '))}`;
  if (path[0] === 'links' && path.length === 1) return 'write a list, each link an item: - [web01:eth0, br-web]';
  if (types.includes('array') && (typeof value === 'string' || typeof value === 'number')) {
    return `write a list: [${/^[\w.-]+$/.test(String(value)) ? value : JSON.stringify(value)}]`;
  }
  if (path.at(-1) === 'subnet' && isMapping(value)) return 'give the network a name in `subnets`, and write that name here';
  const hint = types.includes('object') ? mappingHint(value, path) : undefined;
  if (hint !== undefined) return hint;
  const [example] = schema.examples ?? [];
  if (example === undefined) return types.includes('object') ? 'write a mapping, `key: value`, or leave it empty' : undefined;
  return `for example ${typeof example === 'string' ? example : JSON.stringify(example)}`;
}

/** What stands in the column of the names is read as a name. */
const KEYS_OF_BRIDGES = ['subnet', 'mtu', 'mac', 'stp', 'nat', 'inbound', 'icc', 'internal', 'allow'];

/** What a mapping looks like here; a text is taken for the value of its chief key. */
function mappingHint(value: unknown, path: Path): string | undefined {
  const text = typeof value === 'string' && /^[\w.:/-]+$/.test(value) ? value : undefined;
  if (path[0] === 'subnets' && path.length === 2) {
    return text?.split('/')[0]?.includes(':') ? `write { ipv6: "${text}" }` : `write { ipv4: ${text ?? '172.30.1.0/24'} }`;
  }
  if (path[0] === 'bridges' && KEYS_OF_BRIDGES.includes(String(path[1])))
    return `indent it further: ${path[1]} belongs to the bridge above, and stands to the right of its name`;
  if (path[0] === 'bridges' && path.length === 2) return `write { subnet: ${text ?? 'web'} }, or leave it empty`;
  if (path.includes('allow')) return `write { from: ${text ?? 'outside'} }`;
  if (path.includes('routes')) return 'write { to: default, via: 172.30.1.1 }, say';
  if (path[0] === 'checks' && path.length === 2) return 'write { from: web01, to: web02, ping: true }, say';
  return undefined;
}

/** YAML 1.1 read these as booleans; 1.2 reads them as text. */
function booleanHint(value: unknown): string | undefined {
  if (typeof value === 'object') return undefined;
  const text = String(value).toLowerCase();
  if (['yes', 'on', 'y', '1', 'true', 'enabled'].includes(text)) return 'write true';
  if (['no', 'off', 'n', '0', 'false', 'disabled'].includes(text)) return 'write false';
  return undefined;
}

function enumHint(value: unknown, schema: Annotated, faults: Faults): string {
  const allowed = (schema.enum ?? []).map(String);
  const trap = allowed.includes('true') ? booleanHint(value) : undefined;
  const meant = typeof value === 'string' ? faults.suggest(value, allowed) : undefined;
  return trap ?? didYouMean(meant) ?? `one of ${allowed.join(', ')}`;
}

function wrongText(error: ErrorObject, path: Path, schema: Annotated, faults: Faults): void {
  const rule = schema.patternErrorMessage;
  const isMac = path.at(-1) === 'mac';
  if (error.propertyName !== undefined) {
    const code: Code = path.at(-1) === 'sysctls' ? 'E_SYSCTL' : 'E_NAME';
    const hint = rangeHint(error.propertyName) ?? rule;
    faults.addAtKey([...path, error.propertyName], code, `${quote(error.propertyName)} is not a name that can be used here`, hint);
  } else if (path.at(-1) === 'name' || path.includes('aliases') || path.at(-2) === 'as') {
    faults.add(path, 'E_NAME', `${quote(error.data)} is not a name that can be used here`, rule);
  } else {
    faults.add(path, isMac ? 'E_MAC' : 'E_VALUE', `${nameOf(path)} cannot be ${quote(error.data)}`, rule);
  }
}

/** `pc[1-3]` and `pc{1..3}`, as shells and other tools write a range. */
function rangeHint(name: string): string | undefined {
  const [, before, first, last, after] = /^([\w-]*)[[{](\d+)(?:-|[.]{2})(\d+)[\]}]([\w-]*)$/.exec(name) ?? [];
  return first === undefined ? undefined : `a range is written with parentheses: ${before}(${first}-${last})${after}`;
}

const PORT_KEYS = new Set<string | number | undefined>(['tcp', 'udp', 'sctp', 'port', 'hostPort']);

function outOfRange(error: ErrorObject, path: Path, faults: Faults): void {
  const last = path.at(-1);
  const value = Number(error.data);
  const limit = Number(error.params.limit);
  const side = error.keyword === 'minimum' ? `below ${limit}` : `above ${limit}`;
  if (last === 'mtu') {
    const why = error.keyword === 'minimum' ? 'the least that IPv4 allows' : 'the most that Linux allows';
    faults.add(path, 'E_MTU_RANGE', `mtu ${value} is ${side}, ${why}`, 'write a number from 68 to 65535; 1500 is usual');
  } else if (PORT_KEYS.has(last)) faults.add(path, 'E_PORT_RANGE', `port ${value} is ${side}`, 'a port is 1 to 65535');
  else faults.add(path, 'E_VALUE', `${nameOf(path)} ${value} is ${side}`);
}

function wrongCount(error: ErrorObject, path: Path, faults: Faults): void {
  const count = Array.isArray(error.data) ? error.data.length : 0;
  if (path[0] === 'links') {
    const items = error.data as unknown[];
    const isPair = error.keyword === 'maxItems' && items.some(isMapping);
    const [lone] = items;
    const parted = count === 1 && typeof lone === 'string' && /^\S+ \S+$/.test(lone) ? lone.replace(' ', ', ') : undefined;
    const hint =
      parted !== undefined
        ? `put a comma between them: [${parted}]`
        : isPair
          ? 'options go beside `ends`: { ends: [web01:eth0, br-web], mtu: 9000 }'
          : 'write [namespace:interface, bridge]';
    faults.add(path, 'E_LINK_END', `a link has two ends, and this one has ${count}`, hint);
  } else faults.add(path, 'E_VALUE', `${nameOf(path)} is an empty list`, 'leave it out, or fill it');
}
