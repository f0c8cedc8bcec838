import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { beforeEach, expect, test } from 'vitest';
import { createIprouteKernel } from '../../src/kernel/iproute/kernel.ts';
import type { Kernel } from '../../src/model/kernel.ts';
import { type Operation, PHASES } from '../../src/model/operation.ts';
import type { Report } from '../../src/model/report.ts';
import type { Plan } from '../../src/model/resource.ts';
import type { Topology } from '../../src/model/topology.ts';
import { applyPlan } from '../../src/pipeline/apply.ts';
import { planDestroy, planRevert, planTopology } from '../../src/pipeline/plan.ts';
import { linesOf } from '../support/converge.ts';
import { EVERY_CUT } from '../support/faults/killing.ts';
import { load } from '../support/lab.ts';
import { shell } from '../support/sandbox.ts';
import { emptyHost } from './iproute/support.ts';

const NAME = 'guards';

interface Wishes {
  readonly one?: string;
  readonly two?: string;
  readonly a?: string;
  readonly b?: string;
}

/** Two bridges, `b` only where it is asked for. */
const lab = ({ one = '', two = '', a = '', b }: Wishes = {}): Topology =>
  load(`
version: 1
name: ${NAME}
subnets:
  a: { ipv4: 172.31.1.0/24, ipv6: "fd31:1::/64" }
${b === undefined ? '' : '  b: { ipv4: 172.31.2.0/24 }'}
bridges:
  br-a: { subnet: a ${a} }
${b === undefined ? '' : `  br-b: { subnet: b ${b} }`}
namespaces:
  one: { ${one === '' ? '' : `publish: [${one}]`} }
${b === undefined ? '' : `  two: { ${two === '' ? '' : `publish: [${two}]`} }`}
links:
  - [one:eth0, br-a]
${b === undefined ? '' : '  - [two:eth0, br-b]'}
`);

/** What of the host decides whether anything gets where it should not. */
interface Look {
  readonly chains: ReadonlyMap<string, string>;
  readonly rules: readonly { readonly chain: string; readonly text: string }[];
  /** Elements of maps that IPv4 is translated by; there is no route_localnet for IPv6. */
  readonly dnat: number;
  readonly bridges: readonly string[];
  readonly localnet: readonly string[];
}

type NftObject = Record<string, Record<string, unknown> | undefined>;

/** By other means than netloom's own, and at once, so that nothing goes on meanwhile. */
function look(): Look {
  const listed = JSON.parse(execFileSync('nft', ['-j', 'list', 'ruleset'], { encoding: 'utf8' })) as { nftables: NftObject[] };
  const ours = (kind: string) => listed.nftables.flatMap((entry) => (entry[kind]?.table === `netloom-${NAME}` ? [entry[kind]] : []));
  const bridges = readdirSync('/sys/class/net').filter((name) => name.startsWith('br-'));
  return {
    chains: new Map(ours('chain').map(({ name, hook, prio }) => [String(name), `${hook} ${prio}`])),
    rules: ours('rule').map(({ chain, expr }) => ({ chain: String(chain), text: JSON.stringify(expr) })),
    dnat: ours('map').reduce(
      (sum, { name, elem }) => sum + (String(name).startsWith('publish_ipv4') && Array.isArray(elem) ? elem.length : 0),
      0,
    ),
    bridges,
    localnet: bridges.filter((name) => readFileSync(`/proc/sys/net/ipv4/conf/${name}/route_localnet`, 'utf8').trim() === '1'),
  };
}

/** What is missing of what must stand before a DNAT, a route_localnet or a bridge does. */
function missing({ chains, rules, dnat, bridges, localnet }: Look, open: readonly string[]): string[] {
  const has = (chain: string, ...words: readonly string[]) =>
    rules.some((rule) => rule.chain === chain && words.every((word) => rule.text.includes(word)) && rule.text.includes('{"drop":null}'));
  const towards = (bridge: string) => `{"match":{"op":"==","left":{"meta":{"key":"oifname"}},"right":"${bridge}"}}`;
  const notLo = '{"match":{"op":"!=","left":{"meta":{"key":"iifname"}},"right":"lo"}}';
  const loopback = ['daddr', 'saddr'].every((field) =>
    has(
      'guard',
      notLo,
      `{"match":{"op":"==","left":{"payload":{"protocol":"ip","field":"${field}"}},"right":{"prefix":{"addr":"127.0.0.0","len":8}}}}`,
    ),
  );
  return [
    ...((dnat > 0 || localnet.length > 0) && !(loopback && chains.get('guard') === 'prerouting -300')
      ? [`the loopback guard, with ${dnat} DNAT and route_localnet on ${localnet.join() || 'none'}`]
      : []),
    ...bridges
      .filter((bridge) => !open.includes(bridge))
      .filter((bridge) => !(has('forward', towards(bridge)) && chains.get('forward') === 'forward 0'))
      .map((bridge) => `the drop towards ${bridge}`),
  ];
}

