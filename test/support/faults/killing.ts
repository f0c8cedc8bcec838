import { expect } from 'vitest';
import type { Phase } from '../../../src/model/operation.ts';
import type { Plan } from '../../../src/model/resource.ts';
import type { Topology } from '../../../src/model/topology.ts';
import { planDestroy } from '../../../src/pipeline/plan.ts';
import { converge, linesOf } from '../converge.ts';
import { hostState } from '../host-state.ts';
import { shell } from '../sandbox.ts';
import { changesOf, destroy, kernel, planOf } from '../lab.ts';
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
  finish: async () => {
    await converge(kernel, topology);
    expect(await changesOf(topology)).toEqual([]);
  },
});

export const journeyFrom = ({ name }: Topology): Journey => ({
  what: 'destroy',
  plan: () => planDestroy(kernel, name),
  finish: async () => {
    expect(['converged', 'unchanged']).toContain((await destroy(name)).status);
    const { changes, operations } = await planDestroy(kernel, name);
    expect([linesOf({ changes }), operations]).toEqual([[], []]);
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

/**
 * At least once in each phase and at each sort of effect, where the last one of its sort stands, and the others where a phase goes over into the
 * next. What `seen` has by now is not asked for again; `more` further ones are spread over what is left.
 */
export const oneOfEach =
  (seen = new Set<string>(), more = 0): Choose =>
  (effects) => {
    const keys = new Map<string, number>();
    const phases = new Map<Phase, number>();
    for (const [index, { phase, sort }] of effects.entries()) {
      if (!seen.has(`${phase} ${sort}`)) keys.set(`${phase} ${sort}`, index);
      if (!phases.has(phase)) phases.set(phase, index);
    }
    for (const key of keys.keys()) seen.add(key);
    const step = effects.length / (more + 1);
    const spread = Array.from({ length: more }, (_, index) => Math.floor((index + 1) * step));
    return [...new Set([...keys.values(), ...phases.values(), ...spread])].sort((a, b) => a - b);
  };

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
      expect(await foreignState()).toEqual(foreign);
      // A last look by other means than netloom's own; elsewhere every few times, as reading a large host so takes seconds.
      if (next.journey.what === 'destroy' || tally.cuts % 4 === 0) expect(await everything()).toEqual(next.arrived);
    } catch (error) {
      const where = `${journey.what}, killed after ${after}, before ${place?.phase} ${place?.sort}, then ${next.journey.what}`;
      throw new Error(`${where}: ${error instanceof Error ? error.message : error}`, { cause: error });
    }
    if (next === leg) turn += 1;
  }
}

/** Also what netloom's directories hold besides the lock. */
const everything = async (): Promise<unknown> => ({
  ...(await hostState()),
  kept: await shell('find /etc/netns /run/netloom /run/netns ! -name "lock-*" | sort'),
});
