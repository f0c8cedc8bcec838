import { HostError, StepError } from '../../model/errors.ts';
import { familyOf } from '../../model/ip.ts';
import type { Neighbour, RouteAnswer, RouteQuestion, TraceListener } from '../../model/trace.ts';
import { address, isInterfaceName } from '../checked.ts';
import { listOf, optionalFields, optionalText, parseJson, text, texts } from '../iproute/read/edge.ts';
import { parseSockets } from '../iproute/read/listeners.ts';
import { atEdge } from '../iproute/read/namespace.ts';
import { socketOwners } from '../iproute/read/processes.ts';
import { lacksPrivilege, type ProgramResult, privilegeError, type RunProgram } from '../program.ts';
import { within } from '../within.ts';

/** A name that the host tells of, and that we hand on: the kernel itself takes far more. */
function known(namespace: string, device: string): string {
  if (isInterfaceName(device)) return device;
  throw new HostError(
    'E_TRACE',
    `the way leads by the interface ${JSON.stringify(device)} of ${namespace}, about which netloom does not ask: its name is none that it hands on`,
    'give it a name of letters, digits, `_`, `.`, `@` and `-`: ip link set … name …',
  );
}

/** RTN_LOCAL and RTN_UNICAST (include/uapi/linux/rtnetlink.h), which is not printed. */
const TYPES: Readonly<Record<string, 'local' | 'unicast'>> = { 2: 'local', local: 'local', 1: 'unicast', unicast: 'unicast' };

/** Where the kernel would send a packet: `ip route get`. */
export async function askRoute(run: RunProgram, { namespace, destination, source, incoming }: RouteQuestion): Promise<RouteAnswer> {
  const argv = within(namespace, [
    'ip',
    '-N',
    '-j',
    familyOf(destination) === 'ipv6' ? '-6' : '-4',
    'route',
    'get',
    address(destination),
    ...(source === undefined ? [] : ['from', address(source)]),
    ...(incoming === undefined ? [] : ['iif', known(namespace, incoming)]),
  ]);
  const result = await run(argv);
  const error = /RTNETLINK answers: (.*)/.exec(result.stderr)?.[1];
  if (result.exitCode !== 0 && error !== undefined && !lacksPrivilege(result.stderr.replace('answers: Permission denied', '')))
    return { found: false, error };
  if (result.exitCode !== 0) throw failure(result, namespace);
  return atEdge(argv, namespace, () => {
    const [route] = listOf(parseJson(result.stdout, 'ip route get'), 'ip route get');
    if (route === undefined) return { found: false, error: 'no answer' };
    const via = optionalText(route, 'gateway') ?? optionalText(optionalFields(route, 'via'), 'host');
    const prefsrc = optionalText(route, 'prefsrc');
    return {
      found: true,
      type: TYPES[optionalText(route, 'type') ?? 'unicast'] ?? 'other',
      device: text(route, 'dev'),
      ...(via === undefined ? {} : { via }),
      ...(prefsrc === undefined ? {} : { source: prefsrc }),
    };
  });
}

/** The neighbour table's entry; undefined where there is none. */
export async function askNeighbour(run: RunProgram, namespace: string, device: string, ip: string): Promise<Neighbour | undefined> {
  const argv = within(namespace, ['ip', '-N', '-j', 'neigh', 'show', 'to', address(ip), 'dev', known(namespace, device)]);
  const result = await run(argv);
  if (result.exitCode !== 0) return undefined; // the interface has gone
  return atEdge(argv, namespace, () => {
    const [entry] = listOf(parseJson(result.stdout, 'ip neigh'), 'ip neigh').filter((one) => one.dst !== undefined);
    if (entry === undefined) return undefined;
    const mac = optionalText(entry, 'lladdr');
    return { ...(mac === undefined ? {} : { mac }), states: texts(entry, 'state') };
  });
}

/** Sockets of a namespace that wait on a port. */
export async function askListeners(run: RunProgram, namespace: string, port: number): Promise<TraceListener[]> {
  const read = async (protocol: 'tcp' | 'udp') => {
    // The second file's titles look like no socket.
    const { stdout } = await run(within(namespace, ['cat', `/proc/net/${protocol}`, `/proc/net/${protocol}6`]));
    return parseSockets(protocol, stdout);
  };
  const sockets = (await Promise.all([read('tcp'), read('udp')])).flat().filter((socket) => socket.port === port);
  const owners = sockets.length === 0 ? new Map() : socketOwners(new Set(sockets.map(({ inode }) => inode)));
  return sockets.map(({ inode, ...listener }) => {
    const process = owners.get(inode);
    return process === undefined ? listener : { ...listener, process };
  });
}

const failure = (result: ProgramResult, namespace: string): HostError | StepError =>
  lacksPrivilege(result.stderr) ? privilegeError(result) : new StepError({ ...result, namespace });
