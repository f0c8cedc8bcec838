import { expect, test } from 'vitest';
import { recorded } from '../../src/cli/record.ts';
import type { Deed } from '../../src/model/audit.ts';
import { auditEntry, settled } from '../../src/pipeline/audit.ts';
import { changed, created, planOf } from '../render/fixtures.ts';
import { reportOf, run, topology } from './run.ts';

const WHO = { pid: 4711, uid: 0, user: 'root', loginUid: 1000, sudoUser: 'ada', tty: 'pts/3', ssh: '192.0.2.9' };
const GIT = { commit: '0123456789abcdef0123456789abcdef01234567', dirty: true };
/** In the reader's time zone, whichever that is. */
const BEGAN = new Date(2026, 10, 20, 13, 30, 7);

const CHANGES = [
  created('namespace:web01', { usable: true }),
  changed('link:web01:eth0', { mtu: 1500 }, [{ path: 'mtu', before: 1500, after: 1400 }]),
];

const deed = (rest: Partial<Deed> = {}): Deed => ({
  command: 'apply',
  argv: ['apply', 'shop.yaml'],
  env: {},
  began: BEGAN,
  ms: 147.3,
  topology: 'shop',
  file: '/srv/lab/shop.yaml',
  digest: 'ab'.repeat(32),
  report: reportOf(planOf(CHANGES), 'converged'),
  errors: [],
  ...rest,
});

const ENTRY = auditEntry(deed(), WHO, GIT, '0.1.0');
const FAILED = auditEntry(
  deed({
    command: 'destroy',
    argv: ['destroy', 'shop'],
    report: reportOf(planOf([]), 'rolled-back'),
    errors: [{ code: 'E_STEP', message: 'ip exited 2: no\u001b[2J' }],
  }),
  { pid: 4712, uid: 7 },
  undefined,
  '0.1.0',
);

const logOf = (entries = [ENTRY, FAILED], damaged = 0) => ({
  auditLog: async () => ({ path: '/var/lib/netloom/log.jsonl', entries, damaged }),
});

test('log: a line for each apply and destroy, the newest last', async () => {
  const { code, stdout } = await run('log', { host: logOf() });
  expect(code).toBe(0);
  expect(stdout).toMatchInlineSnapshot(`
    "TIME                 WHO  DID      TOPOLOGY  OUTCOME      CHANGES  TOOK    COMMIT     FILE
    2026-11-20 13:30:07  ada  apply    shop      converged    +1 ~1    147 ms  01234567+  /srv/lab/shop.yaml
    2026-11-20 13:30:07  7    destroy  shop      rolled-back           147 ms             /srv/lab/shop.yaml
    "
  `);
});

test('log -v: everything about each', async () => {
  const { stdout } = await run('log -v', { host: logOf() });
  expect(stdout).toMatchInlineSnapshot(`
    "2026-11-20 13:30:07  shop  apply: converged
      by       root (sudo of ada, login 1000, on pts/3, from 192.0.2.9, pid 4711)
      command  netloom apply shop.yaml
      file     /srv/lab/shop.yaml
      sha256   abababababababababababababababababababababababababababababababab
      commit   0123456789abcdef0123456789abcdef01234567+
      took     147 ms, 0 operations done, 0 failed, 0 skipped
      + namespace:web01
      ~ link:web01:eth0  mtu 1500 → 1400

    2026-11-20 13:30:07  shop  destroy: rolled-back
      by       uid 7 (pid 4712)
      command  netloom destroy shop
      file     /srv/lab/shop.yaml
      sha256   abababababababababababababababababababababababababababababababab
      took     147 ms, 0 operations done, 0 failed, 0 skipped
      error: ip exited 2: no\\x1b[2J (E_STEP)
    "
  `);
});

test('log: of one topology, and the last so many', async () => {
  const entries = ['a', 'b', 'a', 'a'].map((name) => auditEntry(deed({ topology: name }), WHO, GIT, '0.1.0'));
  const names = async (line: string): Promise<string[]> =>
    JSON.parse((await run(`${line} --json`, { host: logOf(entries) })).stdout).entries.map((entry: { topology: string }) => entry.topology);
  expect(await names('log a')).toEqual(['a', 'a', 'a']);
  expect(await names('log -n 3')).toEqual(['b', 'a', 'a']);
  expect(await names('log b --count 1')).toEqual(['b']);
});

test('log: twenty unless said otherwise', async () => {
  const host = logOf(Array.from({ length: 25 }, () => ENTRY));
  const count = async (line: string): Promise<number> => JSON.parse((await run(line, { host })).stdout).entries.length;
  expect([await count('log --json'), await count('log --json -n 0')]).toEqual([20, 25]);
});

test('log --json: every field, null where it has no value', async () => {
  const { entries } = JSON.parse((await run('log --json', { host: logOf([FAILED]) })).stdout);
  expect(entries).toMatchObject([
    { who: { pid: 4712, uid: 7, user: null, loginUid: null, sudoUser: null, tty: null, ssh: null }, git: null, outcome: 'rolled-back' },
  ]);
});

test('log: nothing recorded is fine, with a note', async () => {
  expect(await run('log shop', { host: logOf([]) })).toMatchObject({
    code: 0,
    stdout: '',
    stderr: 'note: nothing of shop is recorded in /var/lib/netloom/log.jsonl\n',
  });
});

