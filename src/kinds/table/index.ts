import { tableName } from '../../model/marks.ts';
import type { Operation } from '../../model/operation.ts';
import { operation } from '../../model/operations.ts';
import type { Id, KindModule } from '../../model/resource.ts';
import type { TableState } from '../../model/snapshot.ts';
import { HOST } from '../../model/topology.ts';
import { tableOf } from './rules.ts';
import { schema } from './schema.ts';
import type { TableSpec } from './spec.ts';
import { createLines, updateLines } from './text.ts';

const idOf = (name: string): Id => `table:${name}`;

/** The topology's nft table in the host's namespace, without the elements of its maps, which are the published ports. */
export const kind: KindModule<TableSpec> = {
  kind: 'table',
  schema,
  immutable: [],

  compile: (topology) => {
    const spec = tableOf(topology);
    if (spec === undefined) return [];
    const origin = topology.bridges[0]?.origin;
    return [
      {
        kind: 'table',
        id: idOf(tableName(topology.name)),
        topology: topology.name,
        namespace: HOST,
        spec,
        needs: [],
        ...(origin ? { origin } : {}),
      },
    ];
  },

  observe: (view) => {
    const name = tableName(view.name);
    const table = view.snapshot.tables.get(name);
    return table === undefined
      ? []
      : [{ kind: 'table', id: idOf(name), topology: view.name, namespace: HOST, spec: observed(table), needs: [] }];
  },

  steps: (change): Operation[] => {
    const name = change.id.slice('table:'.length);
    // The filter goes last, when nothing is left behind it.
    if (change.action === 'delete')
      return [operation(change.id, 'close', { do: 'nft', namespace: HOST, lines: [`delete table inet ${name}`] })];
    const lines = change.action === 'create' ? createLines(name, change.after) : updateLines(name, change.before, change.after);
    return [operation(change.id, 'guard', { do: 'nft', namespace: HOST, lines })];
  },

  describe: (spec) => `${Object.values(spec.chains).reduce((sum, chain) => sum + chain.rules.length, 0)} rules`,
};

const observed = (table: TableState): TableSpec => ({
  chains: Object.fromEntries(table.chains),
  maps: Object.fromEntries([...table.maps].map(([name, { key, value }]) => [name, { key, value }])),
  sets: Object.fromEntries(table.sets),
});
