import type { Change, Id } from '../../model/resource.ts';
import { groupBy } from '../group.ts';
import { nameOf, specOf } from './entry.ts';

/** A change with the changes that go without saying because of it. */
export interface Folded {
  readonly change: Change;
  readonly parts: readonly Change[];
}

/**
 * Puts what comes or goes together with a namespace, bridge or link under that one: its addresses, sysctls and files, and with a namespace
 * that goes, its routes. Everything else stands for itself. Keeps the order.
 */
export function fold(changes: readonly Change[]): Folded[] {
  const owners = ownersOf(changes);
  const parts = new Map<Id, Change[]>();
  const alone: Change[] = [];
  for (const change of changes) {
    const owner = carrierOf(change)
      .flatMap((key) => owners.get(key) ?? [])
      .find((candidate) => goesWith(change, candidate));
    if (owner === undefined) alone.push(change);
    else parts.set(owner.id, [...(parts.get(owner.id) ?? []), change]);
  }
  return alone.map((change) => ({ change, parts: parts.get(change.id) ?? [] }));
}

/** A part is said by its owner where both come or both go; a replaced owner takes all its parts along. */
function goesWith(part: Change, owner: Change): boolean {
  if (owner.action === 'replace') return true;
  if (part.kind === 'route' && owner.action !== 'delete') return false;
  return owner.action !== 'update' && owner.action === part.action;
}

/** Where a part may belong: keys of `ownersOf`, the nearest first. */
function carrierOf(change: Change): string[] {
  const name = nameOf(change);
  switch (change.kind) {
    case 'address':
    case 'sysctl':
      return [`interface ${name}`, `namespace ${change.namespace}`];
    case 'route':
      return [`namespace ${change.namespace}`];
    case 'file':
      return [`namespace ${/^\/etc\/netns\/([^/]+)\//.exec(name)?.[1] ?? ''}`];
    default:
      return [];
  }
}

/** Namespaces, bridges and links among the changes, by what they carry: an interface may leave one link for another. */
function ownersOf(changes: readonly Change[]): ReadonlyMap<string, readonly Change[]> {
  const owned = changes.flatMap((change) => keysOf(change).map((key) => ({ key, change })));
  return new Map([...groupBy(owned, ({ key }) => key)].map(([key, all]) => [key, all.map(({ change }) => change)]));
}

function keysOf(change: Change): string[] {
  switch (change.kind) {
    case 'namespace':
    case 'share':
    case 'attach':
      return [`namespace ${nameOf(change)}`];
    case 'bridge':
      return [`interface ${change.namespace}:${nameOf(change)}`];
    case 'link':
      return endsOf(change).map((end) => `interface ${end}`);
    default:
      return [];
  }
}

/** `namespace:interface` of each end of a link, the one that names it first; the far one as far as its spec tells. */
export function endsOf(change: Change): string[] {
  const spec = specOf(change);
  const far = isRecord(spec) ? spec.far : undefined;
  const named = isRecord(far) && typeof far.namespace === 'string' && typeof far.name === 'string';
  return named ? [nameOf(change), `${far.namespace}:${far.name}`] : [nameOf(change)];
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
