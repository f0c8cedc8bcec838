import type { Cause, Hop, Observation, Trace, TraceListener, TraceProtocol, TraceRequest, Tracer } from '../../model/trace.ts';
import type { Target } from './endpoints.ts';
import { spotText } from './events.ts';
import type { Walk } from './walk.ts';
import type { World } from './world.ts';

interface Case {
  readonly world: World;
  readonly tracer: Pick<Tracer, 'listeners'>;
  readonly request: TraceRequest;
  readonly target: Target;
  readonly there: Walk;
  readonly back?: Walk;
  /** Absent: nothing was sent. */
  readonly observation?: Observation;
  /** It is our own listener that listens. */
  readonly served?: boolean;
}

/** What it all comes to. `hops`: what is at the end of the way. */
type Verdict = Pick<Trace, 'arrives' | 'cause' | 'reached' | 'hops' | 'notes'>;

/** Whether the probe arrives, and what is the matter where it does not. */
export async function judge(found: Case): Promise<Verdict> {
  const { there, back, observation, target } = found;
  const duplicates = [...there.duplicates, ...(back?.duplicates ?? [])];
  const notes = duplicates.map(({ address, holders }) => `${address} is held by ${holders.map(spotText).join(' and ')}`);
  const end = await endOf(found);
  const reached = there.reached === undefined ? {} : { reached: there.reached };
  const isElsewhere =
    there.reached !== undefined &&
    target.namespace !== undefined &&
    !there.hops.some(({ kind }) => kind === 'rewrite') &&
    there.reached !== target.namespace;
  const [duplicate] = duplicates;
  if (duplicate && (end.cause || isElsewhere || observation?.answer === 'unreachable') && !isPlainer(end.cause)) {
    const cause: Cause = {
      kind: 'duplicate-address',
      namespace: found.there.hops[0]?.namespace ?? '',
      leg: 'there',
      ...duplicate,
      ...reached,
    };
    return { arrives: false, ...reached, hops: end.hops, cause, notes: [] };
  }
  if (end.cause) return { arrives: false, ...reached, ...end, notes };
  return { arrives: true, ...reached, hops: end.hops, notes: [...notes, ...end.notes] };
}

/** Two holders explain an answer that does not come, or comes from the wrong one; not a rule that drops, nor a link that is down. */
const isPlainer = (cause: Cause | undefined): boolean =>
  cause?.kind === 'dropped' || cause?.kind === 'link-down' || cause?.kind === 'forwarding-off';

interface End {
  readonly hops: readonly Hop[];
  readonly notes: readonly string[];
  readonly cause?: Cause;
}

async function endOf({ world, tracer, request, there, back, observation, served }: Case): Promise<End> {
  const { protocol } = request;
  if (there.cause && observation?.answer !== 'reachable') return { hops: [], notes: [], cause: there.cause };
  if (there.cause) return { hops: [], notes: ['it was answered, though it was lost sight of on the way'] };
  const isAnswered = observation !== undefined && observation.answer !== 'unreachable';
  if (there.reached === undefined) {
    const { namespace = '', device = '' } = there.beyond ?? {};
    if (observation === undefined || observation.answer === 'reachable') return { hops: [], notes: ['what is beyond was not seen'] };
    const hint = observation.answer === 'refused' ? 'it was refused beyond' : 'no answer came, and what is beyond is not seen';
    return { hops: [], notes: [], cause: { kind: 'lost', namespace, device, leg: 'there', hint } };
  }
  const namespace = there.reached;
  if (protocol === 'icmp') {
    if (isAnswered || observation === undefined) return { hops: [], notes: [] };
    const ignores = world.namespaces.get(namespace)?.sysctls.get('net/ipv4/icmp_echo_ignore_all') === '1';
    const hint = ignores ? 'net.ipv4.icmp_echo_ignore_all is 1 there' : 'it was delivered, and no answer has come';
    return { hops: [], notes: [], cause: back?.cause ?? { kind: 'lost', namespace, leg: back ? 'back' : 'there', hint } };
  }
  const port = there.tuple.destinationPort ?? request.port ?? 0;
  const all = await tracer.listeners(namespace, port);
  const listener = all.find((one) => hears(one, protocol, there.tuple.destination));
  const hops: Hop[] = [];
  if (listener)
    hops.push({
      kind: 'listener',
      namespace,
      leg: 'there',
      seen: observation !== undefined,
      protocol,
      port,
      ...(served ? {} : processOf(listener)),
    });
  if (observation?.answer === 'reachable')
    return { hops: listener ? hops : [{ kind: 'listener', namespace, leg: 'there', seen: true, protocol, port }], notes: [] };
  if (listener === undefined) {
    const listening = all.filter((one) => one.protocol === protocol).map(({ address }) => address);
    return { hops, notes: [], cause: { kind: 'no-listener', namespace, leg: 'there', protocol, port, listening } };
  }
  if (observation === undefined) return { hops, notes: [] };
  if (back?.cause) return { hops, notes: [], cause: back.cause };
  if (protocol === 'udp')
    return { hops, notes: ['it was delivered; no answer has come, as not every service answers what it does not understand'] };
  const hint = observation.answer === 'refused' ? 'it was refused although somebody listens' : 'it was delivered, and no answer has come';
  return { hops, notes: [], cause: { kind: 'lost', namespace, leg: 'there', hint } };
}

const processOf = ({ process }: TraceListener) => (process === undefined ? {} : { process: `${process.command} (${process.pid})` });

/** A socket of IPv6 for every address hears IPv4 as well, unless it says otherwise. */
const hears = ({ protocol: own, address, ipv6Only }: TraceListener, protocol: TraceProtocol, destination: string): boolean => {
  if (own !== protocol) return false;
  if (address === destination) return true;
  return destination.includes(':') ? address === '::' : address === '0.0.0.0' || (address === '::' && ipv6Only !== true);
};
