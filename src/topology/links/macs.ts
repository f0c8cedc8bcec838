import { deriveMac } from '../../model/marks.ts';
import { HOST } from '../../model/topology.ts';
import type { Draft, DraftBridge, DraftEnd } from '../draft.ts';
import { endName } from '../draft.ts';
import type { Faults } from '../faults.ts';
import type { Path } from '../syntax/places.ts';

/** The MAC of an end, as written or derived from its names. */
const endMac = (topology: string, end: DraftEnd): string =>
  end.settings.mac?.value.toLowerCase() ?? deriveMac(topology, end.namespace, end.ifname);

/** The MAC of a bridge, likewise. */
export const bridgeMac = (topology: string, bridge: DraftBridge): string =>
  bridge.raw.mac?.toLowerCase() ?? deriveMac(topology, HOST, bridge.name);

interface Holder {
  readonly mac: string;
  readonly path: Path;
  readonly who: string;
  readonly is: 'bridge' | 'port' | 'end';
}

/** Gives every end its MAC; reports those that no interface can have, and those that stand twice on one segment. */
export function decideMacs(draft: Draft, faults: Faults): void {
  const segments = new Map<string, Holder[]>();
  const enter = (segment: string, mac: string, path: Path, who: string, is: Holder['is']) => {
    const all = segments.get(segment) ?? [];
    all.push({ mac, path, who, is });
    segments.set(segment, all);
  };
  for (const bridge of draft.bridges.values()) {
    const path = [...bridge.path, 'mac'];
    if (bridge.raw.mac !== undefined) checkMac(bridge.raw.mac, path, faults);
    enter(bridge.name, bridgeMac(draft.name, bridge), path, bridge.name, 'bridge');
  }
  for (const link of draft.links) {
    for (const end of link.ends) {
      if (end.settings.mac !== undefined) checkMac(end.settings.mac.value, end.settings.mac.path, faults);
      end.mac = endMac(draft.name, end);
      const who = end.isPort ? `the port of ${endName(link.ends[1])}` : endName(end);
      enter(link.segment.name, end.mac, end.settings.mac?.path ?? end.path, who, end.isPort ? 'port' : 'end');
    }
  }
  for (const all of segments.values()) reportTwins(all, faults);
}

function checkMac(mac: string, path: Path, faults: Faults): void {
  const first = Number.parseInt(mac.slice(0, 2), 16);
  if (/^[0:]+$/.test(mac)) faults.add(path, 'E_MAC', `${mac} is no address`, 'for example 02:00:00:00:00:01');
  else if ((first & 1) === 1) {
    const fixed = (first & 0xfe).toString(16).padStart(2, '0');
    faults.add(path, 'E_MAC', `${mac} is a multicast address`, `the first pair must be even: ${fixed}${mac.slice(2)}`);
  }
}

function reportTwins(all: readonly Holder[], faults: Faults): void {
  const first = new Map<string, Holder>();
  for (const one of all) {
    const other = first.get(one.mac);
    // A bridge that was given none takes that of one of its ports (net/bridge/br_stp_if.c, br_stp_recalculate_bridge_id).
    if (other?.is === 'bridge' && one.is === 'port') continue;
    // Two interfaces of one name derive one MAC; their name is what is wrong.
    if (other?.who === one.who) continue;
    if (other === undefined) {
      first.set(one.mac, one);
      continue;
    }
    for (const [here, there] of [
      [one, other],
      [other, one],
    ] as const) {
      const { line } = faults.origin(there.path);
      faults.add(
        here.path,
        'E_MAC_DUPLICATE',
        `${here.mac} is also the MAC of ${there.who} at line ${line}`,
        'on one segment each needs its own',
      );
    }
  }
}