interface Watch {
  /** Bridges towards which there is no filter. */
  readonly open: readonly string[];
  /** What somebody has done to the filters is not ours to answer for before the first transaction. */
  readonly broken: boolean;
  /** How far the first run gets. */
  readonly cut?: number;
}

/** The kernel, looked at before each program that it starts and after each batch. */
function watched({ open, broken, cut }: Watch): { kernel: Kernel; seen: Look[]; holes: string[] } {
  const [seen, holes]: [Look[], string[]] = [[], []];
  let [armed, started] = [cut !== undefined, !broken];
  const note = (when: string): void => {
    const now = look();
    seen.push(now);
    holes.push(...missing(now, open).map((what) => `${when}: ${what}`));
  };
  const own = createIprouteKernel({ onSpawn: (argv) => started && note(`before ${argv[0]}`) });
  const run: Kernel['run'] = async (operations, options) => {
    const all = armed ? operations.slice(0, cut) : operations;
    const rest = armed ? operations.slice(cut) : [];
    armed = false;
    const outcomes = await own.run(all, {
      ...options,
      onProgress: (batch) => {
        started ||= batch.some(({ operation }) => operation.step.do === 'nft' && operation.phase === 'guard');
        if (started) note(`after ${batch[0]?.operation.phase} ${batch[0]?.operation.step.do}`);
        options?.onProgress?.(batch);
      },
    });
    return [...outcomes, ...rest.map((operation, index) => fallen(operation, index))];
  };
  return { kernel: { ...own, run }, seen, holes };
}

const fallen = (operation: Operation, index: number) =>
  index === 0
    ? ({ operation, status: 'failed', ms: 0, error: new Error('no') } as const)
    : ({ operation, status: 'skipped', ms: 0 } as const);

const planFor = (kernel: Kernel, to: Topology | undefined): Promise<Plan> =>
  to ? planTopology(kernel, to, { adopt: false }) : planDestroy(kernel, NAME);

async function apply(kernel: Kernel, to: Topology | undefined): Promise<Report> {
  const plan = await planFor(kernel, to);
  return applyPlan(kernel, plan, { replan: () => planFor(kernel, to), revert: () => planRevert(kernel, plan, to) });
}

const openOf = (...all: readonly (Topology | undefined)[]): string[] =>
  all.flatMap((topology) => topology?.bridges.flatMap(({ name, inbound }) => (inbound === 'open' ? [name] : [])) ?? []);

interface Case {
  readonly what: string;
  /** Absent: a host without the topology. */
  readonly from?: Topology;
  readonly to?: Topology;
  /** What somebody does to it first. */
  readonly how?: string;
}

