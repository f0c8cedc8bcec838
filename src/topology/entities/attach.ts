import type { Attach } from '../../model/topology.ts';
import type { Node } from '../draft.ts';
import type { Faults } from '../faults.ts';

/** What belongs to whoever made the namespace, and why. */
const NOT_OURS: Readonly<Record<string, string>> = {
  forwarding: 'whether it routes is for whoever made it to say',
  masquerade: 'its packet filter is not ours',
  sysctls: 'settings of the whole namespace are for whoever made it: docker run --sysctl …',
  interfaces: 'its lo is not ours',
  dns: 'its resolv.conf is the engine’s: docker run --dns …',
};

const WAYS = ['container', 'pid', 'path'] as const;

/** Checks what `attach` says, and that nothing stands beside it that is not ours to set in somebody else's namespace. */
export function checkAttached(nodes: ReadonlyMap<string, Node>, faults: Faults): void {
  const first = new Map<object, string>();
  for (const node of nodes.values()) {
    const { attach, share } = node.raw;
    if (attach === undefined || share !== undefined) continue;
    const path = [...node.path, 'attach'];
    const other = first.get(attach);
    if (other !== undefined) {
      faults.addAtKey(path, 'E_ATTACH', `${other} and ${node.name} would be names of one namespace`, 'attach one, and share it');
      return;
    }
    first.set(attach, node.name);
    const given = WAYS.filter((way) => attach[way] !== undefined);
    if (given.length !== 1 && !faults.spoilt(`namespace:${node.name}`)) {
      const message = given.length === 0 ? 'attach does not say to what' : `attach has both ${given.join(' and ')}`;
      faults.addAtKey(path, 'E_ATTACH', message, 'write one of { container: NAME }, { pid: N } and { path: /proc/N/ns/net }');
    }
    for (const [key, reason] of Object.entries(NOT_OURS)) {
      if (Object.hasOwn(node.raw, key))
        faults.addAtKey([...node.path, key], 'E_ATTACH', `${key} has no place beside attach: ${reason}`, `remove ${key}`);
    }
  }
}

/** What a namespace is attached to, where that is said unmistakably. */
export function readAttach({ raw: { attach } }: Node): Attach | undefined {
  if (attach?.container !== undefined) return { container: attach.container };
  if (attach?.pid !== undefined) return { pid: attach.pid };
  return attach?.path === undefined ? undefined : { path: attach.path };
}
