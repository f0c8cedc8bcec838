import type { Step } from '../../model/operation.ts';
import { address, protocolName, whole } from '../checked.ts';

type Flush = Extract<Step, { do: 'conntrack-flush' }>;

/** `conntrack` (conntrack-tools) removes entries by original destination. */
export const conntrackArgv = (step: Flush): string[] => [
  'conntrack',
  '-D',
  '-f',
  step.family,
  '-p',
  protocolName(step.protocol),
  '--orig-port-dst',
  whole(step.hostPort),
  ...(step.hostAddress === undefined ? [] : ['--orig-dst', address(step.hostAddress)]),
];
