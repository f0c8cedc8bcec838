import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { StepError } from '../../../model/errors.ts';
import { parseAltname } from '../../../model/marks.ts';
import { isUnfinished } from '../../../model/names.ts';
import type { LinkState, NamespaceState, Scope, Snapshot, TableState } from '../../../model/snapshot.ts';
import { HOST } from '../../../model/topology.ts';
import { isNamespaceName, isSysctlPath } from '../../checked.ts';
import { obstaclesAmong, readPlainFile } from '../../files.ts';
import { isInstalled, lacksPrivilege, privilegeError, type RunProgram } from '../../program.ts';
import { findAttached } from '../attach/find.ts';
import { readFilters } from '../firewall/read.ts';
import { readFurther } from './further.ts';
import { IDS_LINE, parseIds, readIds } from './ids.ts';
import { readListenersOf } from './listeners.ts';
import { FILES_DIRECTORY, hostInode, list, markedNames, oddNames, readNames, temporaryFiles } from './names.ts';
import {
  atEdge,
  parseHostDocuments,
  type RawNamespace,
  READ_ARGV,
  READ_LINES,
  readFresh,
  readNamespaces,
  readSysctls,
  sysctlText,
} from './namespace.ts';
import { findPeers, type NamespaceIds, type Peer } from './peers.ts';
import { processesIn } from './processes.ts';
import { readRecords } from './records.ts';
import { isInterrupted, readSteadily } from './steadily.ts';
import { readTables, readTablesIn } from './tables.ts';

/** A namespace that was read, with every name in scope that leads to it. `names[0]` is the one that peers refer to. */
interface Place {
  readonly inode: string;
  readonly names: readonly string[];
  readonly raw: RawNamespace;
}

/** How often a host that changes under our eyes is looked at anew. */
const TRIES = 6;

/**
 * Reads the host as far as the scope asks; see `Kernel.dump`. A look takes a while, in which names and marks may come and go; one that saw the
 * name and not its mark would take ours for somebody else's, so it is not believed.
 */
export async function dump(run: RunProgram, scope: Scope, signal?: AbortSignal): Promise<Snapshot> {
  if (scope.only === 'sysctls') return readFurther(run, scope, signal);
  for (let attempt = 1; ; attempt++) {
    const before = namesInScope(scope);
    const snapshot = await look(run, scope, before, signal);
    if (attempt === TRIES || isDeepStrictEqual(before, namesInScope(scope))) return snapshot;
  }
}

interface Names {
  /** By name, those in scope that there are. */
  readonly there: readonly (readonly [string, string | undefined])[];
  readonly marked: readonly string[];
  /** In the order in which they are read. */
  readonly wanted: readonly string[];
}

function namesInScope(scope: Scope): Names {
  const marked = markedNames(scope.topologies);
  const wanted = [...new Set([...scope.namespaces, ...marked])].filter((name) => name !== HOST && isNamespaceName(name)).sort(byNumbers);
  const names = readNames();
  return { there: wanted.flatMap((name) => (names.has(name) ? [[name, names.get(name)] as const] : [])), marked, wanted };
}

