import { execa } from 'execa';
import { sandboxCommand } from '../../src/kernel/sandbox.ts';

/** What a finished command has said. */
export interface Finished {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command here: in a kernel test that is the file's own sandbox. Throws, with the output, unless it ends with 0. */
export async function run(file: string, ...args: string[]): Promise<string> {
  assertSandboxed();
  const { stdout } = await execa(file, args, { env: { LC_ALL: 'C' } });
  return stdout;
}

/** As `run`, for commands that may fail. */
export async function attempt(file: string, ...args: string[]): Promise<Finished> {
  assertSandboxed();
  const { exitCode, stdout, stderr } = await execa(file, args, { reject: false, env: { LC_ALL: 'C' } });
  return { exitCode: exitCode ?? -1, stdout, stderr };
}

/** Runs a shell script here. Throws unless all of its commands succeed. */
export const shell = (script: string): Promise<string> => run('sh', '-euc', script);

/** Runs a command in a named namespace of this sandbox, with its /etc/netns files in place. */
export const inNamespace = (name: string, file: string, ...args: string[]): Promise<string> =>
  run('ip', 'netns', 'exec', name, file, ...args);

/** Whether one ping from that namespace is answered within a second. `host` is the sandbox's own. */
export async function pings(namespace: string, address: string): Promise<boolean> {
  const ping = ['ping', '-n', '-c1', '-W1', address];
  const [file = '', ...args] = namespace === 'host' ? ping : ['ip', 'netns', 'exec', namespace, ...ping];
  return (await attempt(file, ...args)).exitCode === 0;
}

/** Runs a command on a further throw-away host, which is gone afterwards; also from unit tests. */
export async function inSandbox(argv: readonly string[], input = ''): Promise<Finished> {
  const [file, ...args] = sandboxCommand(argv);
  const { exitCode, stdout, stderr } = await execa(file, args, { reject: false, input, env: { LC_ALL: 'C' } });
  return { exitCode: exitCode ?? -1, stdout, stderr };
}

/** A guard against a kernel test that runs elsewhere, where it would change the machine. */
function assertSandboxed(): void {
  if (process.env.NETLOOM_SANDBOX !== '1') throw new Error('not in a sandbox: name the file *.kernel.test.ts');
}
