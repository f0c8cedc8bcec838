import { expect, test } from 'vitest';
import { HostError } from '../../src/model/errors.ts';
import type { Clock } from '../../src/watch/clock.ts';
import { createPulse } from '../../src/watch/onlookers/pulse.ts';
import { supervise } from '../../src/watch/onlookers/supervised.ts';
import { createSleeper } from '../../src/watch/sleeper.ts';

/** Time that passes when it is told to. */
function createTime(): Clock & { pass(ms: number): Promise<void> } {
  let now = 0;
  let due: { at: number; call: () => void }[] = [];
  return {
    now: () => now,
    after: (ms, call) => {
      const one = { at: now + ms, call };
      due.push(one);
      return () => {
        due = due.filter((other) => other !== one);
      };
    },
    pass: async (ms) => {
      for (const end = now + ms; now < end; ) {
        now += 1;
        for (const one of due.filter(({ at }) => at <= now)) {
          due = due.filter((other) => other !== one);
          one.call();
        }
        // What was resolved goes on.
        for (let turn = 0; turn < 10; turn++) await Promise.resolve();
      }
    },
  };
}

function createService({ watchdogMs, fails = false }: { watchdogMs?: number; fails?: boolean } = {}) {
  const time = createTime();
  const told: (readonly string[])[] = [];
  const failures: unknown[] = [];
  const loop = { alive: true, status: 'all well' };
  const sleeper = createSleeper(time);
  const pulse = createPulse(() => {
    const answer = sleeper.alive();
    if (loop.alive) sleeper.comesBy();
    return answer;
  }, time.now);
  const service = supervise({
    notify: {
      tell: async (...lines) => {
        told.push(lines);
        if (fails) throw new HostError('E_NOTIFY', 'no', 'no');
      },
      abort: () => void told.push(['aborted']),
    },
    watchdogMs,
    pulse,
    clock: time,
    statusText: () => loop.status,
    onFailure: (error) => failures.push(error),
  });
  return { time, told, failures, loop, sleeper, pulse, service };
}

const watching = { event: 'watching', files: [], topologies: [] } as const;
const failed = { event: 'failed', topology: 'a', cause: 'start', errors: [], remaining: [], retryMs: 1 } as const;

test('supervised: ready after the first round, also where it has failed, and not before', () => {
  const { service, told } = createService();
  service.said(failed);
  expect(told).toEqual([]);
  service.said(watching);
  expect(told).toEqual([['READY=1', 'STATUS=all well']]);
});

test('supervised: the status is told when it has changed, as it is once the loop comes by', async () => {
  const { service, told, loop, time } = createService();
  service.said(watching);
  service.said(failed);
  await time.pass(5);
  service.said(failed);
  service.said(failed);
  loop.status = 'a: failed';
  await time.pass(5);
  expect(told.slice(1)).toEqual([['STATUS=a: failed']]);
});

test('supervised: the watchdog hears of a living loop in half of its time', async () => {
  const { service, told, time } = createService({ watchdogMs: 100 });
  await time.pass(200);
  expect(told).toEqual([]);
  service.said(watching);
  await time.pass(200);
  expect(told.slice(1)).toEqual([['WATCHDOG=1'], ['WATCHDOG=1'], ['WATCHDOG=1'], ['WATCHDOG=1']]);
});

test('supervised: the watchdog hears nothing of a loop that hangs, and again of one that comes by', async () => {
  const { service, told, time, loop, sleeper, pulse } = createService({ watchdogMs: 100 });
  service.said(watching);
  loop.alive = false;
  await time.pass(1000);
  expect(told.slice(1)).toEqual([]);
  expect(pulse.silentMs()).toBe(950);
  loop.alive = true;
  sleeper.comesBy();
  await time.pass(1);
  expect(told.slice(1)).toEqual([['WATCHDOG=1']]);
  expect(pulse.silentMs()).toBe(0);
});

test('supervised: without a watchdog nothing wakes an idle watch', async () => {
  const { service, told, time } = createService();
  service.said(watching);
  await time.pass(1000);
  expect(told.length).toBe(1);
});

test('supervised: a reload is told with its time, and is over when everything has been read', async () => {
  const { service, told, time } = createService();
  let done = (): void => {};
  const reloaded = new Promise<void>((resolve) => {
    done = resolve;
  });
  service.said(watching);
  service.reloading(reloaded);
  await time.pass(5);
  expect(told.slice(1)).toEqual([['RELOADING=1', expect.stringMatching(/^MONOTONIC_USEC=\d+$/)]]);
  done();
  await time.pass(5);
  expect(told.slice(2)).toEqual([['READY=1']]);
});

test('supervised: the end is told at once, and nothing after it', async () => {
  const { service, told, time } = createService({ watchdogMs: 100 });
  service.said(watching);
  service.stopping();
  service.said({ event: 'stopped', signal: 'SIGTERM' });
  await time.pass(1000);
  await service.close();
  expect(told.slice(1)).toEqual([['STOPPING=1', 'STATUS=stopping']]);
});

test('supervised: that nobody can be told is said once, and the watch goes on', async () => {
  const { service, failures, time, loop } = createService({ fails: true, watchdogMs: 10 });
  service.said(watching);
  await time.pass(100);
  loop.status = 'other';
  service.said(failed);
  await time.pass(1);
  expect(failures).toEqual([expect.objectContaining({ code: 'E_NOTIFY' })]);
});

test('sleeper: a question wakes it, and is answered when the loop comes by', async () => {
  const time = createTime();
  const sleeper = createSleeper(time);
  const slept = sleeper.sleep(undefined, new AbortController().signal);
  let answered = false;
  const asked = sleeper.alive().then(() => {
    answered = true;
  });
  await slept;
  expect(answered).toBe(false);
  sleeper.comesBy();
  await asked;
});
