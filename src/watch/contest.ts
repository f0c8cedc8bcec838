import type { Id } from '../model/resource.ts';
import { type Due, dueIn, waitFor } from './clock.ts';

/** So many repairs of one object, none longer than this after the one before, mean that somebody keeps changing it back. */
const ROUNDS = 4;
const APART_MS = 30_000;
/** The rhythm in which a contested object is repaired. */
const SLOW_MS = 60_000;

/** Which objects somebody else keeps changing back, of one topology. */
export interface Contest {
  /** Tells of a repair. Returns what has become contested by it. */
  repaired(ids: readonly Id[], now: number): readonly Id[];
  /** When these differ: how long to leave them, because all of them are contested; 0 where something else differs too. */
  patience(ids: readonly Id[], now: number): number;
  contested(now: number): readonly Id[];
  /** The file has changed: what was fought about may be settled. */
  forget(): void;
}

/** A clock that has been put back tells nothing. */
const isApart = (last: number, now: number): boolean => now < last || now - last > APART_MS;

export function createContest(): Contest {
  const repairs = new Map<Id, { readonly count: number; readonly last: number }>();
  const slow = new Map<Id, Due>();
  const contested = (now: number): Id[] => {
    // Twice the rhythm without a repair: the other has given up.
    for (const [id, due] of slow) if (now < due.from || now > due.at + SLOW_MS) slow.delete(id);
    return [...slow.keys()];
  };
  return {
    repaired: (ids, now) => {
      const before = new Set(contested(now));
      for (const id of ids) {
        const known = repairs.get(id);
        const count = known === undefined || isApart(known.last, now) ? 1 : known.count + 1;
        repairs.set(id, { count, last: now });
        if (count >= ROUNDS || before.has(id)) slow.set(id, dueIn(now, SLOW_MS));
      }
      for (const [id, { last }] of repairs) if (isApart(last, now)) repairs.delete(id);
      return ids.filter((id) => slow.has(id) && !before.has(id));
    },
    patience: (ids, now) => {
      const fought = new Set(contested(now));
      if (ids.length === 0 || !ids.every((id) => fought.has(id))) return 0;
      return Math.min(...ids.map((id) => waitFor(slow.get(id) ?? dueIn(now, 0), now)));
    },
    contested,
    forget: () => {
      repairs.clear();
      slow.clear();
    },
  };
}
