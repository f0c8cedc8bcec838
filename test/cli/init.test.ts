import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freeNames, nameFrom, proposed } from '../../src/cli/starting/answers.ts';
import { firstFile } from '../../src/cli/starting/template.ts';
import { parseCidr } from '../../src/model/ip.ts';
import { faultsOf } from '../topology/support.ts';
import { run } from './run.ts';

const NOBODY = { networks: [], ports: new Set<number>(), interfaces: new Set<string>(), namespaces: new Set<string>() };

test.each([
  ['My Lab_2', 'my-lab-2'],
  ['2026', 'lab'],
  ['-x-', 'x'],
  ['a'.repeat(40), 'a'.repeat(31)],
])('init: the directory %s makes the topology %s', (directory, name) => {
  expect(nameFrom(directory)).toBe(name);
});

test('init proposes what is free: subnet, port, names of bridge and namespaces', () => {
  const networks = ['10.80.0.0/22', '10.80.4.128/25'].flatMap((text) => parseCidr(text) ?? []);
  const taken = { networks, ports: new Set([8080, 8081]), interfaces: new Set(['br-shop']), namespaces: new Set(['web01']) };
  expect(proposed('/srv/shop', taken)).toEqual({ name: 'shop', namespaces: 2, subnet: '10.80.5.0/24', publish: '8082:80' });
  expect(freeNames('shop', taken)).toEqual({ bridge: 'br-shop2', member: 'pc' });
});

test.each([1, 2, 4, 5, 20, 250])('init: a first file of %i namespaces is right', (namespaces) => {
  for (const subnet of ['10.80.1.0/24', 'fd00:80:1::/64']) {
    const answers = { ...proposed('/srv/a-name-that-is-as-long-as-can-be', NOBODY), namespaces, subnet };
    expect(faultsOf(firstFile(answers, freeNames(answers.name, NOBODY), 'lab.yaml'))).toEqual([]);
    const { publish: _, ...without } = answers;
    expect(faultsOf(firstFile(without, freeNames(answers.name, NOBODY), 'lab.yaml'))).toEqual([]);
  }
});

test('init: the first file reads well', () => {
  const answers = { ...proposed('/srv/shop', NOBODY), namespaces: 3 };
  expect(firstFile(answers, freeNames('shop', NOBODY), 'shop.yaml')).toMatchInlineSnapshot(`
    "# 3 namespaces on one bridge. What to do with it, as root:
    #   netloom plan shop.yaml    what would change; changes nothing
    #   netloom apply shop.yaml   makes the host be like this; a second time changes nothing
    #   netloom verify shop.yaml  tries the checks below
    #   netloom destroy shop      removes it all again
    # \`netloom sandbox\` is a throw-away host to try it in.
    version: 1
    name: shop # what it makes on a host is marked with this

    subnets:
      lan: { ipv4: 10.80.1.0/24 } # the bridge holds the first address and is the gateway

    bridges: # switches on the host
      br-shop: { subnet: lan }

    namespaces: # each is a machine of its own: interfaces, addresses, routes, ports
      web01: { publish: ["8080:80"] } # port 8080 of the host leads to port 80 in here
      web02:
      web03:

    links: # one cable each: namespace:interface, and the bridge; addresses are handed out in this order
      - [web01:eth0, br-shop]
      - [web02:eth0, br-shop]
      - [web03:eth0, br-shop]

    checks: # what must hold; \`netloom verify\` tries it
      - { from: web03, to: web01, ping: true }
    "
  `);
});

test('init asks, says what is wrong with an answer, and asks again', async () => {
  const typed = 'Shop\nshop\n0\n3\n10.9.9.1/24\n10.9.9.0/24\nyes\nno\n';
  const { code, stderr, cwd } = await run('init', { typed });
  expect(code).toBe(0);
  for (const said of ['begins with a letter', 'a number from 1 to 250', 'write 10.9.9.0/24', '8080:80 for instance, or no'])
    expect(stderr).toContain(said);
  const text = await readFile(join(cwd, 'netloom.yaml'), 'utf8');
  expect(text).toContain('name: shop');
  expect(text).toContain('ipv4: 10.9.9.0/24');
  expect(text).not.toContain('publish');
});

