import type { Operation } from '../../../model/operation.ts';
import { HOST } from '../../../model/topology.ts';
import { namespaceName } from '../../checked.ts';
import type { RunProgram } from '../../program.ts';
import { type Settled, stepError } from './result.ts';

const ARGV = ['nft', '-f', '-'];

/** All steps as one transaction: none of them is done unless all are. A failure is laid to the step whose line nft names. */
export async function runNft(run: RunProgram, operations: readonly Operation[], namespace = HOST): Promise<Settled> {
  const lines = operations.flatMap((operation) => linesOf(operation).map((line) => ({ operation, line })));
  const argv = namespace === HOST ? ARGV : ['nsenter', `--net=/run/netns/${namespaceName(namespace)}`, ...ARGV];
  const { exitCode, stderr } = await run(argv, { input: nftText(operations) });
  if (exitCode === 0) return new Map(operations.map((operation) => [operation, undefined]));
  const number = Number(/^\S*:(\d+):\d+(?:-\d+)?: Error/m.exec(stderr)?.[1] ?? 1);
  const failed = lines[number - 1]?.operation ?? operations[0];
  return new Map(
    failed === undefined ? [] : [[failed, stepError(ARGV, namespace, exitCode, stderr.replace(/^\S*:\d+:\d+(?:-\d+)?: /, ''))]],
  );
}

export const nftText = (operations: readonly Operation[]): string =>
  operations
    .flatMap(linesOf)
    .map((line) => `${line}\n`)
    .join('');

/** A step's lines may hold newlines of their own (`table … { … }`). */
const linesOf = ({ step }: Operation): string[] => (step.do === 'nft' ? step.lines.flatMap((line) => line.split('\n')) : []);
