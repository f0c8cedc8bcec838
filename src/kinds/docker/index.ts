import type { DockerUserRule } from '../../model/firewall.ts';
import { FAMILIES, type Family } from '../../model/ip.ts';
import type { Step } from '../../model/operation.ts';
import { operation, RAISE } from '../../model/operations.ts';
import type { Id, KindModule, Observed, Resource, View } from '../../model/resource.ts';
import { type Bridge, HOST, type Topology } from '../../model/topology.ts';
import { drops } from './drops.ts';

/**
 * What lets a bridge's traffic past Docker: rules in its chain DOCKER-USER, one that accepts what goes to the bridge, one that accepts what comes
 * from it; and in front of the latter one for each bridge of Docker's own, so that what its containers are reached by stays for Docker's rules
 * to say. What may pass to ours our own table says, which sees it as well.
 */
export interface DockerUserSpec {
  readonly family: Family;
  readonly bridge: string;
  /** `in` and `out`, as iptables' -i and -o; one behind a rule that takes everything is `idle`. */
  readonly rules: readonly ('in' | 'out' | 'idle in' | 'idle out')[];
  /** Docker's bridges that are reached past Docker's rules: they came after ours. */
  readonly open: readonly string[];
  /** Bridges left out that are no longer Docker's, or twice. */
  readonly stale: readonly string[];
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
      for (const bridge of new Set(ownRules(view, family).map((rule) => rule.bridge))) {
        const id = idOf(family, bridge);
        const spec = specOf(family, bridge, ownRules(view, family, bridge), dockerUser[family]?.bridges ?? []);
        found.set(id, { kind: 'docker-user', id, topology: view.name, namespace: HOST, spec, needs: [] });
      }
    }
    return [...found.values()];
  },

  steps: (change, { view }) => {
    const after = change.action === 'delete' ? undefined : change.after;
    const before = change.action === 'create' ? undefined : change.before;
    const { family, bridge } = after ?? before ?? { family: 'ipv4', bridge: '' };
    const docker = view.snapshot.filters?.dockerUser[family];
    const step = (what: 'docker-user-add' | 'docker-user-delete', direction: 'in' | 'out', past?: string): Step => ({
      do: what,
      family,
      topology: view.name,
      bridge,
      direction,
      ...(past === undefined ? {} : { past }),
      ...(docker?.legacy ? { legacy: true as const } : {}),
    });
    // They go before our own filter does, and come after it.
    const phase = after === undefined ? 'remove' : 'raise';
    const gone = ownRules(view, family, bridge).map(({ direction, past }) => step('docker-user-delete', direction, past));
    const come = (after === undefined ? [] : placesOf(after, docker?.bridges ?? [])).map(({ direction, past }) =>
      step('docker-user-add', direction, past),
    );
    return [...gone, ...come].map((one) => operation(change.id, phase, one, RAISE.bridges));
  },

  blockers: (_, view) => (view.topology ? drops(view.topology, view) : []),

  describe: ({ family, rules, open }) =>
    `${rules.join(' and ')} accepted (${family})${open.length === 0 ? '' : `, ${open.join(', ')} past Docker's own rules`}`,
};

function compile(topology: Topology): Resource<DockerUserSpec>[] {
  return topology.bridges.flatMap((bridge) =>
    familiesOf(bridge).map((family) => ({
      kind: 'docker-user',
      id: idOf(family, bridge.name),
      topology: topology.name,
      namespace: HOST,
      spec: { family, bridge: bridge.name, rules: ['in', 'out'] as const, open: [], stale: [] },
      needs: [],
      origin: bridge.origin,
    })),
  );
}

/** Ours in the chain, of one bridge or of all. */
const ownRules = ({ name, snapshot }: View, family: Family, bridge?: string): DockerUserRule[] =>
  (snapshot.filters?.dockerUser[family]?.rules ?? []).filter(
    (rule) => rule.topology === name && (bridge === undefined || rule.bridge === bridge),
  );

function specOf(family: Family, bridge: string, own: readonly DockerUserRule[], docker: readonly string[]): DockerUserSpec {
  const pasts = own.flatMap(({ past }) => past ?? []);
  const accepting = own.filter(({ past }) => past === undefined);
  const front = own.findIndex(({ direction, past }) => direction === 'in' && past === undefined);
  const inFront = new Set(own.slice(0, Math.max(front, 0)).flatMap(({ past }) => past ?? []));
  return {
    family,
    bridge,
    rules: accepting.map(({ direction, effective }) => (effective ? direction : (`idle ${direction}` as const))).sort(),
    open: front === -1 ? [] : docker.filter((one) => !inFront.has(one)),
    stale: pasts.filter((one, index) => !docker.includes(one) || pasts.indexOf(one) !== index).sort(),
  };
}

/** In their order: what goes on to Docker's bridges is taken out before all that comes from ours is accepted. */
function placesOf({ rules, open, stale }: DockerUserSpec, docker: readonly string[]): Pick<DockerUserRule, 'direction' | 'past'>[] {
  const pasts = [...docker.filter((one) => !open.includes(one)), ...stale];
  const directions = rules.map((rule) => (rule.endsWith('in') ? 'in' : 'out'));
  return [
    ...directions.filter((one) => one === 'out').map((direction) => ({ direction }) as const),
    ...pasts.map((past) => ({ direction: 'in', past }) as const),
    ...directions.filter((one) => one === 'in').map((direction) => ({ direction }) as const),
  ];
}

/** A bridge without a subnet carries anything; with bridge-nf-call-iptables even what is only bridged passes through Docker's chains. */
const familiesOf = ({ subnet }: Bridge): Family[] => {
  const own = FAMILIES.filter((family) => subnet[family] !== undefined);
  return own.length === 0 ? [...FAMILIES] : own;
};
