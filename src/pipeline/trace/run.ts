import { bitsOf, parseIp } from '../../model/ip.ts';
import { HOST } from '../../model/topology.ts';
import type { Flow, Hop, Observation, Trace, TraceRequest, Tracer, Tuple } from '../../model/trace.ts';
import { type Nearest, OUTSIDE, type Source, sourceOf, type Target, targetOf } from './endpoints.ts';
import { follow } from './follow.ts';
import { judgeFullSize } from './full-size.ts';
import { judge } from './judge.ts';
import type { FollowOptions, Walk } from './walk.ts';
import { devicesOf, linkOf, type World, worldOf } from './world.ts';

export interface TraceOptions {
  /** The candidate that is nearest to a word, for names that are misspelt. */
  readonly nearest: Nearest;
  readonly onProgress?: (what: string) => void;
  readonly signal?: AbortSignal;
}

/** How often a probe is sent again, when it went where nobody had looked. */
const ROUNDS_MAX = 6;

/** What is known about one probe once it has been sent and followed. */
export interface Round {
  readonly observation: Observation;
  readonly there: Walk;
  /** Where the probe came to its end and no answer came of it. */
  readonly back?: Walk;
  /** The same of the echo of full size. */
  readonly full?: Round;
}

/** Sends one probe and follows it. Throws HostError where it cannot be said who is meant, or where packets cannot be seen. */
export async function trace(tracer: Tracer, request: TraceRequest, { nearest, onProgress, signal }: TraceOptions): Promise<Trace> {
  const started = performance.now();
  try {
    onProgress?.('reading the host');
    const world = worldOf(await tracer.survey(request.from === OUTSIDE || parseIp(request.from) !== undefined, signal));
    const source = sourceOf(world, request, nearest);
    const target = targetOf(world, request, source, nearest);
    const found =
      source.kind === 'outside'
        ? await lookUp(world, tracer, request, source, target)
        : await send(world, tracer, request, source, target, { onProgress, signal });
    return { ...found, request, ms: performance.now() - started };
  } finally {
    await tracer.close();
  }
}

type Found = Omit<Trace, 'request' | 'ms'>;

/** A machine that we cannot send from: the kernel says what would become of it. */
async function lookUp(
  world: World,
  tracer: Tracer,
  request: TraceRequest,
  source: Source & { kind: 'outside' },
  target: Target,
): Promise<Found> {
  const tuple: Tuple = {
    source: source.address,
    destination: target.address,
    ...(request.port === undefined ? {} : { destinationPort: request.port }),
  };
  const options: FollowOptions = { world, tracer, leg: 'there', protocol: request.protocol, observed: new Set() };
  const there = await follow({ namespace: HOST, tuple, from: source.uplink }, options);
  const verdict = await judge({ world, tracer, request, target, there });
  return {
    flow: { namespace: 'outside', family: target.family, protocol: request.protocol, ...tuple },
    sent: false,
    ...verdict,
    hops: [...there.hops, ...verdict.hops],
  };
}

interface Telling {
  readonly onProgress: TraceOptions['onProgress'];
  readonly signal: AbortSignal | undefined;
}

async function send(
  world: World,
  tracer: Tracer,
  request: TraceRequest,
  source: Source & { kind: 'namespace' },
  target: Target,
  telling: Telling,
): Promise<Found> {
  const { namespace } = source;
  const { protocol, timeoutMs, port } = request;
  const answer = await tracer.route({
    namespace,
    destination: target.address,
    ...(source.address === undefined ? {} : { source: source.address }),
  });
  const address = source.address ?? (answer.found ? (answer.source ?? target.address) : unspecified(target));
  const wanted: Flow = {
    namespace,
    family: target.family,
    protocol,
    timeoutMs,
    source: address,
    destination: target.address,
    ...(port === undefined ? {} : { destinationPort: port }),
  };
  const base = { world, tracer, protocol };
  if (!answer.found) {
    const there = await follow({ namespace, tuple: seenTuple(wanted) }, { ...base, leg: 'there', events: [], observed: new Set() });
    return { flow: wanted, sent: false, arrives: false, hops: there.hops, ...(there.cause ? { cause: there.cause } : {}), notes: [] };
  }
  let round = await probe(wanted, base, telling);
  let verdict = await judge({ ...base, request, target, ...round });
  if (request.serve && verdict.cause?.kind === 'no-listener' && protocol !== 'icmp') {
    await tracer.listen(verdict.cause.namespace, protocol, verdict.cause.port);
    round = await probe(wanted, base, telling);
    verdict = await judge({ ...base, request, target, ...round, served: true });
  }
  const full = verdict.arrives ? await judgeFullSize(round, world, () => probe(echoOf(wanted), base, telling)) : undefined;
  const back = verdict.cause?.leg === 'back' ? (round.back?.hops ?? []) : [];
  return {
    flow: round.observation.flow,
    sent: true,
    ...verdict,
    ...(full?.cause ? { arrives: false, cause: full.cause } : {}),
    ...(full?.full ? { full: full.full } : {}),
    hops: [...round.there.hops, ...verdict.hops, ...back],
    notes: [...verdict.notes, ...(full?.notes ?? [])],
  };
}

