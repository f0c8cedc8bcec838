import { appendFile, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Host } from '../../src/cli/host.ts';
import { createFakeKernel, type FakeKernel } from '../../src/kernel/fake/index.ts';
import type { Deed } from '../../src/model/audit.ts';
import { applyPlan } from '../../src/pipeline/apply.ts';
import { planRevert, planTopology } from '../../src/pipeline/plan.ts';
import { run, topology } from './run.ts';

const SHOP = { 'shop.yaml': topology('shop') };
const BLOG = { 'blog.yaml': topology('blog', '172.30.2.0/24', 'web02', 'br-blog') };

/** The command line's host, on a kernel in memory. */
function hostOn(kernel: FakeKernel, deeds: Deed[] = []): Partial<Host> {
  return {
    plan: (wanted, options) => planTopology(kernel, wanted, options),
    apply: (plan, { topology: wanted, ...rest }) => applyPlan(kernel, plan, { ...rest, revert: () => planRevert(kernel, plan, wanted) }),
    record: async (deed) => {
      deeds.push(deed);
      return undefined;
    },
  };
}

/** Saves a plan made on that kernel; its text, and the directory that it was made in. */
async function savedOn(kernel: FakeKernel, files: Record<string, string> = SHOP): Promise<{ text: string; cwd: string }> {
  const { code, stderr, cwd } = await run(`plan ${Object.keys(files).join(' ')} --out the.plan`, { files, host: hostOn(kernel) });
  expect({ code, stderr }).toEqual({ code: 2, stderr: 'note: saved to the.plan\n  netloom apply --plan the.plan\n' });
  return { text: await readFile(join(cwd, 'the.plan'), 'utf8'), cwd };
}

/** Carries a saved plan out in another directory. */
const applied = (text: string, kernel: FakeKernel, options = '', files: Record<string, string> = {}) =>
  run(`apply --plan the.plan ${options}`, { files: { 'the.plan': text, ...files }, host: hostOn(kernel) });

const errorsOf = (stdout: string): string[] =>
  (JSON.parse(stdout).errors as { code: string; message: string }[]).map(({ code, message }) => `${code} ${message}`);

test('saved plan: what was planned is done, and the second plan is empty', async () => {
  const kernel = createFakeKernel();
  const { text } = await savedOn(kernel);
  const { code, stdout } = await applied(text, kernel);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^shop {2}shop\.yaml\n[\s\S]*\nshop: done in /);
  expect((await run('plan shop.yaml', { files: SHOP, host: hostOn(kernel) })).stdout).toBe('No changes.\n');
});

test('saved plan: made on one host it is carried out on another that has no file', async () => {
  const { text, cwd } = await savedOn(createFakeKernel());
  await rm(join(cwd, 'shop.yaml'));
  const other = createFakeKernel({ uplinks: [{ ifname: 'ens3', mac: '02:00:00:00:00:77', addresses: ['192.0.2.7/24'] }] });
  expect((await applied(text, other)).code).toBe(0);
  expect((await run('plan shop.yaml', { files: SHOP, host: hostOn(other) })).code).toBe(0);
});

test('saved plan: it is for its owner alone, and a whole file', async () => {
  const { cwd } = await savedOn(createFakeKernel());
  expect((await stat(join(cwd, 'the.plan'))).mode & 0o777).toBe(0o600);
});

test('saved plan: a plan with nothing to do is one too', async () => {
  const kernel = createFakeKernel();
  await applied((await savedOn(kernel)).text, kernel);
  const { code, cwd } = await run('plan shop.yaml --out the.plan', { files: SHOP, host: hostOn(kernel) });
  expect(code).toBe(0);
  const again = await applied(await readFile(join(cwd, 'the.plan'), 'utf8'), kernel);
  expect([again.code, again.stdout]).toEqual([0, 'No changes.\n']);
});

test('saved plan: several topologies, of which one does what another would have done too', async () => {
  const kernel = createFakeKernel();
  const { text } = await savedOn(kernel, { ...SHOP, ...BLOG });
  const { code, stdout } = await applied(text, kernel, '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout).topologies).toMatchObject([
    { name: 'shop', status: 'converged' },
    { name: 'blog', status: 'converged' },
  ]);
});

