import type { Cause, Flow, Sighting, Trace } from '../../model/trace.ts';
import type { Round } from './run.ts';
import { linkOf, type World } from './world.ts';

interface FullSize {
  readonly full?: NonNullable<Trace['full']>;
  readonly cause?: Cause;
  readonly notes: readonly string[];
}

interface Means {
  readonly world: World;
  readonly probe: (flow: Flow) => Promise<Round>;
}

/** ICMP's own "too big": type and code of IPv4 (RFC 792), type of IPv6 (RFC 4443). */
const isTooBig = ({ icmp }: Sighting): boolean => (icmp?.type === 3 && icmp.code === 4) || icmp?.type === 2;

/**
 * Whether packets of full size pass as well: echoes as large as the first interface lets out, which nobody may cut. Those that vanish where small
 * ones pass are what an MTU that does not fit looks like; where somebody says that they are too big, the sender learns the size and goes on.
 */
export async function tryFullSize(small: Round, flow: Flow, { world, probe }: Means): Promise<FullSize | undefined> {
  const first = small.there.hops.find((hop) => hop.kind === 'interface' && hop.direction === 'out');
  const link = first?.kind === 'interface' ? linkOf(world, first) : undefined;
  // Behind a translation an echo does not go where the probe went.
  const isTranslated = small.there.hops.some((hop) => hop.kind === 'rewrite' && hop.what === 'dnat');
  if (link === undefined || link.ifname === 'lo' || isTranslated) return undefined;
  const { destinationPort: _, ...echo } = flow;
  const size = link.mtu;
  const big = await probe({ ...echo, protocol: 'icmp', size });
  if (big.observation.answer === 'reachable') return { full: { size, passes: true }, notes: [] };
  const told = big.observation.events.find((event): event is Sighting => event.what === 'seen' && event.leg === 'error' && isTooBig(event));
  if (told)
    return {
      full: { size, passes: false, told: told.tuple.source },
      notes: [`packets of ${size} bytes are too big on the way; ${told.tuple.source} says so, and the sender makes them smaller`],
    };
  if (/too long/i.test(big.observation.reason ?? '')) {
    const known = /mtu[=:]\s*(\d+)/.exec(big.observation.reason ?? '')?.[1];
    return {
      full: { size, passes: false, told: flow.source },
      notes: [`packets of ${size} bytes are too big on the way, and the sender knows it${known ? `: ${known} bytes pass` : ''}`],
    };
  }
  // Where echoes are dropped as such, nothing can be said.
  if (flow.protocol !== 'icmp' && (await probe({ ...echo, protocol: 'icmp' })).observation.answer !== 'reachable') return undefined;
  const leg = big.back ? 'back' : 'there';
  const walk = big.back ?? big.there;
  const narrow = [walk.next, ...walk.hops.toReversed().flatMap((hop) => ('device' in hop ? [hop] : []))]
    .flatMap((spot) => (spot ? [{ namespace: spot.namespace, device: spot.device, mtu: linkOf(world, spot)?.mtu ?? size }] : []))
    .find(({ mtu }) => mtu < size);
  const namespace = (narrow ?? walk.next ?? { namespace: flow.namespace }).namespace;
  return { full: { size, passes: false }, notes: [], cause: { kind: 'mtu', namespace, leg, size, ...(narrow ? { narrow } : {}) } };
}
