import { expect, test } from 'vitest';
import { HostError } from '../../src/model/errors.ts';
import { backoffMs } from '../../src/watch/backoff.ts';
import { dueIn, waitFor } from '../../src/watch/clock.ts';
import { createContest } from '../../src/watch/contest.ts';
import { PATH, reportOf, start } from './support.ts';

const drift = (...ids: string[]) => ids;

test('watch: the first round converges, then it is quiet', async () => {
  const { names, world, clock, stop } = await start();
  expect(names()).toEqual(['converged', 'watching']);
  const looks = world.looks;
  await clock.pass(3_600_000);
  expect([names(), world.looks]).toEqual([[], looks]);
  await stop();
});

test('watch: a burst of signs is one look', async () => {
  const { world, clock, names, stop } = await start();
  const looks = world.looks;
  world.differs = drift('bridge:br');
  for (let index = 0; index < 10; index += 1) {
    world.sign({ topology: 'lab', what: 'x' });
    await clock.pass(10);
  }
  await clock.pass(1000);
  // One to see what differs, one to see that it no longer does.
  expect([world.looks - looks, world.applies]).toEqual([2, 2]);
  expect(names()).toEqual(['converged', 'watching', 'converged']);
  await stop();
});

test('watch: a burst without end is answered all the same', async () => {
  const { world, clock, stop } = await start();
  world.differs = drift('bridge:br');
  for (let index = 0; index < 40; index += 1) {
    world.sign({ topology: 'lab', what: 'x' });
    await clock.pass(20);
  }
  expect(world.applies).toBe(2);
  await stop();
});

test("watch: signs of another's objects are no reason to look, unless one waits for them to go", async () => {
  const { world, clock, names, stop } = await start();
  const looks = world.looks;
  world.sign({ what: 'docker0 of the host' });
  world.sign({ topology: 'other', what: 'x' });
  await clock.pass(5000);
  expect(world.looks).toBe(looks);
  world.blockers = [{ code: 'E_TAKEN', message: 'taken', hint: 'free it' }];
  world.differs = drift('bridge:br');
  world.sign({ topology: 'lab', what: 'x' });
  await clock.pass(100);
  names();
  world.blockers = [];
  world.sign({ what: 'docker0 of the host' });
  await clock.pass(500);
  expect(names()).toEqual(['converged']);
  await stop();
});

test('watch: a new namespace is looked at once more, as nobody could listen to it before', async () => {
  const { world, clock, stop } = await start({ differs: drift('namespace:a') });
  const looks = world.looks;
  await clock.pass(3_600_000);
  expect(world.looks - looks).toBe(1);
  await stop();
});

test('watch: lost signs mean that everything is looked at, whatever else is asked for', async () => {
  const { world, clock, names, stop } = await start();
  names();
  world.differs = drift('bridge:br');
  world.sign({ lost: true, what: 'queue full' });
  world.fileChanged();
  await clock.pass(100);
  expect(names()).toEqual(['converged']);
  await stop();
});

test('watch: failures back off from a second to a minute and are said once', async () => {
  const { world, clock, names, stop } = await start({
    differs: drift('namespace:a', 'bridge:br'),
    apply: (plan) => reportOf(plan, 'partial', { error: new HostError('E_X', 'no', 'do') }),
  });
  const applies = (): number => world.applies;
  expect(names()).toEqual(['failed', 'watching']);
  const counts: number[] = [];
  for (const ms of [999, 1, 1999, 1, 3999, 1]) {
    await clock.pass(ms);
    counts.push(applies());
  }
  expect(counts).toEqual([1, 2, 2, 3, 3, 4]);
  expect(names()).toEqual([]);
  world.apply = (plan) => {
    world.differs = [];
    return reportOf(plan, 'converged');
  };
  await clock.pass(60_000);
  expect(names()).toEqual(['converged']);
  await stop();
});

test('watch: back-off doubles and is bounded', () => {
  expect([1, 2, 3, 6, 7, 100].map(backoffMs)).toEqual([1000, 2000, 4000, 32_000, 60_000, 60_000]);
});

test('watch: a lock that another holds is waited for', async () => {
  const { world, names, clock, stop } = await start({
    apply: () => {
      throw new HostError('E_LOCKED', 'process 7 is changing this host', 'wait');
    },
  });
  expect(names()).toEqual(['waiting', 'watching']);
  world.apply = (plan) => {
    world.differs = [];
    return reportOf(plan, 'converged');
  };
  await clock.pass(1000);
  expect(names()).toEqual(['converged']);
  await stop();
});

