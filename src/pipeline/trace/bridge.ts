import type { Spot } from '../../model/trace.ts';
import { devicesSeen, type Scene, seenAt } from './events.ts';
import type { CauseBody } from './walk.ts';
import { linkOf, peerOf, portsOf, portTowards, type World } from './world.ts';

interface Crossing {
  readonly world: World;
  readonly namespace: string;
  readonly bridge: string;
  /** What was seen in the namespace; absent: the way is looked up. */
  readonly scene: Scene | undefined;
  /** The port that it came in by; absent: from the bridge itself. */
  readonly incoming: string | undefined;
  /** Who holds the next address, where that is known. */
  readonly target: Spot | undefined;
}

/** The port by which a frame leaves a bridge; or why it leaves by none, and the end that it should have come to. */
export function bridgeExit(
  crossing: Crossing,
): { readonly port: string } | { readonly port?: never; readonly cause: CauseBody; readonly next: Spot } {
  const { world, namespace, bridge, scene, incoming, target } = crossing;
  const expected = target && portTowards(world, namespace, bridge, target);
  if (scene === undefined)
    return expected
      ? { port: expected.device }
      : { next: { namespace, device: bridge }, cause: lost(crossing, 'no port of it leads there') };
  const ports = portsOf(world, namespace, bridge).map(({ ifname }) => ifname);
  // A hairpin goes back by the port that it came from.
  const seen = devicesSeen(scene, 'egress').filter(
    (device) => ports.includes(device) && (device !== incoming || seenAt(scene, 'egress', bridge)),
  );
  if (expected !== undefined && seen.includes(expected.device)) return { port: expected.device };
  const down = expected && downTowards(world, expected);
  if (down) return { next: expected, cause: { kind: 'link-down', ...down } };
  // To where the MAC leads, which need not be where the address is; a bridge that does not know it sends to all.
  const [port] = seen;
  if (port !== undefined) return { port };
  if (expected === undefined) return { next: { namespace, device: bridge }, cause: lost(crossing, 'it left by no port of it') };
  const link = linkOf(world, expected);
  const isolated = link?.port?.isolated && linkOf(world, { namespace, device: incoming ?? bridge })?.port?.isolated;
  const hint = isolated
    ? `${incoming} and ${expected.device} are isolated from each other (icc: false)`
    : link?.port?.waiting
      ? `${expected.device} does not forward yet: spanning tree listens`
      : `it came into ${bridge} and did not leave by ${expected.device}`;
  return { next: expected, cause: lost(crossing, hint) };
}

const lost = ({ namespace, bridge }: Crossing, hint: string): CauseBody => ({ kind: 'lost', namespace, device: bridge, hint });

/** The port, or its other end, where one of them is down. */
export function downTowards(world: World, port: Spot): (Spot & { readonly end?: Spot }) | undefined {
  const link = linkOf(world, port);
  const peer = peerOf(world, port);
  if (link && !link.up) return port;
  if (link?.carrier !== false) return undefined;
  return { ...port, ...(peer && linkOf(world, peer)?.up === false ? { end: peer } : {}) };
}
