import type { Node } from '../draft.ts';
import type { Faults } from '../faults.ts';
import { didYouMean } from '../syntax/suggest.ts';

/** The interfaces behind whose address a router hides what it forwards; reports those that it does not have, and a router that forwards nothing. */
export function readMasquerade(node: Node, faults: Faults): string[] {
  const path = [...node.path, 'masquerade'];
  const wanted = (node.raw.masquerade ?? []).filter((ifname) => ifname !== undefined);
  if (wanted.length === 0) return [];
  if (node.raw.forwarding !== true) {
    faults.addAtKey(
      path,
      'E_NO_EFFECT',
      `${node.name} forwards nothing that masquerade could act on`,
      'add forwarding: true, or remove masquerade',
    );
  }
  const names = node.ends.map(({ ifname }) => ifname);
  return wanted.flatMap((ifname, index) => {
    if (names.includes(ifname)) return wanted.indexOf(ifname) === index ? [ifname] : [];
    if (!faults.spoilt(`namespace:${node.name}`)) {
      faults.add(
        [...path, index],
        'E_UNKNOWN_NAME',
        `${node.name} has no interface ${ifname}`,
        didYouMean(faults.suggest(ifname, names), `it has ${names.join(', ') || 'none'}`),
      );
    }
    return [];
  });
}
