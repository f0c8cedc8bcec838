import { addressOf } from '../../model/ip.ts';
import type { Operation } from '../../model/operation.ts';
import { operation } from '../../model/operations.ts';
import type { Id, Sides } from '../../model/resource.ts';
import { HOST, type Topology } from '../../model/topology.ts';

/** An interface on a segment. */
interface Node {
  readonly namespace: string;
  readonly dev: string;
  readonly mac: string;
  readonly addresses: readonly string[];
}

/**
 * Neighbour entries outlive what they were learnt from: after an address has moved to another MAC, IPv4 is silent for up to a minute. So
 * the entries of every address whose MAC is another one than before are dropped on every node of its segment, the host included.
 */
export function staleNeighbours(sides: Sides, topology: Topology): Operation[] {
  const before = macsBefore(sides);
  return segmentsOf(topology).flatMap((nodes) => {
    const moved = nodes.flatMap((node) =>
      node.addresses
        .map(addressOf)
        .filter((address) => (before.get(address) ?? node.mac) !== node.mac)
        .map((address) => ({ address, node })),
    );
    return moved.flatMap(({ address, node }) =>
      nodes
        .filter((other) => other !== node)
        .map((other) => {
          const resource: Id = `address:${node.namespace}:${node.dev}`;
          return operation(resource, 'settle', { do: 'neighbour-flush', namespace: other.namespace, dev: other.dev, address });
        }),
    );
  });
}

/** Address → MAC as it was on the topology's own interfaces. */
function macsBefore({ view }: Sides): Map<string, string> {
  return new Map(view.interfaces.flatMap((own) => own.link.addresses.map((address) => [addressOf(address), own.link.mac] as const)));
}

/** Each bridge with its members, and each pair without a bridge. */
function segmentsOf(topology: Topology): Node[][] {
  const bridges = new Map<string, Node[]>(
    topology.bridges.map(({ name, mac, addresses }) => [
      name,
      addresses.length > 0 ? [{ namespace: HOST, dev: name, mac, addresses }] : [],
    ]),
  );
  const pairs: Node[][] = [];
  for (const link of topology.links) {
    const [first, second] = link.ends.map(({ namespace, ifname, mac, addresses }) => ({ namespace, dev: ifname, mac, addresses }));
    if (!first || !second) continue;
    if (link.bridge === undefined) pairs.push([first, second]);
    else bridges.get(link.bridge)?.push(second);
  }
  return [...bridges.values(), ...pairs];
}
