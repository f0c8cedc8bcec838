import { addressOf, linkLocalOf } from '../../model/ip.ts';
import type { Operation, Step } from '../../model/operation.ts';
import { CONFIGURE, operation, REMOVE } from '../../model/operations.ts';
import type { Id, KindModule, Resource, Sides } from '../../model/resource.ts';
import { type End, HOST } from '../../model/topology.ts';
import { staleNeighbours } from './neighbours.ts';
import { moves, normalise } from './order.ts';
import { renumbered } from './renumbered.ts';
import { schema } from './schema.ts';
import { unroutedAddresses } from './unrouted.ts';

/** The addresses of one interface, the preferred source of each family first. An interface without any has no such resource. */
export interface AddressSpec {
  readonly dev: string;
  readonly addresses: readonly string[];
  /** Only of what was found: those whose network's route is gone. They are given anew, and the route with them. */
  readonly unrouted?: readonly string[];
}

const idOf = (namespace: string, dev: string): Id => `address:${namespace}:${dev}`;

export const kind: KindModule<AddressSpec> = {
  kind: 'address',
  schema,
  immutable: [],
  goesAlong: true,

  compile: (topology) => {
    const resource = (
      namespace: string,
      dev: string,
      addresses: readonly string[],
      needs: Id,
      origin: End['origin'],
    ): Resource<AddressSpec>[] =>
      addresses.length === 0
        ? []
        : [
            {
              kind: 'address',
              id: idOf(namespace, dev),
              topology: topology.name,
              namespace,
              spec: { dev, addresses: normalise(addresses) },
              needs: [needs],
              origin,
            },
          ];
    return [
      ...topology.bridges.flatMap((bridge) =>
        resource(
          HOST,
          bridge.name,
          withLinkLocal(bridge.addresses, hasIpv6(bridge.addresses), bridge.mac),
          `bridge:${bridge.name}`,
          bridge.origin,
        ),
      ),
      ...topology.namespaces.flatMap((one) => resource(one.name, 'lo', one.loopback, `namespace:${one.name}`, one.origin)),
      ...topology.links.flatMap((link) =>
        link.ends.flatMap((end) =>
          resource(end.namespace, end.ifname, withLinkLocal(end.addresses, end.linkLocal, end.mac), `link:${link.id}`, end.origin),
        ),
      ),
    ];
  },

  observe: (view) =>
    view.interfaces
      .filter((own) => own.link.addresses.length > 0)
      .map((own) => {
        const unrouted = unroutedAddresses(own, view);
        return {
          kind: 'address',
          id: idOf(own.home.namespace, own.home.ifname),
          topology: view.name,
          namespace: own.home.namespace,
          spec: { dev: own.home.ifname, addresses: normalise(own.link.addresses), ...(unrouted.length === 0 ? {} : { unrouted }) },
          needs: [own.resource],
        };
      }),

  steps: (change) => {
    const before = change.action === 'create' ? [] : change.before.addresses;
    const after = change.action === 'delete' ? [] : change.after.addresses;
    const dev = change.action === 'delete' ? change.before.dev : change.after.dev;
    const anew = change.action === 'update' ? (change.before.unrouted ?? []) : [];
    const { remove, add } = moves(
      before.filter((address) => !anew.includes(address)),
      after,
    );
    const step = (what: 'address-add' | 'address-delete', address: string): Step => ({
      do: what,
      namespace: change.namespace,
      dev,
      address,
    });
    return [
      ...[...anew, ...remove].map(
        (address): Operation => operation(change.id, 'remove', step('address-delete', address), REMOVE.addresses),
      ),
      ...add.map((address): Operation => operation(change.id, 'configure', step('address-add', address), CONFIGURE.addresses)),
    ];
  },

  warnings: renumbered,

  aftermath: (sides) => [...lostLinkLocals(sides), ...staleNeighbours(sides)],

  describe: (spec) => spec.addresses.filter((address) => !addressOf(address).startsWith('fe80:')).join(' '),
};

const hasIpv6 = (addresses: readonly string[]): boolean => addresses.some((address) => address.includes(':'));

/** addr_gen_mode is off everywhere, so that nothing appears by itself: the link-local address is added like any other. */
function withLinkLocal(addresses: readonly string[], wanted: boolean, mac: string): readonly string[] {
  const given = addresses.some((address) => address.startsWith('fe80:'));
  return wanted && !given ? [...addresses, linkLocalOf(mac)] : addresses;
}

/**
 * An interface that goes down on the way loses its link-local address, which keep_addr_on_down does not keep (net/ipv6/addrconf.c,
 * addrconf_ifdown).
 */
function lostLinkLocals(sides: Sides): Operation[] {
  const flapping = new Set(sides.changes.filter(({ action, impact }) => action === 'update' && impact === 'flap').map(({ id }) => id));
  if (flapping.size === 0) return [];
  return [...sides.desired.values()].flatMap((resource) => {
    if (resource.kind !== 'address' || !resource.needs.some((need) => flapping.has(need))) return [];
    const { dev, addresses } = resource.spec as AddressSpec;
    return addresses
      .filter((address) => address.startsWith('fe80:'))
      .map((address) =>
        operation(resource.id, 'configure', { do: 'address-ensure', namespace: resource.namespace, dev, address }, CONFIGURE.addresses),
      );
  });
}
