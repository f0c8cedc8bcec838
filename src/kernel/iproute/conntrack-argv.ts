import type { Family } from '../../model/ip.ts';
import type { Step } from '../../model/operation.ts';
import { address, protocolName, whole } from '../checked.ts';

type Flush = Extract<Step, { do: 'conntrack-flush' }>;
type Cut = Extract<Step, { do: 'conntrack-cut' }>;

/** `conntrack` (conntrack-tools) removes entries by original destination. */
export const conntrackArgv = (step: Flush): string[] => [
  ...['conntrack', '-D', '-f', step.family, '-p', protocolName(step.protocol), '--orig-port-dst', whole(step.hostPort)],
  ...(step.hostAddress === undefined ? [] : ['--orig-dst', address(step.hostAddress)]),
];

/** Narrows that down to entries that lead there: answers come from it. */
export const leadingToArgv = (target: { readonly address: string; readonly port: number }): string[] => [
  ...['--reply-src', address(target.address), '--reply-port-src', whole(target.port)],
];

/** All entries of the step's family, and of its protocol where it is about one. */
export const conntrackListArgv = (step: Flush | Cut): string[] => [
  ...['conntrack', '-L', '-f', step.family],
  ...('protocol' in step ? ['-p', protocolName(step.protocol)] : []),
];

/**
 * Takes command lines from standard input (conntrack-tools 1.4.7): one program for any number of entries. It opens /dev/stdin anew, which
 * must be a pipe for that; Node's own are sockets.
 */
export const REMOVE_ARGV: readonly string[] = ['sh', '-c', 'cat | conntrack -R -'];

/** The host's own addresses, a line each: `local 192.0.2.1 dev eth0 …`; a network where all of it is local. */
export const localRoutesArgv = (family: Family): string[] => [
  ...['ip', family === 'ipv4' ? '-4' : '-6', 'route', 'show', 'table', '255', 'type', 'local'],
];
