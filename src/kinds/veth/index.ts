import { attachedNames, foundationOf, insideAttached } from '../../model/attached.ts';
import type { Blocker } from '../../model/errors.ts';
import { topologyOfLink } from '../../model/holders.ts';
import { holderOf } from '../../model/lookup.ts';
import { nameStateIn } from '../../model/names.ts';
import type { Id, KindModule, Resource, View } from '../../model/resource.ts';
import { HOST } from '../../model/topology.ts';
import { observeLinks } from './observe.ts';
import { schema } from './schema.ts';
import { BRIDGED, type EndSpec, endsOf, isHost, type LinkSpec, specOf } from './spec.ts';
import { stepsOf } from './steps.ts';

/** A veth pair: to a bridge, between two namespaces, or to the host. */
export const kind: KindModule<LinkSpec> = {
  kind: 'link',
  schema,
  // A pair cannot be taken apart, and an end that somebody moved away comes back quicker as a new one.
  immutable: ['peer', 'namespace', 'far.namespace'],
  flaps: ['name', 'far.name', 'bridge'],

  compile: (topology) => {
    const publishers = new Set(topology.publishes.map((publish) => publish.namespace));
    const attached = attachedNames(topology);
    const bridges = new Map(topology.bridges.map((bridge) => [bridge.name, bridge]));
    return topology.links.map((link) => {
      const { near, far } = endsOf(link);
      return {
        kind: 'link',
        id: `link:${link.id}` as Id,
        topology: topology.name,
        namespace: near.namespace,
        spec: specOf(link, bridges, publishers),
        needs: [near.namespace, far.namespace].flatMap((name) => foundationOf(name, attached.has(name))),
        ...(link.bridge === undefined ? {} : { follows: [`bridge:${link.bridge}` as Id] }),
        origin: link.origin,
      };
    });
  },

  observe: observeLinks,
  steps: stepsOf,

  blockers: (resources, view) => {
    const owned = new Set(view.interfaces.map((own) => own.link));
    return resources.flatMap((resource) => [resource.spec.far, resource.spec].flatMap((end) => taken(end, resource, view, owned)));
  },

  describe: (spec) =>
    [spec.peer === BRIDGED ? `${spec.bridge ?? 'no bridge'}` : `to ${spec.peer}`, `mtu ${spec.mtu}`, spec.up ? '' : 'down']
      .filter(Boolean)
      .join(' '),
};

function taken(end: EndSpec, resource: Resource<LinkSpec>, view: View, owned: ReadonlySet<object>): Blocker[] {
  const state = isHost(end.namespace) ? 'own' : nameStateIn(view, end.namespace).is;
  // A name that leads elsewhere is made anew: what counts is where it is going to lead.
  const attached = insideAttached(view, end.namespace);
  const place = attached ?? view.snapshot.namespaces.get(isHost(end.namespace) ? HOST : end.namespace);
  const holder = holderOf(place, end.name) ?? holderOf(place, end.altname);
  if (!holder || owned.has(holder) || (state !== 'own' && attached === undefined && !view.adopt)) return [];
  // An end of ours in there goes with its other end.
  const goes = attached !== undefined && topologyOfLink(holder, view.snapshot)?.name === view.name;
  if (goes && view.interfaces.some((own) => own.resource === resource.id)) return [];
  const where = end.namespace === HOST ? 'the host' : end.namespace;
  const owner = topologyOfLink(holder, view.snapshot);
  return [
    {
      code: 'E_NAME_TAKEN',
      message: `${where} has an interface ${end.name} already (${holder.kind || 'a physical one'}), which ${owner ? `belongs to the topology ${owner.text}` : "is not this topology's"}`,
      hint:
        end.namespace === HOST
          ? 'give the end another `name` in the file, or remove that interface'
          : attached !== undefined
            ? 'it belongs to whoever made the namespace: choose another name in the file'
            : `rename the interface in the file, or remove it with: ip -n ${end.namespace} link del ${end.name}`,
      ...(resource.origin ? { origin: resource.origin } : {}),
    },
  ];
}
