import type { Interest } from '../model/listener.ts';
import { HOST, type Topology } from '../model/topology.ts';
import { compile, NO_FACTS } from './compile.ts';

/** Where a change of somebody else's to what this topology asks for would show. */
export function interestOf(topology: Topology): Interest {
  const own = topology.namespaces.filter(({ share }) => share !== HOST);
  const declared = new Set(own.filter(({ sysctls }) => Object.keys(sysctls).length > 0).map(({ name }) => name)).add(HOST);
  const sysctls = new Map<string, Record<string, string>>();
  for (const { kind, namespace, spec } of compile(topology, NO_FACTS).values()) {
    if (kind === 'sysctl' && declared.has(namespace)) {
      sysctls.set(namespace, { ...sysctls.get(namespace), ...(spec as Record<string, string>) });
    }
  }
  const onHost = topology.links.flatMap(({ ends }) => ends.filter(({ namespace }) => namespace === HOST).map(({ ifname }) => ifname));
  return {
    topology: topology.name,
    namespaces: topology.namespaces.map(({ name }) => name),
    devices: [...topology.bridges.map(({ name }) => name), ...onHost],
    sysctls,
    tables: topology.namespaces.filter(({ masquerade }) => masquerade.length > 0).map(({ name }) => name),
    attached: new Map(topology.namespaces.flatMap(({ name, attach }) => (attach === undefined ? [] : [[name, attach]]))),
  };
}
