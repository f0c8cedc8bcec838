import { type Fault, TopologyError } from '../model/errors.ts';
import type { Remark } from '../model/report.ts';
import type { Topology } from '../model/topology.ts';
import { renderFaults } from '../render/faults.ts';
import { remarkOf, remarksOfError } from '../render/remark.ts';
import { plural } from '../render/text.ts';
import { clashesOf } from './clashes.ts';
import type { Context } from './context.ts';
import { readSource } from './files.ts';
import { filesOf } from './targets.ts';

/** Files as read: the topologies that are right, and everything that is wrong. */
export interface Loaded {
  readonly topologies: readonly Topology[];
  readonly sources: ReadonlyMap<string, string>;
  readonly faults: readonly Fault[];
  /** Files that could not be read at all. */
  readonly errors: readonly Remark[];
}

/** Files are wrong; nothing has been looked at or changed on the host. */
export class LoadError extends Error {
  override readonly name = 'LoadError';
  readonly loaded: Loaded;
  constructor(loaded: Loaded) {
    super('files are wrong');
    this.loaded = loaded;
  }
}

/** Reads every file that the targets stand for and collects all that is wrong with them, clashes between them included. */
export async function loadAll(targets: readonly string[], context: Context): Promise<Loaded> {
  const files = await filesOf(targets, context);
  const { loadTopology } = await import('../topology/load.ts');
  const sources = new Map<string, string>();
  const topologies: Topology[] = [];
  const faults: Fault[] = [];
  const errors: Remark[] = [];
  for (const file of files) {
    try {
      const source = await readSource(file, context.io);
      sources.set(file, new TextDecoder('utf-8', { ignoreBOM: true }).decode(source));
      topologies.push(loadTopology(source, file));
    } catch (error) {
      if (!(error instanceof TopologyError)) errors.push(...expected(error));
      else {
        faults.push(...error.faults);
        sources.set(file, error.source);
      }
    }
  }
  return { topologies, sources, faults: [...faults, ...clashesOf(topologies)], errors };
}

/** The remarks of what may go wrong with a file; anything else is our bug and goes its own way. */
function expected(error: unknown): Remark[] {
  const remarks = remarksOfError(error);
  if (remarks.some(({ code }) => code === 'E_BUG')) throw error;
  return remarks;
}

/** The topologies that the targets stand for. Throws LoadError when anything at all is wrong: validate everything, then touch. */
export async function loadValid(targets: readonly string[], context: Context): Promise<readonly Topology[]> {
  return (await loadSources(targets, context)).topologies;
}

/** The same with the texts of the files, by path. */
export async function loadSources(targets: readonly string[], context: Context): Promise<Loaded> {
  const loaded = await loadAll(targets, context);
  if (!isValid(loaded)) throw new LoadError(loaded);
  return loaded;
}

export const isValid = (loaded: Loaded): boolean => loaded.faults.length === 0 && loaded.errors.length === 0;

export const remarksOfLoaded = (loaded: Loaded): Remark[] => [...loaded.errors, ...loaded.faults.map(remarkOf)];

/** Says what is wrong with the files, on standard error. */
export function tellFaults(loaded: Loaded, context: Context): void {
  for (const error of loaded.errors) context.tell(error, 'error');
  if (loaded.faults.length === 0) return;
  const files = new Set(loaded.faults.map((fault) => fault.origin.file)).size;
  const where = files > 1 ? ` in ${plural(files, 'file')}` : '';
  context.io.stderr.write(`${renderFaults(loaded.faults, loaded.sources, context.err)}\n`);
  context.aside(`${plural(loaded.faults.length, 'fault')}${where}`);
}
