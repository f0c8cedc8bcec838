import { type Fault, TopologyError } from '../../src/model/errors.ts';
import type { Topology } from '../../src/model/topology.ts';
import { loadTopology } from '../../src/topology/load.ts';

/** The faults of a file; none for a valid one. Whatever else is thrown comes through. */
export function faultsOf(source: string | Uint8Array, file = 'lab.yaml'): readonly Fault[] {
  try {
    loadTopology(source, file);
    return [];
  } catch (error) {
    if (error instanceof TopologyError) return error.faults;
    throw error;
  }
}

/** `line:column CODE` of each fault. */
export const briefly = (source: string | Uint8Array): string[] =>
  faultsOf(source).map(({ origin, code }) => `${origin.line}:${origin.column} ${code}`);

/** A valid file with this body. */
export const load = (body: string): Topology => loadTopology(`version: 1\nname: lab\n${body}`, 'lab.yaml');

/** One bridge `br` with these subnet options and members pc1, pc2, …. */
export const lan = (subnet: string, members: number, more = ''): string =>
  [
    `subnets: { lan: { ${subnet} } }`,
    'bridges: { br: { subnet: lan } }',
    `namespaces: { ${Array.from({ length: members }, (_, index) => `pc${index + 1}: {}`).join(', ')} }`,
    'links:',
    ...Array.from({ length: members }, (_, index) => `  - [pc${index + 1}:eth0, br]`),
    more,
  ].join('\n');

/** The end of that name. */
export function endOf(topology: Topology, name: string): Topology['links'][number]['ends'][number] {
  const end = topology.links.flatMap((link) => link.ends).find((each) => `${each.namespace}:${each.ifname}` === name);
  if (end === undefined) throw new Error(`no end ${name}`);
  return end;
}

/** Each namespace's routes as `ip route` writes them. */
export const routesOf = (topology: Topology, namespace: string): string[] =>
  topology.routes
    .filter((route) => route.namespace === namespace)
    .map(({ to, type, via, dev, metric, family }) =>
      [
        type === 'unicast' ? '' : type,
        to === 'default' ? `default(${family})` : to,
        via && `via ${via}`,
        dev && `dev ${dev}`,
        metric && `metric ${metric}`,
      ]
        .filter(Boolean)
        .join(' '),
    );
