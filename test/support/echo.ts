import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A process in a namespace that says back on each TCP port what it hears there, behind the number of that port. */
export interface EchoServer {
  stop(): Promise<void>;
}

const PROGRAM = `
const net = require('node:net');
const ports = process.argv.slice(1).map(Number);
Promise.all(ports.map((port) => new Promise((up) => net.createServer((socket) => {
  socket.on('error', () => {});
  socket.on('data', (data) => socket.write(port + ' ' + data));
}).listen(port, up)))).then(() => console.log('up'));
`;

/** Once all ports are open. */
export async function startEcho(namespace: string, ports: readonly number[]): Promise<EchoServer> {
  if (process.env.NETLOOM_SANDBOX !== '1') throw new Error('not in a sandbox: name the file *.kernel.test.ts');
  const argv = [`--net=/run/netns/${namespace}`, '--', process.execPath, '-e', PROGRAM, ...ports.map(String)];
  const child = spawn('nsenter', argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return {
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}
