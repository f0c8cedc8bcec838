import { expect } from 'vitest';
import type { Plan } from '../../../src/model/resource.ts';
import type { Topology } from '../../../src/model/topology.ts';
import { planDestroy } from '../../../src/pipeline/plan.ts';
import { converge } from '../converge.ts';
import { hostState } from '../host-state.ts';
import { destroy, kernel, planOf } from '../lab.ts';
import { shell } from '../sandbox.ts';
import { type Effect, runWith } from './effects.ts';
import { foreignState } from './foreign.ts';

/** One way that a host can go: to a topology, or to none. */
export interface Journey {
  plan(): Promise<Plan>;
  /** Goes all the way, and insists that nothing is left to do then. */
  finish(): Promise<void>;
  /** What the file of a table says of it: `create`, `update`, `destroy`. */
  readonly what: string;
}

export const journeyTo = (topology: Topology, what: 'create' | 'update'): Journey => ({
  what,
  plan: () => planOf(topology),
  // Which insists on an empty plan afterwards.
  finish: async () => void (await converge(kernel, topology)),
});

export const journeyFrom = ({ name }: Topology): Journey => ({
  what: 'destroy',
  plan: () => planDestroy(kernel, name),
  finish: async () => {
    expect(['converged', 'unchanged']).toContain((await destroy(name)).status);
  },
});

/** What was cut, over a whole file of tests. */
export interface Tally {
  /** Kills that took place. */
  cuts: number;
  /** Effects that there were to be cut at. */
  places: number;
  readonly sorts: Set<string>;
}

export const newTally = (): Tally => ({ cuts: 0, places: 0, sorts: new Set() });

/** Says after how many effects to kill, given the effects that a journey has. */
export type Choose = (effects: readonly Effect[]) => readonly number[];

/** After each: everything that could be. */
export const everywhere: Choose = (effects) => effects.map((_, index) => index);

/** Where a phase begins, and at what nothing in `seen` has been cut at yet: each sort of effect in each phase. */
export const oneOfEach =
  (seen: Set<string>): Choose =>
  (effects) => {
    const places = new Map<string, number>();
    for (const [index, { phase, sort }] of effects.entries()) {
      if (!seen.has(`${phase} ${sort}`)) places.set(`${phase} ${sort}`, index);
      if (!places.has(phase)) places.set(phase, index);
    }
    for (const place of places.keys()) if (place.includes(' ')) seen.add(place);
    return [...new Set(places.values())].sort((a, b) => a - b);
  };

/** As `oneOfEach`, but of what nobody has been cut at yet alone, and at least one place that `pick` (0 to 1) says. */
export const newOnes =
  (seen: Set<string>, pick: number, most = 99): Choose =>
  (effects) => {
    const fresh = oneOfEach(new Set(seen))(effects).filter((index) => !seen.has(keyOf(effects[index])));
    const chosen = fresh.length > 0 ? fresh.slice(0, most) : [Math.floor(pick * effects.length)];
    for (const index of chosen) seen.add(keyOf(effects[index]));
    return chosen;
  };

const keyOf = (effect: Effect | undefined): string => `${effect?.phase} ${effect?.sort}`;

/** With NETLOOM_EVERY_CUT every place is taken, which takes hours. */
export const sampled = (choose: Choose): Choose => (process.env.NETLOOM_EVERY_CUT === undefined ? choose : everywhere);

/**
 * Goes there and back again, killed each time at another place, until all chosen ones are used up. After every kill the same journey, or the
 * opposite one, is begun anew, and must arrive where an undisturbed one does, with everything foreign as it was.
 */
export async function killOnTheWay(there: Journey, back: Journey, choose: Choose, tally: Tally): Promise<void> {
  const foreign = await foreignState();
  const legs = [];
  for (const journey of [there, back]) {
    const { effects, outcomes } = await runWith((await journey.plan()).operations);
    expect(outcomes?.filter(({ status }) => status !== 'done')).toEqual([]);
    await journey.finish();
    legs.push({ journey, effects, left: [...choose(effects)], arrived: await everything() });
    tally.places += effects.length;
  }
  for (let turn = 0; legs.some(({ left }) => left.length > 0); ) {
    const [leg, other] = turn % 2 === 0 ? legs : legs.toReversed();
    if (leg === undefined || other === undefined) break;
    const { journey, effects, left } = leg;
    const after = left.shift();
    const place = after === undefined ? undefined : effects[after];
    const { outcomes } =
      after === undefined ? { outcomes: [] } : await runWith((await journey.plan()).operations, { after, how: 'killed' });
    if (outcomes === undefined) {
      tally.cuts += 1;
      tally.sorts.add(`${place?.phase} ${place?.sort}`);
    }
    // After every other kill somebody thinks better of it.
    const next = outcomes === undefined && tally.cuts % 2 === 0 ? other : leg;
    try {
      await next.journey.finish();
      // A look by other means than netloom's own. Reading a large host so takes seconds, and is done every few times.
      if (next.journey.what === 'destroy' || tally.cuts % 8 === 0) expect(await everything()).toEqual(next.arrived);
      else expect(await foreignState()).toEqual(foreign);
    } catch (error) {
      const where = `${journey.what}, killed after ${after}, before ${place?.phase} ${place?.sort}, then ${next.journey.what}`;
      throw new Error(`${where}: ${error instanceof Error ? error.message : error}`, { cause: error });
    }
    if (next === leg) turn += 1;
  }
}

/** Also what netloom's directories hold, besides the lock and an empty file that the next `mount` takes. */
export const everything = async (): Promise<unknown> => ({
  ...(await hostState()),
  kept: await shell('find /etc/netns /run/netloom /run/netns ! -name "lock-*" ! -name .netloom-mounts | sort'),
});
