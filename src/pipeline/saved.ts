import equal from 'fast-deep-equal';
import type { Change, Id, Plan } from '../model/resource.ts';
import type { MovedObject, SavedTopology } from '../model/saved.ts';
import { fieldsOf } from './diff.ts';

/**
 * What has moved since a plan was saved, by comparing its changes with those of a plan for the same text, made now. Empty where carrying
 * out the new one does what was agreed to.
 */
export function movedSince(saved: SavedTopology, now: Plan): MovedObject[] {
  const [then, today] = [byId(saved.changes), byId(plain(now.changes))];
  return [...new Set([...then.keys(), ...today.keys()])].flatMap((id) => {
    const moved = moveOf(then.get(id), today.get(id));
    return moved === undefined ? [] : [{ what: 'object' as const, topology: saved.name, id, ...moved }];
  });
}

/** An object without a change is as the file wants it; that, the plan of the other moment says. */
function moveOf(then: Change | undefined, today: Change | undefined): Pick<MovedObject, 'how' | 'fields'> | undefined {
  const was = then ? beforeOf(then) : today && afterOf(today);
  const is = today ? beforeOf(today) : then && afterOf(then);
  if (!equal(was, is)) {
    if (was === undefined) return { how: 'came', fields: [] };
    if (is === undefined) return { how: 'went', fields: [] };
    return { how: 'changed', fields: fieldsOf(was, is, '') };
  }
  const [agreed, wanted] = [then ? afterOf(then) : was, today ? afterOf(today) : is];
  if (equal(agreed, wanted) && then?.action === today?.action) return undefined;
  return { how: 'wanted', fields: agreed === undefined || wanted === undefined ? [] : fieldsOf(agreed, wanted, '') };
}

const beforeOf = (change: Change): unknown => (change.action === 'create' ? undefined : change.before);
const afterOf = (change: Change): unknown => (change.action === 'delete' ? undefined : change.after);

const byId = (changes: readonly Change[]): ReadonlyMap<Id, Change> => new Map(changes.map((change) => [change.id, change]));

/** As it comes back from a file: without what is undefined. */
const plain = (changes: readonly Change[]): readonly Change[] => JSON.parse(JSON.stringify(changes)) as readonly Change[];
