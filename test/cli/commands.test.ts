import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Host } from '../../src/cli/host.ts';
import { HostError } from '../../src/model/errors.ts';
import type { Inventory, Report } from '../../src/model/report.ts';
import { created, deleted, planOf } from '../render/fixtures.ts';
import { EMPTY, reportOf, run, topology } from './run.ts';

const CHANGES = [created('namespace:web01', { usable: true })];
const SHOP = { 'shop.yaml': topology('shop') };
const TWO = { 'topologies/a.yaml': topology('a'), 'topologies/b.yaml': topology('b', '172.30.2.0/24', 'web02', 'br-two') };
const INVENTORY: Inventory = { ...EMPTY, topologies: [{ name: 'shop', file: '/srv/shop.yaml', bridges: [], namespaces: [] }] };

test.each([
  ['nothing to do', planOf([]), 0],
  ['changes', planOf(CHANGES), 2],
  ['blockers', planOf(CHANGES, { blockers: [{ code: 'E_X', message: 'no', hint: 'so' }] }), 1],
])('plan: %s', async (_, plan, code) => {
  const result = await run('plan shop.yaml', { files: SHOP, host: { plan: async () => plan } });
  expect(result.code).toBe(code);
  expect(result.stdout === 'No changes.\n').toBe(code === 0);
});

test('plan: warnings of a plan without changes go to standard error', async () => {
  const plan = planOf([], { warnings: [{ code: 'W_X', message: 'careful' }] });
  const { stdout, stderr } = await run('plan shop.yaml', { files: SHOP, host: { plan: async () => plan } });
  expect([stdout, stderr]).toEqual(['No changes.\n', 'warning: careful (W_X)\n']);
});

test('plan --json: one document with every field, null where there is no value', async () => {
  const { stdout } = await run('plan --json shop.yaml', {
    files: SHOP,
    host: { plan: async () => planOf([deleted('bridge:br-x', { mtu: 1500 })]) },
  });
  expect(JSON.parse(stdout)).toEqual({
    formatVersion: 1,
    topologies: [{ name: 'web-lab', file: 'topologies/web-lab.yaml' }],
    changes: [
      {
        action: 'delete',
        kind: 'bridge',
        id: 'bridge:br-x',
        topology: 'web-lab',
        namespace: 'host',
        before: { mtu: 1500 },
        after: null,
        fields: [],
        impact: 'none',
        origin: { file: 'topologies/web-lab.yaml', line: 9, column: 3 },
      },
    ],
    summary: { create: 0, update: 0, replace: 0, delete: 1 },
    blockers: [],
    out: null,
    errors: [],
    warnings: [],
  });
});

test('plan -q says nothing: the exit code does', async () => {
  const { code, stdout, stderr } = await run('plan -q shop.yaml', { files: SHOP, host: { plan: async () => planOf(CHANGES) } });
  expect([code, stdout, stderr]).toEqual([2, '', '']);
});

test.each<[Report['status'], number]>([
  ['unchanged', 0],
  ['converged', 0],
  ['blocked', 1],
  ['rolled-back', 3],
  ['partial', 4],
])('apply: %s is %i', async (status, code) => {
  const plan = planOf(CHANGES);
  const host = { plan: async () => plan, apply: async () => reportOf(plan, status) };
  expect((await run('apply shop.yaml', { files: SHOP, host })).code).toBe(code);
});

test('apply: of several topologies each is a transaction of its own, and the worst code wins', async () => {
  const applied: string[] = [];
  const host = {
    plan: async ({ name }: { name: string }) => planOf(CHANGES, { topology: name }),
    apply: async (plan: ReturnType<typeof planOf>) => {
      applied.push(plan.topology);
      return reportOf(plan, plan.topology === 'a' ? 'rolled-back' : 'converged');
    },
  };
  expect((await run('apply', { files: TWO, host })).code).toBe(3);
  expect(applied).toEqual(['a', 'b']);
});

