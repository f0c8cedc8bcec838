import { StepError } from '../../../model/errors.ts';
import type { RunProgram } from '../../program.ts';
import { type Visit, visit } from '../drivers.ts';
import { listOf, optionalWhole, parseJson, text } from './edge.ts';
import { atEdge, cannotEnter } from './namespace.ts';
import type { NamespaceIds } from './peers.ts';

/**
 * `netns list` and not `netns list-id`, whose dump iproute2 6.1 cuts short beyond some 130 ids (seen: 134 of 1,000). It names what is in
 * /run/netns and has an id in the namespace that it is asked from.
 */
export const IDS_LINE = 'netns list\n';
const ARGV = ['ip', '-j', 'netns', 'list'];
const IDS = `exec ${ARGV.join(' ')}`;

/** Reads the document of `ip -j netns list`; `names`: name → inode. */
export function parseIds(document: string | undefined, names: ReadonlyMap<string, string | undefined>): NamespaceIds {
  const ids = new Map<number, string>();
  if (document === undefined) return ids; // there is no /run/netns
  for (const fields of listOf(parseJson(document, 'ip netns list'), 'ip netns list')) {
    const id = optionalWhole(fields, 'id');
    const inode = names.get(text(fields, 'name'));
    if (id !== undefined && inode !== undefined) ids.set(id, inode);
  }
  return ids;
}

/** Asks namespaces (by inode, with a name that leads there) for the ids that they give to others. */
export async function readIds(
  run: RunProgram,
  entries: ReadonlyMap<string, string>,
  names: ReadonlyMap<string, string | undefined>,
  signal?: AbortSignal,
): Promise<Map<string, NamespaceIds>> {
  const inodeOf = new Map([...entries].map(([inode, name]) => [name, inode]));
  const visits = [...entries.values()].map((namespace): Visit => ({ namespace, words: ['', ''] }));
  const ids = new Map<string, NamespaceIds>();
  for (const [{ namespace }, result] of await visit(run, IDS, visits, signal)) {
    const inode = inodeOf.get(namespace);
    if (inode === undefined || cannotEnter(namespace, result)) continue;
    if (result.exitCode !== 0) throw new StepError({ argv: ARGV, namespace, exitCode: result.exitCode, stderr: result.stderr });
    ids.set(
      inode,
      atEdge(ARGV, namespace, () => parseIds(result.stdout[0], names)),
    );
  }
  return ids;
}
