import { spawn } from 'node:child_process';
import { accessSync, constants as fs, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { HostError } from '../model/errors.ts';
import { HOST } from '../model/topology.ts';
import { missingCapabilities } from './capabilities.ts';
import { hostProgram } from './program.ts';
import { runInTerminal, statusOf } from './terminal.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const NAMES = '/run/netns';

/**
 * Runs a command with this process's terminal in a namespace, under that namespace's own /etc files, and returns its exit status as a
 * shell would: 128+n where signal n ended it. Without a command it is $SHELL, or sh. Throws HostError where it cannot be run:
 * E_COMMAND_NOT_FOUND, E_COMMAND_NOT_EXECUTABLE, and others for what is wrong with the namespace.
 */
export async function enterNamespace(namespace: string, command: readonly string[], env: Environment): Promise<number> {
  const argv = await inNamespace(namespace, command.length > 0 ? command : [env.SHELL || 'sh'], env);
  return runInTerminal(argv, env).catch((error) => throwUnstarted(argv, error));
}

export interface Captured {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs an argument vector without a terminal and without input, and gives what it said. */
export async function capture(argv: readonly string[], env: Environment): Promise<Captured> {
  const [file = '', ...args] = argv;
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  const status = statusOf(child).catch((error) => throwUnstarted(argv, error));
  const [exitCode, stdout, stderr] = await Promise.all([status, textOf(child.stdout), textOf(child.stderr)]);
  return { exitCode, stdout, stderr };
}

/** The argument vector that runs a command in a namespace. `host` is the host's own. Throws as `enterNamespace`. */
export async function inNamespace(namespace: string, command: readonly string[], env: Environment): Promise<readonly string[]> {
  if (namespace !== HOST) await ensureEnterable(namespace);
  // `ip netns exec` ends with 255 whatever was wrong, so that we look ourselves first.
  ensureExecutable(command[0] ?? '', env);
  return namespace === HOST ? command : [hostProgram('ip'), 'netns', 'exec', namespace, ...command];
}

/** Every name of a namespace on this host, `host` included. */
export async function namespacesHere(): Promise<string[]> {
  return [HOST, ...(await readdir(NAMES).catch((): string[] => []))];
}

async function ensureEnterable(namespace: string): Promise<void> {
  if (!(await namespacesHere()).includes(namespace)) {
    throw new HostError('E_NAMESPACE_UNKNOWN', `there is no namespace ${namespace}`, 'see `netloom show` or `ip netns`');
  }
  // setns(2) into a network namespace and a mount namespace of one's own.
  if (missingCapabilities().includes('CAP_SYS_ADMIN')) {
    throw new HostError('E_PRIVILEGE', `entering namespace ${namespace} needs root (missing: CAP_SYS_ADMIN)`, 'run it with sudo');
  }
}

function ensureExecutable(file: string, env: Environment): void {
  const places = file.includes('/') ? [file] : (env.PATH ?? '/usr/bin:/bin').split(delimiter).map((directory) => join(directory, file));
  const there = file === '' ? [] : places.filter((place) => isFile(place));
  const hint = file.startsWith('-') ? "netloom's own options stand before the namespace and the command" : 'is it installed, and in PATH?';
  if (there.length === 0) throw new HostError('E_COMMAND_NOT_FOUND', `${file}: not found`, hint);
  if (!there.some(isExecutable)) throw new HostError('E_COMMAND_NOT_EXECUTABLE', `${file}: cannot be executed`, 'check its mode: chmod +x');
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

function isExecutable(path: string): boolean {
  try {
    accessSync(path, fs.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Says what kept a program from being started. */
function throwUnstarted([file = '']: readonly string[], cause: NodeJS.ErrnoException): never {
  if (cause.code === 'ENOENT') throw new HostError('E_TOOL_MISSING', `${file} is not there`, 'install iproute2', { cause });
  throw new HostError('E_COMMAND_NOT_EXECUTABLE', `${file}: ${cause.message}`, 'is it a program for this machine?', { cause });
}

async function textOf(stream: NodeJS.ReadableStream | null): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream ?? []) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
