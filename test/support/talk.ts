import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A process in a namespace that has one conversation, or serves. */
export interface Talker {
  /** Sends a line as one datagram or over the open connection, once, and gives the next thing that is heard: an answer, or how it ended. */
  say(text: string): Promise<string>;
  stop(): Promise<void>;
}

/** Answers `NAME: …` to whatever it gets, on every address; resolves once it listens. */
export function startServer(namespace: string, protocol: 'tcp' | 'udp', port: number, name: string): Promise<Talker> {
  return start(
    namespace,
    protocol === 'tcp'
      ? `require('net').createServer((socket) => {
           socket.on('error', () => {});
           socket.on('data', (data) => socket.write(${JSON.stringify(name)} + ': ' + data));
         }).listen(${port}, () => console.log('ready'));`
      : `const socket = require('dgram').createSocket('udp4');
         socket.on('message', (data, peer) => socket.send(${JSON.stringify(name)} + ': ' + data, peer.port, peer.address));
         socket.bind(${port}, () => console.log('ready'));`,
  );
}

/** A connection over TCP, which stays open; resolves once it stands. */
export const startConnection = (namespace: string, address: string, port: number): Promise<Talker> =>
  start(
    namespace,
    `const socket = require('net').connect(${port}, ${JSON.stringify(address)}, () => console.log('ready'));
     socket.on('data', (data) => console.log(String(data).trim()));
     socket.on('error', (error) => console.log(error.code));
     require('readline').createInterface({ input: process.stdin }).on('line', (line) => socket.write(line + '\\n'));`,
  );

/** A UDP client that sends from one port for as long as it lives. */
export const startClient = (namespace: string, ownPort: number, address: string, port: number): Promise<Talker> =>
  start(
    namespace,
    `const socket = require('dgram').createSocket('udp4');
     socket.on('message', (data) => console.log(String(data).trim()));
     socket.on('error', (error) => console.log(error.code));
     socket.bind(${ownPort}, () => socket.connect(${port}, ${JSON.stringify(address)}, () => console.log('ready')));
     require('readline').createInterface({ input: process.stdin }).on('line', (line) => socket.send(line));`,
  );

async function start(namespace: string, program: string): Promise<Talker> {
  if (process.env.NETLOOM_SANDBOX !== '1') throw new Error('not in a sandbox: name the file *.kernel.test.ts');
  const enter = namespace === 'host' ? [] : ['nsenter', `--net=/run/netns/${namespace}`, '--'];
  const [file = '', ...argv] = [...enter, process.execPath, '-e', program];
  const child: ChildProcessWithoutNullStreams = spawn(file, argv);
  const heard = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { value, done } = await heard.next();
    if (done === true) throw new Error(`${namespace}: the process has ended`);
    return value;
  };
  const first = await next();
  if (first !== 'ready') throw new Error(`${namespace}: ${first}`);
  return {
    say: (text) => {
      child.stdin.write(`${text}\n`);
      return next();
    },
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
