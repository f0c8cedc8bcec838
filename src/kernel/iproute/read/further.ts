import type { NamespaceState, Scope, Snapshot } from '../../../model/snapshot.ts';
import { HOST } from '../../../model/topology.ts';
import { isNamespaceName } from '../../checked.ts';
import { mapConcurrently } from '../../concurrency.ts';
import type { RunProgram } from '../../program.ts';
import { WIDTH } from '../drivers/visit.ts';
import { hostInode, readNames } from './names.ts';
import { readFresh, readSysctls } from './namespace.ts';

/** The second look of `Scope.only`: nothing but sysctls, all of the same moment as their namespaces' inodes. */
export async function readFurther(run: RunProgram, scope: Scope, signal?: AbortSignal): Promise<Snapshot> {
  const before = readNames();
  const parts = await mapConcurrently(partsOf(scope.sysctls), WIDTH, (part) => readSysctls(run, part, signal));
  const after = readNames();
  const namespaces = [...merged(parts)].flatMap(([name, sysctls]): [string, NamespaceState][] => {
    const inode = name === HOST ? hostInode() : before.get(name);
    const stays = inode !== undefined && (name === HOST || after.get(name) === inode);
    return stays ? [[name, { name, inode, links: [], routes: [], sysctls }]] : [];
  });
  return {
    namespaces: new Map(namespaces),
    names: after,
    files: new Map(),
    tables: new Map(),
    records: new Map(),
    listeners: [],
    hasConntrack: false,
    fresh: await readFresh(run, scope.fresh ?? [], signal),
    attached: new Map(),
  };
}

/** The most sysctls of the host that one driver reads: in a star of 1,000 they are a third of all, and drivers share whole namespaces. */
const PART = 2_500;

/** Everything, or all other namespaces and the host's in parts. */
function partsOf(asked: Scope['sysctls']): Scope['sysctls'][] {
  const known = [...asked].filter(([name]) => name === HOST || isNamespaceName(name));
  const ofHost = asked.get(HOST) ?? [];
  if (ofHost.length <= PART) return [new Map(known)];
  const count = Math.ceil(ofHost.length / PART);
  const size = Math.ceil(ofHost.length / count);
  const parts = Array.from({ length: count }, (_, index) => ofHost.slice(index * size, (index + 1) * size));
  return [new Map(known.filter(([name]) => name !== HOST)), ...parts.map((part) => new Map([[HOST, part]]))];
}

function merged(parts: readonly ReadonlyMap<string, ReadonlyMap<string, string>>[]): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const read = new Map<string, ReadonlyMap<string, string>>();
  for (const [name, sysctls] of parts.flatMap((part) => [...part])) {
    const before = read.get(name);
    read.set(name, before === undefined ? sysctls : new Map([...before, ...sysctls]));
  }
  return read;
}
