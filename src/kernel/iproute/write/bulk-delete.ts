import { DOOMED_GROUP } from '../../../model/marks.ts';
import type { Operation } from '../../../model/operation.ts';
import { HOST } from '../../../model/topology.ts';
import { device } from '../../checked.ts';
import type { RunProgram } from '../../program.ts';
import { listOf, parseJson, text, texts, whole } from '../read/edge.ts';
import { atEdge } from '../read/namespace.ts';
import { isInterrupted, readSteadily } from '../read/steadily.ts';
import { runIp } from './host.ts';
import { batchText, commandsOf } from './ip-batch.ts';
import type { Settled } from './result.ts';

/** name and altnames → name and ifindex */
type Links = ReadonlyMap<string, string>;

/**
 * Removes many links of the host at once. A single removal waits for an RCU grace period, 16-21 ms; a group of 1,000 goes in 0.5 s. But a
 * group takes *every* link of its number along: so the doomed are moved to a number of their own, read again, and removed together
 * only if exactly they are there; else one by one, as is done when anything at all is unexpected.
 */
export async function deleteLinks(run: RunProgram, operations: readonly Operation[]): Promise<Settled> {
  const before = await readLinks(run, ['ip', '-N', '-j', 'link', 'show']);
  if (before === undefined) return runIp(run, commandsOf(operations));
  const wanted = new Map(operations.map((operation) => [operation, before.get(devOf(operation))]));
  const doomed = new Set([...wanted.values()].filter((link) => link !== undefined));
  const settled: Settled = new Map();
  for (const [operation, link] of wanted) if (link === undefined) settled.set(operation, undefined);
  if (doomed.size === 0) return settled;

  const moved = await run(['ip', '-batch', '-'], {
    input: [...doomed].map((link) => `link set dev ${nameOf(link)} group ${DOOMED_GROUP}\n`).join(''),
  });
  const there = await readLinks(run, ['ip', '-N', '-j', 'link', 'show', 'group', String(DOOMED_GROUP)]);
  const exact = there !== undefined && sameMembers(new Set(there.values()), doomed);
  if (moved.exitCode === 0 && exact && (await run(['ip', 'link', 'del', 'group', String(DOOMED_GROUP)])).exitCode === 0) {
    for (const operation of operations) settled.set(operation, undefined);
    return settled;
  }
  const left = commandsOf(operations.filter((operation) => !settled.has(operation)));
  return new Map([...settled, ...(batchText(left) === '' ? [] : await runIp(run, left))]);
}

const devOf = ({ step }: Operation): string => (step.do === 'link-delete' ? device(step.dev) : '');
const nameOf = (link: string): string => device(link.slice(0, link.lastIndexOf(' ')));
const sameMembers = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => a.size === b.size && [...a].every((one) => b.has(one));

/** Undefined where the list never stood still: one in which a link is missing would have it taken for gone. */
async function readLinks(run: RunProgram, argv: readonly string[]): Promise<Links | undefined> {
  const { stdout, stderr } = await readSteadily(run, argv);
  if (isInterrupted(stderr)) return undefined;
  return atEdge(argv, HOST, () => {
    const links = listOf(parseJson(stdout || '[]', 'ip link show'), 'ip link show').filter((fields) => fields.ifindex !== undefined);
    return new Map(
      links.flatMap((fields) => {
        const name = text(fields, 'ifname');
        const link = `${name} ${whole(fields, 'ifindex')}`;
        return [name, ...texts(fields, 'altnames')].map((one): [string, string] => [one, link]);
      }),
    );
  });
}
