import { HostError } from '../../../model/errors.ts';
import { judge } from '../../../model/flow.ts';
import { type Cidr, canonical, contains, type Family, type Ip, parseCidr, parseIp } from '../../../model/ip.ts';
import type { Operation, Step } from '../../../model/operation.ts';
import { HOST } from '../../../model/topology.ts';
import type { ProgramOptions, RunProgram } from '../../program.ts';
import { conntrackListArgv, localRoutesArgv, REMOVE_ARGV } from '../conntrack-argv.ts';
import { type Entry, entriesIn, removalOf } from '../conntrack-entries.ts';
import { readSteadily } from '../read/steadily.ts';
import { type Settled, stepError, toError } from './result.ts';

type Flush = Extract<Step, { do: 'conntrack-flush' }>;
type Cut = Extract<Step, { do: 'conntrack-cut' }>;
/** Which entries of one listing are to go. */
type Choice = (entry: Entry, isLocal: (address: string) => boolean) => boolean;

/**
 * Removes conntrack entries: of each family (and protocol, where the steps are about one) they are listed once, and those concerned are
 * removed one by one, by one program. What is addressed to another machine's port of that number stays. That the tool is not installed
 * counts as done: a connection that is under way then keeps going where it went; the plan has warned of it (`Snapshot.hasConntrack`).
 */
export async function flushConntrack(run: RunProgram, operations: readonly Operation[]): Promise<Settled> {
  const listings = new Map<string, Operation[]>();
  for (const operation of operations) {
    const { step } = operation;
    if (step.do !== 'conntrack-flush' && step.do !== 'conntrack-cut') continue;
    const key = conntrackListArgv(step).join(' ');
    listings.set(key, [...(listings.get(key) ?? []), operation]);
  }
  const settled: Settled = new Map();
  for (const concerned of listings.values()) {
    const error = await flush(run, concerned);
    for (const operation of concerned) settled.set(operation, error);
  }
  return settled;
}

/** Operations of one listing. */
async function flush(run: RunProgram, operations: readonly Operation[]): Promise<Error | undefined> {
  const flushes: Flush[] = [];
  const cuts: Cut[] = [];
  for (const { step } of operations) {
    if (step.do === 'conntrack-flush') flushes.push(step);
    else if (step.do === 'conntrack-cut') cuts.push(step);
  }
  const first = flushes[0] ?? cuts[0];
  if (first === undefined) return undefined;
  try {
    const listed = entriesIn(await asked(run, conntrackListArgv(first)));
    if (listed.length === 0) return undefined;
    const isLocal = await localAddresses(run, first.family);
    const choices = [toPorts(flushes), ...cuts.map(letInBefore)];
    const stale = listed.filter((entry) => choices.some((choice) => choice(entry, isLocal)));
    const lines = stale.map((entry) => `${removalOf(first.family, entry)}\n`);
    if (lines.length > 0) await asked(run, REMOVE_ARGV, { input: lines.join('') });
    return undefined;
  } catch (error) {
    if (error instanceof HostError && error.code === 'E_NO_CONNTRACK') return undefined;
    return toError(error);
  }
}

/** What a program printed. That there are no such entries is no failure (the tool exits 1 where it removes none). */
async function asked(run: RunProgram, argv: readonly string[], options?: ProgramOptions): Promise<string> {
  const { exitCode, stdout, stderr } = await run(argv, options);
  if (exitCode === 0 || / 0 flow entries/.test(stderr)) return stdout;
  throw stepError(argv, HOST, exitCode, stderr);
}

/** Entries that were addressed to a port of the host. */
function toPorts(requests: readonly Flush[]): Choice {
  const byPort = new Map<number | undefined, Flush[]>();
  for (const request of requests) byPort.set(request.hostPort, [...(byPort.get(request.hostPort) ?? []), request]);
  return (entry, isLocal) =>
    byPort.get(entry.original.destinationPort)?.some((request) => isMeant(entry, request, isLocal(entry.original.destination))) ?? false;
}

function isMeant({ original, reply }: Entry, { hostAddress, leadingTo }: Flush, isLocal: boolean): boolean {
  const address = original.destination;
  if (hostAddress === undefined ? !isLocal : canonical(hostAddress) !== address) return false;
  return (
    leadingTo === undefined ||
    [{ address, port: original.destinationPort }, ...leadingTo].some(
      (one) => canonical(one.address) === reply.source && one.port === reply.sourcePort,
    )
  );
}

/** Entries that were forwarded and would not be any more. */
function letInBefore({ were, are, directions }: Cut): Choice {
  const [passed, passes] = [judge(were, directions), judge(are, directions)];
  return ({ protocol, original, reply }, isLocal) => {
    const [source, target] = [parseIp(original.source), parseIp(reply.source)];
    if (source === undefined || target === undefined || isLocal(original.source) || isLocal(reply.source)) return false;
    const flow = {
      protocol,
      source,
      target,
      ...(reply.sourcePort === undefined ? {} : { port: reply.sourcePort }),
      translated: reply.source !== original.destination || reply.sourcePort !== original.destinationPort,
    };
    return passed(flow) && !passes(flow);
  };
}

/** Whether packets to an address end at this host, as `fib daddr type local` of our rules asks: by the kernel's table of local routes. */
async function localAddresses(run: RunProgram, family: Family): Promise<(address: string) => boolean> {
  const text = await asked((argv, options) => readSteadily(run, argv, options), localRoutesArgv(family));
  const cidrs = [...text.matchAll(/^local (\S+)/gm)].flatMap(([, to = '']): Cidr[] => {
    const cidr = parseCidr(to.includes('/') ? to : `${to}/${family === 'ipv4' ? 32 : 128}`);
    return cidr === undefined ? [] : [cidr];
  });
  return (address) => {
    const ip: Ip | undefined = parseIp(address);
    return ip !== undefined && cidrs.some((cidr) => contains(cidr, ip));
  };
}
