import { tableName } from '../../model/marks.ts';
import { nameState } from '../../model/names.ts';
import type { Operation, Phase } from '../../model/operation.ts';
import { operation } from '../../model/operations.ts';
import type { Id, KindModule, Sides } from '../../model/resource.ts';
import type { TableState } from '../../model/snapshot.ts';
import { HOST } from '../../model/topology.ts';
import { letInBefore, livingOn } from './let-in.ts';
import { routerTable, tableOf } from './rules.ts';
import { schema } from './schema.ts';
import type { TableSpec } from './spec.ts';
import { createLines, updateLines } from './text.ts';
import { transition } from './transition.ts';

const idOf = (namespace: string, name: string): Id => (namespace === HOST ? `table:${name}` : `table:${namespace}:${name}`);

const needsOf = (namespace: string): Id[] => (namespace === HOST ? [] : [`namespace:${namespace}`]);

/**
 * The topology's nft table in the host's namespace, without the elements of its maps, which are the published ports; and one in each router
 * that masquerades.
 */
export const kind: KindModule<TableSpec> = {
  kind: 'table',
  schema,
  immutable: [],

  goesAlong: true,

  compile: (topology) => {
    const name = tableName(topology.name);
    const spec = tableOf(topology);
    const origin = topology.bridges[0]?.origin;
    const base = { kind: 'table', topology: topology.name };
    return [
      ...(spec === undefined ? [] : [{ ...base, id: idOf(HOST, name), namespace: HOST, spec, needs: [], ...(origin ? { origin } : {}) }]),
      ...topology.namespaces
        .filter(({ masquerade }) => masquerade.length > 0)
        .map((router) => ({
          ...base,
          id: idOf(router.name, name),
          namespace: router.name,
          spec: routerTable(router),
          needs: needsOf(router.name),
          origin: router.origin,
        })),
    ];
  },

  observe: (view) => {
    const name = tableName(view.name);
    const found = (namespace: string, table: TableState | undefined) =>
      table === undefined
        ? []
        : [{ kind: 'table', id: idOf(namespace, name), topology: view.name, namespace, spec: observed(table), needs: needsOf(namespace) }];
    const routers = [...view.snapshot.namespaces.values()].filter(
      (state) => state.tables !== undefined && nameState(view.snapshot, view.name, state.name).is === 'own',
    );
    return [...found(HOST, view.snapshot.tables.get(name)), ...routers.flatMap((state) => found(state.name, state.tables?.get(name)))];
  },

  steps: (change, sides): Operation[] => {
    const { namespace } = change;
    const name = tableName(change.topology);
    const nft = (phase: Phase, lines: readonly string[]): Operation[] =>
      lines.length === 0 ? [] : [operation(change.id, phase, { do: 'nft', namespace, lines })];
    // The filter goes last, when nothing is left behind it.
    if (change.action === 'delete') return nft('close', [`delete table inet ${name}`]);
    // A router of ours may not be there yet when the host's filters go in; it forwards nothing before it is configured.
    const phase = namespace === HOST ? 'guard' : 'configure';
    const cuts = letInBefore(change, sides.view).map((step) => operation(change.id, 'settle', step, 1));
    if (change.action === 'create') return [...nft(phase, createLines(name, change.after)), ...cuts];
    const during = transition(change.before, change.after, bridgesThatGo(sides));
    return [...nft(phase, updateLines(name, change.before, during)), ...cuts, ...nft('close', updateLines(name, during, change.after))];
  },

  warnings: livingOn,

  describe: (spec) => `${Object.values(spec.chains).reduce((sum, chain) => sum + chain.rules.length, 0)} rules`,
};

/** Not those that are made anew: they have their filters already. */
const bridgesThatGo = ({ going, desired }: Sides): string[] =>
  [...going].filter((id) => id.startsWith('bridge:') && !desired.has(id)).map((id) => id.slice('bridge:'.length));

const observed = (table: TableState): TableSpec => ({
  chains: Object.fromEntries(table.chains),
  maps: Object.fromEntries([...table.maps].map(([name, { key, value }]) => [name, { key, value }])),
  sets: Object.fromEntries(table.sets),
});
