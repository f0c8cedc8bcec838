import { StepError } from '../../../model/errors.ts';
import type { RunProgram } from '../../program.ts';
import { toursOf, type Visit, visit } from '../drivers/visit.ts';
import { listOf, optionalText, optionalWhole, parseJson } from './edge.ts';
import { atEdge, cannotEnter } from './namespace.ts';
import type { NamespaceIds } from './peers.ts';

/** Names what is in /run/netns and has an id in the namespace that it is asked from. Opens every name there, twice. */
export const IDS_LINE = 'netns list';

/**
 * Opens every name only once, but iproute2 6.1 cuts its dump short after the first message (seen: 134 of 1,000 ids), so a long answer is
 * not trusted.
 */
const LIST_ID = 'netns list-id';
const TRUSTED_MAX = 100;
const ARGV = ['ip', '-j', '-batch', '-'];

/** Reads the document of `ip -j netns list` or `list-id`; `names`: name → inode. */
export function parseIds(document: string | undefined, names: ReadonlyMap<string, string | undefined>): NamespaceIds {
  const ids = new Map<number, string | undefined>();
  if (document === undefined) return ids; // there is no /run/netns
  for (const fields of listOf(parseJson(document, 'ip netns list'), 'ip netns list')) {
    const id = optionalWhole(fields, 'id') ?? optionalWhole(fields, 'nsid');
    if (id !== undefined) ids.set(id, names.get(optionalText(fields, 'name') ?? ''));
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
  const ids = await ask(run, LIST_ID, entries, names, signal);
  const again = new Map([...entries].filter(([inode]) => (ids.get(inode)?.size ?? 0) > TRUSTED_MAX));
  return again.size === 0 ? ids : new Map([...ids, ...(await ask(run, IDS_LINE, again, names, signal))]);
}

async function ask(
  run: RunProgram,
  line: string,
  entries: ReadonlyMap<string, string>,
  names: ReadonlyMap<string, string | undefined>,
  signal: AbortSignal | undefined,
): Promise<Map<string, NamespaceIds>> {
  const inodeOf = new Map([...entries].map(([inode, name]) => [name, inode]));
  const visits = [...entries.values()].map((namespace): Visit => ({ namespace, settings: [], lines: [line] }));
  const ids = new Map<string, NamespaceIds>();
  for (const [{ namespace }, result] of await visit(run, ARGV, toursOf(visits), ({ lines }) => lines[0], signal)) {
    const inode = inodeOf.get(namespace);
    if (inode === undefined || cannotEnter(namespace, result)) continue;
    if (result.exitCode !== 0) throw new StepError({ argv: ARGV, namespace, exitCode: result.exitCode, stderr: result.stderr });
    ids.set(
      inode,
      atEdge(ARGV, namespace, () => parseIds(result.found, names)),
    );
  }
  return ids;
}
