import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createPrograms } from '../../src/kernel/program.ts';

const run = createPrograms();

test('programs: exit code, both outputs, input, and nothing of the caller environment', async () => {
  process.env.LD_NETLOOM_TEST = 'leaks';
  const result = await run(['sh', '-c', 'cat; echo "$LD_NETLOOM_TEST$LC_ALL"; echo oops >&2; exit 3'], { input: 'in\n' });
  delete process.env.LD_NETLOOM_TEST;
  expect(result).toEqual({ argv: result.argv, exitCode: 3, stdout: 'in\nC\n', stderr: 'oops\n' });
});

test('programs: a missing one is an error that names the package', async () => {
  await expect(run(['netloom-nope'])).rejects.toMatchObject({
    code: 'E_NO_NETLOOM-NOPE',
    hint: 'install it: apt-get install netloom-nope',
  });
});

test('programs: one that does not read its input is no error of ours', async () => {
  expect((await run(['true'], { input: 'x'.repeat(1_000_000) })).exitCode).toBe(0);
});

test('programs: a signal ends it and what it has started', async () => {
  const controller = new AbortController();
  const ended = run(['sh', '-c', 'sleep 60; sleep 60'], { signal: controller.signal });
  await sleep(50);
  controller.abort(new Error('enough'));
  await expect(ended).rejects.toThrow('enough');
  await expect(run(['true'], { signal: controller.signal })).rejects.toThrow('enough');
});
