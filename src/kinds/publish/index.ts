import { FAMILIES } from '../../model/ip.ts';
import { tableName } from '../../model/marks.ts';
import type { Operation } from '../../model/operation.ts';
import { operation } from '../../model/operations.ts';
import type { Change, Id, KindModule, Resource } from '../../model/resource.ts';
import type { TableState } from '../../model/snapshot.ts';
import { HOST, type Topology } from '../../model/topology.ts';
import { conflicts } from './conflicts.ts';
import { type Element, elementsOf, specsIn } from './elements.ts';
import { schema } from './schema.ts';
import { idOf, isWildcard, mergeFamilies, type PublishSpec, splitByFamily } from './spec.ts';

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

  aftermath: (sides) =>
    sides.changes.filter((change) => change.kind === 'publish').flatMap((change) => staleConnections(change as Change<PublishSpec>)),

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

const same = (a: Element, b: Element): boolean => a.map === b.map && a.key === b.key && a.value === b.value && a.comment === b.comment;

/** Every published port that a table holds. */
function publishesIn(table: TableState, wanted: ReadonlyMap<Id, PublishSpec>): PublishSpec[] {
  return mergeFamilies(specsIn(table), wanted);
}

/** Connections that go on by what was true before: a UDP client with a fixed source port would keep missing the new target. */
function staleConnections(change: Change<PublishSpec>): Operation[] {
  const specs = [...(change.action === 'create' ? [] : [change.before]), ...(change.action === 'delete' ? [] : [change.after])];
  const [spec] = specs;
  if (spec === undefined) return [];
  return FAMILIES.filter((family) => specs.some(({ target }) => target[family] !== undefined)).map((family) =>
    operation(change.id, 'settle', {
      do: 'conntrack-flush',
      namespace: HOST,
      family,
      protocol: spec.protocol,
      hostPort: spec.hostPort,
      ...(spec.hostAddress === undefined || isWildcard(spec.hostAddress) ? {} : { hostAddress: spec.hostAddress }),
    }),
  );
}
