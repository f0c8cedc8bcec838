import { mkdirSync, writeFileSync } from 'node:fs';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Kernel } from '../../src/model/kernel.ts';
import type { Outcome, Step } from '../../src/model/operation.ts';
import type { Plan } from '../../src/model/resource.ts';
import type { Topology } from '../../src/model/topology.ts';
import { planDestroy, planRevert } from '../../src/pipeline/plan.ts';
import { converge, linesOf } from '../support/converge.ts';
import { type Fault, runWith } from '../support/faults/effects.ts';
import { insideContainer, makeContainer } from '../support/faults/every-file.ts';
import { foreignState, makeForeign } from '../support/faults/foreign.ts';
import { netloomIn, type Trouble, type Troubled } from '../support/faults/host.ts';
import { everything, newOnes, oneOfEach, randomOf, sampled } from '../support/faults/killing.ts';
import { faultRow } from '../support/faults/table.ts';
import { destroy, kernel, load, planOf } from '../support/lab.ts';
import { shell } from '../support/sandbox.ts';

const A_TEXT = `version: 1
name: lab
subnets: { one: { ipv4: 10.31.1.0/24, ipv6: "fd31:1::/64" }, two: { ipv4: 10.31.2.0/24 } }
bridges: { br-one: { subnet: one }, br-two: { subnet: two, mtu: 1400 } }
namespaces: { web: { publish: ["8080:80"], dns: [192.0.2.53], routes: [{ to: 10.8.0.0/16, type: blackhole }] }, old: { sysctls: { net.core.somaxconn: 77 } }, side: { share: web }, theirs: { attach: { path: /run/lab/by-hand } } }
links: [[web:eth0, br-one], [old:eth0, br-two], [web:eth1, br-two], [theirs:eth0, br-two]]
`;
const B_TEXT = `version: 1
name: lab
subnets: { one: { ipv4: 10.31.1.0/24, ipv6: "fd31:1::/64" }, three: { ipv4: 10.31.3.0/24 } }
bridges: { br-one: { subnet: one, mtu: 1300, icc: false }, br-three: { subnet: three } }
namespaces: { web: { publish: ["8080:81", "81:81/udp"], routes: [{ to: 10.9.0.0/16, type: blackhole }] }, new: { forwarding: true } }
links: [{ ends: [web:eth0, br-one], addresses: [10.31.1.40, "fd31:1::40"] }, [new:eth0, br-three], { ends: [web:p0, new:p0], mtu: 1400 }]
`;

const FILE = '/run/lab/lab.yaml';
const A = load(A_TEXT, FILE);
const B = load(B_TEXT, FILE);

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

/** By the command line, whose exit code it is. */
function command(trouble: Trouble, to: Topology | undefined, options = ''): Promise<Troubled> {
  if (to !== undefined) writeFileSync(FILE, to === A ? A_TEXT : B_TEXT);
  return netloomIn(trouble, `${to === undefined ? 'destroy lab --yes' : `apply ${FILE}`} --quiet${options}`);
}

const left = ({ report }: Troubled): string[] => linesOf({ changes: report?.remaining ?? [] });

let foreign = '';
let container = '';
beforeAll(async () => {
  mkdirSync('/run/lab', { recursive: true });
  await makeForeign();
  await makeContainer();
  container = await insideContainer();
});
beforeEach(async () => {
  await destroy('lab');
  foreign = await foreignState();
});

const carriedOut = new Set<Step['do']>();
/** Sorts of effects, with their phase, that one journey or another was refused. */
const refused = new Set<string>();
/** Phases in which one journey or another went on. */
const keptGoing = new Set<string>();