async function look(run: RunProgram, scope: Scope, { there, marked, wanted }: Names, signal?: AbortSignal): Promise<Snapshot> {
  const isWanted = new Set(wanted);
  const names = new Map([...readNames()].filter(([name]) => !isWanted.has(name)).concat(there.map(([name, inode]) => [name, inode])));
  const host = hostInode();
  const groups = byInode(wanted, names, host);

  const [hostRead, others, tables, attached, filters] = await settled([
    readHost(run, names, sysctlsOf(groups.get(host) ?? [], scope), signal),
    readNamespaces(run, entryPoints(groups, host, scope), signal),
    readTables(run, signal),
    findAttached(run, scope.attach, names, signal),
    readFilters(run, { filters: scope.filters ?? false, translations: (scope.ports ?? []).length > 0 }, signal),
  ]);
  const places = [...groups].flatMap(([inode, group]): Place[] => {
    const raw = inode === host ? hostRead.raw : others.get(group[0] ?? '');
    return raw === undefined ? [] : [{ inode, names: primaryFirst(group, raw), raw }];
  });
  const peers = await findPeers(new Map(places.map(({ inode, raw }) => [inode, raw.links])), { inode: host, ids: hostRead.ids }, (inodes) =>
    readIds(run, new Map(inodes.map((inode) => [inode, groups.get(inode)?.[0] ?? ''])), names, signal),
  );
  const asked = (scope.tables ?? []).filter((name) => names.get(name) !== undefined && isNamespaceName(name));
  const tablesIn = await readTablesIn(run, asked, scope.topologies === 'all' ? [] : scope.topologies, signal);
  return {
    namespaces: namespaceStates(places, peers, new Set(marked), scope.processes ?? false, tablesIn),
    names,
    files: readFiles([...new Set([...marked, ...wanted])], scope.files, temporaryFiles(scope.topologies)),
    obstacles: new Map([...obstaclesAmong(scope.files), ...oddNames(wanted, names)]),
    tables,
    records: readRecords(),
    listeners: await readListenersOf(run, scope.ports ?? [], signal),
    hasConntrack: isInstalled('conntrack'),
    fresh: await readFresh(run, scope.fresh ?? [], signal),
    attached,
    ...(filters === undefined ? {} : { filters }),
  };
}

/** As Promise.all, but a failure is thrown only once everything has ended: no program outlives the call. */
async function settled<T extends readonly unknown[]>(promises: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  await Promise.allSettled(promises);
  return Promise.all(promises) as Promise<T>;
}

/** `pc2` before `pc10`: neighbours in the file are neighbours in the list, which `findPeers` makes use of. */
const byNumbers = new Intl.Collator('en', { numeric: true }).compare;

/** Names by the namespace that they lead to, the host's first. */
function byInode(wanted: readonly string[], names: ReadonlyMap<string, string | undefined>, host: string): Map<string, string[]> {
  const groups = new Map([[host, [HOST]]]);
  for (const name of wanted) {
    const inode = names.get(name);
    if (inode !== undefined) groups.set(inode, [...(groups.get(inode) ?? []), name]);
  }
  return groups;
}

/** One name for each namespace is enough to read it; with the sysctls asked for under any of its names. */
const entryPoints = (groups: ReadonlyMap<string, readonly string[]>, host: string, scope: Scope): Map<string, readonly string[]> =>
  new Map([...groups].flatMap(([inode, group]) => (inode === host || group[0] === undefined ? [] : [[group[0], sysctlsOf(group, scope)]])));

const sysctlsOf = ([name = '', ...others]: readonly string[], { sysctls }: Scope): readonly string[] => [
  ...new Set(others.length === 0 ? sysctls.get(name) : [name, ...others].flatMap((one) => sysctls.get(one) ?? [])),
];

/** The name that our marks inside bear goes first, so that peers are told by it and not by a shared name. */
function primaryFirst(group: readonly string[], raw: RawNamespace): readonly string[] {
  if (group.length === 1 || group[0] === HOST) return group;
  const own = raw.links
    .flatMap(({ state }) => state.altnames.map(parseAltname))
    .flatMap((mark) => (mark !== undefined && 'namespace' in mark ? [mark.namespace] : []))
    .find((name) => group.includes(name));
  return own === undefined ? group : [own, ...group.filter((name) => name !== own)];
}

