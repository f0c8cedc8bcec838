import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { destroy } from '../support/lab.ts';
import { attempt, shell } from '../support/sandbox.ts';
import { NETLOOM, type Said, startWatch, type Watcher } from '../support/watch.ts';

const TEXT = `
version: 1
name: w
subnets: { web: { ipv4: 172.30.1.0/24 } }
bridges: { br-web: { subnet: web } }
namespaces: { a: { publish: ["8080:80"] }, b: }
links: [[a:eth0, br-web], [b:eth0, br-web]]
`;
const SOCKET = '/run/netloom/watch.sock';
let directory: string;
let watchers: Watcher[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'netloom-serve-'));
  writeFileSync(join(directory, 'w.yaml'), TEXT);
});

afterEach(async () => {
  await Promise.all(watchers.map((one) => one.stop('SIGKILL')));
  watchers = [];
  await destroy('w', { force: true });
  rmSync(directory, { recursive: true, force: true });
  rmSync(SOCKET, { force: true });
});

async function watching(...args: string[]): Promise<Watcher> {
  const watcher = await startWatch(directory, ...args);
  watchers.push(watcher);
  return watcher;
}

const on = (event: string) => (one: Said) => one.event === event;

const ask = (path: string, accept = '*/*'): Promise<{ status: number; body: string }> =>
  new Promise((done, failed) => {
    const asked = request({ socketPath: SOCKET, path, headers: { accept } }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => done({ status: response.statusCode ?? 0, body }));
    });
    asked.on('error', failed).end();
  });

/** The value of a series, asked again until it is that. */
async function untilSeries(series: string, value: string): Promise<void> {
  while (!(await ask('/metrics')).body.split('\n').includes(`${series} ${value}`)) await new Promise((done) => setTimeout(done, 20));
}

test('watch --listen: health, status and metrics tell of a repair and of a wrong file', async () => {
  const watcher = await watching('w.yaml', '--listen', `unix:${SOCKET}`);
  expect(await ask('/healthz')).toEqual({ status: 200, body: 'ok\n' });
  await untilSeries('netloom_reconciles_total{topology="w",outcome="converged"}', '1');
  await untilSeries('netloom_objects{topology="w",kind="namespace"}', '2');
  expect((await ask('/metrics')).body).not.toContain('netloom_drift_repaired_total{');

  await watcher.after(
    () => shell('ip link set br-web mtu 1400'),
    (one) => one.event === 'converged' && one.repair === true,
  );
  await untilSeries('netloom_drift_repaired_total{topology="w",kind="bridge"}', '1');
  const status = JSON.parse((await ask('/status')).body);
  expect(status).toMatchObject({
    formatVersion: 1,
    topologies: [{ name: 'w', bridges: [{ name: 'br-web', mtu: 1500 }], namespaces: [{ name: 'a' }, { name: 'b' }] }],
    drift: [],
    errors: [],
    watch: { started: true, topologies: [{ name: 'w', standing: 'converged', failures: 0, problems: [] }], invalid: [], blind: [] },
  });
  expect(status.watch.rounds).toBeGreaterThan(0);

  await watcher.after(() => writeFileSync(join(directory, 'w.yaml'), 'nonsense'), on('invalid'));
  const sick = await ask('/healthz');
  expect([sick.status, sick.body]).toEqual([503, expect.stringContaining('w.yaml: invalid: ')]);
  expect(JSON.parse((await ask('/healthz', 'application/json')).body)).toMatchObject({
    healthy: false,
    reasons: [{ about: expect.any(String) }],
  });
  await untilSeries('netloom_invalid_files', '1');
  await untilSeries('netloom_healthy', '0');
  expect(JSON.parse((await ask('/status')).body).watch.invalid).toMatchObject([{ errors: [{ line: 1 }] }]);

  await watcher.after(() => writeFileSync(join(directory, 'w.yaml'), TEXT), on('valid'));
  while ((await ask('/healthz')).status !== 200) await new Promise((done) => setTimeout(done, 20));
  expect(await watcher.stop()).toBe(0);
  expect(existsSync(SOCKET)).toBe(false);
});

test('watch --listen: the socket of one that was killed is taken over, that of one that runs is not', async () => {
  const first = await watching('w.yaml', '--listen', SOCKET);
  expect(await attempt(process.execPath, NETLOOM, 'watch', join(directory, 'w.yaml'), '--listen', SOCKET)).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('E_LISTEN'),
  });
  await first.stop('SIGKILL');
  expect(existsSync(SOCKET)).toBe(true);
  await watching('w.yaml', '--listen', SOCKET);
  expect(await ask('/healthz')).toEqual({ status: 200, body: 'ok\n' });
});

