import { isWildcard } from '../../model/host-ports.ts';
import { FAMILIES, type Family } from '../../model/ip.ts';
import type { Publish } from '../../model/topology.ts';
import type { PlacedPublish } from './publishes.ts';

/** Host ports and who claims them. */
export interface Claims {
  add(placed: PlacedPublish): void;
  /** Another claim that one packet could be meant for as well. */
  rivalOf(placed: PlacedPublish): PlacedPublish | undefined;
}

/** Stands for every address, or for every interface. */
const ANY = '*';

/**
 * Two claims collide where they share protocol, port, a family, an address (every address overlaps each) and an interface (likewise). Each
 * claim looks up one rival instead of being compared with all others.
 */
export function createClaims(): Claims {
  const claims = new Map<string, PlacedPublish[]>();
  const add = (placed: PlacedPublish): void => {
    for (const key of keysOf(placed.publish)) {
      const same = claims.get(key);
      if (same === undefined) claims.set(key, [placed]);
      // Two are enough for each to find the other.
      else if (same.length < 2) same.push(placed);
    }
  };
  const rivalOf = (placed: PlacedPublish): PlacedPublish | undefined => {
    const { publish } = placed;
    const addresses = addressKey(publish) === ANY ? [undefined] : [addressKey(publish), ANY];
    const devices = publish.interface === undefined ? [undefined] : [publish.interface, ANY];
    for (const family of familiesOf(publish)) {
      for (const address of addresses) {
        for (const device of devices) {
          const key = slot(publish, family) + (address === undefined ? '' : ` a=${address}`) + (device === undefined ? '' : ` i=${device}`);
          const rival = claims.get(key)?.find((each) => each !== placed);
          if (rival !== undefined) return rival;
        }
      }
    }
    return undefined;
  };
  return { add, rivalOf };
}

const familiesOf = (publish: Publish): Family[] => FAMILIES.filter((family) => publish.target[family] !== undefined);

const addressKey = ({ hostAddress = ANY }: Publish): string => (isWildcard(hostAddress) ? ANY : hostAddress);

const slot = ({ protocol, hostPort }: Publish, family: Family): string => `${protocol} ${hostPort} ${family}`;

/** Under these a claim is found: by what it says, and by what overlaps it. */
function keysOf(publish: Publish): string[] {
  const address = addressKey(publish);
  const device = publish.interface ?? ANY;
  return familiesOf(publish).flatMap((family) => {
    const base = slot(publish, family);
    return [`${base} a=${address} i=${device}`, `${base} a=${address}`, `${base} i=${device}`, base];
  });
}