test('apply: nothing is touched where one of the files is wrong', async () => {
  const { code, stderr } = await run('apply', { files: { ...TWO, 'topologies/c.yaml': 'version: 1\nnmae: c\n' } });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^topologies\/c\.yaml:/m);
});

test('apply: a lock that cannot be had is 75', async () => {
  const exclusive = async (): Promise<never> => {
    throw new HostError('E_LOCKED', 'another netloom is at work', 'wait for it');
  };
  const { code, stdout } = await run('apply --json shop.yaml', { files: SHOP, host: { exclusive } });
  expect(code).toBe(75);
  expect(JSON.parse(stdout).errors).toMatchObject([{ code: 'E_LOCKED', hint: 'wait for it' }]);
});

test('apply, destroy: --lock-timeout says how long to wait, and a note for whom', async () => {
  const waits: (number | undefined)[] = [];
  const exclusive: Host['exclusive'] = async (_, patience) => {
    waits.push(patience?.timeoutMs);
    patience?.onWait?.('process 7 (netloom watch), since 2026-01-31T12:00:00Z');
    throw new HostError('E_LOCKED', 'no', 'wait');
  };
  const lines = ['apply shop.yaml --lock-timeout 5m', 'destroy shop --yes --lock-timeout 0', 'apply shop.yaml'];
  for (const line of lines) {
    const { code, stderr } = await run(line, { files: SHOP, host: { exclusive } });
    expect([code, stderr]).toEqual([
      75,
      expect.stringContaining('note: waiting for process 7 (netloom watch), since 2026-01-31T12:00:00Z\n'),
    ]);
  }
  expect(waits).toEqual([300_000, 0, undefined]);
});

test('apply --verify: a check that fails is 5, and the document has it', async () => {
  const plan = planOf([]);
  const checks = topology('shop', undefined, undefined, undefined, 'checks:\n  - { from: host, to: web01, ping: true }\n');
  const host = {
    plan: async () => plan,
    apply: async () => reportOf(plan, 'unchanged'),
    check: async ({ checks: [check] }: { checks: readonly never[] }) =>
      (async function* () {
        yield { check, from: 'host', to: 'web01', expected: 'reachable', seen: 'unreachable', passed: false, ms: 1 } as never;
      })(),
  };
  const { code, stdout } = await run('apply --verify --json shop.yaml', { files: { 'shop.yaml': checks }, host: host as never });
  expect(code).toBe(5);
  expect(JSON.parse(stdout).checks).toMatchObject([
    { topology: 'shop', from: 'host', to: 'web01', probe: 'ping', port: null, passed: false },
  ]);
});

test('apply: an error that nobody foresaw is our bug, with a stack under -v', async () => {
  const plan = async (): Promise<never> => {
    throw new TypeError('x is undefined');
  };
  const { code, stderr } = await run('apply shop.yaml', { files: SHOP, host: { plan } });
  expect(code).toBe(1);
  expect(stderr).toMatch(/this is a bug in netloom: x is undefined.*\n.*report/);
  expect(stderr).not.toContain('commands.test.ts');
  expect((await run('apply -v shop.yaml', { files: SHOP, host: { plan } })).stderr).toContain('commands.test.ts');
});

const HAVING = {
  inventory: async () => INVENTORY,
  planDestroy: async (name: string) => planOf(name === 'shop' ? [deleted('namespace:web01', { usable: true })] : [], { topology: name }),
  apply: async (plan: ReturnType<typeof planOf>) => reportOf(plan, 'converged'),
};

test('destroy: what is not there is fine, with a note and what was probably meant', async () => {
  const { code, stdout, stderr } = await run('destroy shpo', { host: HAVING });
  expect([code, stdout]).toEqual([0, '']);
  expect(stderr).toBe('note: shpo: nothing of it is here\n  did you mean shop?\n');
});

