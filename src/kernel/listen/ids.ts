import { isNamespaceName } from '../checked.ts';
import { isFields } from '../iproute/read/edge.ts';
import { readNames } from '../iproute/read/names.ts';
import type { RunProgram } from '../program.ts';

/** The namespaces' ids in the host's, by id; several names may lead to one. */
export type Ids = ReadonlyMap<number, readonly string[]>;

/**
 * Sees to it that namespaces have an id in the host's, without which nothing is heard of them (rtnetlink(7), NETLINK_LISTEN_ALL_NSID), and
 * says which. A veth to the host gives one; the others are asked for. An id is a number in a table of the kernel's and goes with the namespace.
 */
export async function ensureIds(run: RunProgram, namespaces: ReadonlySet<string>): Promise<Ids> {
  const known = await readIds(run);
  const there = readNames();
  const heard = new Set([...known.values()].flat().map((name) => there.get(name)));
  const mute = [...namespaces].filter((name) => isNamespaceName(name) && there.get(name) !== undefined && !heard.has(there.get(name)));
  if (mute.length === 0) return known;
  // -force: one that has just gone, or has got an id meanwhile, must not keep the others from theirs.
  await run(['ip', '-force', '-batch', '-'], { input: mute.map((name) => `netns set ${name} auto\n`).join('') });
  return readIds(run);
}

async function readIds(run: RunProgram): Promise<Ids> {
  const { stdout } = await run(['ip', '-j', 'netns', 'list']);
  const ids = new Map<number, string[]>();
  let list: unknown;
  try {
    list = JSON.parse(stdout || '[]');
  } catch {
    return ids;
  }
  for (const entry of Array.isArray(list) ? list : []) {
    if (!isFields(entry) || typeof entry.name !== 'string' || typeof entry.id !== 'number') continue;
    ids.set(entry.id, [...(ids.get(entry.id) ?? []), entry.name]);
  }
  return ids;
}
