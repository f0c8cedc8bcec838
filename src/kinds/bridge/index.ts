import type { Blocker } from '../../model/errors.ts';
import { topologyOfLink } from '../../model/holders.ts';
import { holderOf } from '../../model/lookup.ts';
import { bridgeAltname, DOOMED_GROUP, LINK_GROUP } from '../../model/marks.ts';
import type { LinkSettings } from '../../model/operation.ts';
import { CONFIGURE, changedPaths, IPV6_MTU, linkSet, operation, RAISE, REMOVE } from '../../model/operations.ts';
import type { Id, KindModule } from '../../model/resource.ts';
import { HOST } from '../../model/topology.ts';
import { schema } from './schema.ts';

/** A bridge in the host's namespace. */
export interface BridgeSpec {
  /** Its name now; differs from the wanted one only after somebody renamed it. */
  readonly name: string;
  readonly mac: string;
  readonly mtu: number;
  readonly stp: boolean;
  readonly up: boolean;
  readonly group: number;
  /** Its long name, by which it is known as ours; empty where it is missing. */
  readonly altname: string;
  /** For people. */
  readonly alias: string;
}

const idOf = (name: string): Id => `bridge:${name}`;

export const kind: KindModule<BridgeSpec> = {
  kind: 'bridge',
  schema,
  immutable: [],
  flaps: ['name', 'stp'],

  compile: (topology) =>
    topology.bridges.map((bridge) => ({
      kind: 'bridge',
      id: idOf(bridge.name),
      topology: topology.name,
      namespace: HOST,
      spec: {
        name: bridge.name,
        mac: bridge.mac,
        mtu: bridge.mtu,
        stp: bridge.stp,
        up: true,
        group: LINK_GROUP,
        altname: bridgeAltname(topology.name, bridge.name),
        alias: `bridge of ${topology.name}`,
      },
      needs: [],
      origin: bridge.origin,
    })),

  observe: (view) =>
    view.interfaces
      .filter(({ role }) => role === 'bridge')
      .map(({ link, home, resource }) => ({
        kind: 'bridge',
        id: resource,
        topology: view.name,
        namespace: HOST,
        spec: {
          name: link.ifname,
          mac: link.mac,
          mtu: link.mtu,
          stp: link.bridge?.stp ?? false,
          up: link.up,
          group: link.group,
          altname: link.altnames.find((altname) => altname === bridgeAltname(view.name, home.ifname)) ?? '',
          alias: link.alias,
        },
        needs: [],
      })),

  steps: (change, sides) => {
    const { id } = change;
    if (change.action === 'delete') {
      return [operation(id, 'remove', { do: 'link-delete', namespace: HOST, dev: change.before.name }, REMOVE.bridges)];
    }
    const { after } = change;
    const name = after.name;
    const altname = { do: 'altname-add', namespace: HOST, dev: name, altname: bridgeAltname(sides.view.name, idName(id)) } as const;
    const raise = operation(id, 'raise', linkSet(HOST, name, { up: after.up }), RAISE.bridges);
    if (change.action === 'create') {
      return [
        operation(id, 'create', { do: 'bridge-add', namespace: HOST, ifname: name, mac: after.mac, group: after.group }),
        // The altname says that the MTU is pinned, which nothing else tells: a bridge killed in between is pinned by the next run.
        ...pinMtu(name, after.mtu).map((step) => operation(id, 'create', step)),
        operation(id, 'create', altname),
        operation(id, 'create', linkSet(HOST, name, { stp: after.stp, alias: after.alias })),
        ...(after.up ? [raise] : []),
      ];
    }
    const { before } = change;
    const changed = changedPaths(change.fields);
    // Ports that listen for spanning tree go on for two forward delays, 30 s, after it has been turned off, unless the bridge comes up anew.
    const woken = changed.has('stp') && !after.stp;
    const set: LinkSettings = {
      ...(changed.has('mac') ? { mac: after.mac } : {}),
      ...(changed.has('stp') ? { stp: after.stp } : {}),
      ...(changed.has('group') ? { group: after.group } : {}),
      ...(changed.has('alias') ? { alias: after.alias } : {}),
    };
    const renamed = changed.has('name');
    const unfinished = changed.has('altname') && before.altname === '';
    // Below 1280 Linux has no IPv6 on the link (RFC 8200 §5); it comes back with its defaults, so while the link is down.
    const revived = changed.has('mtu') && before.mtu < IPV6_MTU && after.mtu >= IPV6_MTU;
    const temporary = renamed ? `nl-${sides.changes.findIndex((one) => one.id === id)}` : '';
    return [
      ...(renamed
        ? [
            // Linux before 6.2 refuses to rename an interface that is up (EBUSY); a temporary name lets two swap theirs.
            operation(id, 'remove', linkSet(HOST, before.name, { up: false }), REMOVE.nameAway),
            operation(id, 'remove', linkSet(HOST, before.name, { name: temporary }), REMOVE.nameAway),
            operation(id, 'remove', linkSet(HOST, temporary, { name }), REMOVE.nameBack),
          ]
        : []),
      ...(revived ? [operation(id, 'create', linkSet(HOST, name, { up: false }))] : []),
      ...(changed.has('mtu') || unfinished ? pinMtu(name, after.mtu).map((step) => operation(id, 'create', step)) : []),
      ...(changed.has('altname') ? [operation(id, 'create', after.altname === '' ? { ...altname, do: 'altname-delete' } : altname)] : []),
      ...(Object.keys(set).length > 0 ? [operation(id, 'configure', linkSet(HOST, name, set), CONFIGURE.attributes)] : []),
      ...(woken ? [operation(id, 'configure', linkSet(HOST, name, { up: false }), CONFIGURE.attributes)] : []),
      ...(changed.has('up') || renamed || revived || woken ? [raise] : []),
    ];
  },

  blockers: (resources, view) => {
    const own = new Set(view.interfaces.map(({ link }) => link));
    const host = view.snapshot.namespaces.get(HOST);
    return resources.flatMap((resource): Blocker[] => {
      const { name, altname } = resource.spec;
      const holder = holderOf(host, name) ?? holderOf(host, altname);
      if (!holder || own.has(holder)) return [];
      const owner = topologyOfLink(holder, view.snapshot);
      const adoptable = holder.kind === 'bridge' && holder.ifname === name && holder.group !== LINK_GROUP && holder.group !== DOOMED_GROUP;
      return [
        {
          code: 'E_NAME_TAKEN',
          message:
            `${name} is there already (${holder.kind || 'a physical interface'}${holder.ifname === name ? '' : `, ${holder.ifname} by its other name`}) ` +
            (owner ? `and belongs to the topology ${owner.text}` : "and is not this topology's"),
          hint: owner
            ? `rename one of the two, or remove the other with: netloom destroy ${owner.name}`
            : adoptable
              ? 'rename the bridge in the file, or take it over with --adopt'
              : 'rename the bridge in the file, or that interface',
          ...(resource.origin ? { origin: resource.origin } : {}),
        },
      ];
    });
  },

  describe: (spec) => [`mtu ${spec.mtu}`, spec.stp ? 'stp' : '', spec.up ? '' : 'down'].filter(Boolean).join(' '),
};

const idName = (id: Id): string => id.slice(id.indexOf(':') + 1);

/**
 * A bridge's MTU follows its smallest port until it has been set by hand, and setting the value that it has pins nothing: so another value
 * first (net/bridge/br_device.c: br_change_mtu sets BROPT_MTU_SET_BY_USER).
 */
function pinMtu(dev: string, mtu: number) {
  return [linkSet(HOST, dev, { mtu: mtu === 1500 ? 1499 : 1500 }), linkSet(HOST, dev, { mtu })];
}
