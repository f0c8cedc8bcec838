import type { Warning } from '../../model/errors.ts';
import { addressOf, contains, parseCidr } from '../../model/ip.ts';
import type { Sides } from '../../model/resource.ts';
import type { End } from '../../model/topology.ts';
import type { AddressSpec } from './index.ts';

/**
 * Automatic addresses are handed out in the order of the links: a link that is put in between moves those behind it. Such a plan says so once,
 * since each of its lines looks as if somebody had wanted it.
 */
export function renumbered({ changes, view }: Sides): Warning[] {
  const ends = (view.topology?.links ?? []).flatMap((link) => link.ends).filter(({ automatic = [] }) => automatic.length > 0);
  const given = new Map(ends.flatMap((end) => (end.automatic ?? []).map((address): [string, End] => [addressOf(address), end])));
  const byId = new Map(changes.map((change) => [change.id, change]));
  const moved = ends.filter((end) => {
    const change = byId.get(`address:${end.namespace}:${end.ifname}`);
    if (change?.action !== 'update') return false;
    const lost = (change.before as AddressSpec).addresses.filter((address) => !end.addresses.includes(address));
    return lost.some((address) => (end.automatic ?? []).some((now) => isAlongside(now, address)) && isGivenAway(address, end, given));
  });
  if (moved.length === 0) return [];
  const names = moved.slice(0, 3).map(({ namespace, ifname }) => `${namespace}:${ifname}`);
  const more = moved.length > names.length ? ` and ${moved.length - names.length} more` : '';
  const message = `renumbered: ${names.join(', ')}${more} ${moved.length === 1 ? 'loses its address' : 'lose their addresses'} to others, as automatic addresses follow the order of the links`;
  const hint =
    'put what is new at the end of `links`; `netloom pin`, run on the file before an edit, writes the addresses into it, so that they stay';
  return [{ code: 'W_RENUMBERED', message, hint }];
}

/** In one network, whose addresses are handed out in turn. */
function isAlongside(now: string, before: string): boolean {
  const [one, other] = [parseCidr(now), parseCidr(before)];
  return one !== undefined && other !== undefined && one.prefix === other.prefix && contains(one, other);
}

const isGivenAway = (address: string, from: End, given: ReadonlyMap<string, End>): boolean => {
  const holder = given.get(addressOf(address));
  return holder !== undefined && holder !== from;
};
