import equal from 'fast-deep-equal';
import { kinds } from '../kinds/registry.ts';
import type { Change, FieldChange, Id, Impact, KindModule, Observed, Resource } from '../model/resource.ts';

/**
 * What differs, in the order of the kinds, deletions last. An object that lives on something that is made anew is created with it, and one
 * whose foundation goes is gone with it: such deletions are reported, and need no operation.
 */
export function diff(desired: ReadonlyMap<Id, Resource>, observed: ReadonlyMap<Id, Observed>): Change[] {
  const byKind = new Map(kinds.map((kind) => [kind.kind, kind]));
  const doomed = new Set<Id>();
  const direct = new Map<Id, Change>();
  for (const resource of desired.values()) {
    const found = observed.get(resource.id);
    const kind = byKind.get(resource.kind);
    if (found === undefined || kind === undefined) continue;
    const change = compare(kind, resource, found);
    if (change === undefined) continue;
    direct.set(resource.id, change);
    if (change.action === 'replace') doomed.add(resource.id);
  }
  for (const id of observed.keys()) if (!desired.has(id)) doomed.add(id);
  spread(doomed, observed);
  return [...changesOf(desired, observed, doomed, direct), ...deletionsOf(desired, observed)];
}

/** Whatever lives on something doomed is doomed too. */
function spread(doomed: Set<Id>, observed: ReadonlyMap<Id, Observed>): void {
  for (let grown = true; grown; ) {
    grown = false;
    for (const { id, needs } of observed.values()) {
      if (doomed.has(id) || !needs.some((need) => doomed.has(need))) continue;
      doomed.add(id);
      grown = true;
    }
  }
}

function* changesOf(
  desired: ReadonlyMap<Id, Resource>,
  observed: ReadonlyMap<Id, Observed>,
  doomed: ReadonlySet<Id>,
  direct: ReadonlyMap<Id, Change>,
): Generator<Change> {
  for (const resource of desired.values()) {
    const found = observed.get(resource.id);
    const change = direct.get(resource.id);
    const lost = found?.needs.some((need) => doomed.has(need)) ?? false;
    if (change?.action === 'replace') yield change;
    // A pair that goes with a namespace of its own is what it was, made anew.
    else if (found !== undefined && lost)
      yield {
        ...baseOf(resource),
        action: 'replace',
        impact: 'replace',
        before: found.spec,
        after: resource.spec,
        fields: change && 'fields' in change ? change.fields : [],
      };
    else if (found === undefined) yield { ...baseOf(resource), action: 'create', impact: 'none', after: resource.spec };
    else if (change !== undefined) yield change;
  }
}

function* deletionsOf(desired: ReadonlyMap<Id, Resource>, observed: ReadonlyMap<Id, Observed>): Generator<Change> {
  for (const found of observed.values()) {
    if (desired.has(found.id)) continue;
    yield {
      kind: found.kind,
      id: found.id,
      topology: found.topology,
      namespace: found.namespace,
      impact: 'none',
      action: 'delete',
      before: found.spec,
    };
  }
}

const baseOf = ({ kind, id, topology, namespace, origin }: Resource) => ({ kind, id, topology, namespace, ...(origin ? { origin } : {}) });

function compare(kind: KindModule, resource: Resource, found: Observed): Change | undefined {
  const fields = fieldsOf(found.spec, resource.spec, '');
  if (fields.length === 0) return undefined;
  const touches = (paths: readonly string[] | undefined) => fields.some(({ path }) => paths?.includes(path) ?? false);
  const replaced = touches(kind.immutable);
  const impact: Impact = replaced ? 'replace' : touches(kind.flaps) ? 'flap' : 'none';
  return { ...baseOf(resource), action: replaced ? 'replace' : 'update', impact, before: found.spec, after: resource.spec, fields };
}

/** Differences down to the leaves of objects; lists are leaves. */
export function fieldsOf(before: unknown, after: unknown, path: string): FieldChange[] {
  if (equal(before, after)) return [];
  if (!isRecord(before) || !isRecord(after)) return [{ path, before, after }];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => fieldsOf(before[key], after[key], path === '' ? key : `${path}.${key}`));
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