test('saved plan: --json says where it was saved, and that it was not', async () => {
  const host = hostOn(createFakeKernel());
  expect(JSON.parse((await run('plan --json shop.yaml --out the.plan', { files: SHOP, host })).stdout).out).toBe('the.plan');
  expect(JSON.parse((await run('plan --json shop.yaml', { files: SHOP, host })).stdout).out).toBe(null);
});

test('saved plan: --verify runs the checks of the topology that it holds', async () => {
  const kernel = createFakeKernel();
  const checks = topology('shop', undefined, undefined, undefined, 'checks:\n  - { from: host, to: web01, ping: true }\n');
  const { text } = await savedOn(kernel, { 'shop.yaml': checks });
  const check: Host['check'] = async ({ checks: [one] }) =>
    (async function* () {
      if (one) yield { check: one, from: 'host', to: 'web01', expected: 'reachable', seen: 'unreachable', passed: false, ms: 1 };
    })();
  const host = { ...hostOn(kernel), check };
  expect((await run('apply --plan the.plan --verify', { files: { 'the.plan': text }, host })).code).toBe(5);
});

/* Stale: each refusal names what moved, and leaves the host alone. */

async function refused(text: string, kernel: FakeKernel, files: Record<string, string> = {}): Promise<string[]> {
  const before = kernel.performed;
  const { code, stdout } = await applied(text, kernel, '--json', files);
  expect([code, kernel.performed]).toEqual([1, before]);
  const [first, ...rest] = errorsOf(stdout);
  expect(first).toBe('E_PLAN_STALE the plan is stale, and nothing was changed: what it was made from has moved');
  return rest;
}

test('stale: an object that changed since is named with what it was and is', async () => {
  const kernel = createFakeKernel();
  await applied((await savedOn(kernel)).text, kernel);
  const jumbo = { 'shop.yaml': topology('shop').replace('subnet: web }', 'subnet: web, mtu: 9000 }') };
  const { text } = await savedOn(kernel, jumbo);
  kernel.perform({ do: 'link-set', namespace: 'web01', dev: 'eth0', set: { mtu: 1400 } });
  expect(await refused(text, kernel)).toEqual(['E_PLAN_STALE link:web01:eth0 (shop) has changed: mtu was 1500, is 1400']);
});

test('stale: an object that was as wanted when the plan was made, and is not now', async () => {
  const kernel = createFakeKernel();
  await applied((await savedOn(kernel)).text, kernel);
  const { text } = await savedOn(kernel, { 'shop.yaml': topology('shop', undefined, undefined, undefined, 'defaults: { mtu: 1400 }\n') });
  kernel.perform({ do: 'address-delete', namespace: 'web01', dev: 'eth0', address: '172.30.1.2/24' });
  expect(await refused(text, kernel)).toEqual([
    'E_PLAN_STALE address:web01:eth0 (shop) is gone, and was there when the plan was made',
    'E_PLAN_STALE route:web01:0.0.0.0/0 (shop) is gone, and was there when the plan was made',
  ]);
});

test('saved plan: what has come in its way since blocks it, as with a file', async () => {
  const { text } = await savedOn(createFakeKernel());
  const kernel = createFakeKernel({ steps: [{ do: 'netns-add', name: 'web01' }] });
  const before = kernel.performed;
  const { code, stderr } = await applied(text, kernel);
  expect([code, kernel.performed]).toEqual([1, before]);
  expect(stderr).toContain('shop: 1 thing in the way; nothing was changed');
});

test('stale: what was to be made is there already', async () => {
  const kernel = createFakeKernel();
  const { text } = await savedOn(kernel);
  expect((await applied(text, kernel)).code).toBe(0);
  expect(await refused(text, kernel)).toContain('E_PLAN_STALE bridge:br-web (shop) is there now, and was not when the plan was made');
  expect((await applied(text, kernel)).stderr).toContain('the host is already as the plan would make it');
});

test('stale: what was to be changed is gone', async () => {
  const kernel = createFakeKernel();
  await applied((await savedOn(kernel)).text, kernel);
  const { text } = await savedOn(kernel, { 'shop.yaml': topology('shop').replace('subnet: web }', 'subnet: web, stp: true }') });
  kernel.perform({ do: 'link-delete', namespace: 'host', dev: 'br-web' });
  expect(await refused(text, kernel)).toContain('E_PLAN_STALE bridge:br-web (shop) is gone, and was there when the plan was made');
});

