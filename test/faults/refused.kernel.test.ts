import { beforeEach, describe, expect, test } from 'vitest';
import type { Kernel } from '../../src/model/kernel.ts';
import type { Outcome } from '../../src/model/operation.ts';
import type { Report } from '../../src/model/report.ts';
import type { Plan } from '../../src/model/resource.ts';
import type { Topology } from '../../src/model/topology.ts';
import { applyPlan } from '../../src/pipeline/apply.ts';
import { planDestroy, planRevert } from '../../src/pipeline/plan.ts';
import { converge, linesOf } from '../support/converge.ts';
import { type Fault, runWith } from '../support/faults/effects.ts';
import { foreignState, makeForeign } from '../support/faults/foreign.ts';
import { everything, oneOfEach, randomOf, sampled } from '../support/faults/killing.ts';
import { faultRow } from '../support/faults/table.ts';
import { destroy, kernel, load, planOf } from '../support/lab.ts';
import { shell } from '../support/sandbox.ts';

const A = load(`version: 1
name: lab
subnets: { one: { ipv4: 10.31.1.0/24, ipv6: "fd31:1::/64" }, two: { ipv4: 10.31.2.0/24 } }
bridges: { br-one: { subnet: one }, br-two: { subnet: two, mtu: 1400 } }
namespaces: { web: { publish: ["8080:80"], dns: [192.0.2.53] }, old: , side: { share: web } }
links: [[web:eth0, br-one], [old:eth0, br-two], [web:eth1, br-two]]
`);
const B = load(`version: 1
name: lab
subnets: { one: { ipv4: 10.31.1.0/24, ipv6: "fd31:1::/64" }, three: { ipv4: 10.31.3.0/24 } }
bridges: { br-one: { subnet: one, mtu: 1300, icc: false }, br-three: { subnet: three } }
namespaces: { web: { publish: ["8080:81", "81:81/udp"], routes: [{ to: 10.9.0.0/16, type: blackhole }] }, new: { forwarding: true } }
links: [[web:eth0, br-one], [new:eth0, br-three], { ends: [web:p0, new:p0], mtu: 1400 }]
`);

const journeys = [
  { what: 'made', from: undefined, to: A },
  { what: 'changed', from: A, to: B },
  { what: 'removed', from: A, to: undefined },
];
const planFor = (to: Topology | undefined): Promise<Plan> => (to === undefined ? planDestroy(kernel, 'lab') : planOf(to));

/** The first run has the fault; later ones, which are to bring back what was, fail from the start where everything is broken. */
function faulty(fault: Fault): Kernel {
  let first = true;
  return {
    ...kernel,
    run: async (operations, options): Promise<Outcome[]> => {
      const again = !first;
      first = false;
      if (again && fault.how !== 'broken') return kernel.run(operations, options);
      return [...((await runWith(operations, again ? { after: 0, how: 'broken' } : fault)).outcomes ?? [])];
    },
  };
}

const apply = (on: Kernel, plan: Plan, to: Topology | undefined): Promise<Report> =>
  applyPlan(on, plan, { replan: () => planFor(to), revert: () => planRevert(kernel, plan, to) });

let foreign = '';
beforeEach(async () => {
  if (foreign === '') await makeForeign();
  await destroy('lab');
  foreign = await foreignState();
});

