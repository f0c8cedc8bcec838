import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { HostError } from '../../model/errors.ts';
import { TRACE_TABLE } from '../../model/marks.ts';
import { HOST } from '../../model/topology.ts';
import type { Flow, TraceEvent } from '../../model/trace.ts';
import { namespaceName } from '../checked.ts';
import { ENVIRONMENT, lacksPrivilege, privilegeError } from '../program.ts';
import { createTraceParser } from './parse.ts';
import { TABLE, traceTables } from './tables.ts';

/** NETLINK_NETFILTER, and the bit of NFNLGRP_NFTRACE among a socket's groups (include/uapi/linux/netfilter/nfnetlink.h). */
const NETFILTER = '12';
const TRACE_GROUP = 0x100;
/** How often the kernel is asked whether something has come about, and how long nothing must come for all to have come. */
const LOOK_MS = 2;
const QUIET_MS = 20;
const READY_MAX_MS = 10_000;

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
 * Runs in the namespace for as long as its standard input is open, which the kernel closes when netloom ends, however it does: then it takes its tables
 * away. Those of one that was killed itself, whose number no living helper has, go when the next one comes by. $1 are the tables, $2 what stands in them
 * for their name, $3 what names begin with.
 */
const HELPER = `set -f
nft list tables | while read -r _ family name; do
  case $name in "$3"*) grep -qas -- "$3" "/proc/\${name#"$3"}/cmdline" || nft delete table "$family" "$name" ;; esac
done
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
  const enter = namespace === HOST ? [] : ['nsenter', `--net=/run/netns/${namespaceName(namespace)}`, '--'];
  const [file = '', ...args] = [...enter, 'sh', '-c', HELPER, 'sh', traceTables(flows, devices), TABLE, TRACE_TABLE];
  const child = spawn(file, args, { env: ENVIRONMENT, stdio: 'pipe', detached: true });
  const sights = flows.map((flow) => ({ parse: createTraceParser({ ...flow, namespace }), events: [] as TraceEvent[] }));
  let complaint = '';
  let monitor = '';
  let heard = performance.now();
  createInterface({ input: child.stdout }).on('line', (line) => {
    heard = performance.now();
    monitor ||= /^monitor (\d+)$/.exec(line)?.[1] ?? '';
    for (const { parse, events } of sights) {
      const event = parse(line);
      if (event) events.push({ ...event, namespace });
    }
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
      if (ended || performance.now() > until) throw failure(namespace, complaint);
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

/** Waits until every observer has said all that there is. */
export async function settle(observers: readonly Observer[]): Promise<void> {
  const isQuiet = (one: Observer): boolean => one.drained() && performance.now() - one.lastHeard() > QUIET_MS;
  while (!observers.every(isQuiet)) await pause(LOOK_MS);
}

function failure(namespace: string, complaint: string): HostError {
  const where = namespace === HOST ? 'the host' : namespace;
  if (lacksPrivilege(complaint)) return privilegeError({ argv: ['nft'], exitCode: 1, stdout: '', stderr: complaint });
  const reason = complaint.trim().split('\n')[0] || 'nft monitor did not begin';
  return new HostError(
    'E_TRACE',
    `packets in ${where} cannot be seen: ${reason}`,
    'it takes nf_tables with hooks at interfaces (CONFIG_NF_TABLES_NETDEV, CONFIG_NETFILTER_EGRESS; Linux 5.16)',
  );
}

interface NetlinkSocket {
  readonly groups: number;
  /** Bytes that are still to be read. */
  readonly waiting: number;
}

const isListening = (pid: string): boolean => socketsOf(pid).some(({ groups }) => (groups & TRACE_GROUP) !== 0);

/** The sockets by which a program talks to nf_tables. `sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode` */
function socketsOf(pid: string): NetlinkSocket[] {
  if (pid === '') return []; // it has not begun
  try {
    const own = new Set(readdirSync(`/proc/${pid}/fd`).map((fd) => /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1]));
    return readFileSync(`/proc/${pid}/net/netlink`, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[1] === NETFILTER && own.has(fields[9]))
      .map((fields) => ({ groups: Number.parseInt(fields[3] ?? '0', 16), waiting: Number(fields[4]) }));
  } catch {
    return []; // it has ended
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
