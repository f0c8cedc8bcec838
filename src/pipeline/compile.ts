import { kinds } from '../kinds/registry.ts';
import type { Id, Resource } from '../model/resource.ts';
import type { HostFacts } from '../model/snapshot.ts';
import type { Topology } from '../model/topology.ts';

/** Everything that should be, by id; in the order of the kinds. */
export type Model = ReadonlyMap<Id, Resource>;

/** Of a host that is not asked. */
export const NO_FACTS: HostFacts = { resolvers: [] };

/** By topology, which never changes: an apply plans once more to see what came of it. */
const compiled = new WeakMap<Topology, { readonly facts: HostFacts; readonly model: Model }>();

/** The file as resources. A pure function of the topology (and, for `dns: host`, of the host's resolvers). */
export function compile(topology: Topology, facts: HostFacts): Model {
  const known = compiled.get(topology);
  if (known?.facts === facts) return known.model;
  const model = compileAnew(topology, facts);
  compiled.set(topology, { facts, model });
  return model;
}

function compileAnew(topology: Topology, facts: HostFacts): Model {
  const model = new Map<Id, Resource>();
  for (const kind of kinds) {
    for (const resource of kind.compile(topology, facts)) {
      if (model.has(resource.id)) throw new Error(`two resources are called ${resource.id}`);
      model.set(resource.id, resource);
    }
  }
  return model;
}
