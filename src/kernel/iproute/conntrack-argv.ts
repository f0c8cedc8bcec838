import type { Family } from '../../model/ip.ts';
import type { Step } from '../../model/operation.ts';
import { address, protocolName, whole } from '../checked.ts';

type Flush = Extract<Step, { do: 'conntrack-flush' }>;

/** `conntrack` (conntrack-tools) removes entries by original destination. */
export const conntrackArgv = (step: Flush): string[] => [
  ...['conntrack', '-D', '-f', step.family, '-p', protocolName(step.protocol), '--orig-port-dst', whole(step.hostPort)],
  ...(step.hostAddress === undefined ? [] : ['--orig-dst', address(step.hostAddress)]),
];

/** Narrows that down to entries that lead there: answers come from it. */
export const leadingToArgv = (target: { readonly address: string; readonly port: number }): string[] => [
  ...['--reply-src', address(target.address), '--reply-port-src', whole(target.port)],
];

/** All entries of the step's family and protocol. */
export const conntrackListArgv = ({ family, protocol }: Flush): string[] => ['conntrack', '-L', '-f', family, '-p', protocolName(protocol)];

/** The host's own addresses, a line each: `local 192.0.2.1 dev eth0 …`; a network where all of it is local. */
export const localRoutesArgv = (family: Family): string[] => [
  ...['ip', family === 'ipv4' ? '-4' : '-6', 'route', 'show', 'table', '255', 'type', 'local'],
];
