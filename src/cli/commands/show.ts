import { HostError } from '../../model/errors.ts';
import { inventoryJson } from '../../render/json.ts';
import { renderInventory } from '../../render/show.ts';
import { nearest } from '../../render/text.ts';
import type { Context, Run } from '../context.ts';
import { EXIT } from '../exit.ts';
import { loadValid } from '../load.ts';
import { isPath } from '../targets.ts';

export const run: Run = async (context, [target]) => {
  const { flags, host } = context;
  const name = target !== undefined && isPath(target) ? (await loadValid([target], context))[0]?.name : target;
  const inventory = await host.inventory({ ...(name === undefined ? {} : { name }), drift: true });
  if (name !== undefined && inventory.topologies.length === 0) throw await unknown(name, context);
  for (const error of inventory.errors) context.tell(error, 'error');
  if (flags.quiet) context.print(inventory.topologies.map((topology) => topology.name).join('\n'));
  else context.print(renderInventory(inventory, await host.describe(), context.out));
  for (const warning of inventory.warnings) context.tell(warning, 'warning');
  context.document(inventoryJson(inventory), inventory.errors, inventory.warnings);
  return inventory.errors.length > 0 ? EXIT.error : EXIT.ok;
};

async function unknown(name: string, context: Context): Promise<HostError> {
  const names = (await context.host.inventory()).topologies.map((topology) => topology.name);
  const meant = nearest(name, names);
  const known = names.length === 0 ? 'netloom owns nothing here' : `there is ${names.join(', ')}`;
  return new HostError(
    'E_TOPOLOGY_UNKNOWN',
    `netloom owns nothing named ${name} here`,
    meant === undefined ? known : `did you mean ${meant}?`,
  );
}
