import { HostError } from '../../../model/errors.ts';
import type { Operation } from '../../../model/operation.ts';
import { HOST } from '../../../model/topology.ts';
import { mapConcurrently } from '../../concurrency.ts';
import type { RunProgram } from '../../program.ts';
import { conntrackArgv } from '../conntrack-argv.ts';
import { WIDTH } from '../drivers.ts';
import { type Settled, stepError } from './result.ts';

/**
 * Removes conntrack entries, equal requests once. That there are none counts as done (the tool exits 1). So does that the tool is not
 * installed: a connection that is under way then keeps going where it went; `hasConntrack` tells.
 */
export async function flushConntrack(run: RunProgram, operations: readonly Operation[]): Promise<Settled> {
  const requests = new Map<string, Operation[]>();
  for (const operation of operations) {
    if (operation.step.do !== 'conntrack-flush') continue;
    const key = conntrackArgv(operation.step).join(' ');
    requests.set(key, [...(requests.get(key) ?? []), operation]);
  }
  const settled: Settled = new Map();
  await mapConcurrently([...requests], WIDTH, async ([key, same]) => {
    const error = await flush(run, key.split(' '));
    for (const operation of same) settled.set(operation, error);
  });
  return settled;
}

async function flush(run: RunProgram, argv: readonly string[]): Promise<Error | undefined> {
  try {
    const { exitCode, stderr } = await run(argv);
    return exitCode === 0 || / 0 flow entries/.test(stderr) ? undefined : stepError(argv, HOST, exitCode, stderr);
  } catch (error) {
    if (error instanceof HostError && error.code === 'E_NO_CONNTRACK') return undefined;
    throw error;
  }
}

/** Whether entries can be flushed on this host. */
export async function hasConntrack(run: RunProgram): Promise<boolean> {
  try {
    return (await run(['conntrack', '--version'])).exitCode === 0;
  } catch (error) {
    if (error instanceof HostError) return false;
    throw error;
  }
}
