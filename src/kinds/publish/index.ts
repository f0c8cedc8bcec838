import { tableName } from '../../model/marks.ts';
import type { Operation } from '../../model/operation.ts';
import { operation } from '../../model/operations.ts';
import type { Id, KindModule, Resource, Sides } from '../../model/resource.ts';
import type { TableState } from '../../model/snapshot.ts';
import { HOST, type Topology } from '../../model/topology.ts';
import { conflicts } from './conflicts.ts';
import { publishChanges, staleConnections, unflushed } from './connections.ts';
import { type Element, elementsOf, specsIn } from './elements.ts';
import { schema } from './schema.ts';
import { idOf, mergeFamilies, type PublishSpec, splitByFamily } from './spec.ts';

/** Published ports: which port of the host leads to which port of which namespace. */
export const kind: KindModule<PublishSpec> = {
  kind: 'publish',
  schema,
  immutable: [],
  goesAlong: true,

  compile,

  observe: (view) => {
    const table = view.snapshot.tables.get(tableName(view.name));
    const wanted = new Map((view.topology ? compile(view.topology) : []).map(({ id, spec }) => [id, spec]));
    return (table === undefined ? [] : publishesIn(table, wanted)).map((spec) => ({
      kind: 'publish',
      id: idOf(spec),
      topology: view.name,
      namespace: spec.namespace,
      spec,
      needs: needsOf(view.name),
    }));
  },

  steps: (change, sides) => {
    const table = `inet ${tableName(sides.view.name)}`;
    const before = change.action === 'create' ? [] : elementsOf(change.before);
    const after = change.action === 'delete' ? [] : elementsOf(change.after);
    // An element cannot be changed: within one transaction all that go do so before any comes.
    const gone = before.filter((element) => !after.some((other) => same(other, element)));
    const come = after.filter((element) => !before.some((other) => same(other, element)));
    const nft = (lines: string[], rank: number): Operation[] =>
      lines.length === 0 ? [] : [operation(change.id, 'guard', { do: 'nft', namespace: HOST, lines }, rank)];
    return [
      ...nft(
        gone.map(({ map, key }) => `delete element ${table} ${map} { ${key} }`),
        -1,
      ),
      ...nft(
        come.map(({ map, key, value, comment }) => `add element ${table} ${map} { ${key} comment "${comment}" : ${value} }`),
        1,
      ),
    ];
  },

  aftermath: (sides) => publishChanges(sides).flatMap((change) => staleConnections(change, tableGoes(sides))),

  warnings: (sides) => unflushed(publishChanges(sides), sides.view),

  blockers: conflicts,

  describe: (spec) => {
    const id = idOf(spec).slice('publish:'.length);
    const [host = '', protocol = ''] = id.split('/');
    return `${host}:${spec.port}/${protocol}`;
  },
};

function compile(topology: Topology): Resource<PublishSpec>[] {
  const origins = new Map(
    topology.publishes.map((publish) => [`${publish.namespace} ${publish.protocol} ${publish.hostPort}`, publish.origin]),
  );
  return mergeFamilies(topology.publishes.flatMap(splitByFamily)).map((spec) => {
    const origin = origins.get(`${spec.namespace} ${spec.protocol} ${spec.hostPort}`);
    return {
      kind: 'publish',
      id: idOf(spec),
      topology: topology.name,
      namespace: spec.namespace,
      spec,
      needs: needsOf(topology.name),
      ...(origin ? { origin } : {}),
    };
  });
}

const needsOf = (topology: string): Id[] => [`table:${tableName(topology)}`];

/** Whether translation ends with the topology's table, and not by changes of its maps. */
const tableGoes = ({ going, view }: Sides): boolean => going.has(`table:${tableName(view.name)}`);

const same = (a: Element, b: Element): boolean => a.map === b.map && a.key === b.key && a.value === b.value && a.comment === b.comment;

/** Every published port that a table holds. */
function publishesIn(table: TableState, wanted: ReadonlyMap<Id, PublishSpec>): PublishSpec[] {
  return mergeFamilies(specsIn(table), wanted);
}