const cases: readonly Case[] = [
  { what: 'everything is made', to: lab({ one: '"8080:80", "127.0.0.1:8443:443"', two: '"8081:80/udp"', b: '' }) },
  {
    what: 'everything is destroyed',
    from: lab({ one: '"8080:80", "127.0.0.1:8443:443"', two: '"8081:80/udp"', b: '' }),
  },
  { what: 'the first port is published', from: lab(), to: lab({ one: '"8080:80"' }) },
  { what: 'the first port is published, on 127.0.0.1', from: lab(), to: lab({ one: '"127.0.0.1:8080:80"' }) },
  { what: 'the first port is published, by IPv6 alone', from: lab(), to: lab({ one: '"[fd00:aa::1]:8080:80"' }) },
  { what: 'the last port is published no more', from: lab({ one: '"8080:80"' }), to: lab() },
  { what: 'the last port of 127.0.0.1 is published no more', from: lab({ one: '"127.0.0.1:8080:80"' }), to: lab() },
  { what: 'IPv6 alone is left', from: lab({ one: '"127.0.0.1:8080:80"' }), to: lab({ one: '"[fd00:aa::1]:8080:80"' }) },
  { what: 'a port is published on another bridge', from: lab({ b: '', one: '80' }), to: lab({ b: '', two: '80' }) },
  { what: 'a port leads elsewhere', from: lab({ one: '"8080:80"' }), to: lab({ one: '"8080:81"' }) },
  { what: 'another kind of address', from: lab({ one: '"8080:80"' }), to: lab({ one: '"192.0.2.1:8080:80@eth0"' }) },
  { what: 'a bridge comes', from: lab({ one: '"8080:80"' }), to: lab({ one: '"8080:80"', two: '"8081:80"', b: '' }) },
  { what: 'a bridge goes', from: lab({ one: '"8080:80"', two: '"8081:80"', b: '' }), to: lab({ one: '"8080:80"' }) },
  { what: 'the bridge that publishes goes', from: lab({ two: '"8081:80"', b: '' }), to: lab() },
  { what: 'icc goes off', from: lab({ one: '"8080:80"' }), to: lab({ one: '"8080:80"', a: ', icc: false' }) },
  { what: 'icc goes on', from: lab({ one: '"8080:80"', a: ', icc: false' }), to: lab({ one: '"8080:80"' }) },
  { what: 'a bridge becomes internal', from: lab({ one: '"8080:80"' }), to: lab({ a: ', internal: true' }) },
  { what: 'a bridge is internal no more', from: lab({ a: ', internal: true' }), to: lab({ one: '"8080:80"' }) },
  { what: 'a bridge is opened', from: lab({ one: '"8080:80"' }), to: lab({ one: '"8080:80"', a: ', inbound: open' }) },
  { what: 'a bridge is closed', from: lab({ one: '"8080:80"', a: ', inbound: open' }), to: lab({ one: '"8080:80"' }) },
  { what: 'nat goes off', from: lab({ one: '"8080:80"' }), to: lab({ one: '"8080:80"', a: ', nat: false' }) },
  ...[
    { what: 'the ruleset is flushed', how: 'nft flush ruleset' },
    { what: 'the loopback guard is emptied', how: `nft flush chain inet netloom-${NAME} guard` },
    {
      what: 'the loopback guard is deleted',
      how: `nft flush chain inet netloom-${NAME} guard; nft delete chain inet netloom-${NAME} guard`,
    },
    { what: 'the filters are emptied', how: `nft flush chain inet netloom-${NAME} forward` },
    { what: 'the table is emptied', how: `nft flush table inet netloom-${NAME}` },
    { what: 'the bridge is deleted', how: 'ip link del br-a' },
  ].map(({ what, how }) => ({ what, how, from: lab({ one: '"127.0.0.1:8080:80"' }), to: lab({ one: '"127.0.0.1:8080:80"' }) })),
];

beforeEach(async () => {
  await emptyHost();
});

const isBroken = ({ how }: Case): boolean => how?.startsWith('nft') ?? false;

async function begin({ from, how }: Case): Promise<void> {
  await emptyHost();
  if (from) expect((await apply(createIprouteKernel(), from)).status).toBe('converged');
  if (how !== undefined) await shell(how);
}

test.each(cases)('guards: $what, and none is absent at any step', async (one) => {
  await begin(one);
  const { kernel, seen, holes } = watched({ open: openOf(one.from, one.to), broken: isBroken(one) });
  const report = await apply(kernel, one.to);
  expect([report.status, linesOf({ changes: report.remaining })]).toEqual(['converged', []]);
  // The host was looked at all along.
  expect(seen.length).toBeGreaterThanOrEqual(5);
  expect(holes).toEqual([]);
});

// Where somebody has removed a guard, what was before is a host without it.
const intact = cases.filter((one) => !isBroken(one));

test.each(intact)('guards: $what, a phase fails, all goes back, and none is absent', async (one) => {
  await begin(one);
  const { operations } = await planFor(createIprouteKernel(), one.to);
  const phases = PHASES.filter((name) => operations.some((operation) => operation.phase === name));
  // Every third, each case beginning with another: many cases have the same phases, and all of them fail somewhere.
  for (const phase of phases.filter((_, index) => EVERY_CUT || (index + intact.indexOf(one)) % 3 === 0)) {
    const cut = operations.findLastIndex((operation) => operation.phase === phase);
    const { kernel, holes } = watched({ open: openOf(one.from, one.to), broken: false, cut });
    expect([phase, (await apply(kernel, one.to)).status, holes]).toEqual([phase, 'rolled-back', []]);
  }
});

test('guards: one that is not there is noticed', async () => {
  const topology = lab({ one: '"127.0.0.1:8080:80"', b: '' });
  await apply(createIprouteKernel(), topology);
  expect(missing(look(), [])).toEqual([]);
  for (const [how, what] of [
    ['flush chain inet netloom-guards guard', 'the loopback guard, with 1 DNAT and route_localnet on br-a'],
    [
      "delete rule inet netloom-guards forward handle $(nft -a list chain inet netloom-guards forward | sed -n 's/.*br-b: inbound.*handle //p')",
      'the drop towards br-b',
    ],
  ]) {
    await shell(`nft ${how}`);
    expect(missing(look(), [])).toEqual([what]);
    expect((await apply(createIprouteKernel(), topology)).status).toBe('converged');
  }
});