test('stale: one of several is enough for nothing to be changed', async () => {
  const kernel = createFakeKernel();
  const { text } = await savedOn(kernel, { ...SHOP, ...BLOG });
  kernel.perform({ do: 'sysctl', namespace: 'host', path: 'net/ipv4/ip_forward', value: '1' });
  expect(await refused(text, kernel)).toEqual([
    'E_PLAN_STALE sysctl:host (shop) has changed: net/ipv4/ip_forward was 0, is 1',
    'E_PLAN_STALE sysctl:host (blog) has changed: net/ipv4/ip_forward was 0, is 1',
  ]);
});

test('stale: resolvers of another host give other files', async () => {
  const files = { 'shop.yaml': topology('shop', undefined, undefined, undefined, 'defaults: { dns: host }\n') };
  const { text } = await savedOn(createFakeKernel({ facts: { resolvers: ['192.0.2.53'] } }), files);
  const other = createFakeKernel({ facts: { resolvers: ['192.0.2.54'] } });
  expect(await refused(text, other)).toEqual([
    expect.stringMatching(/^E_PLAN_STALE file:\/etc\/netns\/web01\/resolv\.conf \(shop\) is to become something else: content /),
  ]);
});

test('stale: the file has other content, at the path it had', async () => {
  const kernel = createFakeKernel();
  const { text, cwd } = await savedOn(kernel);
  await appendFile(join(cwd, 'shop.yaml'), '# one more\n');
  expect(await refused(text, kernel)).toEqual([
    expect.stringMatching(/^E_PLAN_STALE .*shop\.yaml \(shop\) has other content: SHA-256 was [0-9a-f]{12}…, is [0-9a-f]{12}…$/),
  ]);
});

test('stale: or at the same place of another checkout', async () => {
  const { text, cwd } = await savedOn(createFakeKernel());
  await rm(join(cwd, 'shop.yaml'));
  expect(await refused(text, createFakeKernel(), { 'shop.yaml': `${SHOP['shop.yaml']}# one more\n` })).toHaveLength(1);
  expect((await applied(text, createFakeKernel(), '', SHOP)).code).toBe(0);
});

test('a file of that name elsewhere does not matter while the one that was planned from is there', async () => {
  const kernel = createFakeKernel();
  const { text } = await savedOn(kernel);
  expect((await applied(text, kernel, '', { 'shop.yaml': topology('other') })).code).toBe(0);
});

test('stale plans are recorded as refused', async () => {
  const kernel = createFakeKernel();
  const { text } = await savedOn(kernel);
  await applied(text, kernel);
  const deeds: Deed[] = [];
  await run('apply --plan the.plan', { files: { 'the.plan': text }, host: hostOn(kernel, deeds) });
  expect(deeds).toMatchObject([{ command: 'apply', topology: 'shop' }]);
  expect(new Set(deeds[0]?.errors.map(({ code }) => code))).toEqual(new Set(['E_PLAN_STALE']));
  expect(deeds[0]?.report).toBeUndefined();
});

/* Files that are no plan. */

const intact = async (): Promise<string> => (await savedOn(createFakeKernel())).text;

