import { expect, test } from 'vitest';
import { run, topology } from './run.ts';

test('what is right is said in a line', async () => {
  const { code, stdout, stderr } = await run('validate shop.yaml', { files: { 'shop.yaml': topology('shop') } });
  expect([code, stdout, stderr]).toEqual([0, 'shop.yaml  shop: 1 namespace, 1 bridge, 1 link\n', '']);
});

test('all faults of all files are said together, on standard error', async () => {
  const files = { 'labs/a.yaml': 'version: 1\nname: a\nbridgs: {}\n', 'labs/b.yml': 'version: 2\nname: b\n', 'labs/note.txt': ':' };
  const { code, stdout, stderr } = await run('validate labs/', { files });
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^labs\/a\.yaml:3:1 /m);
  expect(stderr).toMatch(/^labs\/b\.yml:1:/m);
});

test('--json has errors with code, place and hint', async () => {
  const { code, stdout } = await run('validate --json a.yaml', { files: { 'a.yaml': 'version: 1\nname: a\nbridgs: {}\n' } });
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    formatVersion: 1,
    topologies: [],
    errors: [{ code: 'E_UNKNOWN_KEY', file: 'a.yaml', line: 3, column: 1, hint: expect.stringContaining('bridges') }],
    warnings: [],
  });
});

test('the default is netloom.yaml, else the files of topologies/, else nothing', async () => {
  const both = { 'netloom.yaml': topology('one'), 'topologies/two.yaml': topology('two') };
  expect((await run('validate', { files: both })).stdout).toContain('one:');
  expect((await run('validate', { files: { 'topologies/two.yaml': topology('two') } })).stdout).toContain('topologies/two.yaml');
  expect(await run('validate')).toMatchObject({ code: 1, stderr: expect.stringContaining('no topology here') });
});

test('- is standard input', async () => {
  expect((await run('validate -', { stdin: topology('piped') })).stdout).toContain('piped: 1 namespace');
});

test('a file that is not there is said with the one that was probably meant', async () => {
  const { code, stderr } = await run('validate labs/shp.yaml', { files: { 'labs/shop.yaml': topology('shop') } });
  expect(code).toBe(1);
  expect(stderr).toBe('error: there is no labs/shp.yaml (E_FILE_NOT_FOUND)\n  did you mean labs/shop.yaml?\n');
});

test('a directory without topologies is an error', async () => {
  expect((await run('validate labs/', { files: { 'labs/x.txt': '' } })).stderr).toContain('no topology in labs/');
});

test('the same file given twice counts once', async () => {
  const { code, stdout } = await run('validate ./a.yaml a.yaml', { files: { 'a.yaml': topology('a') } });
  expect(code).toBe(0);
  expect(stdout.split('\n')).toHaveLength(2);
});

test('binary files and endless ones are one clear error', async () => {
  expect(await run('validate /bin/true')).toMatchObject({ code: 1, stderr: expect.stringMatching(/^\/bin\/true:\d+:\d+ E_ENCODING/) });
  expect(await run('validate /dev/zero')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^\/dev\/zero:1:1 E_ENCODING {2}the file is larger/),
  });
});

test('files that take the same name, namespace, bridge, subnet or port name each other', async () => {
  const publish = 'x-a: 1\n';
  const files = { 'a.yaml': `${topology('lab')}${publish}`, 'b.yaml': `${topology('lab')}${publish}` };
  const { code, stderr } = await run('validate a.yaml b.yaml', { files });
  expect(code).toBe(1);
  for (const what of ['the name lab', 'namespace web01', 'bridge br-web', 'subnet 172.30.1.0/24 overlaps 172.30.1.0/24, which']) {
    expect(stderr).toMatch(new RegExp(`^b\\.yaml:\\d+:\\d+ E_CLASH  ${what} is taken by a\\.yaml:\\d+:\\d+$`, 'm'));
  }
});

test('ports collide where their addresses do', async () => {
  const publishing = (name: string, subnet: string, port: string) =>
    topology(name, subnet, `web-${name}`, `br-${name}`).replace(`web-${name}: {}`, `web-${name}: { publish: ["${port}"] }`);
  const of = (a: string, b: string) =>
    run('validate a.yaml b.yaml', { files: { 'a.yaml': publishing('a', '10.1.0.0/24', a), 'b.yaml': publishing('b', '10.2.0.0/24', b) } });
  expect((await of('8080:80', '127.0.0.1:8080:80')).stderr).toMatch(/^b\.yaml:\d+:\d+ E_CLASH {2}host port 8080\/tcp is taken by a\.yaml/m);
  expect((await of('192.0.2.1:8080:80', '127.0.0.1:8080:80')).code).toBe(0);
  expect((await of('8080:80', '8080:80/udp')).code).toBe(0);
});

test('a file cannot send escape sequences to the terminal', async () => {
  const { stderr } = await run('validate a.yaml', { files: { 'a.yaml': 'version: 1\nname: "\u001b[31mred"\n' } });
  expect(stderr).not.toContain('\u001b');
});
