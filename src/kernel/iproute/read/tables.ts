import { StepError } from '../../../model/errors.ts';
import { tableName, topologyOfTable } from '../../../model/marks.ts';
import type { ChainState, MapState, SetState, TableState } from '../../../model/snapshot.ts';
import { HOST } from '../../../model/topology.ts';
import { namespaceName } from '../../checked.ts';
import { mapConcurrently } from '../../concurrency.ts';
import { lacksPrivilege, type ProgramResult, privilegeError, type RunProgram } from '../../program.ts';
import { WIDTH } from '../drivers/visit.ts';
import { EdgeError, type Fields, isFields, listOf, optionalText, parseJson, text, whole } from './edge.ts';
import { atEdge } from './namespace.ts';
import { printRule, printValue } from './nft-text.ts';
import { protocolName } from './protocols.ts';

const LIST = ['nft', '-j', 'list', 'tables', 'inet'];

/** With protocols as numbers (`-p`): for each name that it prints nft reads /etc/protocols anew, and not every host has that file. */
const listOne = (name: string): string[] => ['nft', '-j', '-p', 'list', 'table', 'inet', name];

/**
 * Every `inet netloom-…` table of the host with its content. One nft process lists their names and one each reads them: nft 1.0.6 fills
 * its cache for the last of several `list` commands only, and `list ruleset` would read foreign sets.
 */
export async function readTables(run: RunProgram, signal?: AbortSignal): Promise<Map<string, TableState>> {
  const options = signal === undefined ? {} : { signal };
  const listed = await run(LIST, options);
  if (listed.exitCode !== 0) throw failure(listed);
  const names = atEdge(LIST, HOST, () => objectsIn(listed.stdout)('table').map((table) => text(table, 'name')))
    .filter((name) => topologyOfTable(name) !== undefined)
    .sort();
  const tables = await mapConcurrently(names, WIDTH, async (name) => {
    const argv = listOne(name);
    const result = await run(argv, options);
    if (result.exitCode === 0) return atEdge(argv, HOST, () => parseTable(name, result.stdout));
    if (result.stderr.includes('No such file or directory')) return undefined; // gone meanwhile
    throw failure(result);
  });
  return new Map(tables.flatMap((table) => (table === undefined ? [] : [[table.name, table]])));
}

/** The tables of these topologies in other namespaces, by namespace; one process each. */
export async function readTablesIn(
  run: RunProgram,
  namespaces: readonly string[],
  topologies: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, Map<string, TableState>>> {
  const places = namespaces.flatMap((namespace) => topologies.map((topology) => ({ namespace, name: tableName(topology) })));
  const read = await mapConcurrently(places, WIDTH, async ({ namespace, name }) => {
    const argv = ['nsenter', `--net=/run/netns/${namespaceName(namespace)}`, ...listOne(name)];
    const result = await run(argv, signal === undefined ? {} : { signal });
    if (result.exitCode === 0) return { namespace, table: atEdge(argv, namespace, () => parseTable(name, result.stdout)) };
    if (result.stderr.includes('No such file or directory')) return undefined;
    throw lacksPrivilege(result.stderr) ? privilegeError(result) : new StepError({ ...result, namespace });
  });
  const tables = new Map<string, Map<string, TableState>>();
  for (const one of read) if (one) tables.set(one.namespace, new Map([...(tables.get(one.namespace) ?? []), [one.table.name, one.table]]));
  return tables;
}

const failure = (result: ProgramResult): Error =>
  lacksPrivilege(result.stderr) ? privilegeError(result) : new StepError({ ...result, namespace: HOST });

/** What `nft -j` has printed, to be asked for its objects by kind. */
export function objectsIn(stdout: string): (kind: string) => Fields[] {
  const document = parseJson(stdout, 'nft');
  if (!isFields(document)) throw new EdgeError('nft: expected an object');
  const entries = listOf(document.nftables, 'nftables');
  return (kind) =>
    entries.flatMap((entry) => {
      const object = entry[kind];
      return isFields(object) ? [object] : [];
    });
}

/** Reads the document of `nft -j -p list table inet NAME` (nft 1.0.6). */
export function parseTable(name: string, stdout: string): TableState {
  const objects = objectsIn(stdout);
  const rules = new Map<string, string[]>();
  for (const rule of objects('rule')) {
    const chain = text(rule, 'chain');
    const expressions: unknown = rule.expr;
    const line = printRule(Array.isArray(expressions) ? expressions : [], optionalText(rule, 'comment'));
    rules.set(chain, [...(rules.get(chain) ?? []), line]);
  }
  return {
    name,
    chains: new Map(objects('chain').map((chain) => [text(chain, 'name'), parseChain(chain, rules.get(text(chain, 'name')) ?? [])])),
    maps: new Map(objects('map').map((map) => [text(map, 'name'), parseMap(map)])),
    sets: new Map(objects('set').map((set) => [text(set, 'name'), parseSet(set)])),
  };
}

function parseChain(chain: Fields, rules: readonly string[]): ChainState {
  if (chain.hook === undefined) return { rules };
  return {
    base: {
      type: text(chain, 'type'),
      hook: text(chain, 'hook'),
      priority: whole(chain, 'prio'),
      policy: optionalText(chain, 'policy') ?? 'accept',
    },
    rules,
  };
}

function parseMap(map: Fields): MapState {
  const types = typesOf(map.type);
  const elements = (Array.isArray(map.elem) ? map.elem : []).map((pair: unknown): [string, { value: string; comment: string }] => {
    if (!Array.isArray(pair) || pair.length !== 2) throw new EdgeError('nft: expected pairs in a map');
    const [key, value]: readonly unknown[] = pair;
    return [print(withProtocols(key, types)), { value: print(value), comment: commentOf(key) }];
  });
  return { key: typeText(map.type), value: typeText(map.map), elements: new Map(elements) };
}

function parseSet(set: Fields): SetState {
  const types = typesOf(set.type);
  const elements: readonly unknown[] = Array.isArray(set.elem) ? set.elem : [];
  return { key: typeText(set.type), elements: elements.map((key) => print(withProtocols(key, types))).sort() };
}

/** A type is text, or a list where it is a concatenation (a map's value is text in either case). */
const typesOf = (type: unknown): readonly unknown[] => (Array.isArray(type) ? type : [type]);
const typeText = (type: unknown): string => typesOf(type).join(' . ');

/** A key of these types, its protocols by name. */
function withProtocols(key: unknown, types: readonly unknown[]): unknown {
  if (!types.includes('inet_proto')) return key;
  if (!isFields(key)) return protocolName(key);
  if (isFields(key.elem)) return { elem: { ...key.elem, val: withProtocols(key.elem.val, types) } };
  const parts: readonly unknown[] | undefined = Array.isArray(key.concat) ? key.concat : undefined;
  return parts === undefined ? key : { concat: parts.map((part, index) => (types[index] === 'inet_proto' ? protocolName(part) : part)) };
}

function commentOf(key: unknown): string {
  const element = isFields(key) ? key.elem : undefined;
  return isFields(element) ? (optionalText(element, 'comment') ?? '') : '';
}

/** An element that netloom never writes (a verdict) as JSON text. */
function print(value: unknown): string {
  try {
    return printValue(value);
  } catch {
    return JSON.stringify(value);
  }
}
