import { resolve } from 'node:path';
import { HostError } from '../model/errors.ts';
import { nearest } from '../render/text.ts';
import type { Context } from './context.ts';
import { exists, filesAt, filesIn, readSource, STDIN } from './files.ts';

/** `-`, something with a slash (or `.`), or a YAML file's name; everything else is the name of a topology. */
export const isPath = (target: string): boolean => [STDIN, '.', '..'].includes(target) || target.includes('/') || /\.ya?ml$/.test(target);

/**
 * The files that targets stand for, each once, in order; without targets the default ones: ./netloom.yaml, else topologies/.
 * Throws HostError for the first target that stands for nothing.
 */
export async function filesOf(targets: readonly string[], context: Context): Promise<string[]> {
  const { cwd } = context.io;
  const files: string[] = [];
  for (const target of targets) files.push(...(isPath(target) ? await pathTarget(target, cwd) : [await namedTarget(target, context)]));
  if (targets.length === 0) files.push(...(await defaultFiles(cwd)));
  if (files.length === 0) {
    throw new HostError('E_NO_TOPOLOGY', 'no topology here', 'name a file, or make ./netloom.yaml or a directory topologies/');
  }
  return [...new Map(files.map((file) => [resolve(cwd, file), file])).values()];
}

const pathTarget = async (target: string, cwd: string): Promise<string[]> => (target === STDIN ? [STDIN] : filesAt(target, cwd));

/** ./netloom.yaml, else the files of topologies/. */
export async function defaultFiles(cwd: string): Promise<string[]> {
  if (await exists('netloom.yaml', cwd)) return ['netloom.yaml'];
  return filesIn('topologies', cwd).catch(() => []);
}

/** The file of a topology that is known by name: the one that it was applied from, else one of the default files. */
async function namedTarget(name: string, context: Context): Promise<string> {
  const { cwd } = context.io;
  const recorded = await context.host.fileOf(name);
  if (recorded !== undefined && (await exists(recorded, cwd))) return recorded;
  const names = await namesOf(await defaultFiles(cwd), context);
  const file = names.get(name);
  if (file !== undefined) return file;
  const missing = recorded === undefined ? '' : `; it was applied from ${recorded}, which is gone`;
  const meant = (await exists(name, cwd)) ? `./${name}` : nearest(name, names.keys());
  const hint = meant === undefined ? 'name its file, with a slash or ending in .yaml' : `did you mean ${meant}?`;
  throw new HostError('E_TOPOLOGY_UNKNOWN', `no topology named ${name} is known here${missing}`, hint);
}

/** Topologies by name. Only the line of the name is looked at, so that a file with faults is found and then says them. */
async function namesOf(files: readonly string[], context: Context): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const file of files) {
    const name = await readSource(file, context.io).then(nameIn, () => undefined);
    if (name !== undefined && !names.has(name)) names.set(name, file);
  }
  return names;
}

/** What a file's `name:` says, without validating anything. */
export function nameIn(source: Uint8Array): string | undefined {
  return /^name:[ \t]*(["']?)([a-z][a-z0-9-]{0,30})\1[ \t]*(?:#.*)?\r?$/m.exec(new TextDecoder().decode(source))?.[2];
}
