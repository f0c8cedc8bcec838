import type { Inventory, Uplink } from '../../model/report.ts';
import type { Change } from '../../model/resource.ts';
import { HOST } from '../../model/topology.ts';
import { specOf } from '../change/entry.ts';
import { endsOf, fold, isRecord } from '../change/fold.ts';
import { groupBy } from '../group.ts';
import { byNature, plural } from '../text.ts';
import type { Line, Mark } from './graph.ts';

/** What is to be said of a topology's objects. */
export interface Marking {
  readonly says: 'file' | 'plan' | 'live';
  /** What goes is not in the file, and drawn from what it was. */
  readonly changes: readonly Change[];
  /** Of a namespace, bridge or link, by its id. */
  of(id: string): Mark | undefined;
  /** Of an interface: its addresses', and under `live` whether it hears anything. */
  ofInterface(namespace: string, name: string): Mark | undefined;
  ofPublish(publish: HostPort): Mark | undefined;
  /** Where the host's default routes lead, where that is known. */
  readonly uplinks?: readonly Uplink[];
  /** What changes about a namespace besides itself and its interfaces: routes, settings, files. */
  notes(namespace: string): readonly Line[];
}

/** What tells one published port from another. */
export interface HostPort {
  readonly hostAddress?: string;
  readonly hostPort: number;
  readonly protocol: string;
  readonly interface?: string;
}

/** A picture of the file alone. */
export const UNMARKED: Marking = {
  says: 'file',
  changes: [],
  of: () => undefined,
  ofInterface: () => undefined,
  ofPublish: () => undefined,
  notes: () => [],
};

/** A picture of what a plan would do. */
export const planMarking = (changes: readonly Change[]): Marking => marking('plan', changes, new Set());

/** A picture of how the host differs from the file: the changes that would repair it, and what is down. */
export function liveMarking(changes: readonly Change[], inventory: Inventory): Marking {
  const down = inventory.topologies.flatMap(({ bridges, namespaces }) => [
    ...bridges.filter(({ up }) => !up).map(({ name }) => `${HOST}:${name}`),
    ...namespaces.flatMap(({ name, interfaces }) =>
      // A veth end without carrier: its other end is down.
      interfaces.filter(({ up, carrier }) => !up || !carrier).map((one) => `${name}:${one.name}`),
    ),
  ]);
  return { ...marking('live', changes, new Set([...down, ...changes.flatMap(downEnds)])), uplinks: inventory.uplinks };
}

/** Ends of links that the host has down, bridges' ports among them, which the inventory knows by name alone. */
function downEnds(change: Change): string[] {
  const fields = change.kind === 'link' && 'fields' in change ? change.fields : [];
  const [near, far] = endsOf(change);
  const isDown = (wanted: string): boolean => fields.some(({ path, before }) => path === wanted && before === false);
  return [...(near !== undefined && isDown('up') ? [near] : []), ...(far !== undefined && isDown('far.up') ? [far] : [])];
}

const LIVE: Readonly<Record<Change['action'], Mark>> = { create: 'missing', update: 'drift', replace: 'drift', delete: 'extra' };

/** Kinds that a picture shows as things of their own; of the others it says how many there are. */
const SHOWN: readonly string[] = ['namespace', 'attach', 'share', 'bridge', 'link', 'address', 'publish'];

function marking(says: 'plan' | 'live', changes: readonly Change[], down: ReadonlySet<string>): Marking {
  const markOf = (change: Change): Mark => (says === 'plan' ? change.action : LIVE[change.action]);
  const byId = new Map<string, Mark>(changes.map((change) => [change.id, markOf(change)]));
  const byPort = new Map(
    changes.flatMap((change) => {
      const spec = change.kind === 'publish' ? hostPortOf(specOf(change)) : undefined;
      return spec === undefined ? [] : [[keyOf(spec), markOf(change)] as const];
    }),
  );
  // What comes or goes with its namespace, bridge or link goes without saying.
  const others = fold(changes).flatMap(({ change }) => (SHOWN.includes(change.kind) ? [] : [change]));
  return {
    says,
    changes,
    of: (id) => byId.get(id),
    ofInterface: (namespace, name) => {
      if (down.has(`${namespace}:${name}`)) return 'down';
      // An interface whose addresses come or go stays itself.
      return byId.has(`address:${namespace}:${name}`) ? (says === 'plan' ? 'update' : 'drift') : undefined;
    },
    ofPublish: (publish) => byPort.get(keyOf(publish)),
    notes: (namespace) => {
      const owners = ['namespace', 'attach', 'share'].map((kind) => byId.get(`${kind}:${namespace}`));
      // Of what is new as a whole nobody asks what is new about it.
      if (owners.includes('create') || owners.includes('missing')) return [];
      const own = others.filter((change) => ownerOf(change) === namespace);
      return [...groupBy(own, (change) => `${change.kind} ${change.action}`).values()]
        .flatMap(noteOf)
        .toSorted((a, b) => byNature(a.text, b.text));
    },
  };

  function noteOf(alike: readonly Change[]): Line[] {
    const [first] = alike;
    if (first === undefined) return [];
    return [{ text: plural(alike.length, WORDS[first.kind] ?? first.kind), tone: 'note', mark: markOf(first) }];
  }
}

const WORDS: Readonly<Record<string, string>> = { sysctl: 'setting', table: 'nft table', 'docker-user': 'rule in DOCKER-USER' };

/** The namespace that a change is about. A file's is in its path. */
const ownerOf = (change: Change): string =>
  change.kind === 'file' ? (/^file:\/etc\/netns\/([^/]+)\//.exec(change.id)?.[1] ?? HOST) : change.namespace;

const keyOf = (publish: HostPort): string =>
  [publish.hostAddress ?? '', publish.hostPort, publish.protocol, publish.interface ?? ''].join(' ');

/** What of a change's spec names a published port; undefined where it is none. */
export function hostPortOf(spec: unknown): (HostPort & { readonly namespace: string; readonly port: number }) | undefined {
  if (!isRecord(spec)) return undefined;
  const { namespace, hostAddress, hostPort, port, protocol, interface: device } = spec;
  if (typeof namespace !== 'string' || typeof hostPort !== 'number' || typeof port !== 'number' || typeof protocol !== 'string') {
    return undefined;
  }
  return {
    namespace,
    port,
    hostPort,
    protocol,
    ...(typeof hostAddress === 'string' ? { hostAddress } : {}),
    ...(typeof device === 'string' ? { interface: device } : {}),
  };
}
