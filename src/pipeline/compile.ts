import { kinds } from '../kinds/registry.ts';
import type { Id, Resource } from '../model/resource.ts';
import type { HostFacts } from '../model/snapshot.ts';
import type { Topology } from '../model/topology.ts';

/** Everything that should be, by id; in the order of the kinds. */
export type Model = ReadonlyMap<Id, Resource>;

/** The file as resources. A pure function of the topology (and, for `dns: host`, of the host's resolvers). */
export function compile(topology: Topology, facts: HostFacts): Model {
  const model = new Map<Id, Resource>();
  for (const kind of kinds) {
    for (const resource of kind.compile(topology, facts)) {
      if (model.has(resource.id)) throw new Error(`two resources are called ${resource.id}`);
      model.set(resource.id, resource);
    }
  }
  return model;
}