test('watch --listen: a port that is taken ends it with 1 before anything is changed', async () => {
  const other = createServer();
  await new Promise<void>((done) => other.listen(9750, '127.0.0.1', done));
  const ended = await attempt(process.execPath, NETLOOM, 'watch', join(directory, 'w.yaml'), '--listen', '127.0.0.1:9750');
  other.close();
  expect(ended).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining('somebody listens there already') });
  expect(existsSync('/run/netns/a')).toBe(false);
});

/** Starts a watch as a service manager does, with a socket of ours for what it says. */
async function serviced(
  env: Record<string, string>,
): Promise<{ pid: number; until(text: string): Promise<string>; ended: Promise<unknown> }> {
  const [socket, heard] = [join(directory, 'notify'), join(directory, 'heard')];
  writeFileSync(heard, '');
  const ear = spawn('socat', ['-u', `UNIX-RECV:${socket}`, `OPEN:${heard},append`], { stdio: 'ignore' });
  while (!existsSync(socket)) await new Promise((done) => setTimeout(done, 5));
  let watch: ReturnType<typeof execFile> | undefined;
  const ended = new Promise((done) => {
    const options = { cwd: directory, env: { ...process.env, NOTIFY_SOCKET: socket, ...env } };
    watch = execFile(process.execPath, [NETLOOM, 'watch', 'w.yaml'], options, (error, _, stderr) => {
      ear.kill();
      done({ error, stderr });
    });
  });
  return {
    pid: watch?.pid ?? 0,
    ended,
    until: async (text) => {
      for (;;) {
        const said = readFileSync(heard, 'utf8');
        if (said.includes(text)) return said;
        await new Promise((done) => setTimeout(done, 5));
      }
    },
  };
}

test('watch as a service: it tells of readiness, life, trouble, reload and end', async () => {
  const service = await serviced({ WATCHDOG_USEC: '400000' });
  expect(await service.until('READY=1')).toContain('STATUS=1 topology in order');
  await service.until('WATCHDOG=1');
  writeFileSync(join(directory, 'w.yaml'), 'nonsense');
  await service.until('w.yaml: invalid');
  process.kill(service.pid, 'SIGHUP');
  const reloaded = await service.until('RELOADING=1\nMONOTONIC_USEC=');
  await service.until(`${reloaded.slice(0, reloaded.indexOf('RELOADING=1'))}RELOADING=1`);
  while (!/RELOADING=1[\s\S]*READY=1/.test(await service.until('RELOADING=1'))) await new Promise((done) => setTimeout(done, 5));
  process.kill(service.pid, 'SIGTERM');
  await service.until('STOPPING=1');
  expect(await service.ended).toEqual({ error: null, stderr: '' });
});

test('watch as a service: the watchdog of another process is not its business', async () => {
  const service = await serviced({ WATCHDOG_USEC: '20000', WATCHDOG_PID: '1' });
  await service.until('READY=1');
  writeFileSync(join(directory, 'w.yaml'), 'nonsense');
  expect(await service.until('w.yaml: invalid')).not.toContain('WATCHDOG');
  process.kill(service.pid, 'SIGTERM');
  await service.ended;
});

test('netloom.service: its capabilities are enough to make, to hear and to repair', async () => {
  const unit = readFileSync(new URL('../../contrib/systemd/netloom.service', import.meta.url), 'utf8');
  const names = /^CapabilityBoundingSet=(.*)$/m.exec(unit)?.[1]?.toLowerCase().split(' ') ?? [];
  const bounds = ['-all', ...names.map((name) => `+${name.replace('cap_', '')}`)].join(',');
  expect(names).toContain('cap_net_admin');
  const setpriv = ['--bounding-set', bounds, '--inh-caps', '-all', '--no-new-privs', '--', process.execPath, NETLOOM];
  const watch = spawn('setpriv', [...setpriv, 'watch', '--json', '--resync', '0', 'w.yaml'], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise((done) => watch.once('close', done));
  const said: Said[] = [];
  for await (const line of createInterface({ input: watch.stdout })) {
    const one = JSON.parse(line) as Said;
    said.push(one);
    if (one.event === 'watching') await shell('ip -n b route del default');
    if (one.event === 'converged' && one.repair) watch.kill('SIGTERM');
    // What it may not do it would try again for ever.
    if (one.event === 'failed' || one.event === 'deaf') watch.kill('SIGTERM');
  }
  await ended;
  expect(said.map(({ event }) => event)).toEqual(['converged', 'watching', 'converged', 'stopped']);
});
