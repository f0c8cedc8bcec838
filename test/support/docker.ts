import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attempt, run, shell } from './sandbox.ts';

/** A real dockerd of this sandbox alone, with an image `busybox`; its networks, its iptables rules and its socket are the sandbox's. */
export interface Docker {
  /** Runs `docker …` and gives what it printed. */
  docker(...args: string[]): Promise<string>;
  /** Ends dockerd as an update of it does, and starts it again. Containers end with it. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** With further options for dockerd. */
export async function startDocker(...options: string[]): Promise<Docker> {
  const home = mkdtempSync(join(tmpdir(), 'netloom-docker-'));
  let daemon = await startDaemon(home, options);
  await shell(`
    mkdir -p ${home}/root/bin; cp "$(command -v busybox)" ${home}/root/bin/busybox
    for name in sh sleep ping httpd ip; do ln -s busybox ${home}/root/bin/$name; done
    tar -C ${home}/root -c . | docker import - busybox >/dev/null
  `);
  return {
    docker: (...args) => run('docker', ...args),
    restart: async () => {
      await end(daemon);
      daemon = await startDaemon(home, options);
    },
    stop: async () => {
      await shell('docker ps -aq | while read -r id; do docker rm -f "$id" >/dev/null; done');
      await end(daemon);
      await shell(`umount -l ${home}/exec/netns/* 2>/dev/null || true`);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function startDaemon(home: string, options: readonly string[]): Promise<ChildProcess> {
  const argv = ['--storage-driver', 'vfs', '--data-root', `${home}/data`, '--exec-root', `${home}/exec`, '--pidfile', `${home}/pid`];
  const log = openSync(`${home}/log`, 'a');
  const daemon = spawn('dockerd', [...argv, '-H', 'unix:///run/docker.sock', ...options], { stdio: ['ignore', log, log] });
  for (let attempts = 0; attempts < 150; attempts += 1) {
    if ((await attempt('docker', 'version')).exitCode === 0) return daemon;
    await new Promise((done) => setTimeout(done, 100));
  }
  daemon.kill();
  throw new Error(`dockerd does not answer: ${readFileSync(`${home}/log`, 'utf8').split('\n').slice(-8).join('\n')}`);
}

async function end(daemon: ChildProcess): Promise<void> {
  if (daemon.exitCode !== null || daemon.signalCode !== null) return;
  const exited = once(daemon, 'exit');
  daemon.kill('SIGTERM');
  await exited;
}
