import { HostError } from '../../../model/errors.ts';
import { type Cidr, canonical, contains, type Family, parseCidr, parseIp } from '../../../model/ip.ts';
import type { Operation, Step } from '../../../model/operation.ts';
import { HOST } from '../../../model/topology.ts';
import { mapConcurrently } from '../../concurrency.ts';
import type { RunProgram } from '../../program.ts';
import { conntrackArgv, conntrackListArgv, localRoutesArgv } from '../conntrack-argv.ts';
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
    const anywhere = new Set(requests.flatMap(({ hostPort, hostAddress }) => (hostAddress === undefined ? hostPort : [])));
    const exactly = new Set(requests.flatMap(({ hostPort, hostAddress = '' }) => `${canonical(hostAddress)} ${hostPort}`));
    const stale = destinations(listed).filter(
      ({ address, port }) => exactly.has(`${address} ${port}`) || (anywhere.has(port) && isLocal(address)),
    );
    await mapConcurrently(stale, WIDTH, ({ address, port }) =>
      asked(run, conntrackArgv({ ...first, hostPort: port, hostAddress: address })),
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

/** Where entries were addressed to at first, before any translation: in each line the first `dst=` and `dport=`. Each once. */
function destinations(listed: string): { readonly address: string; readonly port: number }[] {
  const found = new Map<string, { readonly address: string; readonly port: number }>();
  for (const [, dst = '', dport] of listed.matchAll(/^.*? dst=(\S+) sport=\d+ dport=(\d+) /gm)) {
    const key = `${dst} ${dport}`;
    if (!found.has(key)) found.set(key, { address: canonical(dst), port: Number(dport) });
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
