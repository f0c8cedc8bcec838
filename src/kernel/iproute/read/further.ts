import type { NamespaceState, Scope, Snapshot } from '../../../model/snapshot.ts';
import { HOST } from '../../../model/topology.ts';
import { isNamespaceName } from '../../checked.ts';
import type { RunProgram } from '../../program.ts';
import { hostInode, readNames } from './names.ts';
import { readFresh, readSysctls } from './namespace.ts';

/** The second look of `Scope.only`: nothing but sysctls, all of the same moment as their namespaces' inodes. */
export async function readFurther(run: RunProgram, scope: Scope, signal?: AbortSignal): Promise<Snapshot> {
  const before = readNames();
  const read = await readSysctls(run, new Map([...scope.sysctls].filter(([name]) => name === HOST || isNamespaceName(name))), signal);
  const after = readNames();
  const namespaces = [...read].flatMap(([name, sysctls]): [string, NamespaceState][] => {
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
