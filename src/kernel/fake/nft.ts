import { type FakeChain, type FakeNamespace, type FakeTable, refuse } from './state.ts';

/** Carries out lines of nft's language as one transaction: all or none. Understands the forms that our kinds write. */
export function runNft(namespace: FakeNamespace, lines: readonly string[], where: string): void {
  const tables = structuredClone(namespace.tables);
  for (const line of lines) runLine(tables, line.trim(), where);
  namespace.tables = tables;
}

type Tables = Map<string, FakeTable>;

function runLine(tables: Tables, line: string, where: string): void {
  if (line === '' || line.startsWith('#')) return;
  const fail = (reason: string): never => refuse(where, ['nft', '-f', '-'], `Error: ${reason}\n${line}`);
  const match = /^(add|create|delete|flush) (table|chain|rule|map|set|element) inet (\S+)(?: (\S+))?(?: ([\s\S]*))?$/.exec(line);
  const [, verb = '', object = '', tableName = '', name = '', rest = ''] = match ?? [];
  if (!match) fail('syntax error');
  if (object === 'table') {
    changeTable(tables, verb, tableName, fail);
    return;
  }
  const table = tables.get(tableName) ?? fail('No such file or directory');
  switch (object) {
    case 'chain':
      changeChain(table, verb, name, rest, fail);
      break;
    case 'rule':
      (table.chains.get(name) ?? fail('No such file or directory')).rules.push(rest);
      break;
    case 'map':
      changeMap(table, verb, name, rest, fail);
      break;
    case 'set':
      changeSet(table, verb, name, rest, fail);
      break;
    default:
      changeElements(table, verb, name, rest, fail);
      break;
  }
}

type Fail = (reason: string) => never;

function changeTable(tables: Tables, verb: string, name: string, fail: Fail): void {
  const table = tables.get(name);
  if (verb === 'add') {
    if (!table) tables.set(name, { chains: new Map(), maps: new Map(), sets: new Map() });
    return;
  }
  if (!table || verb === 'create') fail(table ? 'File exists' : 'No such file or directory');
  if (verb === 'delete') tables.delete(name);
  else for (const chain of table.chains.values()) chain.rules.length = 0;
}

function changeChain(table: FakeTable, verb: string, name: string, body: string, fail: Fail): void {
  const chain = table.chains.get(name);
  if (verb === 'add') {
    if (!chain) table.chains.set(name, newChain(body));
    return;
  }
  if (!chain) fail('No such file or directory');
  if (verb === 'flush') {
    chain.rules.length = 0;
    return;
  }
  if (chain.rules.length > 0 || isReferred(table, `(jump|goto) ${name}`)) fail('Device or resource busy');
  table.chains.delete(name);
}

function newChain(body: string): FakeChain {
  const base = /type (\w+) hook (\w+) priority (-?\d+)\s*;(?: policy (\w+)\s*;)?/.exec(body);
  if (!base) return { rules: [] };
  const [, type = '', hook = '', priority = '0', policy = 'accept'] = base;
  return { base: { type, hook, priority: Number(priority), policy }, rules: [] };
}

const isReferred = (table: FakeTable, pattern: string): boolean =>
  [...table.chains.values()].some((chain) => chain.rules.some((rule) => new RegExp(`${pattern}(\\s|$)`).test(rule)));

function changeMap(table: FakeTable, verb: string, name: string, body: string, fail: Fail): void {
  const map = table.maps.get(name);
  if (verb === 'add') {
    const [, key = '', value = ''] = /type ([^:;{}]+?) : ([^;{}]+?)\s*;/.exec(body) ?? fail('syntax error');
    if (map && (map.key !== key || map.value !== value)) fail('File exists');
    if (!map) table.maps.set(name, { key, value, elements: new Map() });
  } else if (!map) fail('No such file or directory');
  else if (verb === 'flush') map.elements.clear();
  else if (isReferred(table, `@${name}`)) fail('Device or resource busy');
  else table.maps.delete(name);
}

function changeSet(table: FakeTable, verb: string, name: string, body: string, fail: Fail): void {
  const set = table.sets.get(name);
  if (verb === 'add') {
    const [, key = ''] = /type ([^;{}]+?)\s*;/.exec(body) ?? fail('syntax error');
    if (set && set.key !== key) fail('File exists');
    if (!set) table.sets.set(name, { key, elements: new Set() });
  } else if (!set) fail('No such file or directory');
  else if (verb === 'flush') set.elements.clear();
  else if (isReferred(table, `@${name}`)) fail('Device or resource busy');
  else table.sets.delete(name);
}

function changeElements(table: FakeTable, verb: string, name: string, body: string, fail: Fail): void {
  const items = /^\{([\s\S]*)\}$/.exec(body.trim())?.[1] ?? fail('syntax error');
  const map = table.maps.get(name);
  const set = table.sets.get(name);
  for (const item of splitElements(items)) {
    if (map) changeMapElement(map.elements, verb, item, fail);
    else if (!set) fail('No such file or directory');
    else if (verb === 'add') set.elements.add(item);
    else if (!set.elements.delete(item)) fail('No such file or directory');
  }
}

/** At commas, but not within quotes. */
const splitElements = (text: string): string[] =>
  (text.match(/(?:"[^"]*"|[^",])+/g) ?? []).map((item) => item.trim()).filter((item) => item !== '');

/** `tcp . 8080 comment "web01" : 172.30.1.2 . 80`; a colon with spaces around it parts key and value. */
function changeMapElement(elements: Map<string, { value: string; comment: string }>, verb: string, item: string, fail: Fail): void {
  const [, key = '', comment = '', value] = /^(.*?)(?: comment "([^"]*)")?(?: : (.*))?$/.exec(item) ?? fail('syntax error');
  const present = elements.get(key);
  if (verb === 'delete') {
    if (!elements.delete(key)) fail('No such file or directory');
    return;
  }
  if (value === undefined) fail('syntax error');
  if (present && present.value !== value) fail('File exists');
  if (!present) elements.set(key, { value, comment });
}
