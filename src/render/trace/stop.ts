import type { Cause } from '../../model/trace.ts';
import { chainText, spotText } from './words.ts';

/** The last line of the way: where it stops, at what. */
export function stopCells(cause: Cause): string[] {
  const { namespace } = cause;
  switch (cause.kind) {
    case 'link-down':
      return [(cause.end ?? cause).namespace, 'down', (cause.end ?? cause).device];
    case 'no-route':
      return [namespace, 'no route', `to ${cause.destination}`];
    case 'forwarding-off':
      return [namespace, 'no router', `${cause.sysctl} is 0`];
    case 'reverse-path':
      return [namespace, 'refused', `${cause.source} may not come in by ${cause.device}: rp_filter`];
    case 'dropped':
      return [namespace, 'dropped', chainText(cause.by)];
    case 'no-neighbour':
      return [namespace, 'no answer', `who has ${cause.address}? asked on ${cause.device}`];
    case 'duplicate-address':
      return [namespace, 'duplicate', `${cause.address}: ${cause.holders.map(spotText).join(', ')}`];
    case 'no-listener':
      return [namespace, 'listener', `nobody on ${cause.protocol} ${cause.port}`];
    case 'mtu':
      return [namespace, 'too big', `${cause.size} bytes${cause.narrow ? `, mtu of ${cause.narrow.device} is ${cause.narrow.mtu}` : ''}`];
    case 'lost':
      return [namespace, 'lost', cause.device ?? ''];
    default:
      return cause satisfies never;
  }
}
