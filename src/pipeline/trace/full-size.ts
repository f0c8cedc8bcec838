import type { Cause, Sighting, Trace } from '../../model/trace.ts';
import type { Round } from './run.ts';
import { linkOf, type World } from './world.ts';

interface FullSize {
  readonly full?: NonNullable<Trace['full']>;
  readonly cause?: Cause;
  readonly notes: readonly string[];
}

/** ICMP's own "too big": type and code of IPv4 (RFC 792), type of IPv6 (RFC 4443). */
const isTooBig = ({ icmp }: Sighting): boolean => (icmp?.type === 3 && icmp.code === 4) || icmp?.type === 2;

/**
 * Whether packets of full size pass as well: an echo as large as the first interface lets out, which nobody may cut. Those that vanish where small
 * ones pass are what an MTU that does not fit looks like; where somebody says that they are too big, the sender learns the size and goes on.
 */
export async function judgeFullSize(
  { there, observation, full }: Round,
  world: World,
  probeSmall: () => Promise<Round>,
): Promise<FullSize | undefined> {
  const { fullSize: size, protocol } = observation.flow;
  // Behind a translation an echo does not go where the probe went.
  const isTranslated = there.hops.some((hop) => hop.kind === 'rewrite' && hop.what === 'dnat');
  if (full === undefined || size === undefined || isTranslated) return undefined;
  const { answer, events, reason = '', flow } = full.observation;
  if (answer === 'reachable') return { full: { size, passes: true }, notes: [] };
  const told = events.find((event): event is Sighting => event.what === 'seen' && event.leg === 'error' && isTooBig(event));
  if (told)
    return {
      full: { size, passes: false, told: told.tuple.source },
      notes: [`packets of ${size} bytes are too big on the way; ${told.tuple.source} says so, and the sender makes them smaller`],
    };
  if (/too long/i.test(reason)) {
    const known = /mtu[=:]\s*(\d+)/.exec(reason)?.[1];
    return {
      full: { size, passes: false, told: flow.source },
      notes: [`packets of ${size} bytes are too big on the way, and the sender knows it${known ? `: ${known} bytes pass` : ''}`],
    };
  }
  // Where echoes are dropped as such, nothing can be said.
  if (protocol !== 'icmp' && (await probeSmall()).observation.answer !== 'reachable') return undefined;
  const leg = full.back ? 'back' : 'there';
  const walk = full.back ?? full.there;
  const narrow = [walk.next, ...walk.hops.toReversed().flatMap((hop) => ('device' in hop ? [hop] : []))]
    .flatMap((spot) => (spot ? [{ namespace: spot.namespace, device: spot.device, mtu: linkOf(world, spot)?.mtu ?? size }] : []))
    .find(({ mtu }) => mtu < size);
  const namespace = (narrow ?? walk.next ?? { namespace: flow.namespace }).namespace;
  return { full: { size, passes: false }, notes: [], cause: { kind: 'mtu', namespace, leg, size, ...(narrow ? { narrow } : {}) } };
}
