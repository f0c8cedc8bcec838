import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { created, planOf } from '../render/fixtures.ts';
import { EMPTY, run, topology } from './run.ts';

const files = { 'lab.yaml': topology('lab') };

test('graph: prints an SVG, Mermaid or DOT, without asking the host', async () => {
  expect((await run('graph lab.yaml', { files })).stdout).toMatch(/^<svg [\s\S]*web01[\s\S]*<\/svg>\n$/);
  expect((await run('graph lab.yaml --format mermaid', { files })).stdout).toMatch(/^---\ntitle: "lab"\n---\nflowchart LR\n/);
  expect((await run('graph lab.yaml --format dot', { files })).stdout).toMatch(/^graph \{\n/);
});

test('graph: --out writes a file whose ending tells the format', async () => {
  const { code, stdout, stderr, cwd } = await run('graph lab.yaml --out lab.mmd', { files });
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: 'Written to lab.mmd.\n' });
  expect(await readFile(join(cwd, 'lab.mmd'), 'utf8')).toContain('flowchart LR');
  expect(await run('graph lab.yaml --out no/such/lab.svg', { files })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('no/such/lab.svg cannot be written: ENOENT'),
  });
  expect((await run('graph lab.yaml --out no/such/lab.svg', { files })).stderr).toContain('E_FILE_UNWRITABLE');
});

test.each([
  ['graph lab.yaml --format png', 'there is no format png'],
  ['graph lab.yaml --out lab.png', 'the ending of lab.png tells no format'],
  ['graph lab.yaml --out lab.yaml', 'would overwrite a topology file'],
  ['graph lab.yaml --out lab.yml --format svg', 'would overwrite a topology file'],
  ['graph lab.yaml --theme pink', 'there is no theme pink'],
  ['graph lab.yaml --theme dark --format dot', '--theme says nothing to dot'],
  ['graph lab.yaml --plan --live', '--plan and --live exclude each other'],
])('%s: is refused, for %s', async (line, message) => {
  expect(await run(line, { files })).toMatchObject({ code: 64, stdout: '', stderr: expect.stringContaining(message) });
});

test('graph: a directory of several topologies is refused with their names', async () => {
  const several = { 'd/a.yaml': topology('a'), 'd/b.yaml': topology('b', '10.9.0.0/24', 'other', 'br-b') };
  expect(await run('graph d/', { files: several })).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('name one of d/a.yaml, d/b.yaml'),
  });
});

test('graph --json: one document with the picture in it', async () => {
  const { code, stdout } = await run('graph lab.yaml --format dot --json', { files });
  const document = JSON.parse(stdout);
  expect({ code, ...document, picture: document.picture.slice(0, 7) }).toEqual({
    code: 0,
    formatVersion: 1,
    topology: { name: 'lab', file: 'lab.yaml' },
    format: 'dot',
    out: null,
    picture: 'graph {',
    errors: [],
    warnings: [],
  });
});

test('graph --plan: marks what would be created by sign and word; what is in the way is a warning', async () => {
  const plan = planOf([created('namespace:web01', { usable: true })], {
    blockers: [{ code: 'E_NAME_TAKEN', message: 'br-web is taken', hint: 'rename it' }],
  });
  const { code, stdout, stderr } = await run('graph lab.yaml --plan', { files, host: { plan: async () => plan } });
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('br-web is taken') });
  expect(stdout).toContain('>is created</text>');
  expect(stdout).toContain('>+</text>');
});

test('graph --live: marks what is down, and says so where all is as it should be', async () => {
  const eth0 = { name: 'eth0', kind: 'veth', up: true, carrier: false, mtu: 1500, mac: '', addresses: [] };
  const namespace = { name: 'web01', path: '', attached: false, interfaces: [eth0], publish: [], routes: [] };
  const inventory = { ...EMPTY, topologies: [{ name: 'lab', bridges: [], namespaces: [namespace] }] };
  const host = { plan: async () => planOf([]), inventory: async () => inventory };
  const { stdout } = await run('graph lab.yaml --live', { files, host });
  expect(stdout).toContain('>↓ eth0</text>');
  expect(stdout).toContain('>is down</text>');
  const healthy = await run('graph lab.yaml --live', { files, host: { ...host, inventory: async () => EMPTY } });
  expect(healthy.stdout).toContain('>The host is as the file says.</text>');
});

test('graph: the layout library is loaded for an SVG alone', async () => {
  const loads = async (...argv: string[]): Promise<boolean> => {
    const script = `
      import { createRequire } from 'node:module';
      import { main } from './dist/cli/main.js';
      process.exitCode = await main(${JSON.stringify(argv)});
      const loaded = Object.keys(createRequire(import.meta.url).cache ?? {});
      process.stderr.write('elk ' + loaded.some((path) => path.includes('/elkjs/')));`;
    const { stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      cwd: join(import.meta.dirname, '../..'),
    });
    return stderr.endsWith('elk true');
  };
  expect(await loads('graph', 'topologies/docker0.yaml')).toBe(true);
  expect(await loads('graph', 'topologies/docker0.yaml', '--format', 'mermaid')).toBe(false);
  expect(await loads('validate', 'topologies/docker0.yaml')).toBe(false);
});
