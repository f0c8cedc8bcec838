import { FAMILIES, type Family } from '../../model/ip.ts';
import type { Step } from '../../model/operation.ts';
import { operation, RAISE } from '../../model/operations.ts';
import type { Id, KindModule, Observed, Resource } from '../../model/resource.ts';
import { type Bridge, HOST, type Topology } from '../../model/topology.ts';
import { drops } from './drops.ts';

/**
 * What lets a bridge's traffic past Docker: accept rules in its chain DOCKER-USER, one for what comes from the bridge and one for what goes to
 * it. What may pass is for our own table to say, which sees it as well.
 */
export interface DockerUserSpec {
  readonly family: Family;
  readonly bridge: string;
  /** `in` and `out`, as iptables' -i and -o; one behind a rule that takes everything is `idle`. */
  readonly rules: readonly ('in' | 'out' | 'idle in' | 'idle out')[];
}

const idOf = (family: Family, bridge: string): Id => `docker-user:${family}:${bridge}`;

export const kind: KindModule<DockerUserSpec> = {
  kind: 'docker-user',
  immutable: [],
  compile,

  observe: (view) => {
    const { dockerUser = {} } = view.snapshot.filters ?? {};
    const found = new Map<Id, Observed<DockerUserSpec>>();
    // Without Docker there is no such chain, and nothing to want in it.
    const idle = view.topology ? compile(view.topology).filter(({ spec }) => dockerUser[spec.family] === undefined) : [];
    for (const { origin: _, ...resource } of idle) found.set(resource.id, resource);
    for (const family of FAMILIES) {
      const own = (dockerUser[family] ?? []).filter(({ topology }) => topology === view.name);
      for (const bridge of new Set(own.map((rule) => rule.bridge))) {
        const rules = own
          .filter((rule) => rule.bridge === bridge)
          .map(({ direction, effective }) => (effective ? direction : (`idle ${direction}` as const)));
        const id = idOf(family, bridge);
        const spec = { family, bridge, rules: rules.sort() };
        found.set(id, { kind: 'docker-user', id, topology: view.name, namespace: HOST, spec, needs: [] });
      }
    }
    return [...found.values()];
  },

  steps: (change, { view }) => {
    const before = change.action === 'create' ? undefined : change.before;
    const after = change.action === 'delete' ? undefined : change.after;
    const { family, bridge } = after ?? before ?? { family: 'ipv4', bridge: '' };
    const step = (what: 'docker-user-add' | 'docker-user-delete', rule: DockerUserSpec['rules'][number]): Step => ({
      do: what,
      family,
      topology: view.name,
      bridge,
      direction: rule.endsWith('in') ? 'in' : 'out',
    });
    // They go before our own filter does, and come after it.
    const phase = after === undefined ? 'remove' : 'raise';
    return [
      ...(before?.rules ?? []).map((rule) => operation(change.id, phase, step('docker-user-delete', rule), RAISE.bridges)),
      ...(after?.rules ?? []).map((rule) => operation(change.id, phase, step('docker-user-add', rule), RAISE.bridges)),
    ];
  },

  blockers: (_, view) => (view.topology ? drops(view.topology, view) : []),

  describe: ({ family, rules }) => `${rules.join(' and ')} accepted (${family})`,
};

function compile(topology: Topology): Resource<DockerUserSpec>[] {
  return topology.bridges.flatMap((bridge) =>
    familiesOf(bridge).map((family) => ({
      kind: 'docker-user',
      id: idOf(family, bridge.name),
      topology: topology.name,
      namespace: HOST,
      spec: { family, bridge: bridge.name, rules: ['in', 'out'] as const },
      needs: [],
      origin: bridge.origin,
    })),
  );
}

/** A bridge without a subnet carries anything; with bridge-nf-call-iptables even what is only bridged passes through Docker's chains. */
const familiesOf = ({ subnet }: Bridge): Family[] => {
  const own = FAMILIES.filter((family) => subnet[family] !== undefined);
  return own.length === 0 ? [...FAMILIES] : own;
};
