import type { LinkSettings, Operation, Step } from '../../model/operation.ts';
import { CONFIGURE, IPV6_MTU, linkSet, operation, REMOVE } from '../../model/operations.ts';
import type { Change, FieldChange, Id, Sides } from '../../model/resource.ts';
import { HOST } from '../../model/topology.ts';
import type { EndSpec, LinkSpec } from './spec.ts';

export function stepsOf(change: Change<LinkSpec>, sides: Sides): Operation[] {
  switch (change.action) {
    case 'create':
      return create(change.id, change.after);
    case 'delete':
      return remove(change.id, change.before, sides);
    case 'update':
    case 'replace':
      return update(change.id, change.before, change.after, change.fields, sides);
  }
}

/** Both ends are born where they belong, in one message; what that message cannot carry follows. */
function create(id: Id, spec: LinkSpec): Operation[] {
  const { far } = spec;
  const newEnd = ({ namespace, name, mac, mtu, group }: EndSpec) => ({ namespace, ifname: name, mac, mtu, group });
  const add: Step = { do: 'veth-add', ends: [newEnd(far), newEnd(spec)], ...(spec.bridge === undefined ? {} : { master: spec.bridge }) };
  return [operation(id, 'create', add, 1), ...dress(id, far, portSettings(spec)), ...dress(id, spec, {})];
}

const portSettings = ({ isolated, hairpin }: LinkSpec): LinkSettings => ({
  ...(isolated === undefined ? {} : { isolated }),
  ...(hairpin === undefined ? {} : { hairpin }),
});

/** The mark at once where that costs no process of its own, so that a crash leaves as little unmarked as can be. */
function dress(id: Id, end: EndSpec, settings: LinkSettings): Operation[] {
  const { namespace, name, altname, alias } = end;
  const mark: Step = { do: 'altname-add', namespace, dev: name, altname };
  const first = namespace === HOST ? ([['create', 2]] as const) : ([['configure', CONFIGURE.attributes]] as const);
  const [[phase, rank]] = first;
  return [
    ...(altname === '' ? [] : [operation(id, phase, mark, rank)]),
    operation(id, phase, linkSet(namespace, name, { ...settings, alias }), rank),
    ...(end.up ? [operation(id, 'configure', linkSet(namespace, name, { up: true }), CONFIGURE.up)] : []),
  ];
}

/** One end takes the other along: from the host's side, in bulk, where there is one there. */
function remove(id: Id, spec: LinkSpec, sides: Sides): Operation[] {
  const ends = [spec.far, spec].filter((end) => end.name !== '');
  const end = ends.find(({ namespace }) => namespace === HOST) ?? ends.find(({ namespace }) => !sides.going.has(`namespace:${namespace}`));
  // Both namespaces go, and the pair with them. An attached one does not go with its name.
  if (end === undefined) return [];
  return [operation(id, 'remove', { do: 'link-delete', namespace: end.namespace, dev: end.name }, REMOVE.links)];
}

function update(id: Id, before: LinkSpec, after: LinkSpec, fields: readonly FieldChange[], sides: Sides): Operation[] {
  const paths = fields.map(({ path }) => path);
  const near = new Set(paths.filter((path) => !path.startsWith('far.')));
  const far = new Set(paths.filter((path) => path.startsWith('far.')).map((path) => path.slice('far.'.length)));
  const port: LinkSettings = {
    ...(near.has('bridge') ? { master: after.bridge ?? null } : {}),
    ...(near.has('bridge') || near.has('isolated') || near.has('hairpin') ? portSettings(after) : {}),
  };
  const renamed = near.has('name') || far.has('name');
  const temporary = renamed ? `nl-${sides.changes.findIndex((change) => change.id === id)}` : '';
  return [...updateEnd(id, before.far, after.far, far, `${temporary}f`, port), ...updateEnd(id, before, after, near, `${temporary}n`, {})];
}

function updateEnd(
  id: Id,
  before: EndSpec,
  after: EndSpec,
  changed: ReadonlySet<string>,
  temporary: string,
  more: LinkSettings,
): Operation[] {
  const { namespace, name } = after;
  const renamed = changed.has('name');
  // Below 1280 Linux has no IPv6 on the link (RFC 8200 §5); it comes back with its defaults, so while the link is down.
  const revived = changed.has('mtu') && before.mtu < IPV6_MTU && after.mtu >= IPV6_MTU;
  const set: LinkSettings = {
    ...more,
    ...(changed.has('mac') ? { mac: after.mac } : {}),
    ...(changed.has('mtu') && !revived ? { mtu: after.mtu } : {}),
    ...(changed.has('group') ? { group: after.group } : {}),
    ...(changed.has('alias') ? { alias: after.alias } : {}),
  };
  const rename = (from: string, to: string, rank: number) => operation(id, 'remove', linkSet(namespace, from, { name: to }), rank);
  const marks = [
    ...(before.altname === '' ? [] : [{ do: 'altname-delete', namespace, dev: name, altname: before.altname } as const]),
    ...(after.altname === '' ? [] : [{ do: 'altname-add', namespace, dev: name, altname: after.altname } as const]),
  ];
  return [
    ...(renamed
      ? [
          // Linux before 6.2 refuses to rename an interface that is up (EBUSY); a temporary name lets two swap theirs.
          operation(id, 'remove', linkSet(namespace, before.name, { up: false }), REMOVE.nameAway),
          rename(before.name, temporary, REMOVE.nameAway),
          rename(temporary, name, REMOVE.nameBack),
        ]
      : []),
    ...(changed.has('altname') ? marks.map((step) => operation(id, 'configure', step, CONFIGURE.attributes)) : []),
    ...(revived
      ? [linkSet(namespace, name, { up: false }), linkSet(namespace, name, { mtu: after.mtu })].map((step) =>
          operation(id, 'create', step, 2),
        )
      : []),
    ...(Object.keys(set).length > 0 ? [operation(id, 'configure', linkSet(namespace, name, set), CONFIGURE.attributes)] : []),
    ...(changed.has('up') || renamed || revived
      ? [operation(id, 'configure', linkSet(namespace, name, { up: after.up }), CONFIGURE.up)]
      : []),
  ];
}
