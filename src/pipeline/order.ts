import { kinds } from '../kinds/registry.ts';
import { type Operation, PHASES } from '../model/operation.ts';
import type { Change, Id, KindModule, Sides } from '../model/resource.ts';

/** The operations that the changes need, in the order in which they run. */
export function order(sides: Sides): Operation[] {
  const byKind = new Map(kinds.map((kind) => [kind.kind, kind]));
  const steps = sides.changes.flatMap((change) => {
    const kind = byKind.get(change.kind);
    return kind === undefined ? [] : stepsOf(kind, change, sides);
  });
  const aftermath = kinds.flatMap((kind) => kind.aftermath?.(sides) ?? []);
  return sort([...steps, ...aftermath]);
}

function stepsOf(kind: KindModule, change: Change, sides: Sides): Operation[] {
  switch (change.action) {
    case 'create':
    case 'update':
      return kind.steps(change, sides);
    case 'delete':
      return goesByItself(kind, change, sides) ? [] : kind.steps(change, sides);
    case 'replace': {
      const { action: _, fields, before, after, ...base } = change;
      const removal: Change = { ...base, action: 'delete', before };
      return [
        ...(goesByItself(kind, change, sides) ? [] : kind.steps(removal, sides)),
        ...kind.steps({ ...base, action: 'create', after }, sides),
      ];
    }
    default:
      return change satisfies never;
  }
}

function goesByItself(kind: KindModule, change: Change, sides: Sides): boolean {
  if (kind.goesAlong !== true) return false;
  return sides.observed.get(change.id)?.needs.some((need) => sides.going.has(need) && !isOnlyName(need)) ?? false;
}

const onlyNames = kinds.filter((kind) => kind.isOnlyName).map(({ kind }) => `${kind}:`);
const isOnlyName = (id: Id): boolean => onlyNames.some((prefix) => id.startsWith(prefix));

/** By phase, then rank, then the order given (sort is stable). */
export function sort(operations: readonly Operation[]): Operation[] {
  const byPhase = new Map(PHASES.map((phase) => [phase, [] as Operation[]]));
  for (const one of operations) byPhase.get(one.phase)?.push(one);
  return [...byPhase.values()].flatMap((phase) => phase.sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0)));
}