describe.each(journeys)('an effect of a topology being $what is refused', ({ what, from, to }) => {
  test('once: the host is as it was before', async () => {
    if (from) await converge(kernel, from);
    const start = await everything();
    const { effects } = await runWith((await planFor(to)).operations);
    if (from) await converge(kernel, from);
    else await destroy('lab');
    expect(await everything()).toEqual(start);
    const places = sampled(oneOfEach(new Set(), randomOf(3)))(effects);
    for (const after of places) {
      const report = await apply(faulty({ after, how: 'refused' }), await planFor(to), to);
      const place = `${after} of ${effects.length}, ${effects[after]?.phase} ${effects[after]?.sort}`;
      // Links that cannot be removed in bulk are removed one by one.
      const status = effects[after]?.phase === 'remove' && report.status === 'converged' ? 'converged' : 'rolled-back';
      expect([place, report.status, linesOf({ changes: report.remaining })]).toEqual([place, status, []]);
      if (status === 'converged' && from) await converge(kernel, from);
      expect([place, await everything()]).toEqual([place, start]);
    }
    expect(await foreignState()).toEqual(foreign);
    expect(places.length).toBeGreaterThan(8);
    faultRow(`one program or file operation fails while a topology is ${what}`, 'the host is as it was before; exit code 3');
  });

  test('and all that comes later: the report lists what differs, and nothing else', async () => {
    if (from) await converge(kernel, from);
    const start = await everything();
    const { operations } = await planFor(to);
    for (const share of [0, 0.3, 0.6, 0.9]) {
      const plan = await planFor(to);
      const report = await apply(faulty({ after: Math.floor(share * operations.length), how: 'broken' }), plan, to);
      const differs = linesOf(await planRevert(kernel, plan, to));
      expect([share, linesOf({ changes: report.remaining })]).toEqual([share, differs]);
      expect([share, report.status]).toEqual([share, differs.length === 0 ? 'rolled-back' : 'partial']);
      await kernel.run((await planRevert(kernel, plan, to)).operations);
      await kernel.run((await planRevert(kernel, plan, to)).operations);
      expect([share, await everything()]).toEqual([share, start]);
    }
    faultRow(
      'everything fails from some point on, the way back too',
      'the report lists exactly what differs from the state before; exit code 4',
    );
  });
});

test.each([
  [
    'a full disk under /etc/netns',
    'mount -t tmpfs -o size=4k,mode=755 none /etc/netns; echo x > /etc/netns/x',
    'umount /etc/netns',
    /ENOSPC/,
  ],
  [
    '`nft` rejects the table: somebody has put another map there since',
    'nft add table inet netloom-lab; nft "add map inet netloom-lab publish_ipv4_any { type ipv4_addr : ipv4_addr; }"',
    'nft delete table inet netloom-lab',
    /nft/,
  ],
  [
    'a foreign link takes a name between plan and apply',
    'ip link add br-two type bridge; ip link set br-two alias theirs',
    'ip link del br-two',
    /File exists/,
  ],
  [
    'a foreign namespace takes a name between plan and apply',
    'ip netns add old; ip -n old link set lo up',
    'ip netns del old',
    /File exists/,
  ],
  [
    'a foreign hosts file takes a place between plan and apply',
    'mkdir -p /etc/netns/old; ln -s /etc/passwd /etc/netns/old/hosts',
    'rm -r /etc/netns/old',
    /symbolic link/,
  ],
])('%s: everything goes back, and what is foreign stays', async (what, happens, undo, reason) => {
  const start = await everything();
  const plan = await planOf(A);
  await shell(happens);
  const theirs = await everything();
  const report = await apply(kernel, plan, A);
  expect([report.status, report.error?.message, linesOf({ changes: report.remaining })]).toEqual([
    'rolled-back',
    expect.stringMatching(reason),
    [],
  ]);
  if (!what.startsWith('`nft`')) expect(await everything()).toEqual(theirs);
  await shell(`${undo} 2>/dev/null || true`);
  expect(await foreignState()).toEqual(foreign);
  expect(await everything()).toEqual(start);
  faultRow(what, 'it says what failed, everything goes back, and what is foreign stays; exit code 3');
});

test.each([
  ['a bridge of ours vanishes', 'ip link del br-one'],
  ['a namespace of ours vanishes', 'ip netns del web; ip netns del side'],
  ['a link of ours is moved away', 'ip -n web link set eth1 netns foreign'],
])('%s between plan and apply: it fails or arrives, never half, and the next run arrives', async (what, happens) => {
  await converge(kernel, A);
  const plan = await planOf(B);
  await shell(happens);
  const report = await apply(kernel, plan, B);
  const differs = report.status === 'converged' ? await planOf(B) : await planRevert(kernel, plan, B);
  expect(linesOf({ changes: report.remaining })).toEqual(linesOf(differs));
  await converge(kernel, B);
  await destroy('lab');
  expect(await foreignState()).toEqual(foreign);
  faultRow(`${what} between plan and apply`, 'it fails and says what differs, or arrives; the next apply arrives');
});
