import type { TopologyStatus, WatchStatus } from '../tracked.ts';

/** What the endpoint tells of: the state of the loop, and whether there is one yet. */
export interface Vitals {
  readonly status: WatchStatus;
  /** The first round is over. */
  readonly started: boolean;
  /** For how long the loop has not answered, in milliseconds; 0: it does. */
  readonly silentMs: number;
}

/** One thing that is wrong, or worth a look. */
export interface Complaint {
  /** The topology or file that it is about; absent: the watch itself. */
  readonly about?: string;
  readonly message: string;
}

export interface Health {
  readonly healthy: boolean;
  /** Why not. Empty: it is. */
  readonly reasons: readonly Complaint[];
  /** What does not make it unhealthy. */
  readonly notes: readonly Complaint[];
}

/** A round may take a while, and one topology in it too; a loop that gives no sign for so long hangs. */
export const SILENT_MAX_MS = 60_000;

/** Whether a watch does its work: it has looked, hears everything, can read every file, and the last look at each topology left it as its file says. */
export function healthOf({ status, started, silentMs }: Vitals): Health {
  if (!started) return { healthy: false, reasons: [{ message: 'starting: not everything has been looked at yet' }], notes: [] };
  const reasons: Complaint[] = [
    ...(silentMs > SILENT_MAX_MS ? [{ message: `hangs: the loop has not answered for ${Math.round(silentMs / 1000)} s` }] : []),
    ...status.unreadable.map(({ message }) => ({ message: `unreadable: ${message}` })),
    ...[...status.invalid].map(([file, [first]]) => ({ about: file, message: `invalid: ${first?.message ?? 'for no known reason'}` })),
    ...status.blind.map((reason) => ({ message: `deaf: ${reason}` })),
    ...status.topologies.flatMap(troubleOf),
  ];
  const notes = status.topologies
    .filter(({ contested }) => contested.length > 0)
    .map(({ name, contested }) => ({ about: name, message: `contested: somebody keeps changing ${contested.join(', ')}` }));
  return { healthy: reasons.length === 0, reasons, notes };
}

function troubleOf({ name, standing, problems: [first] }: TopologyStatus): Complaint[] {
  switch (standing) {
    case 'converged':
    case 'contested':
      return [];
    case 'new':
    case 'failed':
    case 'blocked':
    case 'waiting':
    case 'held':
      return [
        { about: name, message: [standing === 'new' ? 'not looked at yet' : standing, ...(first ? [first.message] : [])].join(': ') },
      ];
  }
  return standing satisfies never;
}

/** One line for each complaint. */
export const complaintText = ({ about, message }: Complaint): string => (about === undefined ? message : `${about}: ${message}`);

/** All of it in one line. */
export function summaryOf(vitals: Vitals): string {
  const { reasons, notes } = healthOf(vitals);
  const [first, ...more] = [...reasons, ...notes];
  const count = vitals.status.topologies.length;
  const all = `${count} ${count === 1 ? 'topology' : 'topologies'}${reasons.length === 0 ? ' in order' : ''}`;
  if (first === undefined) return all;
  const rest = more.length === 0 ? '' : ` (and ${more.length} more)`;
  // A line break would end the message to the service manager.
  return `${all}; ${complaintText(first)}${rest}`.replace(/\s+/g, ' ');
}
