import { beforeEach, expect, test } from 'vitest';
import type { Kernel } from '../../src/model/kernel.ts';
import { applyPlan } from '../../src/pipeline/apply.ts';
import { planRevert, planTopology } from '../../src/pipeline/plan.ts';
import { kernel, load } from '../support/lab.ts';
import { shell } from '../support/sandbox.ts';
import { emptyHost } from './iproute/support.ts';

const lab = (bridge: string) =>
  load(`
version: 1
name: settle
subnets:
  a: { ipv4: 172.31.1.0/24, ipv6: "fd31:1::/64" }
bridges:
  br-a: { subnet: a${bridge} }
namespaces:
  one:
links:
  - [one:eth0, br-a]
`);

beforeEach(emptyHost);

/** Applies; `meddle` is what somebody else does right after the last operation. */
async function apply(text: string, meddle: string) {
  const topology = lab(text);
  const replan = () => planTopology(kernel, topology, { adopt: false });
  const on: Kernel = {
    ...kernel,
    run: async (operations, options) => {
      const outcomes = await kernel.run(operations, options);
      await shell(meddle);
      return outcomes;
    },
  };
  const plan = await replan();
  return applyPlan(on, plan, { replan, revert: () => planRevert(kernel, plan, topology) });
}

test('what somebody changes back is named, with what was wanted and what is; nothing is rolled back', async () => {
  const { status, cause, error, remaining } = await apply('', 'ip link set br-a mtu 1400');
  expect([status, cause, error?.message]).toEqual([
    'partial',
    'did-not-stick',
    'did not stick: bridge:br-a mtu wanted 1500 is 1400 (somebody changed it back?)',
  ]);
  expect(remaining.map(({ id }) => id)).toEqual(['bridge:br-a']);
});

test('what differs for a moment only is waited for', async () => {
  // The mender ends by itself, once it has done what the kernel would do a moment later.
  const { status } = await apply('', 'ip link set br-a mtu 1400; (setsid sh -c "sleep 0.2; ip link set br-a mtu 1500" >/dev/null 2>&1 &)');
  expect(status).toBe('converged');
});

test('a port that spanning tree keeps waiting is no difference, and is told after a while', async () => {
  const { status, warnings } = await apply(', stp: true', 'true');
  expect([status, warnings]).toEqual([
    'converged',
    [{ code: 'W_UNSETTLED', message: expect.stringMatching(/^host:one-eth0 does not forward yet: spanning tree listens/) }],
  ]);
});
