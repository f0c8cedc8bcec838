import { FAMILIES, type Family } from '../../model/ip.ts';
import type { Publish } from '../../model/topology.ts';
import type { Faults } from '../faults.ts';
import type { PlacedPublish } from './publishes.ts';

/** Stands for every address, or for every interface. */
const ANY = '*';

/**
 * Reports host ports that are claimed twice. Two claims collide where they share protocol, port, a family, an address (every address overlaps
 * each) and an interface (likewise). Each claim looks up one rival instead of being compared with all others.
 */
export function checkCollisions(publishes: readonly PlacedPublish[], faults: Faults): void {
  const claims = new Map<string, PlacedPublish[]>();
  for (const placed of publishes) for (const key of keysOf(placed.publish)) put(claims, key, placed);
  for (const placed of publishes) {
    const rival = rivalOf(placed, claims);
    if (rival === undefined) continue;
    const { hostPort, protocol, interface: device } = placed.publish;
    const { line } = faults.origin(rival.path);
    const where = describeAddress(placed.publish) + (device === undefined ? '' : ` through ${device}`);
    const message = `port ${hostPort}/${protocol}${where} is also claimed at line ${line}, for ${rival.publish.namespace}`;
    faults.add(placed.path, 'E_PORT_COLLISION', message, 'one host port leads to one port: change one of them');
  }
}

const familiesOf = (publish: Publish): Family[] => FAMILIES.filter((family) => publish.target[family] !== undefined);

const addressKey = ({ hostAddress }: Publish): string =>
  hostAddress === undefined || hostAddress === '0.0.0.0' || hostAddress === '::' ? ANY : hostAddress;

const describeAddress = ({ hostAddress }: Publish): string => (hostAddress === undefined ? '' : ` on ${hostAddress}`);

const slot = ({ protocol, hostPort }: Publish, family: Family): string => `${protocol} ${hostPort} ${family}`;

/** A claim is found under its own address and interface, and, by those who claim every one, under the slot alone. */
function keysOf(publish: Publish): string[] {
  const address = addressKey(publish);
  const device = publish.interface ?? ANY;
  return familiesOf(publish).flatMap((family) => {
    const base = slot(publish, family);
    return [`${base} a=${address} i=${device}`, `${base} a=${address}`, `${base} i=${device}`, base];
  });
}

function rivalOf(placed: PlacedPublish, claims: ReadonlyMap<string, readonly PlacedPublish[]>): PlacedPublish | undefined {
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
}

function put(claims: Map<string, PlacedPublish[]>, key: string, placed: PlacedPublish): void {
  const same = claims.get(key);
  if (same === undefined) claims.set(key, [placed]);
  // Two are enough for each to find the other.
  else if (same.length < 2) same.push(placed);
}