test('log: lines that are damaged are left out, and said', async () => {
  const { code, stderr, stdout } = await run('log', { host: logOf([ENTRY], 2) });
  expect([code, stdout.split('\n').length]).toEqual([0, 3]);
  expect(stderr).toBe('warning: 2 lines of /var/lib/netloom/log.jsonl could not be read and are left out (W_LOG_DAMAGED)\n');
});

/* What is recorded. */

const SHOP = { 'shop.yaml': topology('shop') };

async function deedsOf(line: string, host: object): Promise<{ deeds: Deed[]; cwd: string; code: number; stderr: string }> {
  const deeds: Deed[] = [];
  const record = async (one: Deed): Promise<undefined> => void deeds.push(one);
  return { deeds, ...(await run(line, { files: SHOP, host: { record, ...host } as never })) };
}

test.each(['converged', 'unchanged', 'rolled-back', 'partial', 'blocked'] as const)(
  'audit: an apply that is %s is recorded',
  async (status) => {
    const plan = planOf(CHANGES, { topology: 'shop' });
    const { deeds, cwd } = await deedsOf('apply shop.yaml', { plan: async () => plan, apply: async () => reportOf(plan, status) });
    expect(deeds).toMatchObject([
      { command: 'apply', argv: ['apply', 'shop.yaml'], topology: 'shop', file: `${cwd}/shop.yaml`, report: { status } },
    ]);
    expect(deeds[0]?.digest).toMatch(/^[0-9a-f]{64}$/);
  },
);

test('audit: that an apply has begun is recorded before its first change', async () => {
  const operations = [{ resource: 'bridge:br-web', phase: 'create', step: { do: 'netns-add', name: 'web01' } }] as const;
  const plan = planOf(CHANGES, { topology: 'shop', operations });
  const seen: Deed[] = [];
  const { deeds } = await deedsOf('apply shop.yaml', {
    plan: async () => plan,
    record: async (one: Deed) => void seen.push(one),
    apply: async () => {
      expect(seen).toMatchObject([{ topology: 'shop', plan: { changes: CHANGES } }]);
      return reportOf(plan, 'converged');
    },
  });
  expect(deeds).toEqual([]);
  const [begun, ended] = seen.map((one) => auditEntry(one, WHO, undefined, '0.1.0'));
  expect([begun?.outcome, ended?.outcome]).toEqual(['begun', 'converged']);
  // One entry of both; and where it was killed the one that there is, with what it was about to do.
  expect(settled([begun, ended] as never)).toEqual([ended]);
  expect(settled([begun] as never)).toMatchObject([{ outcome: 'begun', summary: { create: 1, update: 1 } }]);
});

test('audit: a watch that finds nothing to do, or something in the way, has done nothing', async () => {
  const deeds: Deed[] = [];
  const host = { record: async (one: Deed) => void deeds.push(one) } as never;
  const context = { invoked: { command: 'watch', argv: ['watch'] }, io: { env: {}, cwd: '/' } } as never;
  const operations = [{ resource: 'bridge:br-web', phase: 'create', step: { do: 'netns-add', name: 'web01' } }] as const;
  for (const plan of [
    planOf([]),
    planOf(CHANGES, { operations, blockers: [{ code: 'E_X', message: 'no', hint: 'so' }] }),
    planOf(CHANGES, { operations }),
  ]) {
    await recorded(plan, { name: 'shop' }, host, context, async () => reportOf(plan, 'unchanged'));
  }
  expect(deeds).toHaveLength(2);
});

test('audit: what throws is recorded with what it said', async () => {
  const apply = async (): Promise<never> => {
    throw new TypeError('x is undefined');
  };
  const { deeds, code } = await deedsOf('apply shop.yaml', { plan: async () => planOf(CHANGES), apply });
  expect(code).toBe(1);
  expect(deeds).toMatchObject([{ errors: [{ code: 'E_BUG' }] }]);
});

test('audit: what cannot be recorded is a warning, and the apply is what it was', async () => {
  const plan = planOf(CHANGES);
  const host = {
    plan: async () => plan,
    apply: async () => reportOf(plan, 'converged'),
    record: async () => ({ code: 'W_AUDIT', message: 'disk full' }),
  };
  const { code, stderr } = await run('apply shop.yaml', { files: SHOP, host });
  expect([code, stderr]).toEqual([0, 'warning: disk full (W_AUDIT)\n']);
  const { stdout } = await run('apply --json shop.yaml', { files: SHOP, host });
  expect(JSON.parse(stdout).warnings).toMatchObject([{ code: 'W_AUDIT' }]);
});

test('audit: reading is not recorded', async () => {
  for (const line of ['plan shop.yaml', 'show', 'validate shop.yaml', 'log']) {
    expect((await deedsOf(line, { plan: async () => planOf(CHANGES) })).deeds).toEqual([]);
  }
});

test('audit: an entry stays small whatever the topology', () => {
  const long = 'x'.repeat(10_000);
  const fields = Array.from({ length: 50 }, () => ({ path: 'content', before: long, after: long }));
  const changes = Array.from({ length: 2000 }, (_, index) => changed(`link:web${index}:eth0`, { mtu: 1 }, fields));
  const errors = Array.from({ length: 1000 }, () => ({ code: 'E_X', message: long }));
  const entry = auditEntry(
    deed({ report: reportOf(planOf(changes), 'partial'), errors, argv: Array.from({ length: 1000 }, () => long) }),
    WHO,
    GIT,
    '0.1.0',
  );
  expect(entry.summary.update).toBe(2000);
  expect(JSON.stringify(entry).length).toBeLessThan(200_000);
});
