import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type Lock, withLock } from '../../src/kernel/lock.ts';
import { describeHolder } from '../../src/kernel/lock-holder.ts';
import { createPrograms } from '../../src/kernel/program.ts';
import { shell } from '../support/sandbox.ts';

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
      message: expect.stringMatching(new RegExp(`process ${process.pid} \\(netloom .*\\), since \\d{4}-\\d\\d-\\d\\dT[\\d:]+Z$`)),
    });
  });
});

test('lock: who waits long is told once for whom', async () => {
  const told: string[] = [];
  let release = (): void => {};
  const heard = new Promise<void>((resolve) => {
    release = resolve;
  });
  const onWait = (holder: string): void => {
    told.push(holder);
    release();
  };
  const holding = withLock(async () => heard);
  await holdersKnown();
  await Promise.all([holding, withLock(async () => {}, { onWait })]);
  expect(told).toEqual([expect.stringContaining(`process ${process.pid} (netloom`)]);
});

test('lock: who gets it at once is told nothing', async () => {
  const told: string[] = [];
  expect(await withLock(async () => 'had', { onWait: (holder) => told.push(holder) })).toBe('had');
  expect(told).toEqual([]);
});

test('lock: a text that a killed netloom left is not taken for the holder', async () => {
  // The lock file says that it is process 1, which has never had it.
  const { held } = await withLock(async ({ fd }: Lock) => {
    writeSync(fd, '1 2026-01-01T00:00:00Z apply gone.yaml', 0);
    return { held: describeHolder(fd) };
  });
  expect(held).toMatch(new RegExp(`^process ${process.pid} \\(.*\\), perhaps of a netloom that was killed$`));
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
  await expect(withLock(async () => {}, { timeoutMs: 0 })).rejects.toMatchObject({
    code: 'E_LOCKED',
    message: `this host is being changed by process ${child.pid} (sleep 60), perhaps of a netloom that was killed`,
  });
  child.kill('SIGKILL');
  expect(await withLock(async () => 'free')).toBe('free');
});

/** Until the lock is taken: it cannot be had. */
async function holdersKnown(): Promise<void> {
  const isFree = (): Promise<boolean> => withLock(async () => true, { timeoutMs: 0 }).catch(() => false);
  while (await isFree());
}

test('lock: what is in the way of its file is said, and is no lack of privilege', async () => {
  await shell('mv /run/netloom /run/kept; echo x > /run/netloom');
  try {
    await expect(withLock(async () => {})).rejects.toMatchObject({ code: 'E_LOCK_FILE', message: expect.stringContaining('EEXIST') });
  } finally {
    await shell('rm /run/netloom; mv /run/kept /run/netloom');
  }
});

test('lock: a full /run is no reason not to work', async () => {
  await shell('mount -t tmpfs -o size=4k,mode=755 none /run/netloom; head -c 4096 /dev/zero > /run/netloom/full');
  try {
    expect(await withLock(async () => 'done')).toBe('done');
  } finally {
    await shell('umount /run/netloom');
  }
});
