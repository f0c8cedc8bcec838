import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { HostError } from '../../model/errors.ts';
import { TRACE_TABLE } from '../../model/marks.ts';
import { HOST } from '../../model/topology.ts';
import type { Flow, TraceEvent } from '../../model/trace.ts';
import { createPrograms, ENVIRONMENT, lacksPrivilege, privilegeError } from '../program.ts';
import { within } from '../within.ts';
import { createSight } from './sight.ts';
import { isListening, socketsOf } from './sockets.ts';
import { TABLE, traceTables } from './tables.ts';

/** How often the kernel is asked whether something has come about, and how long nothing must come for all to have come. */
const LOOK_MS = 2;
const QUIET_MS = 20;
const READY_MAX_MS = 10_000;
/** How long all that is waited for: where somebody else traces everything, the kernel never comes to an end. */
const SETTLE_MAX_MS = 2_000;
/** How often it is begun anew where interfaces vanish meanwhile. */
const TRIES = 4;

/** Sees a flow's packets go by in one namespace. */
export interface Observer {
  /** Whether all that the kernel had to say has been read. */
  drained(): boolean;
  readonly lastHeard: () => number;
  /** By flow, in the order of the flows. */
  readonly events: readonly (readonly TraceEvent[])[];
  close(): Promise<void>;
}

/**
 * Takes away what was left by helpers that have gone. nft joins its arguments to program text, and by netlink a table can be given any name: a word that
 * is not exactly ours never gets there.
 */
export const SWEEP = `nft list tables | while read -r _ family name; do
  case $family in inet|netdev) ;; *) continue ;; esac
  case \${name#"$3"} in "$name"|''|*[!0-9]*) continue ;; esac
  grep -qas -- "$3" "/proc/\${name#"$3"}/cmdline" || nft delete table "$family" "$name"
done`;

/**
 * Runs in the namespace for as long as its standard input is open, which the kernel closes when netloom ends, however it does: then it takes its tables
 * away. Those of one that was killed itself, whose number no living helper has, go when the next one comes by. $1 are the tables, $2 what stands in them
 * for their name, $3 what names begin with.
 */
const HELPER = `set -f
${SWEEP}
table=$3$$
trap '' INT TERM HUP PIPE
printf '%s\\n' "$1" | sed "s/$2/$table/" | nft -f - || exit 1
setpriv --pdeathsig KILL -- nft -n -a monitor trace &
echo "monitor $!"
cat >/dev/null
kill -KILL "$!"
nft "delete table inet $table; delete table netdev $table"`;

/** Starts to look; resolves once packets are seen. Throws HostError where that cannot be. */
export async function observe(
  namespace: string,
  devices: readonly string[],
  flows: readonly Flow[],
  signal?: AbortSignal,
): Promise<Observer> {
  let wanted = devices;
  for (let attempt = 1; ; attempt++) {
    const started = await start(namespace, wanted, flows, signal);
    if (typeof started !== 'string') return started;
    const present = started.includes(GONE) ? await devicesIn(namespace, signal) : wanted;
    const left = wanted.filter((name) => present.includes(name));
    const vanished = left.length < wanted.length;
    if (!vanished || attempt === TRIES) throw failure(namespace, started, vanished);
    wanted = left;
  }
}

/** What nft says where an interface has vanished since it was listed (ENOENT). */
const GONE = 'No such file or directory';

/** The observer, or the complaint of what did not begin. */
async function start(
  namespace: string,
  devices: readonly string[],
  flows: readonly Flow[],
  signal: AbortSignal | undefined,
): Promise<Observer | string> {
  const [file = '', ...args] = within(namespace, ['sh', '-c', HELPER, 'sh', traceTables(flows, devices), TABLE, TRACE_TABLE]);
  const child = spawn(file, args, { env: ENVIRONMENT, stdio: 'pipe', detached: true });
  const sights = flows.map((flow) => createSight({ ...flow, namespace }));
  let complaint = '';
  let monitor = '';
  let heard = performance.now();
  createInterface({ input: child.stdout }).on('line', (line) => {
    monitor ||= /^monitor (\d+)$/.exec(line)?.[1] ?? '';
    for (const sight of sights) if (sight.take(line)) heard = performance.now();
  });
  child.stderr.on('data', (data: Buffer) => {
    complaint += data.toString('utf8');
  });
  child.stdin.on('error', () => {}); // it has ended; `ended` tells
  let ended = false;
  const end = new Promise<void>((resolve) => {
    child.once('close', () => {
      ended = true;
      resolve();
    });
    child.once('error', (error) => {
      ended = true;
      complaint = error.message;
      resolve();
    });
  });
  const close = async (): Promise<void> => {
    child.stdin.end();
    await end;
  };
  try {
    const until = performance.now() + READY_MAX_MS;
    while (!isListening(monitor)) {
      signal?.throwIfAborted();
      if (ended || performance.now() > until) {
        await close();
        return complaint;
      }
      await pause(LOOK_MS);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    events: sights.map(({ events }) => events),
    lastHeard: () => heard,
    drained: () => ended || !socketsOf(monitor).some(({ waiting }) => waiting > 0),
    close,
  };
}

/** Waits until every observer has said all that there is, but not for ever. Rejects with the signal's reason. */
export async function settle(
  observers: readonly Pick<Observer, 'drained' | 'lastHeard'>[],
  signal?: AbortSignal,
  mostMs = SETTLE_MAX_MS,
): Promise<void> {
  const until = performance.now() + mostMs;
  const isQuiet = (one: (typeof observers)[number]): boolean => one.drained() && performance.now() - one.lastHeard() > QUIET_MS;
  while (performance.now() < until && !observers.every(isQuiet)) {
    signal?.throwIfAborted();
    await pause(LOOK_MS);
  }
}

const run = createPrograms();

async function devicesIn(namespace: string, signal: AbortSignal | undefined): Promise<string[]> {
  const { stdout } = await run(within(namespace, ['cat', '/proc/net/dev']), signal === undefined ? {} : { signal });
  return deviceNames(stdout);
}

/** The interfaces that /proc/net/dev tells of. */
export const deviceNames = (text: string): string[] => text.split('\n').flatMap((line) => /^\s*([^\s:|]+):/.exec(line)?.[1] ?? []);

/** `vanished`: an interface went while it was to be looked at, over and over. */
export function failure(namespace: string, complaint: string, vanished: boolean): HostError {
  const where = namespace === HOST ? 'the host' : namespace;
  if (lacksPrivilege(complaint)) return privilegeError({ argv: ['nft'], exitCode: 1, stdout: '', stderr: complaint });
  const reason = complaint.trim().split('\n')[0] || 'nft monitor did not begin';
  return new HostError(
    'E_TRACE',
    `packets in ${where} cannot be seen: ${reason}`,
    vanished
      ? 'interfaces vanish there while they are to be looked at: try again once they stay'
      : 'it takes nf_tables with hooks at interfaces (CONFIG_NF_TABLES_NETDEV, CONFIG_NETFILTER_EGRESS; Linux 5.16)',
  );
}
