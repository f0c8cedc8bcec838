import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { HostError } from '../model/errors.ts';
import { missingCapabilities } from './capabilities.ts';

/** What a program that was started has left behind. */
export interface ProgramResult {
  readonly argv: readonly string[];
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  /** Standard input; absent: none. */
  readonly input?: string;
  /** Ends the program and what it has started. Not given for programs that change something: they finish what they have begun. */
  readonly signal?: AbortSignal;
}

export type RunProgram = (argv: readonly string[], options?: ProgramOptions) => Promise<ProgramResult>;

export interface ProgramsOptions {
  /** Called with each command line that is started. What a driver shell starts in turn is not reported (see drivers.ts). */
  readonly onSpawn?: (argv: readonly string[]) => void;
  /**
   * A file descriptor that every program inherits as number 3: that of the lock, so that it is held until the last program
   * of a netloom that was killed has ended, too.
   */
  readonly inherit?: number;
  /** Whose rights the programs have; absent: ours. Groups besides this one are given up. */
  readonly as?: { readonly uid: number; readonly gid: number };
}

const PATH = '/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin';
/** By the last one processes of ours are told from those of whoever else is inside a namespace. */
export const programEnvironment = { PATH, LC_ALL: 'C', HOME: '/', TERM: 'dumb', NETLOOM_PROGRAM: '1' };
export const OWN_PROGRAM = 'NETLOOM_PROGRAM=1';

/** What is to be installed where a program is missing (names as on Debian). */
const PACKAGES: Readonly<Record<string, string>> = {
  ip: 'iproute2',
  nft: 'nftables',
  nsenter: 'util-linux',
  mount: 'mount',
  flock: 'util-linux',
  conntrack: 'conntrack',
  sh: 'dash',
  iptables: 'iptables',
};

/**
 * Makes the function that starts programs. They get a fixed environment (locale C, fixed PATH, nothing of the caller's) and a session
 * of their own, so that the terminal's ^C reaches netloom alone. Rejects with HostError when the program is missing, and with the
 * signal's reason when that was raised; a program that fails is the caller's to judge. Plain `spawn`, which costs less than half of execa.
 */
export function createPrograms({ onSpawn, inherit, as }: ProgramsOptions = {}): RunProgram {
  return (argv, { input, signal } = {}) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const [file = '', ...args] = argv;
      onSpawn?.(argv);
      const stdin = input === undefined ? 'ignore' : 'pipe';
      const stdio = [stdin, 'pipe', 'pipe', ...(inherit === undefined ? [] : [inherit])] as const;
      const child = spawn(file, args, { env: programEnvironment, detached: true, stdio: [...stdio], ...as });
      const stdout: Buffer[] = [];
      const stderr: Buffer[] = [];
      // The whole group: a driver shell has programs of its own.
      const stop = (): void => void (child.pid !== undefined && child.exitCode === null && process.kill(-child.pid));
      signal?.addEventListener('abort', stop, { once: true });
      child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
      child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
      child.stdin?.on('error', () => {}); // it ended before it had read everything; its exit code tells
      child.stdin?.end(input);
      child.on('error', (error) => reject('code' in error && error.code === 'ENOENT' ? missing(file, error) : error));
      child.on('close', (exitCode) => {
        signal?.removeEventListener('abort', stop);
        if (signal?.aborted) return reject(signal.reason);
        resolve({ argv, exitCode: exitCode ?? undefined, stdout: join(stdout), stderr: join(stderr) });
      });
    });
}

const join = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString('utf8');

function missing(file: string, cause: Error): HostError {
  return new HostError(
    `E_NO_${file.toUpperCase()}`,
    `the program ${file} is not installed, and netloom needs it`,
    `install it: apt-get install ${PACKAGES[file] ?? file}`,
    { cause },
  );
}

/** Whether a program would be found. */
export function isInstalled(program: string): boolean {
  return PATH.split(':').some((directory) => {
    try {
      accessSync(`${directory}/${program}`, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Whether what a program complained about is a lack of privilege (EPERM, EACCES). */
export const lacksPrivilege = (stderr: string): boolean => /Operation not permitted|Permission denied/.test(stderr);

export function privilegeError(result: ProgramResult): HostError {
  const missing = missingCapabilities();
  return new HostError(
    'E_PRIVILEGE',
    `${result.argv[0] ?? 'a program'} is not permitted to read or change the network: ${result.stderr.trim().split('\n')[0] ?? ''}` +
      (missing.length === 0 ? '' : ` (missing: ${missing.join(', ')})`),
    'run netloom as root, or inside `netloom sandbox`',
  );
}

/** A program of the host's by its full path, whatever the caller's PATH says; its bare name where it is nowhere, which then fails as missing. */
export const hostProgram = (file: string): string =>
  PATH.split(':')
    .map((directory) => `${directory}/${file}`)
    .find((path) => existsSync(path)) ?? file;
