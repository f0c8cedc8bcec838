import { formatIp } from '../../model/ip.ts';
import { HOST, type Namespace } from '../../model/topology.ts';
import type { Node } from '../draft.ts';
import type { Faults } from '../faults.ts';
import { itemsOf, type RawDns, type RawTopology } from '../raw.ts';
import type { Path } from '../syntax/places.ts';
import { readIp } from './ip.ts';

/** The resolvers of `defaults`. */
export function readDefaultDns(raw: RawTopology, faults: Faults): Namespace['dns'] {
  return raw.defaults?.dns === undefined ? undefined : readResolvers(raw.defaults.dns, ['defaults', 'dns'], faults);
}

/** The resolvers of a namespace: its own, else those of `defaults`. */
export function readDns(node: Node, defaults: Namespace['dns'], faults: Faults): Namespace['dns'] {
  return node.raw.dns === undefined ? defaults : readResolvers(node.raw.dns, [...node.path, 'dns'], faults);
}

function readResolvers(value: RawDns, path: Path, faults: Faults): Namespace['dns'] {
  if (value === HOST) return HOST;
  return itemsOf<string>(value).flatMap(([text, step]) => {
    const at = [...path, ...step];
    if (text === HOST) faults.add(at, 'E_IP', '`host` stands alone, not in a list', 'write dns: host');
    const ip = text === HOST ? undefined : readIp(text, at, faults);
    return ip === undefined ? [] : [formatIp(ip)];
  });
}