test.each<[string, (text: string) => string, string, RegExp]>([
  ['was cut', (text) => text.slice(0, -200), 'E_PLAN_FILE', /cut or damaged/],
  ['is empty', () => '', 'E_PLAN_FILE', /is no saved plan/],
  ['is a topology', () => SHOP['shop.yaml'], 'E_PLAN_FILE', /is no saved plan/],
  ['is other JSON', () => '{"changes": []}', 'E_PLAN_FILE', /is no saved plan/],
  ['is a list', () => '[1]', 'E_PLAN_FILE', /is no saved plan/],
  ['was edited in what it makes', (text) => text.replace('br-web', 'br-bad'), 'E_PLAN_FILE', /not as `plan --out` wrote it/],
  ['was edited in its text', (text) => text.replace('172.30.1.0', '172.30.9.0'), 'E_PLAN_FILE', /not as `plan --out` wrote it/],
  ['lost its digest', (text) => text.replace(/"digest": "[0-9a-f]+",/, ''), 'E_PLAN_FILE', /not as `plan --out` wrote it/],
  ['is of a later version', (text) => text.replace('"formatVersion": 1', '"formatVersion": 2'), 'E_PLAN_VERSION', /version 2 .* knows 1$/],
  [
    'nests too deeply',
    (text) => text.replace('"adopt": false', `"adopt": ${'['.repeat(9000)}${']'.repeat(9000)}`),
    'E_PLAN_FILE',
    /not as/,
  ],
])('a plan that %s is refused', async (_, spoil, code, message) => {
  const kernel = createFakeKernel();
  const spoilt = spoil(await intact());
  const { code: exit, stdout } = await applied(spoilt, kernel, '--json');
  expect([exit, kernel.performed]).toEqual([1, 0]);
  expect(JSON.parse(stdout).errors).toMatchObject([{ code, message: expect.stringMatching(message) }]);
});

test('a plan that a program has passed on with other white space and order is as good', async () => {
  const { kind, ...rest } = JSON.parse(await intact());
  expect((await applied(JSON.stringify({ ...rest, kind }), createFakeKernel())).code).toBe(0);
});

test('a forged digest does not help what has another shape', async () => {
  const { parsePlan, planText } = await import('../../src/cli/saved/format.ts');
  const forge = (body: object): string => planText(body as never);
  expect(() => parsePlan(forge({ version: '0', made: '', topologies: [{ name: 'x' }] }), 'p')).toThrow(
    /not as a saved plan should be: .*file/,
  );
  const topologies = [{ name: 'x', file: '-', digest: '0'.repeat(64), source: 'y', adopt: false, changes: [] }];
  expect(() => parsePlan(forge({ version: '0', made: '', topologies }), 'p')).toThrow(/the text of x has another digest/);
});

/* --out */

test('plan --out: what is in the way of a plan keeps it from being saved', async () => {
  const kernel = createFakeKernel({ steps: [{ do: 'netns-add', name: 'web01' }] });
  const { code, stderr, cwd } = await run('plan shop.yaml --out the.plan', { files: SHOP, host: hostOn(kernel) });
  expect(code).toBe(1);
  expect(stderr).toContain('not saved: 1 thing in the way of shop (E_PLAN_BLOCKED)');
  await expect(stat(join(cwd, 'the.plan'))).rejects.toThrow('ENOENT');
});

test('plan --out: an earlier plan is replaced, a topology is not, nor a device', async () => {
  const host = hostOn(createFakeKernel());
  const files = { ...SHOP, 'the.plan': await intact() };
  expect((await run('plan shop.yaml --out the.plan', { files, host })).code).toBe(2);
  for (const out of ['shop.yaml', '/dev/null', 'nowhere/the.plan']) {
    const { code, stderr, cwd } = await run(`plan shop.yaml --out ${out}`, { files, host });
    expect([code, stderr]).toEqual([1, expect.stringContaining('E_PLAN_UNWRITABLE')]);
    expect(await readFile(join(cwd, 'shop.yaml'), 'utf8')).toBe(SHOP['shop.yaml']);
  }
});

test.each(['apply --plan the.plan shop.yaml', 'apply --plan the.plan --adopt', 'plan shop.yaml --out -'])(
  '%s is wrong use',
  async (line) => {
    const { code, stderr } = await run(line, { files: SHOP });
    expect([code, stderr]).toEqual([64, expect.stringMatching(/exclude each other|not to standard output/)]);
  },
);

test('apply --plan: without the file it is an error like any other', async () => {
  const { code, stderr } = await run('apply --plan lost.plan');
  expect([code, stderr]).toEqual([1, expect.stringContaining('there is no lost.plan')]);
});

test('a plan made of standard input has no file that could move', async () => {
  const kernel = createFakeKernel();
  const made = await run('plan - --out the.plan', { stdin: SHOP['shop.yaml'], host: hostOn(kernel) });
  expect(made.code).toBe(2);
  await writeFile(join(made.cwd, '-'), 'something else');
  expect((await applied(await readFile(join(made.cwd, 'the.plan'), 'utf8'), kernel)).code).toBe(0);
});