/** The host's links, routes, namespace ids and sysctls. */
async function readHost(
  run: RunProgram,
  names: ReadonlyMap<string, string | undefined>,
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<{ raw: RawNamespace; ids: NamespaceIds }> {
  const [{ ids, ...raw }, sysctls] = await settled([readHostLinks(run, names, signal), readHostSysctls(run, paths, signal)]);
  return { raw: { ...raw, sysctls }, ids };
}

/** One `ip` for all. */
async function readHostLinks(run: RunProgram, names: ReadonlyMap<string, string | undefined>, signal?: AbortSignal) {
  const input = `${[...READ_LINES, IDS_LINE].join('\n')}\n`;
  const result = await readSteadily(run, READ_ARGV, { input, ...(signal === undefined ? {} : { signal }) });
  if (result.exitCode !== 0 || isInterrupted(result.stderr)) {
    throw lacksPrivilege(result.stderr) ? privilegeError(result) : new StepError({ ...result, namespace: HOST });
  }
  const [links = '', routes = '', ids] = result.stdout.split('\n').filter((line) => line !== '');
  return atEdge(READ_ARGV, HOST, () => ({ ...parseHostDocuments([links, routes]), ids: parseIds(ids, names) }));
}

/** Few enough to be read here: a driver costs 5 ms, but one sysctl up to 0.1 ms where there are many namespaces (see drivers/perl.ts). */
const FEW = 50;

async function readHostSysctls(run: RunProgram, paths: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, string>> {
  return paths.length > FEW ? ((await readSysctls(run, new Map([[HOST, paths]]), signal)).get(HOST) ?? new Map()) : hostSysctls(paths);
}

/** Settings of the network namespace that this process is in; those that are not there are left out. */
export function hostSysctls(paths: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    paths.filter(isSysctlPath).flatMap((path) => {
      try {
        return [[path, sysctlText(readFileSync(`/proc/sys/${path}`, 'utf8'))]];
      } catch {
        return [];
      }
    }),
  );
}

function namespaceStates(
  places: readonly Place[],
  peers: ReadonlyMap<LinkState, Peer>,
  marked: ReadonlySet<string>,
  everyProcess: boolean,
  tables: ReadonlyMap<string, ReadonlyMap<string, TableState>>,
) {
  const primary = new Map(places.map(({ inode, names }) => [inode, names[0] ?? '']));
  // Whether an unfinished one is ours depends on who is inside; before a removal everybody inside is of interest.
  const undecided = places.filter(
    ({ names, raw }) =>
      names[0] !== HOST && names.some((name) => marked.has(name)) && (everyProcess || isUnfinished(raw.links.map(({ state }) => state))),
  );
  const processes = undecided.length === 0 ? new Map() : processesIn(new Set(undecided.map(({ inode }) => inode)));
  const states = new Map<string, NamespaceState>();
  for (const { inode, names, raw } of places) {
    const links = raw.links.map(({ state }) => withPeer(state, peers.get(state), primary));
    for (const name of names) {
      const inside = processes.get(inode);
      states.set(name, {
        name,
        inode,
        links,
        routes: raw.routes,
        ...(name === HOST && raw.locals !== undefined ? { locals: raw.locals } : {}),
        sysctls: raw.sysctls,
        ...(inside ? { processes: inside } : {}),
        ...tablesOf(tables, name),
      });
    }
  }
  return states;
}

function tablesOf(tables: ReadonlyMap<string, ReadonlyMap<string, TableState>>, name: string) {
  const found = tables.get(name);
  return found === undefined ? {} : { tables: found };
}

function withPeer(state: LinkState, peer: Peer | undefined, names: ReadonlyMap<string, string>): LinkState {
  const namespace = peer === undefined ? undefined : names.get(peer.inode);
  return peer === undefined || namespace === undefined ? state : { ...state, peer: { namespace, ifname: peer.link.ifname } };
}

/** Files of the namespaces' directories in /etc/netns, those asked for by path, and temporary ones. Symbolic links are not followed. */
function readFiles(names: readonly string[], paths: readonly string[], temporaries: readonly string[]): Map<string, string> {
  const own = names.flatMap((name) => list(`${FILES_DIRECTORY}/${name}`).map((file) => `${FILES_DIRECTORY}/${name}/${file}`));
  return new Map(
    [...new Set([...own, ...paths, ...temporaries])].flatMap((path) => {
      const content = readPlainFile(path);
      return content === undefined ? [] : [[path, content]];
    }),
  );
}
