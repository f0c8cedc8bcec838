import { closeSync, constants, mkdirSync, openSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import type { Operation, Step } from '../../../model/operation.ts';
import { HOST } from '../../../model/topology.ts';
import { namespaceName } from '../../checked.ts';
import type { RunProgram } from '../../program.ts';
import { openNamespace } from '../attach/open.ts';
import { NETNS_DIRECTORY } from '../read/names.ts';
import { type Settled, stepError, toError } from './result.ts';

/** Gives namespaces second names, as `ip netns attach` does for processes: an empty file with the namespace mounted on it. One `mount` for all. */
export async function bindNames(run: RunProgram, operations: readonly Operation[]): Promise<Settled> {
  await ensureShared(run);
  const settled: Settled = new Map();
  const made: Binding[] = [];
  try {
    return await bindAll(run, operations, settled, made);
  } finally {
    for (const { close } of made) close?.();
  }
}

interface Binding {
  readonly operation: Operation;
  readonly source: string;
  readonly target: string;
  readonly close?: () => void;
}

async function bindAll(run: RunProgram, operations: readonly Operation[], settled: Settled, made: Binding[]): Promise<Settled> {
  for (const operation of operations) {
    const { step } = operation;
    if (step.do !== 'netns-bind' && step.do !== 'netns-attach') continue;
    try {
      const target = `${NETNS_DIRECTORY}/${namespaceName(step.name)}`;
      const found = step.do === 'netns-bind' ? { source: sourceOf(step.source) } : await attachable(run, step);
      const one = { operation, target, ...found };
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

/** Somebody else's namespace, open; throws where it is not the one that the plan has looked into. */
async function attachable(
  run: RunProgram,
  { name, source, inode }: Extract<Step, { do: 'netns-attach' }>,
): Promise<{ source: string; close: () => void }> {
  const opened = await openNamespace(run, source);
  if (!opened.found) throw new Error(`${opened.message}; ${opened.hint}`);
  if (inode !== undefined && opened.inode !== inode) {
    opened.close();
    throw new Error(`what ${name} is to be attached to has been started anew meanwhile; run it again`);
  }
  return { source: opened.path, close: opened.close };
}

export const sourceOf = (source: string): string => (source === HOST ? '/proc/self/ns/net' : `${NETNS_DIRECTORY}/${namespaceName(source)}`);

function sameFile(a: string, b: string): boolean {
  const [one, other] = [statSync(a, { throwIfNoEntry: false }), statSync(b, { throwIfNoEntry: false })];
  return one !== undefined && one.dev === other?.dev && one.ino === other.ino;
}

/** A table of its own for `mount -a`, which reads no pipe; nothing of /etc/fstab is read. It never has a name, so that a kill leaves nothing. */
async function mountAll(run: RunProgram, lines: readonly string[]): Promise<{ exitCode: number | undefined; stderr: string }> {
  if (lines.length === 0) return { exitCode: 0, stderr: '' };
  mkdirSync('/run/netloom', { recursive: true, mode: 0o755 });
  const fd = openSync('/run/netloom', constants.O_RDWR | O_TMPFILE, 0o600);
  try {
    writeFileSync(fd, lines.join(''));
    return await run(['mount', '-T', `/proc/${process.pid}/fd/${fd}`, '-a']);
  } finally {
    closeSync(fd);
  }
}

/** Which node:fs does not name (include/uapi/asm-generic/fcntl.h; O_DIRECTORY is another number on some machines). On overlayfs since Linux 6.1. */
const O_TMPFILE = 0o20000000 | constants.O_DIRECTORY;

/**
 * What the first `ip netns add` does (iproute2, ip/ipnetns.c, create_netns_dir and netns_add): /run/netns is a shared mount, so that a
 * name removed in one mount namespace goes from all.
 */
export async function ensureShared(run: RunProgram): Promise<void> {
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
