import { chmodSync, existsSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isLocal, listenText, parseListen } from '../../src/watch/onlookers/address.ts';
import { type Endpoint, openEndpoint, type Respond } from '../../src/watch/onlookers/endpoint.ts';

let directory: string;
let opened: Endpoint[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'netloom-endpoint-'));
});

afterEach(async () => {
  await Promise.all(opened.map((one) => one.close()));
  opened = [];
  rmSync(directory, { recursive: true, force: true });
});

const PATHS: Record<string, Respond> = {
  '/healthz': (accept) => ({ status: 200, type: 'text/plain', body: `ok ${accept}\n` }),
  '/fails': () => Promise.reject(new Error('no luck')),
};

async function opens(path = join(directory, 'socket')): Promise<string> {
  opened.push(await openEndpoint({ kind: 'unix', path }, PATHS));
  return path;
}

interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

const ask = (socketPath: string, path: string, method = 'GET', body?: string): Promise<Got> =>
  new Promise((done, failed) => {
    const asked = request(
      { socketPath, path, method, headers: { accept: 'text/x', ...(body === undefined ? {} : { 'content-length': body.length }) } },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => done({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      },
    );
    asked.on('error', failed).end(body);
  });

test('endpoint: answers what it knows, with what the request accepts, and nothing is to be kept', async () => {
  const got = await ask(await opens(), '/healthz?from=probe');
  expect(got).toMatchObject({ status: 200, body: 'ok text/x\n' });
  expect(got.headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
});

test('endpoint: HEAD is GET without the body', async () => {
  const got = await ask(await opens(), '/healthz', 'HEAD');
  expect(got).toMatchObject({ status: 200, body: '', headers: { 'content-length': '10' } });
});

test.each([
  ['/', 'GET', undefined, 404, '/healthz, /fails'],
  ['/constructor', 'GET', undefined, 404, '/healthz'],
  ['/healthz/', 'GET', undefined, 404, '/healthz'],
  ['/healthz', 'POST', 'x', 405, 'GET and HEAD'],
  ['/healthz', 'DELETE', undefined, 405, 'GET and HEAD'],
  ['/healthz', 'GET', 'body', 413, 'no body'],
  ['/fails', 'GET', undefined, 500, 'no luck'],
])('endpoint: %s %s with body %s is %i', async (path, method, body, status, says) => {
  const got = await ask(await opens(), path, method, body);
  expect(got).toMatchObject({ status, body: expect.stringContaining(says) });
});

test('endpoint: a header without end is refused', async () => {
  const socket = connect(await opens());
  socket.write(`GET /healthz HTTP/1.1\r\nX: ${'x'.repeat(20_000)}`);
  const said: Buffer[] = [];
  for await (const chunk of socket) said.push(chunk as Buffer);
  expect(Buffer.concat(said).toString()).toContain('431');
});

test('endpoint: its socket is for the owner and the group, and goes with it', async () => {
  const path = await opens();
  expect(statSync(path).mode & 0o777).toBe(0o660);
  await opened.pop()?.close();
  expect(existsSync(path)).toBe(false);
});

test('endpoint: closing ends the connections of those who keep them', async () => {
  const socket = connect(await opens());
  const ended = new Promise((done) => socket.once('close', done));
  await new Promise((done) => socket.once('connect', done));
  await opened.pop()?.close();
  await ended;
});

test('endpoint: a socket that nobody listens on is replaced', async () => {
  const path = join(directory, 'socket');
  // A watch that was killed leaves its socket: so does a bound one that is renamed before it is closed.
  const killed = createServer();
  await new Promise<void>((done) => killed.listen(`${path}.old`, done));
  renameSync(`${path}.old`, path);
  await new Promise((done) => killed.close(done));
  expect(statSync(path).isSocket()).toBe(true);
  expect(await ask(await opens(path), '/healthz')).toMatchObject({ status: 200 });
});

test('endpoint: a socket that somebody listens on stays theirs', async () => {
  const path = await opens();
  await expect(openEndpoint({ kind: 'unix', path }, PATHS)).rejects.toMatchObject({
    code: 'E_LISTEN',
    message: expect.stringContaining('somebody listens'),
  });
  expect(await ask(path, '/healthz')).toMatchObject({ status: 200 });
});

test('endpoint: a file that is no socket stays', async () => {
  const path = join(directory, 'file');
  writeFileSync(path, 'mine');
  chmodSync(path, 0o600);
  await expect(openEndpoint({ kind: 'unix', path }, PATHS)).rejects.toMatchObject({
    code: 'E_LISTEN',
    message: expect.stringContaining('no socket'),
  });
  expect(statSync(path).size).toBe(4);
});

test('endpoint: a port that is taken is told with how to find who has it', async () => {
  const first = await openEndpoint({ kind: 'tcp', host: '127.0.0.1', port: 0 }, PATHS);
  opened.push(first);
  const again = openEndpoint({ kind: 'tcp', host: '127.0.0.1', port: first.port ?? 0 }, PATHS);
  await expect(again).rejects.toMatchObject({ code: 'E_LISTEN', hint: expect.stringContaining(`sport = :${first.port}`) });
});

test.each([
  ['127.0.0.1:9750', '127.0.0.1:9750', true],
  ['127.9.9.9:1', '127.9.9.9:1', true],
  ['localhost:9750', '127.0.0.1:9750', true],
  ['[::1]:9750', '[::1]:9750', true],
  ['0.0.0.0:9750', '0.0.0.0:9750', false],
  ['[::]:9750', '[::]:9750', false],
  ['[::ffff:127.0.0.1]:80', '[::ffff:127.0.0.1]:80', false],
  ['192.0.2.1:65535', '192.0.2.1:65535', false],
  ['unix:/run/x.sock', '/run/x.sock', true],
  ['unix:x.sock', '/cwd/x.sock', true],
  ['/run/x.sock', '/run/x.sock', true],
])('listen: %s is %s, and local: %s', (text, canonical, local) => {
  const address = parseListen(text, '/cwd');
  expect(address && [listenText(address), isLocal(address)]).toEqual([canonical, local]);
});

test.each([
  '',
  '9750',
  ':9750',
  '127.0.0.1',
  '127.0.0.1:0',
  '127.0.0.1:65536',
  '::1:9750',
  '[127.0.0.1]:1',
  'example.org:80',
  'unix:',
  `/${'x'.repeat(107)}`,
])('listen: %s is no address', (text) => {
  expect(parseListen(text, '/cwd')).toBeUndefined();
});