describe.each(journeys)('an effect of a topology being $what is refused', ({ what, from, to }) => {
  test('once: the host is as it was before', async () => {
    if (from) await converge(kernel, from);
    const start = await everything();
    const { operations } = await planFor(to);
    for (const { step } of operations) carriedOut.add(step.do);
    const { effects } = await runWith(operations);
    if (from) await converge(kernel, from);
    else await destroy('lab');
    expect(await everything()).toEqual(start);
    const places = sampled(oneOfEach(refused, randomOf(3)))(effects);
    for (const [index, after] of places.entries()) {
      const ended = await command({ kernel: faulty({ after, how: 'refused' }) }, to);
      const place = `${after} of ${effects.length}, ${effects[after]?.phase} ${effects[after]?.sort}`;
      // Links that cannot be removed in bulk are removed one by one.
      const code = effects[after]?.phase === 'remove' && ended.code === 0 ? 0 : 3;
      expect([place, ended.code, left(ended)]).toEqual([place, code, []]);
      if (code === 0 && from) await converge(kernel, from);
      // Every few times: nobody else would put right what was wrong, as each run goes back to what it has found.
      if (index % 4 === 3 || index === places.length - 1) expect([place, await everything()]).toEqual([place, start]);
    }
    expect(await foreignState()).toEqual(foreign);
    // One at least in each phase there is, and of what was not refused before one of each sort.
    expect(places.length).toBeGreaterThan(3);
    faultRow(`one program or file operation fails while a topology is ${what}`, 'the host is as it was before; exit code 3');
  });

  test('once, with --keep-going: what does not depend on it stands, and the same command again finishes it', async () => {
    if (from) await converge(kernel, from);
    const { effects } = await runWith((await planFor(to)).operations);
    const phases = newOnes(keptGoing, randomOf(6))(effects.map(({ phase }) => ({ phase, sort: 'any' })));
    for (const after of phases) {
      if (from) await converge(kernel, from);
      else await destroy('lab');
      const ended = await command({ kernel: faulty({ after, how: 'refused' }) }, to, ' --keep-going');
      const place = `${after} of ${effects.length}, ${effects[after]?.phase} ${effects[after]?.sort}`;
      const code = effects[after]?.phase === 'remove' && ended.code === 0 ? 0 : 4;
      // What is named as left is what a new plan would do.
      expect([place, ended.code, left(ended)]).toEqual([place, code, linesOf(await planFor(to))]);
      expect(await command({}, to)).toMatchObject({ code: 0 });
      expect([place, linesOf(await planFor(to))]).toEqual([place, []]);
    }
    await destroy('lab');
    expect([await foreignState(), await insideContainer()]).toEqual([foreign, container]);
    faultRow(
      `one program or file operation fails while a topology is ${what}, with \`--keep-going\``,
      'what does not depend on it is done, what is left is named; exit code 4; the same command again finishes it',
    );
  });

  test('and all that comes later: the report lists what differs, and nothing else', async () => {
    if (from) await converge(kernel, from);
    const start = await everything();
    const { operations } = await planFor(to);
    for (const share of [0, 0.4, 0.8]) {
      const ended = await command({ kernel: faulty({ after: Math.floor(share * operations.length), how: 'broken' }) }, to);
      if (ended.plan === undefined) throw new Error('nothing was planned');
      const differs = linesOf(await planRevert(kernel, ended.plan, to));
      expect([share, left(ended), ended.code]).toEqual([share, differs, differs.length === 0 ? 3 : 4]);
      await kernel.run((await planRevert(kernel, ended.plan, to)).operations);
      await kernel.run((await planRevert(kernel, ended.plan, to)).operations);
      expect([share, await everything()]).toEqual([share, start]);
    }
    faultRow(
      'everything fails from some point on, the way back too',
      'the report lists exactly what differs from the state before; exit code 4',
    );
  });
});

/** Besides these there are: `docker-user-…`, which wants Docker, and what puts right what somebody has changed. */
test('there were steps of every kind that a topology alone asks for', () => {
  expect(refused.size).toBeGreaterThan(30);
  expect([...carriedOut].sort()).toEqual([
    ...['address-add', 'address-delete', 'altname-add', 'bridge-add', 'conntrack-cut', 'conntrack-flush', 'file-delete', 'file-write'],
    ...['link-delete', 'link-set', 'netns-add', 'netns-attach', 'netns-bind', 'netns-delete', 'nft'],
    ...['route-delete', 'route-replace', 'sysctl', 'veth-add'],
  ]);
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
  let theirs: unknown;
  const meanwhile = async (): Promise<void> => {
    await shell(happens);
    theirs = await everything();
  };
  const ended = await command({ meanwhile }, A);
  expect([ended.code, ended.stderr, left(ended)]).toEqual([3, expect.stringMatching(reason), []]);
  if (!what.startsWith('`nft`')) expect(await everything()).toEqual(theirs);
  await shell(`${undo} 2>/dev/null || true`);
  expect(await foreignState()).toEqual(foreign);
  expect(await everything()).toEqual(start);
  faultRow(what, 'it says what failed, everything goes back, and what is foreign stays; exit code 3');
});

test.each([
  ['a bridge of ours vanishes', 'ip link del br-one'],
  ['a namespace of ours vanishes', 'ip netns del web; ip netns del side'],
  ['a link of ours that is to change is moved away', 'ip -n web link set eth0 netns foreign name moved0'],
])('%s between plan and apply: it brings back what was there when it planned, and the next run arrives', async (what, happens) => {
  await converge(kernel, A);
  const ended = await command({ meanwhile: () => shell(happens) }, B);
  if (ended.plan === undefined) throw new Error('nothing was planned');
  expect([ended.code, left(ended)]).toEqual([3, []]);
  expect(linesOf(await planRevert(kernel, ended.plan, B))).toEqual([]);
  await converge(kernel, B);
  await destroy('lab');
  expect(await foreignState()).toEqual(foreign);
  faultRow(
    `${what} between plan and apply`,
    'it fails and brings back what was there when it planned; exit code 3; the next apply arrives',
  );
});

test('a link of ours that is to go is moved away between plan and apply: it arrives', async () => {
  await converge(kernel, A);
  const ended = await command({ meanwhile: () => shell('ip -n web link set eth1 netns foreign') }, B);
  expect([ended.code, left(ended), linesOf(await planOf(B))]).toEqual([0, [], []]);
  await destroy('lab');
  expect(await foreignState()).toEqual(foreign);
  faultRow('a link of ours that is to go is moved away between plan and apply', 'it arrives; exit code 0');
});
