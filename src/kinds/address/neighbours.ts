import { addressOf } from '../../model/ip.ts';
import type { Operation } from '../../model/operation.ts';
import { operation } from '../../model/operations.ts';
import type { Id, Sides } from '../../model/resource.ts';
import { HOST } from '../../model/topology.ts';

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
export function staleNeighbours(sides: Sides): Operation[] {
  const before = macsBefore(sides);
  const staying = placesThatStay(sides);
  return segmentsOf(sides).flatMap((nodes) => {
    const moved = nodes.flatMap((node) =>
      node.addresses
        .map(addressOf)
        .filter((address) => (before.get(address) ?? node.mac) !== node.mac)
        .map((address) => ({ address, node })),
    );
    return moved.flatMap(({ address, node }) =>
      nodes
        .filter((other) => other !== node && staying.has(`${other.namespace}:${other.dev}`))
        .map((other) => {
          const resource: Id = `address:${node.namespace}:${node.dev}`;
          return operation(resource, 'settle', { do: 'neighbour-flush', namespace: other.namespace, dev: other.dev, address });
        }),
    );
  });
}

/** Interfaces that live on, as `namespace:interface`: a new one has learnt nothing yet. */
function placesThatStay({ view, going }: Sides): Set<string> {
  return new Set(view.interfaces.filter(({ resource }) => !going.has(resource)).map(({ home }) => `${home.namespace}:${home.ifname}`));
}

/** Address → MAC as it was on the topology's own interfaces. */
function macsBefore({ view }: Sides): Map<string, string> {
  return new Map(view.interfaces.flatMap((own) => own.link.addresses.map((address) => [addressOf(address), own.link.mac] as const)));
}

/** What of other kinds' specs is looked at here. */
interface EndFacts {
  readonly namespace: string;
  readonly name: string;
  readonly mac: string;
}

/** Each bridge with its members, and each pair without a bridge, as they will be: by the file, or as before in a rollback. */
function segmentsOf({ desired }: Sides): Node[][] {
  const node = ({ namespace, name, mac }: EndFacts): Node => {
    const spec = desired.get(`address:${namespace}:${name}`)?.spec as { readonly addresses: readonly string[] } | undefined;
    return { namespace, dev: name, mac, addresses: spec?.addresses ?? [] };
  };
  const bridges = new Map<string, Node[]>();
  const pairs: Node[][] = [];
  for (const { kind, spec } of desired.values()) {
    if (kind === 'bridge') {
      const { name, mac } = spec as EndFacts;
      const own = node({ namespace: HOST, name, mac });
      bridges.set(name, own.addresses.length > 0 ? [own] : []);
    } else if (kind === 'link') {
      const { bridge, far, ...near } = spec as EndFacts & { readonly bridge?: string; readonly far: EndFacts };
      if (bridge === undefined) pairs.push([node(near), node(far)]);
      else bridges.get(bridge)?.push(node(near));
    }
  }
  return [...bridges.values(), ...pairs].map((nodes) => nodes.filter(({ namespace }) => namespace !== ''));
}
