import { TopologyError } from '../../model/errors.ts';
import type { Remark } from '../../model/report.ts';
import type { Topology } from '../../model/topology.ts';
import { renderPins } from '../../render/pins.ts';
import type { PinResult } from '../../topology/pin/pin.ts';
import type { Run } from '../context.ts';
import { EXIT } from '../exit.ts';
import { STDIN } from '../files.ts';
import { loadSources } from '../load.ts';
import { replaceFile } from '../replace.ts';

export const run: Run = async (context, targets) => {
  const { flags, io } = context;
  const { topologies, sources } = await loadSources(targets, context);
  const results: { readonly topology: Topology; readonly source: string; readonly result: PinResult }[] = [];
  for (const topology of topologies) {
    const source = sources.get(topology.file) ?? '';
    results.push({ topology, source, result: await pinned(topology, source, flags.expand === true) });
  }
  const notes: Remark[] = [];
  const written: object[] = [];
  for (const { topology, source, result } of results) {
    const { name, file } = topology;
    const isStream = file === STDIN;
    if (!isStream && !flags.dryRun && result.text !== source) await replaceFile(file, source, result.text, io.cwd);
    const report = renderPins(topology, result.pinned, result.left.length, flags.dryRun === true, context.out);
    if (isStream && !flags.dryRun) {
      if (!flags.json) io.stdout.write(result.text);
      context.aside(report);
    } else if (!flags.quiet) context.print(report);
    const left = result.left.map(
      ({ line, column, message, hint }): Remark => ({ code: 'W_NOT_PINNED', message, hint, file, line, column }),
    );
    for (const remark of left) context.tell(remark, 'warning');
    notes.push(...left);
    written.push({ name, file, pinned: result.pinned, text: isStream ? result.text : null });
  }
  context.document({ topologies: written, dryRun: flags.dryRun === true }, [], notes);
  return EXIT.ok;
};

/** Pins a text, and makes sure that it means afterwards what it did. */
async function pinned(topology: Topology, source: string, expand: boolean): Promise<PinResult> {
  const [{ pin }, { meansTheSame }, { loadTopology }] = await Promise.all([
    import('../../topology/pin/pin.ts'),
    import('../../topology/pin/same.ts'),
    import('../../topology/load.ts'),
  ]);
  const result = pin(source, topology, { expand });
  if (!isSame(() => meansTheSame(loadTopology(result.text, topology.file), topology)))
    throw new Error(`pinning ${topology.file} would change what it stands for; nothing was written`);
  return result;
}

/** False also where the new text is no topology: its faults have places that the file does not have. */
function isSame(compare: () => boolean): boolean {
  try {
    return compare();
  } catch (error) {
    if (error instanceof TopologyError) return false;
    throw error;
  }
}