test('watch: what is our own fault ends it', async () => {
  await expect(
    start({
      apply: () => {
        throw new TypeError('oops');
      },
    }).then(({ stop }) => stop()),
  ).rejects.toThrow('oops');
});

test.each([
  ['forward by a day', 86_400_000],
  ['back by a day', -86_400_000],
])('watch: a clock that jumps %s neither stops it nor makes it hurry', async (_, jump) => {
  const { world, clock, names, stop } = await start({}, { resyncMs: 60_000 });
  names();
  clock.jump(jump);
  world.differs = drift('bridge:br');
  world.sign({ topology: 'lab', what: 'x' });
  await clock.pass(600);
  expect(names()).toEqual(['converged']);
  const looks = world.looks;
  await clock.pass(600_000);
  // The safety net goes on in its own rhythm.
  expect(world.looks - looks).toBeGreaterThanOrEqual(9);
  expect(world.looks - looks).toBeLessThanOrEqual(12);
  await stop();
});

test('watch: what is due is so at once when the clock has been put back', () => {
  const due = dueIn(1000, 500);
  expect([999, 1000, 1400, 1500, 9000].map((now) => waitFor(due, now))).toEqual([0, 500, 100, 0, 0]);
});

test('watch: the timer looks at everything, and 0 is none', async () => {
  const { world, clock, names, stop } = await start({}, { resyncMs: 300_000 });
  names();
  world.differs = drift('sysctl:a');
  await clock.pass(299_000);
  expect(names()).toEqual([]);
  await clock.pass(2000);
  expect(names()).toEqual(['converged']);
  await stop();
});

test('watch: an invalid file is said once, its topology kept up, and said to be valid again', async () => {
  const { world, clock, names, stop, events } = await start();
  names();
  const good = world.text;
  world.text = '';
  world.fileChanged();
  await clock.pass(100);
  world.fileChanged();
  await clock.pass(5000);
  expect(names()).toEqual(['invalid']);
  expect(events.at(-1)).toMatchObject({ file: PATH, keeps: ['lab'] });
  world.differs = drift('bridge:br');
  world.sign({ topology: 'lab', what: 'x' });
  await clock.pass(3000);
  expect(names()).toEqual(['converged']);
  world.text = good;
  world.fileChanged();
  await clock.pass(3000);
  expect(names()).toEqual(['valid']);
  await stop();
});

test('watch: with --prune only what has stayed away, from a place that can be read', async () => {
  const { world, clock, names, stop } = await start({}, { prune: true });
  names();
  world.text = undefined;
  world.unreadable = true;
  world.fileChanged();
  await clock.pass(60_000);
  expect([names(), world.destroyed]).toEqual([['unreadable'], []]);
  world.unreadable = false;
  world.recorded = [
    { name: 'lab', file: PATH },
    { name: 'alien', file: '/elsewhere/alien.yaml' },
  ];
  world.fileChanged();
  await clock.pass(2000);
  expect([names(), world.destroyed]).toEqual([['gone'], []]);
  // Away again: the waiting begins anew.
  world.unreadable = true;
  world.fileChanged();
  await clock.pass(10_000);
  world.unreadable = false;
  world.fileChanged();
  await clock.pass(2000);
  expect(world.destroyed).toEqual([]);
  await clock.pass(5000);
  expect(new Set(world.destroyed)).toEqual(new Set(['lab']));
  expect(names()).toContain('pruned');
  await stop();
});

test('watch: without --prune nothing is ever removed', async () => {
  const { world, clock, names, stop } = await start();
  names();
  world.recorded = [{ name: 'lab', file: PATH }];
  world.text = undefined;
  world.fileChanged();
  await clock.pass(3_600_000);
  expect([names(), world.destroyed]).toEqual([['gone'], []]);
  await stop();
});

test('contest: so many repairs in a row and it is left for a while, and forgotten when the other has given up', () => {
  const contest = createContest();
  const ids = ['bridge:br'] as const;
  expect([0, 1000, 2000].map((now) => contest.repaired(ids, now))).toEqual([[], [], []]);
  expect(contest.repaired(ids, 3000)).toEqual(['bridge:br']);
  expect([contest.patience(ids, 4000), contest.patience([...ids, 'link:a:eth0'], 4000)]).toEqual([59_000, 0]);
  expect(contest.patience(ids, 63_000)).toBe(0);
  expect(contest.contested(200_000)).toEqual([]);
  expect(contest.patience(ids, 200_000)).toBe(0);
});

test('contest: repairs that are far from each other are none', () => {
  const contest = createContest();
  expect([0, 31_000, 62_000, 93_000, 124_000].flatMap((now) => contest.repaired(['bridge:br'], now))).toEqual([]);
});