test('init: an option is a question less', async () => {
  const { code, stderr, cwd } = await run('init lab.yaml --name shop --subnet 10.9.9.0/24 --publish no', { typed: '1\n' });
  expect([code, stderr.match(/\?|\[/g)?.length]).toEqual([0, 1]);
  expect(faultsOf(await readFile(join(cwd, 'lab.yaml'), 'utf8'))).toEqual([]);
});

test.each([
  ['a file that is there', 'init lab.yaml --yes', 1, /lab\.yaml is there already/],
  ['nobody to ask', 'init', 64, /no terminal to ask on/],
  ['a name without an ending', 'init lab --yes', 64, /init lab\.yaml/],
  ['an option that cannot be', 'init x.yaml --yes --subnet 10.9.9.9/24', 64, /--subnet 10\.9\.9\.9\/24: .* write 10\.9\.9\.0\/24/],
  ['a directory that is not there', 'init nowhere/x.yaml --yes', 1, /cannot be written: ENOENT/],
])('init, %s: nothing is written', async (_, line, code, message) => {
  const result = await run(line, { files: { 'lab.yaml': 'mine' } });
  expect([result.code, result.stdout]).toEqual([code, '']);
  expect(result.stderr).toMatch(message);
  expect(await readdir(result.cwd)).toEqual(['lab.yaml']);
  expect(await readFile(join(result.cwd, 'lab.yaml'), 'utf8')).toBe('mine');
});

test('init -: the text alone on standard output', async () => {
  const { stdout, cwd } = await run('init - --yes');
  expect(faultsOf(stdout)).toEqual([]);
  expect(await readdir(cwd)).toEqual([]);
});

/** Runs `netloom init` on a terminal of its own; types each text once what it waits for is on the screen. */
async function onTerminal(
  cwd: string,
  talk: readonly (readonly [waitFor: string, type: string])[],
): Promise<{ code: number | null; screen: string }> {
  const command = `'${process.execPath}' '${join(import.meta.dirname, '../../bin/netloom.js')}' init`;
  const child = spawn('script', ['-qefc', command, '/dev/null'], { cwd, env: { ...process.env, TERM: 'xterm', NO_COLOR: '1' } });
  let screen = '';
  let seen = 0;
  let step = 0;
  child.stdout.on('data', (chunk) => {
    screen += String(chunk);
    for (let next = talk[step]; next !== undefined && screen.indexOf(next[0], seen) !== -1; next = talk[step]) {
      seen = screen.indexOf(next[0], seen) + next[0].length;
      step += 1;
      child.stdin.write(next[1]);
    }
  });
  const code = await new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  return { code, screen };
}

test('init on a real terminal: four answers, then a file that is right', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'netloom-init-'));
  const { code, screen } = await onTerminal(cwd, [
    ['Name of the topology', 'office\r'],
    ['How many namespaces', '\r'],
    ['Their subnet', '10.77.0.0/24\r'],
    ['Port of the host', 'no\r'],
  ]);
  expect([code, screen.includes('Wrote netloom.yaml. Next: netloom plan netloom.yaml')]).toEqual([0, true]);
  const text = await readFile(join(cwd, 'netloom.yaml'), 'utf8');
  expect(faultsOf(text)).toEqual([]);
  expect(text).toContain('name: office');
});

test.each([
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
])('init on a real terminal: %s leaves nothing', async (_, key) => {
  const cwd = await mkdtemp(join(tmpdir(), 'netloom-init-'));
  const { code, screen } = await onTerminal(cwd, [
    ['Name of the topology', 'office\r'],
    ['How many namespaces', key],
  ]);
  expect([code, screen.includes('nothing was written')]).toEqual([1, true]);
  expect(existsSync(join(cwd, 'netloom.yaml'))).toBe(false);
  expect(await readdir(cwd)).toEqual([]);
});
