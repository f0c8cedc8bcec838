import { DOOMED_GROUP, LINK_GROUP } from '../../../model/marks.ts';
import type { Operation } from '../../../model/operation.ts';
import { HOST } from '../../../model/topology.ts';
import { device } from '../../checked.ts';
import type { RunProgram } from '../../program.ts';
import { type Fields, listOf, optionalText, parseJson, text, texts, whole } from '../read/edge.ts';
import { atEdge } from '../read/namespace.ts';
import { isInterrupted, readSteadily } from '../read/steadily.ts';
import { runIp } from './host.ts';
import { batchText, commandsOf } from './ip-batch.ts';
import type { Settled } from './result.ts';

const LIST = ['ip', '-N', '-j', 'link', 'show'];

interface Link {
  readonly ifname: string;
  readonly altnames: readonly string[];
  readonly ifindex: number;
  readonly group: number;
  /** The bridge that it is a port of. */
  readonly master?: string;
}

/**
 * Removes many links of the host at once. A single removal waits for an RCU grace period, 16-21 ms; a group of 1,000 goes in a second. But a
 * group takes *every* link of its number along. So our own group goes as a whole only where it holds exactly the doomed; else they are moved to
 * a number of their own, read again, and removed together only if exactly they are there; else one by one, as is done when anything at all is unexpected.
 */
export async function deleteLinks(run: RunProgram, operations: readonly Operation[]): Promise<Settled> {
  const before = await readLinks(run, LIST);
  if (before === undefined) return runIp(run, commandsOf(operations));
  const byName = new Map(before.flatMap((link) => [link.ifname, ...link.altnames].map((name) => [name, link])));
  const wanted = new Map(operations.map((operation) => [operation, byName.get(devOf(operation))]));
  const doomed = [...new Set([...wanted.values()].filter((link) => link !== undefined))];
  const settled: Settled = new Map();
  for (const [operation, link] of wanted) if (link === undefined) settled.set(operation, undefined);
  if (doomed.length === 0) return settled;

  const own = before.filter(({ group }) => group === LINK_GROUP);
  const group = areSame(own, doomed) ? LINK_GROUP : await moveToDoomed(run, doomed);
  if (group !== undefined && (await deleteGroup(run, group, doomed))) {
    for (const operation of operations) settled.set(operation, undefined);
    return settled;
  }
  const left = commandsOf(operations.filter((operation) => !settled.has(operation)));
  return new Map([...settled, ...(batchText(left) === '' ? [] : await runIp(run, left))]);
}

const devOf = ({ step }: Operation): string => (step.do === 'link-delete' ? device(step.dev) : '');

/** The group that these links, and no others, are in now; undefined where that could not be brought about. */
async function moveToDoomed(run: RunProgram, doomed: readonly Link[]): Promise<number | undefined> {
  const moved = await run(['ip', '-batch', '-'], {
    input: doomed.map(({ ifname }) => `link set dev ${device(ifname)} group ${DOOMED_GROUP}\n`).join(''),
  });
  const there = await readLinks(run, [...LIST, 'group', String(DOOMED_GROUP)]);
  return moved.exitCode === 0 && there !== undefined && areSame(there, doomed) ? DOOMED_GROUP : undefined;
}

/**
 * Bridges go down first: one that is up chooses the states of all its ports anew for each that leaves (net/bridge/br_stp_if.c, br_stp_disable_port), with
 * 1,000 of them a sixth of all the work (Linux 6.18).
 */
async function deleteGroup(run: RunProgram, group: number, links: readonly Link[]): Promise<boolean> {
  const masters = new Set(links.map(({ master }) => master));
  const bridges = links.filter(({ ifname }) => masters.has(ifname));
  const lines = [...bridges.map(({ ifname }) => `link set dev ${device(ifname)} down\n`), `link del group ${group}\n`];
  return (await run(['ip', '-batch', '-'], { input: lines.join('') })).exitCode === 0;
}

/** By name and number: a name may have become another link's. */
function areSame(a: readonly Link[], b: readonly Link[]): boolean {
  const known = new Set(b.map(keyOf));
  return a.length === b.length && a.every((link) => known.has(keyOf(link)));
}

const keyOf = ({ ifname, ifindex }: Link): string => `${ifname} ${ifindex}`;

/** Undefined where the list never stood still: one in which a link is missing would have it taken for gone. */
async function readLinks(run: RunProgram, argv: readonly string[]): Promise<Link[] | undefined> {
  const { stdout, stderr } = await readSteadily(run, argv);
  if (isInterrupted(stderr)) return undefined;
  return atEdge(argv, HOST, () =>
    listOf(parseJson(stdout || '[]', 'ip link show'), 'ip link show')
      .filter((fields) => fields.ifindex !== undefined)
      .map(parseLink),
  );
}

function parseLink(fields: Fields): Link {
  const master = optionalText(fields, 'master');
  return {
    ifname: text(fields, 'ifname'),
    altnames: texts(fields, 'altnames'),
    ifindex: whole(fields, 'ifindex'),
    group: whole(fields, 'group'),
    ...(master === undefined ? {} : { master }),
  };
}
