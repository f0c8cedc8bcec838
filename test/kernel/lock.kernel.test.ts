import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type Lock, withLock } from '../../src/kernel/lock.ts';
import { createPrograms } from '../../src/kernel/program.ts';

test('lock: one at a time, and it is given back', async () => {
  const seen: string[] = [];
  const work = (name: string) => async (): Promise<void> => {
    seen.push(`${name} in`);
    await sleep(30);
    seen.push(`${name} out`);
  };
  await Promise.all([withLock(work('a')), withLock(work('b'))]);
  expect([seen.slice(0, 2).join(), seen.slice(2).join()].toSorted()).toEqual(['a in,a out', 'b in,b out']);
});

test('lock: it is given back when the work throws', async () => {
  await expect(
    withLock(async () => {
      throw new Error('oops');
    }),
  ).rejects.toThrow('oops');
  expect(await withLock(async () => 'done', { timeoutMs: 0 })).toBe('done');
});

test('lock: who waits in vain learns who holds it', async () => {
  await withLock(async () => {
    await expect(withLock(async () => {}, { timeoutMs: 50 })).rejects.toMatchObject({
      code: 'E_LOCKED',
      message: expect.stringContaining(`process ${process.pid} (netloom`),
    });
  });
});

test('lock: waiting can be called off', async () => {
  await withLock(async () => {
    await expect(withLock(async () => {}, { signal: AbortSignal.timeout(50) })).rejects.toThrow(/timeout/);
  });
});

test('lock: it outlives its holder for as long as a program of the holder runs', async () => {
  const child = await withLock(async ({ fd }: Lock) => {
    const started = spawn('sleep', ['60'], { stdio: ['ignore', 'ignore', 'ignore', fd] });
    await createPrograms({ inherit: fd })(['true']);
    return started;
  });
  await expect(withLock(async () => {}, { timeoutMs: 0 })).rejects.toMatchObject({ code: 'E_LOCKED' });
  child.kill('SIGKILL');
  expect(await withLock(async () => 'free')).toBe('free');
});
