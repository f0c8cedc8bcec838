import { type ChildProcess, fork } from 'node:child_process';
import { resolve } from 'node:path';
import type { PoolOptions, PoolRunnerInitializer, PoolWorker } from 'vitest/node';
import { ensureSandbox, sandboxCommand } from '../../src/kernel/sandbox.ts';

/** How long a worker may take to end after SIGTERM. */
const STOP_MS = 500;

/**
 * Vitest's pool of forks, but each worker is born in a sandbox: what is forked is `unshare … sh -c SETUP sh node worker.js`, which becomes
 * the worker by exec and so keeps the IPC channel.
 */
export const sandboxPool: PoolRunnerInitializer = {
  name: 'sandbox',
  createPoolWorker: (options) => new SandboxWorker(options),
};

class SandboxWorker implements PoolWorker {
  readonly name = 'sandbox';
  readonly cacheFs = true;
  readonly #options: PoolOptions;
  #child: ChildProcess | undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    await ensureSandbox();
    const { distPath, execArgv, env, project } = this.#options;
    const [unshare, ...args] = sandboxCommand([process.execPath, ...execArgv]);
    // fork() gives its program `execArgv`, then the script.
    this.#child = fork(resolve(distPath, 'workers/forks.js'), [], {
      execPath: unshare,
      execArgv: args,
      env: { ...env, NETLOOM_SANDBOX: '1' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'advanced',
    });
    this.#child.stdout?.on('data', (data) => project.vitest.logger.outputStream.write(data));
    this.#child.stderr?.on('data', (data) => project.vitest.logger.errorStream.write(data));
  }

  async stop(): Promise<void> {
    const child = this.#running();
    if (child.exitCode === null && child.signalCode === null) {
      const exited = new Promise((done) => child.once('exit', done));
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      child.kill();
      await exited;
      clearTimeout(timer);
    }
    this.#child = undefined;
  }

  // biome-ignore lint/suspicious/noExplicitAny: the signature is Vitest's.
  on(event: string, callback: (argument: any) => void): void {
    this.#running().on(event, callback);
  }

  // biome-ignore lint/suspicious/noExplicitAny: the signature is Vitest's.
  off(event: string, callback: (argument: any) => void): void {
    this.#running().off(event, callback);
  }

  send(message: Parameters<PoolWorker['send']>[0]): void {
    this.#running().send(message);
  }

  deserialize(data: unknown): unknown {
    return data;
  }

  #running(): ChildProcess {
    if (!this.#child) throw new Error('the worker has not started');
    return this.#child;
  }
}
