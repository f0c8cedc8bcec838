import { expect, test } from 'vitest';
import { createFakeKernel } from '../../src/kernel/fake/index.ts';
import { parseLinks } from '../../src/kernel/iproute/read/links.ts';
import { operation } from '../../src/model/operations.ts';
import type { Plan, Unsettled } from '../../src/model/resource.ts';
import { applyPlan } from '../../src/pipeline/apply.ts';
import { stuckText } from '../../src/pipeline/settle.ts';
import { changed, created, deleted, planOf } from '../render/fixtures.ts';

const plan = planOf([created('bridge:br-x', {})], {
  operations: [
    operation('bridge:br-x', 'create', { do: 'bridge-add', namespace: 'host', ifname: 'br-x', mac: '02:00:00:00:00:01', group: 1 }),
  ],
});

const tentative: Unsettled = { namespace: 'host', ifname: 'br-x', state: 'tentative', address: 'fd00::1/64' };

/** Applies a plan after which the host looks as these say, one after the other, and then as the last. */
function apply(looks: readonly Partial<Plan>[]) {
  const left = [...looks];
  return applyPlan(createFakeKernel(), plan, {
    replan: async () => planOf([], { ...(left.length > 1 ? left.shift() : left[0]) }),
    revert: async () => planOf([]),
  });
}

test('what takes its time is waited for, and then goes without saying', async () => {
  const { status, warnings } = await apply([{ unsettled: [tentative] }, { unsettled: [tentative] }, {}]);
  expect([status, warnings]).toEqual(['converged', []]);
});

test('an address that somebody else holds did not stick, and waiting would not help', async () => {
  const { status, cause, error } = await apply([{ unsettled: [{ ...tentative, state: 'duplicate' }] }, {}]);
  expect([status, cause, error?.message]).toEqual([
    'partial',
    'did-not-stick',
    'did not stick: host:br-x: fd00::1/64 is held by somebody else on the link (dadfailed)',
  ]);
});

test('what did not stick is named with what was wanted and what is', () => {
  const update = changed('bridge:br-x', { mtu: 1400 }, [{ path: 'mtu', before: 1400, after: 1500 }]);
  expect(stuckText([update, created('route:a:10.0.0.0/8', {}), deleted('namespace:b', {})])).toBe(
    'did not stick: bridge:br-x mtu wanted 1500 is 1400; route:a:10.0.0.0/8 is not there; namespace:b is still there (somebody changed it back?)',
  );
});

test('a read tells addresses that are still looked for from those found elsewhere, and ports that wait', () => {
  // As ip 6.1 -j -d addr show prints them.
  const [link] = parseLinks([
    {
      ifindex: 2,
      ifname: 'p0',
      flags: ['UP', 'LOWER_UP'],
      mtu: 1500,
      linkinfo: { info_slave_kind: 'bridge', info_slave_data: { state: 'listening' } },
      addr_info: [
        { family: 'inet6', local: 'fd00::1', prefixlen: 64, tentative: true },
        { family: 'inet6', local: 'fd00::2', prefixlen: 64, tentative: true, dadfailed: true },
        { family: 'inet6', local: 'fd00::3', prefixlen: 64 },
      ],
    },
  ]);
  expect([link?.state.undecided, link?.state.port?.waiting]).toEqual([
    [
      { address: 'fd00::1/64', duplicate: false },
      { address: 'fd00::2/64', duplicate: true },
    ],
    true,
  ]);
});
