import { readFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { HostError } from '../model/errors.ts';
import { missingCapabilities } from './capabilities.ts';
import { createPrograms, hostProgram, type ProgramResult } from './program.ts';
import { SANDBOX_SETUP } from './sandbox-setup.ts';
import { runInTerminal } from './terminal.ts';

export interface SandboxOptions {
  /**
   * Whether this process may already make namespaces. Then no user namespace is made, in which the kernel would refuse some settings
   * (net.core.rmem_max, conntrack_max, gc_thresh). Absent: found out from its capabilities.
   */
  readonly privileged?: boolean;
}

/**
 * The argument vector that runs a command on a throw-away host: network and mount namespaces of its own, an empty /run/netns, /run/netloom
 * and /etc/netns, only `lo`, which is up; for an ordinary user in a user namespace, where it is root. It gives no privilege outside itself.
 * Everything goes when the last process in it ends. Nesting works. It is set up by the host's own programs, whatever the caller's PATH; the
 * command gets the environment as it is.
 */
export function sandboxCommand(argv: readonly string[], options: SandboxOptions = {}): readonly [string, ...string[]] {
  const privileged = options.privileged ?? mayMakeNamespaces();
  const user = privileged ? [] : ['--user', '--map-root-user'];
  return [hostProgram('unshare'), ...user, '--net', '--mount', '--', hostProgram('sh'), '-c', SANDBOX_SETUP, 'sh', ...argv];
}

/** Throws HostError, with what to do, where this host lets nobody like us make a sandbox. */
export async function ensureSandbox(options: SandboxOptions = {}): Promise<void> {
  const [file, ...args] = sandboxCommand([hostProgram('true')], options);
  const result = await execa(file, args, { reject: false, stdin: 'ignore' });
  if (result.exitCode === 0) return;
  if (result.code === 'ENOENT') {
    throw new HostError('E_TOOL_MISSING', 'unshare is not there', 'install util-linux');
  }
  const reason = result.stderr.trim().split('\n').at(-1) ?? '';
  throw new HostError('E_SANDBOX', `this host does not allow a sandbox: ${reason}`, sandboxHint(readText, reason), { cause: result });
}

/** The user and group that nothing belongs to, as most distributions number them. */
const NOBODY = { uid: 65_534, gid: 65_534 };

/** Why an ordinary user can have no sandbox here, and what to do; undefined where he can. Root tries it as nobody, everybody else as himself. */
export async function refusedUserSandbox(): Promise<{ reason: string; hint: string } | undefined> {
  const run = createPrograms(process.geteuid?.() === 0 ? { as: NOBODY } : {});
  let result: ProgramResult;
  try {
    result = await run(sandboxCommand(['true'], { privileged: false }));
  } catch {
    return undefined; // unshare is missing, which is said elsewhere, or there is no such user in this user namespace
  }
  if (result.exitCode === 0) return undefined;
  const reason = result.stderr.trim().split('\n').at(-1) ?? '';
  return { reason, hint: sandboxHint(readText, reason) };
}

/**
 * Runs a command in a sandbox, with this process's terminal, and returns its exit status as a shell would: 126 not executable, 127 not found,
 * 128+n killed by signal n. Without a command it is $SHELL, or sh. `netloom` is on its PATH, also from a checkout. Throws HostError where there can be no sandbox.
 */
export async function runSandbox(argv: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<number> {
  await ensureSandbox();
  const command = argv.length > 0 ? argv : [env.SHELL || 'sh'];
  return runInTerminal(sandboxCommand(command), { ...env, ...SANDBOX_ENV, PATH: [env.PATH ?? '/usr/bin:/bin', BIN].join(delimiter) });
}

/** Has `netloom`, for whoever has not linked it; last in PATH, so that an installed one is found before. */
const BIN = fileURLToPath(new URL('../../bin', import.meta.url));

/** For prompts: plain shells show PS1 as it comes, others can look for NETLOOM_SANDBOX. */
const SANDBOX_ENV = { NETLOOM_SANDBOX: '1', PS1: '(sandbox) # ' };

const mayMakeNamespaces = (): boolean => missingCapabilities().length === 0;

/** What stands in the way of a user namespace, and how to remove it. `read` gives the text of a file, or undefined. */
export function sandboxHint(read: (path: string) => string | undefined, reason: string): string {
  const setting = (path: string): string | undefined => read(`/proc/sys/${path}`)?.trim();
  if (setting('user/max_user_namespaces') === '0') {
    return 'user namespaces are switched off: run as root, or `sudo sysctl user.max_user_namespaces=10000`';
  }
  if (setting('kernel/unprivileged_userns_clone') === '0') {
    return 'user namespaces are kept for root: run as root, or `sudo sysctl kernel.unprivileged_userns_clone=1`';
  }
  if (setting('kernel/apparmor_restrict_unprivileged_userns') === '1') {
    return 'AppArmor keeps ordinary users from namespaces: run as root, or `sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`';
  }
  if (/not permitted|denied/i.test(reason)) {
    return 'run as root; in a container, start it with --privileged (its seccomp filter forbids new namespaces)';
  }
  return 'run as root, or on a kernel with user, network and mount namespaces';
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
