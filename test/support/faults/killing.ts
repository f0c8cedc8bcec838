import fc from 'fast-check';
import { expect } from 'vitest';
import type { Operation, Phase } from '../../../src/model/operation.ts';
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
  /** Sorts of effects, with their phase, at which a kill took place, and all that there were. */
  readonly sorts: Set<string>;
  readonly allSorts: Set<string>;
  /** Where the run after a kill did not arrive. */
  readonly failures: string[];
}

export const newTally = (): Tally => ({ cuts: 0, places: 0, sorts: new Set(), allSorts: new Set(), failures: [] });

/** Says after how many effects to kill, given the effects that a journey has. */
export type Choose = (effects: readonly Effect[]) => readonly number[];

/** After each: everything that could be. */
export const everywhere: Choose = (effects) => effects.map((_, index) => index);

/**
 * One place of each sort of effect in each phase that is not in `seen` yet, and one at least in each phase there is. Which place that is,
 * `random` says.
 */
export const oneOfEach =
  (seen: Set<string>, random: () => number): Choose =>
  (effects) => {
    const fresh = newSorts(effects, seen);
    const begun = new Set(fresh.map((places) => effects[places[0] ?? 0]?.phase));
    const others = placesBy(effects, ({ phase }) => phase).filter(([phase]) => !begun.has(phase as Phase));
    return [...fresh, ...others.map(([, places]) => places)].map((places) => oneOf(places, random)).sort((a, b) => a - b);
  };

/** As `oneOfEach`, but of what nobody has been cut at yet alone, `most` of them, and one place anywhere where there is nothing new. */
export const newOnes =
  (seen: Set<string>, random: () => number, most = 99): Choose =>
  (effects) => {
    const fresh = newSorts(effects, seen, most);
    return (fresh.length > 0 ? fresh : [[...effects.keys()]]).map((places) => oneOf(places, random));
  };

const keyOf = (effect: Effect | undefined): string => `${effect?.phase} ${effect?.sort}`;

const oneOf = (places: readonly number[], random: () => number): number => places[Math.floor(random() * places.length)] ?? 0;

/** Places of each sort that is not in `seen`, where it then is. */
function newSorts(effects: readonly Effect[], seen: Set<string>, most = 99): (readonly number[])[] {
  const fresh = placesBy(effects, keyOf)
    .filter(([key]) => !seen.has(key))
    .slice(0, most);
  for (const [key] of fresh) seen.add(key);
  return fresh.map(([, places]) => places);
}

function placesBy(effects: readonly Effect[], by: (effect: Effect) => string): [string, number[]][] {
  const places = new Map<string, number[]>();
  for (const [index, effect] of effects.entries()) places.set(by(effect), [...(places.get(by(effect)) ?? []), index]);
  return [...places];
}

/** Whether every place is to be taken, which takes long: half an hour for topologies/, hours for random ones. */
export const EVERY_CUT = process.env.NETLOOM_EVERY_CUT !== undefined;

export const sampled = (choose: Choose): Choose => (EVERY_CUT ? everywhere : choose);

/** Numbers from 0 to 1 that are the same in each run; another seed (NETLOOM_CUT_SEED) takes other samples. */
export function randomOf(seed: number): () => number {
  const own = Number(process.env.NETLOOM_CUT_SEED ?? 0);
  const numbers = fc.sample(fc.noBias(fc.nat(2 ** 20 - 1)), { seed: seed + own, numRuns: 1000 });
  return () => (numbers.pop() ?? 0) / 2 ** 20;
}

interface Leg {
  readonly journey: Journey;
  readonly operations: readonly Operation[];
  readonly effects: readonly Effect[];
  /** Places that are still to be cut at. */
  readonly left: number[];
  /** The host after an undisturbed journey, read by other means than netloom's own. */
  readonly arrived: unknown;
  readonly names: string;
  readonly foreign: string;
}

/**
 * Goes there and back again, killed each time at another place, until all chosen ones are used up. After every kill the same journey, or the
 * opposite one, is begun anew, and must arrive where an undisturbed one does, with everything foreign as it was. What is carried out is
 * planned once: from the same host to the same host the plan is the same, so that a kill costs little more than what it interrupts.
 */
export async function killOnTheWay(there: Journey, back: Journey, choose: Choose, tally: Tally): Promise<void> {
  const legs: Leg[] = [];
  for (const journey of [there, back]) {
    const { operations } = await journey.plan();
    const { effects, outcomes } = await runWith(operations);
    expect(outcomes?.filter(({ status }) => status !== 'done')).toEqual([]);
    await journey.finish();
    legs.push({
      journey,
      operations,
      effects,
      left: [...choose(effects)],
      arrived: await everything(),
      names: await names(),
      foreign: await foreignState(),
    });
    tally.places += effects.length;
    for (const effect of effects) tally.allSorts.add(keyOf(effect));
  }
  for (let turn = 0; legs.some(({ left }) => left.length > 0); ) {
    const [leg, other] = turn % 2 === 0 ? legs : legs.toReversed();
    if (leg === undefined || other === undefined) break;
    const arrivedAt = await goOnce(leg, other, tally);
    if (arrivedAt === leg) turn += 1;
    const rest = legs.reduce((sum, { left }) => sum + left.length, 0);
    if (EVERY_CUT && rest % 50 === 0)
      console.log(`${there.what}: ${tally.cuts} of ${tally.places} places, ${tally.failures.length} failures`);
  }
  expect(tally.failures).toEqual([]);
}

/** Returns the leg at whose end the host is. */
async function goOnce(leg: Leg, other: Leg, tally: Tally): Promise<Leg> {
  const { journey, operations, effects, left } = leg;
  const after = left.shift();
  if (after === undefined) {
    await kernel.run(operations);
    return leg;
  }
  // After every other kill somebody thinks better of it.
  const next = tally.cuts % 2 === 1 ? other : leg;
  try {
    const ran = await runWith(operations, { after, how: 'killed' });
    expect(ran.outcomes === undefined, 'it was killed').toBe(true);
    tally.cuts += 1;
    tally.sorts.add(keyOf(effects[after]));
    await next.journey.finish();
    expect(await names()).toEqual(next.names);
    // Reading a large host in full so takes seconds, and is done every few times: nobody else would put right what was wrong.
    if (tally.cuts % 8 === 0 || left.length === 0) {
      expect(await everything()).toEqual(next.arrived);
      expect(await foreignState()).toEqual(next.foreign);
    }
  } catch (error) {
    const where = `${journey.what}, killed after ${after}, before ${keyOf(effects[after])}, then ${next.journey.what}`;
    tally.failures.push(`${where}: ${String(error).slice(0, 2000)}`);
    await leg.journey.finish();
    return leg;
  }
  return next;
}

/** All that there is by name, netloom's and others'. */
const names = (): Promise<string> =>
  shell(`cut -d: -f1 /proc/net/dev | sort; for name in $(ls /run/netns); do nsenter --net=/run/netns/$name cut -d: -f1 /proc/net/dev | sort; done
    nft list tables; ${KEPT}`);

const KEPT = 'find /etc/netns /run/netloom /run/netns ! -name "lock-*" ! -name .netloom-mounts | sort';

/** Also what netloom's directories hold, besides the lock and an empty file that the next `mount` takes. */
export const everything = async (): Promise<unknown> => ({
  ...(await hostState()),
  kept: await shell(KEPT),
});
