import { overlaps, parseCidr } from '../model/ip.ts';
import type { Change, Plan } from '../model/resource.ts';
import type { Session } from '../model/session.ts';
import { HOST } from '../model/topology.ts';

/**
 * The changes of a plan that may cut a session off: of the interfaces that it lives on, of the host's own address, of a route that covers the
 * peer or its next hop, of a network that would hold the peer. Whatever names one of these in the host's namespace counts; what only the members of a lab notice does not.
 */
export function changesOnPath(plan: Plan, session: Session): Change[] {
  return plan.changes.filter((change) => touches(change, session));
}

function touches(change: Change, session: Session): boolean {
  const sides = [change.action === 'create' ? undefined : change.before, change.action === 'delete' ? undefined : change.after];
  if (change.namespace === HOST && change.kind === 'sysctl') return sides.some((side) => namesDevice(side, session.devices));
  return sides.some((side) => mentions(side, change.namespace, session));
}

/** `net/ipv4/conf/br.5/forwarding` */
const namesDevice = (spec: unknown, devices: readonly string[]): boolean =>
  typeof spec === 'object' && spec !== null && Object.keys(spec).some((path) => devices.includes(path.split('/')[3] ?? ''));

/** Walks a spec; what lies in another namespace has interfaces and addresses of its own. */
function mentions(value: unknown, namespace: string, session: Session): boolean {
  if (typeof value === 'string') return namespace === HOST && isOnPath(value, session);
  if (typeof value !== 'object' || value === null) return false;
  const own = 'namespace' in value && typeof value.namespace === 'string' ? value.namespace : namespace;
  return Object.values(value).some((one) => mentions(one, own, session));
}

function isOnPath(word: string, { peer, local, via, devices }: Session): boolean {
  if (devices.includes(word)) return true;
  if (word === 'default') return via !== undefined;
  const network = parseCidr(word) ?? parseCidr(`${word}/${word.includes(':') ? 128 : 32}`);
  if (network === undefined) return false;
  if (local !== undefined && word.split('/')[0] === local) return true;
  return [peer, via].some((address) => {
    const one = address === undefined ? undefined : parseCidr(`${address}/${address.includes(':') ? 128 : 32}`);
    return one !== undefined && overlaps(network, one);
  });
}
