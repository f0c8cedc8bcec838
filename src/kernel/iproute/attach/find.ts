import { StepError } from '../../../model/errors.ts';
import type { AttachState, Scope } from '../../../model/snapshot.ts';
import { mapConcurrently } from '../../concurrency.ts';
import { lacksPrivilege, privilegeError, type RunProgram } from '../../program.ts';
import { WIDTH } from '../drivers/visit.ts';
import { atEdge, parseDocuments, READ_LINES } from '../read/namespace.ts';
import { isNone, type Opened, openNamespace } from './open.ts';

/** Finds the namespaces to attach to, and looks into those that their names do not lead to yet. */
export async function findAttached(
  run: RunProgram,
  wanted: Scope['attach'],
  names: ReadonlyMap<string, string | undefined>,
  signal?: AbortSignal,
): Promise<Map<string, AttachState>> {
  const found = await mapConcurrently([...(wanted ?? [])], WIDTH, async ([name, source]): Promise<[string, AttachState]> => {
    const opened = await openNamespace(run, source, signal);
    if (!opened.found) return [name, opened];
    try {
      const { inode } = opened;
      if (names.get(name) === inode) return [name, { found: true, inode, links: [], routes: [] }];
      const where = 'path' in source ? source.path : `the namespace of ${name}`;
      return [name, await lookInto(run, opened, where, signal)];
    } finally {
      opened.close();
    }
  });
  return new Map(found);
}

async function lookInto(run: RunProgram, { path, inode }: Opened, where: string, signal?: AbortSignal): Promise<AttachState> {
  const argv = ['nsenter', `--net=${path}`, 'ip', '-N', '-j', '-d', '-batch', '-'];
  const result = await run(argv, { input: `${READ_LINES.join('\n')}\n`, ...(signal === undefined ? {} : { signal }) });
  if (lacksPrivilege(result.stderr)) throw privilegeError(result);
  // An nsfs file of another kind: a mount or user namespace.
  if (/^nsenter: .*Invalid argument/.test(result.stderr)) return isNone(where);
  if (result.exitCode !== 0) throw new StepError({ ...result, namespace: where });
  const documents = result.stdout.split('\n').filter((line) => line !== '');
  const { links, routes } = atEdge(argv, where, () => parseDocuments(documents));
  return { found: true, inode, links: links.map(({ state }) => state), routes };
}