test('destroy: without a terminal it needs --yes', async () => {
  expect(await run('destroy shop', { host: HAVING })).toMatchObject({ code: 64, stderr: expect.stringContaining('--yes') });
  expect(await run('destroy shop --yes', { host: HAVING })).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('- namespace web01'),
  });
});

test.each([
  ['y\n', 0],
  ['yes\n', 0],
  ['n\n', 1],
  ['\n', 1],
  ['', 1],
])('destroy: asks on a terminal; %j gives %i', async (typed, code) => {
  const result = await run('destroy shop', { host: HAVING, typed });
  expect(result.stderr).toContain('Remove shop (1 object) from this host? [y/N]');
  expect(result.code).toBe(code);
});

test('destroy: of a file with faults the name counts', async () => {
  const result = await run('destroy --yes ./shop.yaml', { host: HAVING, files: { 'shop.yaml': 'version: 1\nname: shop\nnope: 1\n' } });
  expect(result.code).toBe(0);
  expect(result.stdout).toContain('- namespace web01');
});

test('destroy --all takes every topology of the host, and no --yes for nothing', async () => {
  expect((await run('destroy --all --yes', { host: HAVING })).stdout).toContain('- namespace web01');
  expect((await run('destroy --all')).code).toBe(0);
});

test('show: a name that is not there is an error; -q gives names alone', async () => {
  expect(await run('show -q', { host: HAVING })).toMatchObject({ code: 0, stdout: 'shop\n' });
  expect(await run('show shpo', { host: { inventory: async ({ name } = {}) => (name ? EMPTY : INVENTORY) } })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('did you mean shop?'),
  });
  expect(await run('show')).toMatchObject({ code: 0, stdout: 'netloom owns nothing here.\n' });
});

test('exec: the command\u2019s status, 125 for no such namespace, 127 for no such command', async () => {
  expect(await run(['exec', 'nope', '--', 'true'])).toMatchObject({
    code: 125,
    stderr: expect.stringContaining('there is no namespace nope'),
  });
  expect((await run(['exec', 'hots', 'true'])).stderr).toContain('did you mean host?');
  const env = { PATH: process.env.PATH ?? '' };
  expect((await run(['exec', 'host', '--', 'netloom-no-such-command'], { env })).code).toBe(127);
  expect((await run(['exec', 'host', '--', '/etc/passwd'], { env })).code).toBe(126);
  expect((await run(['exec', 'host', '--', 'sh', '-c', 'exit 7'], { env })).code).toBe(7);
  expect((await run(['exec', 'host', 'sh', '-c', 'kill -TERM $$'], { env })).code).toBe(143);
});

test('exec --json puts status and output into the document', async () => {
  const env = { PATH: process.env.PATH ?? '' };
  const { code, stdout } = await run(['exec', '--json', 'host', '--', 'sh', '-c', 'echo out; echo err >&2; exit 3'], { env });
  expect(code).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({ namespace: 'host', exitCode: 3, stdout: 'out\n', stderr: 'err\n', errors: [] });
});

test('schema prints the schema', async () => {
  expect(JSON.parse((await run('schema')).stdout)).toHaveProperty('$schema');
});

test('a record of a file that is gone is said', async () => {
  const host = { fileOf: async () => '/nowhere/shop.yaml' };
  expect((await run('plan shop', { host })).stderr).toContain('it was applied from /nowhere/shop.yaml, which is gone');
});

test('a topology is found by name: in its record first, else among the default files', async () => {
  const seen: string[] = [];
  const plan = async ({ file }: { file: string }) => {
    seen.push(file);
    return planOf([]);
  };
  expect((await run('plan b', { files: TWO, host: { plan } })).code).toBe(0);
  const { cwd } = await run('--version');
  await writeFile(join(cwd, 'kept.yaml'), topology('b'));
  expect((await run('plan b', { files: TWO, host: { plan, fileOf: async () => join(cwd, 'kept.yaml') } })).code).toBe(0);
  expect(seen).toEqual(['topologies/b.yaml', join(cwd, 'kept.yaml')]);
});
