import type { PortRange } from '../../model/topology.ts';
import type { Faults } from '../faults.ts';
import type { Path } from '../syntax/places.ts';
import { quote } from '../syntax/quote.ts';

const PORT_MAX = 65_535;

/** Reads `80` or `8000-8010`; reports what is neither. */
export function readPorts(value: number | string, path: Path, faults: Faults): PortRange | undefined {
  const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(String(value));
  if (match === null) {
    faults.add(path, 'E_PORT_RANGE', `${quote(value)} is not a port`, 'write a number from 1 to 65535, or a range such as 8000-8010');
    return undefined;
  }
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  const bad = [first, last].find((port) => port < 1 || port > PORT_MAX);
  if (bad !== undefined) faults.add(path, 'E_PORT_RANGE', `there is no port ${bad}`, `a port is 1 to ${PORT_MAX}`);
  else if (last < first) faults.add(path, 'E_PORT_RANGE', `the range ${first}-${last} ends before it begins`, `write ${last}-${first}`);
  else return { first, last };
  return undefined;
}
