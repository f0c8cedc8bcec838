import { closeSync, constants, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import type { Operation } from '../../../model/operation.ts';
import { HOST } from '../../../model/topology.ts';
import { namespaceName } from '../../checked.ts';
import type { RunProgram } from '../../program.ts';
import { NETNS_DIRECTORY } from '../read/names.ts';
import { type Settled, stepError, toError } from './result.ts';

/** Gives namespaces second names, as `ip netns attach` does for processes: an empty file with the namespace mounted on it. One `mount` for all. */
export async function bindNames(run: RunProgram, operations: readonly Operation[]): Promise<Settled> {
  await ensureShared(run);
  const settled: Settled = new Map();
  const made: { operation: Operation; source: string; target: string }[] = [];
  for (const operation of operations) {
    const { step } = operation;
    if (step.do !== 'netns-bind') continue;
    try {
      const one = { operation, source: sourceOf(step.source), target: `${NETNS_DIRECTORY}/${namespaceName(step.name)}` };
      closeSync(openSync(one.target, constants.O_RDONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o444));
      made.push(one);
    } catch (error) {
      settled.set(operation, toError(error));
      break;
    }
  }
  const { exitCode, stderr } = await mountAll(
    run,
    made.map(({ source, target }) => `${source} ${target} none bind 0 0\n`),
  );
  for (const { operation, source, target } of made) {
    if (sameFile(source, target)) settled.set(operation, undefined);
    else {
      settled.set(operation, stepError(['mount', '--bind', source, target], HOST, exitCode, stderr));
      unlinkSync(target); // no crash remnant of ours
    }
  }
  return settled;
}

export const sourceOf = (source: string): string => (source === HOST ? '/proc/self/ns/net' : `${NETNS_DIRECTORY}/${namespaceName(source)}`);

function sameFile(a: string, b: string): boolean {
  const [one, other] = [statSync(a, { throwIfNoEntry: false }), statSync(b, { throwIfNoEntry: false })];
  return one !== undefined && one.dev === other?.dev && one.ino === other.ino;
}

/** A table of its own for `mount -a`, which reads no pipe; nothing of /etc/fstab is read. */
async function mountAll(run: RunProgram, lines: readonly string[]): Promise<{ exitCode: number | undefined; stderr: string }> {
  if (lines.length === 0) return { exitCode: 0, stderr: '' };
  mkdirSync('/run/netloom', { recursive: true, mode: 0o755 });
  const directory = mkdtempSync('/run/netloom/bind-');
  try {
    const table = `${directory}/fstab`;
    writeFileSync(table, lines.join(''));
    return await run(['mount', '-T', table, '-a']);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * What the first `ip netns add` does (iproute2, ip/ipnetns.c, create_netns_dir and netns_add): /run/netns is a shared mount, so that a
 * name removed in one mount namespace goes from all.
 */
async function ensureShared(run: RunProgram): Promise<void> {
  mkdirSync(NETNS_DIRECTORY, { recursive: true, mode: 0o755 });
  if (isMountpoint(NETNS_DIRECTORY)) return;
  for (const argv of [
    ['mount', '--rbind', NETNS_DIRECTORY, NETNS_DIRECTORY],
    ['mount', '--make-rshared', NETNS_DIRECTORY],
  ]) {
    const { exitCode, stderr } = await run(argv);
    if (exitCode !== 0) throw stepError(argv, HOST, exitCode, stderr);
  }
}

const isMountpoint = (path: string): boolean =>
  readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .some((line) => line.split(' ')[4] === path);
