import type { Cause, Hop, RouteAnswer, RuleRef, Spot, Tuple } from '../../model/trace.ts';
import { bridgeExit, downTowards } from './bridge.ts';
import { aroundHook, devicesSeen, dropIn, isEqual, type Scene, seenAt, translatorIn } from './events.ts';
import { expectedDrop, expectedTranslation } from './expected.ts';
import { unresolved } from './unresolved.ts';
import { reasonOf, unrouted } from './unrouted.ts';
import { type CauseBody, END, type FollowOptions, type HopBody, STEPS_MAX, type Step, type Walk } from './walk.ts';
import { bridgeOf, holdersOnLink, linkOf, peerOf, portsOf, portTowards } from './world.ts';

/** Follows one packet from where it is made, by what was seen of it and by what the kernel answers. */
export async function follow(
  start: { readonly namespace: string; readonly tuple: Tuple; readonly from?: Spot },
  options: FollowOptions,
): Promise<Walk> {
  const { world, tracer, leg, events, observed, protocol } = options;
  const hops: Hop[] = [];
  const duplicates: { address: string; holders: readonly Spot[] }[] = [];
  const end: { cause?: Cause; reached?: string; unseen?: string; beyond?: Spot; next?: Spot } = {};
  let tuple = start.tuple;
  let translated: RuleRef | 'unknown' | undefined;
  let target: Spot | undefined;

  const scene = (namespace: string): Scene | undefined => (events && observed.has(namespace) ? { namespace, leg, events } : undefined);
  const hop = (body: HopBody): void => void hops.push({ ...body, leg } as Hop);
  const stop = (body: CauseBody): Step => {
    end.cause = { ...body, leg } as Cause;
    return END;
  };
  const dropped = (namespace: string): Step | undefined => {
    const here = scene(namespace);
    const by = here && dropIn(here);
    return by && stop({ kind: 'dropped', namespace, by });
  };

  const rewrite = (namespace: string, hook: 'prerouting' | 'output' | 'postrouting', what: 'dnat' | 'snat', incoming?: string): void => {
    const here = scene(namespace);
    const found = here ? aroundHook(here, hook, tuple) : { before: tuple, after: tuple };
    const expected =
      events === undefined && what === 'dnat'
        ? expectedTranslation(world, { namespace, tuple, protocol, ...(incoming ? { incoming } : {}) })
        : undefined;
    const after = expected?.tuple ?? found.after;
    if (isEqual(tuple, after)) return;
    const by = here && leg === 'there' ? translatorIn(here, what) : expected?.by;
    if (what === 'dnat' && leg === 'there') translated = by ?? 'unknown';
    hop({ kind: 'rewrite', namespace, seen: here !== undefined, what, before: tuple, after, ...(by ? { by } : {}) });
    tuple = after;
  };

  const route = async (namespace: string, incoming?: string): Promise<RouteAnswer> => {
    const { source, destination } = tuple;
    return tracer.route({ namespace, destination, source, ...(incoming === undefined ? {} : { incoming }) });
  };
  const routeHop = (namespace: string, answer: RouteAnswer & { found: true }): void => {
    const via = answer.via === undefined ? {} : { via: answer.via };
    const local = answer.type === 'local';
    hop({ kind: 'route', namespace, seen: false, destination: tuple.destination, device: answer.device, ...via, local });
  };

  const origin = async (namespace: string): Promise<Step> => {
    hop({ kind: 'source', namespace, seen: scene(namespace) !== undefined, tuple });
    let answer = await route(namespace);
    const was = tuple;
    rewrite(namespace, 'output', 'dnat');
    if (was !== tuple) answer = await tracer.route({ namespace, destination: tuple.destination });
    if (!answer.found) return stop(unrouted(world, namespace, tuple, answer.error));
    routeHop(namespace, answer);
    return { at: 'leave', namespace, route: answer };
  };

  const leave = async (namespace: string, answer: RouteAnswer & { found: true }): Promise<Step> => {
    const here = scene(namespace);
    if (answer.type === 'local')
      return here && !seenAt(here, 'input') ? (dropped(namespace) ?? { at: 'deliver', namespace }) : { at: 'deliver', namespace };
    rewrite(namespace, 'postrouting', 'snat');
    const spot = { namespace, device: answer.device };
    const address = answer.via ?? tuple.destination;
    const holders = holdersOnLink(world, spot, address);
    if (holders.length > 1) duplicates.push({ address, holders });
    target = holders[0];
    const link = linkOf(world, spot);
    // Where bridge-nf-call-iptables is on, what was translated on its way through a bridge stays in it.
    const ports = portsOf(world, namespace, spot.device).map(({ ifname }) => ifname);
    const isBridged =
      here !== undefined && !seenAt(here, 'egress', spot.device) && devicesSeen(here, 'egress').some((device) => ports.includes(device));
    const was = here === undefined ? link?.carrier === true : isBridged || seenAt(here, 'egress', spot.device) !== undefined;
    const drop = here && !was ? dropped(namespace) : undefined;
    if (drop) return drop;
    if (link && (!link.up || (!link.carrier && !was))) {
      const port = target && portTowards(world, namespace, spot.device, target);
      const peer = peerOf(world, spot);
      const down = port && link.up ? downTowards(world, port) : undefined;
      return stop({ kind: 'link-down', ...(down ?? { ...spot, ...(link.up && peer ? { end: peer } : {}) }) });
    }
    const entry = await tracer.neighbour(namespace, spot.device, address);
    const role = answer.via !== undefined ? 'gateway' : translated ? 'translated' : 'destination';
    const mac = entry?.mac === undefined ? {} : { mac: entry.mac };
    if (here ? !was : target === undefined && link?.kind !== '' && entry?.mac === undefined) {
      return stop(unresolved(world, spot, address, role, translated === 'unknown' ? undefined : translated, entry));
    }
    hop({ kind: 'neighbour', ...spot, seen: here !== undefined, address, ...mac });
    if (isBridged) return exit(namespace, spot.device, undefined);
    hop({ kind: 'interface', ...spot, seen: here !== undefined, direction: 'out', addresses: addressesOf(spot) });
    return { at: 'cross', spot };
  };
  const addressesOf = (spot: Spot): readonly string[] => linkOf(world, spot)?.addresses ?? [];

  const cross = (spot: Spot): Step => {
    const link = linkOf(world, spot);
    if (link?.kind === 'bridge') return exit(spot.namespace, spot.device, undefined);
    const peer = peerOf(world, spot);
    if (peer !== undefined && world.namespaces.has(peer.namespace)) return { at: 'enter', spot: peer };
    end.beyond = spot;
    if (link?.kind !== 'veth') hop({ kind: 'uplink', ...spot, seen: scene(spot.namespace) !== undefined });
    return END;
  };

  /** Out of a bridge, by the port that it was seen at. */
  const exit = (namespace: string, bridge: string, incoming: string | undefined): Step => {
    const found = bridgeExit({ world, namespace, bridge, scene: scene(namespace), incoming, target });
    if (found.port !== undefined) {
      hop({ kind: 'port', namespace, seen: scene(namespace) !== undefined, device: found.port, bridge, direction: 'out' });
      return { at: 'cross', spot: { namespace, device: found.port } };
    }
    end.next = found.next;
    return dropped(namespace) ?? stop(found.cause);
  };

  const enter = (spot: Spot): Step => {
    const { namespace, device } = spot;
    const link = linkOf(world, spot);
    end.next = spot;
    if (link && !link.up) return stop({ kind: 'link-down', ...spot });
    if (events && !observed.has(namespace)) {
      end.unseen = namespace;
      return END;
    }
    const here = scene(namespace);
    const came = here && seenAt(here, 'ingress', device);
    if (here && !came)
      return dropped(namespace) ?? stop({ kind: 'lost', ...spot, hint: `it was sent, and has not come in by ${namespace}:${device}` });
    const bridge = bridgeOf(world, spot)?.device;
    if (bridge === undefined) return { at: 'input', spot };
    hop({ kind: 'port', namespace, seen: here !== undefined, device, bridge, direction: 'in' });
    hop({ kind: 'bridge', namespace, seen: here !== undefined, device: bridge });
    const own = linkOf(world, { namespace, device: bridge });
    const isOwn = here
      ? came?.mac === own?.mac || (seenAt(here, 'ingress', bridge) !== undefined && devicesSeen(here, 'egress').length === 0)
      : target !== undefined && target.namespace === namespace && target.device === bridge;
    return isOwn ? { at: 'input', spot: { namespace, device: bridge } } : exit(namespace, bridge, device);
  };

  const input = async (spot: Spot): Promise<Step> => {
    const { namespace, device } = spot;
    const here = scene(namespace);
    const link = linkOf(world, spot);
    if (here && !seenAt(here, 'prerouting', device)) {
      const mac = seenAt(here, 'ingress', device)?.mac;
      const drop = dropped(namespace);
      if (drop) return drop;
      const strange = mac !== undefined && mac !== link?.mac;
      if (link && !link.up) return stop({ kind: 'link-down', ...spot });
      return stop({
        kind: 'lost',
        ...spot,
        hint: strange
          ? `the frame is for ${mac}, and ${namespace}:${device} is ${link?.mac}: the sender's neighbour entry is out of date`
          : 'it came in, and went no further',
      });
    }
    hop({ kind: 'interface', ...spot, seen: here !== undefined, direction: 'in', addresses: addressesOf(spot) });
    rewrite(namespace, 'prerouting', 'dnat', device);
    const answer = await route(namespace, device);
    if (here ? seenAt(here, 'input') !== undefined && !seenAt(here, 'forward', device) : answer.found && answer.type === 'local') {
      if (answer.found) routeHop(namespace, { ...answer, type: 'local' });
      return { at: 'deliver', namespace };
    }
    if (here && !seenAt(here, 'forward', device)) {
      const drop = dropped(namespace);
      if (drop) return drop;
    }
    const refused = answer.found ? '' : await reasonOf(tracer, namespace, tuple, answer.error, device);
    const refusal = unrouted(world, namespace, tuple, refused, device);
    if (!answer.found || (refusal.kind === 'forwarding-off' && answer.type !== 'local' && !(here && seenAt(here, 'forward', device))))
      return stop(refusal);
    routeHop(namespace, answer);
    if (here) {
      if (!seenAt(here, 'postrouting'))
        return dropped(namespace) ?? stop({ kind: 'lost', ...spot, hint: 'it came in, and was not forwarded' });
    } else {
      const by = expectedDrop(world, namespace, {
        incoming: device,
        outgoing: answer.device,
        translated: translated !== undefined,
        back: leg === 'back',
      });
      if (by) return stop({ kind: 'dropped', namespace, by });
    }
    hop({ kind: 'filter', namespace, seen: here !== undefined, hook: 'forward' });
    return { at: 'leave', namespace, route: answer };
  };

  const deliver = (namespace: string): Step => {
    const drop = leg === 'there' ? dropped(namespace) : undefined;
    if (drop) return drop;
    end.reached = namespace;
    return END;
  };

  let step: Step = start.from ? { at: 'input', spot: start.from } : { at: 'origin', namespace: start.namespace };
  for (let count = 0; step.at !== 'end'; count++) {
    if (count === STEPS_MAX) {
      step = stop({ kind: 'lost', namespace: start.namespace, hint: 'it goes round in circles' });
      break;
    }
    switch (step.at) {
      case 'origin':
        step = await origin(step.namespace);
        break;
      case 'leave':
        step = await leave(step.namespace, step.route);
        break;
      case 'cross':
        step = cross(step.spot);
        break;
      case 'enter':
        step = enter(step.spot);
        break;
      case 'input':
        step = await input(step.spot);
        break;
      case 'deliver':
        step = deliver(step.namespace);
        break;
      default:
        step satisfies never;
    }
  }
  return { hops, ...end, tuple, duplicates };
}
