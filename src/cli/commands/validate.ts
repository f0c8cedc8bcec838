import type { Topology } from '../../model/topology.ts';
import { topologyJson } from '../../render/json.ts';
import { align } from '../../render/table.ts';
import { plural, visible } from '../../render/text.ts';
import type { Run } from '../context.ts';
import { EXIT } from '../exit.ts';
import { isValid, loadAll, remarksOfLoaded, tellFaults } from '../load.ts';

export const run: Run = async (context, targets) => {
  const loaded = await loadAll(targets, context);
  const rows = loaded.topologies.map((topology) => [visible(topology.file), `${topology.name}:`, contentOf(topology)]);
  if (!context.flags.quiet) context.print(align(rows, [2, 1], context.out).join('\n'));
  tellFaults(loaded, context);
  context.document({ topologies: loaded.topologies.map(topologyJson) }, remarksOfLoaded(loaded));
  return isValid(loaded) ? EXIT.ok : EXIT.error;
};

/** `3 namespaces, 1 bridge, 3 links, 2 published ports, 4 checks`. */
function contentOf(topology: Topology): string {
  const counts: [number, string][] = [
    [topology.namespaces.length, 'namespace'],
    [topology.bridges.length, 'bridge'],
    [topology.links.length, 'link'],
    [topology.publishes.length, 'published port'],
    [topology.checks.length, 'check'],
  ];
  const parts = counts.filter(([count]) => count > 0).map(([count, noun]) => plural(count, noun));
  return parts.join(', ') || 'empty';
}
