import { expect, test } from 'vitest';
import { HostError } from '../../src/model/errors.ts';
import type { Confirmations, Ended, Pending } from '../../src/model/pending.ts';
import { created, planOf } from '../render/fixtures.ts';
import { reportOf, run, topology } from './run.ts';

const SHOP = { 'shop.yaml': topology('shop') };
const CHANGES = [created('namespace:web01', { usable: true })];

const pending: Pending = {
  formatVersion: 1,
  id: 'x',
  windowMs: 60_000,
  deadline: { uptimeMs: 100_000, time: '2026-01-31T12:00:00.000Z' },
  pid: 7,
  argv: ['apply', 'shop.yaml', '--confirm', '60s'],
  topologies: [{ before: { topology: 'shop', before: [] } }],
};
const state: Confirmations = { pending, guard: 8, leftMs: 41_000 };
const ended: Ended = {
  formatVersion: 1,
  id: 'x',
  topologies: ['shop'],
  ending: 'confirmed',
  time: '2026-01-31T12:00:00.000Z',
  remaining: [],
  errors: [],
};

test.each<[what: string, state: Confirmations, says: RegExp]>([
  ['nothing', {}, /^nothing waits to be confirmed\n$/],
  ['what waits', state, /^shop: goes back at \d\d:\d\d:\d\d \(in 41 s\) unless confirmed: netloom confirm; .*guarded by process 8\n$/],
  ['what waits for nobody', { pending, leftMs: 41_000 }, /^shop: the guard has died/],
  ['what is over', { ...state, leftMs: -5 }, /^shop: the time was over at .* goes back now/],
  ['what was kept', { last: ended }, /^shop: confirmed at /],
  ['what is not as it was', { last: { ...ended, ending: 'not-reverted', remaining: ['bridge:br-x'] } }, /not all of it: bridge:br-x\n$/],
])('confirm --status tells of %s', async (_, confirmations, says) => {
  const { code, stdout } = await run('confirm --status', { host: { confirmations: async () => confirmations } });
  expect([code, stdout]).toEqual([0, expect.stringMatching(says)]);
});

test('confirm keeps, and with --json gives one document', async () => {
  const { code, stdout } = await run('confirm --json', { host: { keepPending: async () => ended } });
  expect([code, JSON.parse(stdout)]).toEqual([
    0,
    {
      formatVersion: 1,
      pending: null,
      last: { topologies: ['shop'], ending: 'confirmed', time: '2026-01-31T12:00:00.000Z', remaining: [], errors: [] },
      errors: [],
      warnings: [],
    },
  ]);
});

test('confirm --revert that could not bring all back is 4, and names it', async () => {
  const last: Ended = { ...ended, ending: 'not-reverted', remaining: ['bridge:br-x'], errors: [] };
  const { code, stderr } = await run('confirm --revert', { host: { revertPending: async () => last } });
  expect([code, stderr]).toEqual([4, expect.stringMatching(/bridge:br-x \(E_CONFIRM_REVERT\)/)]);
});

test.each(['soon', '10', '0', '500ms', '25h'])('apply --confirm %s is wrong use', async (time) => {
  expect((await run(`apply shop.yaml --confirm ${time}`, { files: SHOP })).code).toBe(64);
});

test('apply --confirm is refused while another one waits, before anything is looked at', async () => {
  const refuse = async () => {
    throw new HostError('E_CONFIRM_PENDING', 'a change of lab waits to be confirmed', 'netloom confirm');
  };
  const { code, stderr } = await run('apply shop.yaml --confirm 60s', { files: SHOP, host: { refuseWhilePending: refuse } });
  expect([code, stderr]).toEqual([1, expect.stringContaining('E_CONFIRM_PENDING')]);
});

test.each<[flags: string, code: number]>([
  ['', 1],
  ['--yes', 0],
  ['--json', 1],
])('apply %s on the way of the SSH session ends with %i', async (flags, code) => {
  const cut = planOf([created('bridge:br-lan', { name: 'br-lan' }, 'host')], {
    operations: [{ resource: 'bridge:br-lan', phase: 'create', step: { do: 'netns-add', name: 'x' } }],
  });
  const host = {
    plan: async () => cut,
    apply: async () => reportOf(cut, 'converged'),
    session: async () => ({ peer: '192.0.2.9', devices: ['br-lan'] }),
  };
  const result = await run(`apply shop.yaml ${flags}`, { files: SHOP, host });
  expect([result.code, code === 0 || result.stderr.includes('E_SESSION')]).toEqual([code, true]);
});

test('apply --keep-going asks the host to', async () => {
  const asked: unknown[] = [];
  const host = {
    plan: async () => planOf(CHANGES),
    apply: async (plan: ReturnType<typeof planOf>, { keepGoing }: { keepGoing?: boolean }) => {
      asked.push(keepGoing);
      return reportOf(plan, 'partial', { cause: 'kept', remaining: CHANGES });
    },
  };
  const { code, stderr } = await run('apply shop.yaml --keep-going', { files: SHOP, host });
  expect([code, asked, stderr]).toEqual([4, [true], expect.stringContaining('what worked was kept; left to do:')]);
});
