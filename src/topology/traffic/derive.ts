import { createHash } from 'node:crypto';
import { DERIVED_PORTS } from '../../model/topology.ts';
import type { Faults } from '../faults.ts';
import { createClaims } from './claims.ts';
import type { PlacedPublish, PlacedWish, Wish } from './publishes.ts';

const COUNT = DERIVED_PORTS.last - DERIVED_PORTS.first + 1;

/** Looks at a port, all wishes together: enough to fill 9 of 10 ports. Only a hostile file needs more. */
const PROBES_MAX = 8 * COUNT;

/**
 * Gives a host port to every wish that names none: derived from (topology, namespace, protocol, port), so that it is the same on every host
 * and after every edit elsewhere in the file, and counted up past what the file itself claims. What is written goes first, wherever it
 * stands; derived ports follow in the order of the file.
 */
export function chooseHostPorts(topology: string, wishes: readonly PlacedWish[], faults: Faults): PlacedPublish[] {
  const claims = createClaims();
  const chosen = new Map<PlacedWish, PlacedPublish>();
  const settle = (wish: PlacedWish, placed: PlacedPublish) => {
    claims.add(placed);
    chosen.set(wish, placed);
  };
  for (const wish of wishes) {
    if (wish.hostPort !== undefined) settle(wish, { publish: { ...wish.wish, hostPort: wish.hostPort }, path: wish.path });
  }
  let probes = 0;
  const isFree = (candidate: PlacedPublish): boolean => {
    probes += 1;
    return claims.rivalOf(candidate) === undefined;
  };
  for (const wish of wishes) {
    if (wish.hostPort !== undefined) continue;
    const placed = probes > PROBES_MAX ? undefined : probe(topology, wish, isFree);
    if (placed === undefined) {
      const message = `host ports ${DERIVED_PORTS.first} to ${DERIVED_PORTS.last} are too crowded to find one for ${wish.wish.port}/${wish.wish.protocol}`;
      faults.add(wish.path, 'E_PUBLISH', message, 'publish fewer ports, or write their host ports');
      break;
    }
    settle(wish, placed);
  }
  return wishes.flatMap((wish) => chosen.get(wish) ?? []);
}

function probe(topology: string, { wish, path }: PlacedWish, isFree: (placed: PlacedPublish) => boolean): PlacedPublish | undefined {
  const start = startOf(topology, wish);
  for (let step = 0; step < COUNT; step += 1) {
    const hostPort = DERIVED_PORTS.first + ((start + step) % COUNT);
    const placed: PlacedPublish = { publish: { ...wish, hostPort, derived: true }, path };
    if (isFree(placed)) return placed;
  }
  return undefined;
}

const startOf = (topology: string, { namespace, protocol, port }: Wish): number =>
  createHash('sha256').update(`port\0${topology}\0${namespace}\0${protocol}\0${port}`).digest().readUInt32BE() % COUNT;
