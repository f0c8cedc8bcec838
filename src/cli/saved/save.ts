import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { HostError } from '../../model/errors.ts';
import type { Plan } from '../../model/resource.ts';
import type { SavedTopology } from '../../model/saved.ts';
import type { Topology } from '../../model/topology.ts';
import { plural } from '../../render/text.ts';
import type { Context } from '../context.ts';
import { STDIN } from '../files.ts';
import { versionText } from '../version.ts';
import { looksLikePlan, planText, sha256 } from './format.ts';

/** A plan with what it was made from. */
export interface Made {
  readonly topology: Topology;
  readonly source: string;
  readonly plan: Plan;
}

/**
 * Writes plans to a file, mode 0600 as they hold the text of the topologies, so that there is a whole file or none. Throws HostError: where
 * something is in the way of a plan, and where the file cannot be written or is something else that one would be sorry for.
 */
export async function savePlans(made: readonly Made[], file: string, { flags, io }: Context): Promise<void> {
  const blocked = made.filter(({ plan }) => plan.blockers.length > 0);
  if (blocked.length > 0) {
    const names = blocked.map(({ topology }) => topology.name).join(', ');
    const count = plural(blocked.flatMap(({ plan }) => plan.blockers).length, 'thing');
    throw new HostError('E_PLAN_BLOCKED', `not saved: ${count} in the way of ${names}`, 'make way as said above, then plan again');
  }
  const topologies = made.map(
    ({ topology, source, plan }): SavedTopology => ({
      name: topology.name,
      file: topology.file,
      ...(topology.file === STDIN ? {} : { path: resolve(io.cwd, topology.file) }),
      digest: sha256(source),
      source,
      adopt: flags.adopt === true,
      changes: plan.changes,
    }),
  );
  await write(resolve(io.cwd, file), planText({ version: versionText(), made: new Date().toISOString(), topologies }), file);
}

async function write(path: string, text: string, shown: string): Promise<void> {
  await refuseOther(path, shown);
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`);
  try {
    const handle = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await unlink(temporary).catch(() => {});
    const why = cause instanceof Error ? cause.message.split(',')[0] : String(cause);
    throw new HostError('E_PLAN_UNWRITABLE', `${shown} cannot be written: ${why}`, 'choose another file for --out', { cause });
  }
}

/** An earlier plan is replaced; a topology file whose name slipped in behind --out is not, nor a device. */
async function refuseOther(path: string, shown: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return;
  if (found.isFile() && (found.size === 0 || looksLikePlan(await beginning(path)))) return;
  throw new HostError('E_PLAN_UNWRITABLE', `${shown} is there and is no saved plan`, 'choose another file for --out, or remove it');
}

async function beginning(path: string): Promise<string> {
  const handle: FileHandle | undefined = await open(path).catch(() => undefined);
  if (handle === undefined) return '';
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