/** Packets of ICMP have a number, and no ports. */
const seenTuple = ({ protocol, source, destination, ...ports }: Flow): Tuple =>
  protocol === 'icmp' ? { source, destination } : tupleOf({ source, destination, ...ports });

const echoOf = ({ destinationPort: _, ...flow }: Flow): Flow => ({ ...flow, protocol: 'icmp' });

const unspecified = ({ family }: Target): string => (bitsOf(family) === 32 ? '0.0.0.0' : '::');

export const tupleOf = ({ source, sourcePort, destination, destinationPort }: Tuple): Tuple => ({
  source,
  destination,
  ...(sourcePort === undefined ? {} : { sourcePort }),
  ...(destinationPort === undefined ? {} : { destinationPort }),
});

const reversed = ({ source, sourcePort, destination, destinationPort }: Tuple): Tuple =>
  tupleOf({
    source: destination,
    destination: source,
    ...(destinationPort === undefined ? {} : { sourcePort: destinationPort }),
    ...(sourcePort === undefined ? {} : { destinationPort: sourcePort }),
  });

type Base = Pick<FollowOptions, 'world' | 'protocol'> & { readonly tracer: Tracer };

/** Sends, and sends again with more places looked at, until the packet has gone nowhere unseen. */
async function probe(flow: Flow, base: Base, { onProgress, signal }: Telling): Promise<Round> {
  const { world, tracer } = base;
  const expected = await follow({ namespace: flow.namespace, tuple: seenTuple(flow) }, { ...base, leg: 'there', observed: new Set() });
  const observed = new Set([flow.namespace, ...namesOf(expected.hops), ...(expected.next ? [expected.next.namespace] : [])]);
  for (let round = 1; ; round++) {
    onProgress?.(`looking in ${observed.size} ${observed.size === 1 ? 'namespace' : 'namespaces'}`);
    const devices = (namespace: string): string[] =>
      expected.hops.flatMap((hop) => ('device' in hop && hop.namespace === namespace ? [hop.device] : []));
    const places = new Map([...observed].map((name) => [name, devicesOf(world, name, devices(name))]));
    const observation = await tracer.probe({ ...flow, ...fullSizeOf(world, expected) }, places, signal);
    const { there, back } = await retrace(observation, base, observed);
    const unseen = there.unseen ?? back?.unseen;
    if (unseen === undefined || observed.has(unseen) || round === ROUNDS_MAX) {
      const full = observation.full && { observation: observation.full, ...(await retrace(observation.full, base, observed)) };
      return { observation, there, ...(back ? { back } : {}), ...(full ? { full } : {}) };
    }
    observed.add(unseen);
  }
}

/** The way of one packet, and where no answer has come of it, that of its answer. */
async function retrace(
  { flow, events, answer }: Observation,
  base: Base,
  observed: ReadonlySet<string>,
): Promise<Pick<Round, 'there' | 'back'>> {
  const seen = { ...base, protocol: flow.protocol, events, observed };
  const there = await follow({ namespace: flow.namespace, tuple: seenTuple(flow) }, { ...seen, leg: 'there' });
  if (there.reached === undefined || answer !== 'unreachable') return { there };
  return { there, back: await follow({ namespace: there.reached, tuple: reversed(there.tuple) }, { ...seen, leg: 'back' }) };
}

/** As large as the first interface lets out; not within a namespace. */
function fullSizeOf(world: World, { hops }: Walk): Pick<Flow, 'fullSize'> {
  const first = hops.find((hop) => hop.kind === 'interface' && hop.direction === 'out');
  const link = first?.kind === 'interface' ? linkOf(world, first) : undefined;
  return link === undefined || link.ifname === 'lo' ? {} : { fullSize: link.mtu };
}

const namesOf = (hops: readonly Hop[]): string[] => hops.map(({ namespace }) => namespace);
