import type { Cause, Neighbour, RuleRef, Spot } from '../../model/trace.ts';
import type { CauseBody } from './walk.ts';
import { holdersOf, isSame, linkOf, peerOf, segmentOf, type World } from './world.ts';

type Role = (Cause & { kind: 'no-neighbour' })['role'];

/** Why nobody answered to the question who has an address. */
export function unresolved(
  world: World,
  spot: Spot,
  address: string,
  role: Role,
  by: RuleRef | undefined,
  entry: Neighbour | undefined,
): CauseBody {
  const holders = holdersOf(world, address).filter((holder) => !isSame(holder, spot));
  const segment = segmentOf(world, spot);
  const holder = holders.find((one) => segment.some((other) => isSame(one, other)));
  const silent = holder && (downOn(world, holder) ?? downOn(world, spot));
  if (silent !== undefined) return { kind: 'link-down', ...silent };
  const bridge = linkOf(world, spot);
  if (bridge && !bridge.up) return { kind: 'link-down', ...spot };
  const elsewhere = holder === undefined ? holders[0] : undefined;
  // Whom of the other side each of them looks at: what stands between them is another interface than the route's.
  const here = elsewhere && segmentOf(world, elsewhere).find((one) => one.namespace === spot.namespace && !isSame(one, spot));
  const there = elsewhere && segment.find((one) => one.namespace === elsewhere.namespace);
  const facing = here ?? there;
  const resolved = entry?.mac !== undefined && !entry.states.some((state) => state === 'FAILED' || state === 'INCOMPLETE');
  if (resolved)
    return { kind: 'lost', ...spot, hint: `${address} is known as ${entry.mac}, and nothing left by ${spot.namespace}:${spot.device}` };
  return {
    kind: 'no-neighbour',
    ...spot,
    address,
    role,
    ...(holder ? { holder } : {}),
    ...(elsewhere ? { elsewhere } : {}),
    ...(facing ? { facing } : {}),
    ...(by ? { by } : {}),
  };
}

/** The interface itself, or its other end, that is down. */
function downOn(world: World, spot: Spot): Spot | undefined {
  const peer = peerOf(world, spot);
  return [spot, ...(peer ? [peer] : [])].find((one) => linkOf(world, one)?.up === false);
}
