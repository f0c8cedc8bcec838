import type { Protocol } from '../../model/topology.ts';
import type { Node } from '../draft.ts';
import type { Faults } from '../faults.ts';
import { itemsOf } from '../raw.ts';
import type { Path } from '../syntax/places.ts';
import { quote } from '../syntax/quote.ts';
import { readPorts } from './ports.ts';

/** Ports that a namespace exposes, each with its place. */
export interface Exposed {
  readonly port: number;
  readonly protocol: Protocol;
  readonly path: Path;
}

/** Reads `expose` where `publishAll` gives it effect; reports each where the other is missing. */
export function readExposed(node: Node, faults: Faults): Exposed[] {
  const { expose, publishAll } = node.raw;
  const items = itemsOf<number | string>(expose);
  const found = new Map<string, Exposed>();
  for (const [raw, step] of items) readItem(raw, [...node.path, 'expose', ...step], found, faults);
  const isSpoilt = faults.spoilt(`namespace:${node.name}`);
  if (items.length > 0 && publishAll !== true) {
    if (isSpoilt) return [];
    const hint = 'add publishAll: true, or write each into publish';
    faults.addAtKey([...node.path, 'expose'], 'E_NO_EFFECT', 'expose alone does nothing', hint);
    return [];
  }
  if (publishAll === true && (expose ?? []).length === 0 && !isSpoilt) {
    const hint = 'add expose: [80], or remove publishAll';
    faults.addAtKey([...node.path, 'publishAll'], 'E_NO_EFFECT', `${node.name} exposes nothing that could be published`, hint);
  }
  return [...found.values()];
}

function readItem(raw: number | string, path: Path, found: Map<string, Exposed>, faults: Faults): void {
  const [text = '', protocol = 'tcp', ...rest] = String(raw).split('/');
  if (rest.length > 0 || text.includes(':') || (protocol !== 'tcp' && protocol !== 'udp' && protocol !== 'sctp')) {
    const hint = text.includes(':')
      ? 'expose has no host ports: put it into publish'
      : 'the form is PORT[/tcp|udp|sctp]: 80, 53/udp, 8000-8010';
    faults.add(path, 'E_PUBLISH', `${quote(raw)} is not a port to expose`, hint);
    return;
  }
  const ports = readPorts(text, path, faults);
  if (ports === undefined) return;
  for (let port = ports.first; port <= ports.last; port += 1) {
    const key = `${port}/${protocol}`;
    if (found.has(key)) {
      faults.add(path, 'E_NO_EFFECT', `${key} is exposed already`, 'name each port once');
      return;
    }
    found.set(key, { port, protocol, path });
  }
}
