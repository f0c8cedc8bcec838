import { HostError } from '../../../model/errors.ts';
import { type Cidr, canonical, contains, type Family, parseCidr, parseIp } from '../../../model/ip.ts';
import type { Operation, Step } from '../../../model/operation.ts';
import { HOST } from '../../../model/topology.ts';
import { mapConcurrently } from '../../concurrency.ts';
import type { RunProgram } from '../../program.ts';
import { conntrackArgv, conntrackListArgv, leadingToArgv, localRoutesArgv } from '../conntrack-argv.ts';
import { WIDTH } from '../drivers.ts';
import { type Settled, stepError, toError } from './result.ts';

type Flush = Extract<Step, { do: 'conntrack-flush' }>;

/**
 * Removes conntrack entries: of each family and protocol they are listed once, and those concerned are removed by their original
 * destination. What is addressed to another machine's port of that number stays. That the tool is not installed counts as done: a
 * connection that is under way then keeps going where it went; the plan has warned of it (`Snapshot.hasConntrack`).
 */
export async function flushConntrack(run: RunProgram, operations: readonly Operation[]): Promise<Settled> {
  const tables = new Map<string, { readonly step: Flush; readonly operation: Operation }[]>();
  for (const operation of operations) {
    const { step } = operation;
    if (step.do !== 'conntrack-flush') continue;
    const key = `${step.family} ${step.protocol}`;
    tables.set(key, [...(tables.get(key) ?? []), { step, operation }]);
  }
  const settled: Settled = new Map();
  for (const requests of tables.values()) {
    const error = await flush(
      run,
      requests.map(({ step }) => step),
    );
    for (const { operation } of requests) settled.set(operation, error);
  }
  return settled;
}

/** Requests of one family and protocol. */
async function flush(run: RunProgram, requests: readonly Flush[]): Promise<Error | undefined> {
  const [first] = requests;
  if (first === undefined) return undefined;
  try {
    const listed = await asked(run, conntrackListArgv(first));
    const isLocal = await localAddresses(run, first.family);
    const byPort = new Map<number, Flush[]>();
    for (const request of requests) byPort.set(request.hostPort, [...(byPort.get(request.hostPort) ?? []), request]);
    const stale = entriesIn(listed).filter((entry) => byPort.get(entry.port)?.some((request) => isMeant(entry, request, isLocal)));
    await mapConcurrently(stale, WIDTH, ({ address, port, target }) =>
      asked(run, [...conntrackArgv({ ...first, hostPort: port, hostAddress: address }), ...leadingToArgv(target)]),
    );
    return undefined;
  } catch (error) {
    if (error instanceof HostError && error.code === 'E_NO_CONNTRACK') return undefined;
    return toError(error);
  }
}

/** What a program printed. That there are no such entries is no failure (the tool exits 1 where it removes none). */
async function asked(run: RunProgram, argv: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await run(argv);
  if (exitCode === 0 || / 0 flow entries/.test(stderr)) return stdout;
  throw stepError(argv, HOST, exitCode, stderr);
}

/** Where connections were addressed to at first, and where they lead. */
interface Entry {
  readonly address: string;
  readonly port: number;
  readonly target: { readonly address: string; readonly port: number };
}

function isMeant({ address, port, target }: Entry, { hostAddress, leadingTo }: Flush, isLocal: (address: string) => boolean): boolean {
  if (hostAddress === undefined ? !isLocal(address) : canonical(hostAddress) !== address) return false;
  return (
    leadingTo === undefined ||
    [{ address, port }, ...leadingTo].some((one) => canonical(one.address) === target.address && one.port === target.port)
  );
}

const ENTRY = /^.*? dst=(\S+) sport=\d+ dport=(\d+) (?:.*? )?src=(\S+) dst=\S+ sport=(\d+) /gm;

/** The tool's lines, `… src= dst= sport= dport= … src= dst= sport= dport= …` with the answers' half second; each once. */
function entriesIn(listed: string): Entry[] {
  const found = new Map<string, Entry>();
  for (const [, dst = '', dport, src = '', sport] of listed.matchAll(ENTRY)) {
    const target = { address: canonical(src), port: Number(sport) };
    found.set(`${dst} ${dport} ${src} ${sport}`, { address: canonical(dst), port: Number(dport), target });
  }
  return [...found.values()];
}

/** Whether packets to an address end at this host, as `fib daddr type local` of our rules asks: by the kernel's table of local routes. */
async function localAddresses(run: RunProgram, family: Family): Promise<(address: string) => boolean> {
  const text = await asked(run, localRoutesArgv(family));
  const cidrs = [...text.matchAll(/^local (\S+)/gm)].flatMap(([, to = '']): Cidr[] => {
    const cidr = parseCidr(to.includes('/') ? to : `${to}/${family === 'ipv4' ? 32 : 128}`);
    return cidr === undefined ? [] : [cidr];
  });
  return (address) => {
    const ip = parseIp(address);
    return ip !== undefined && cidrs.some((cidr) => contains(cidr, ip));
  };
}
