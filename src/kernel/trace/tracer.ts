import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { HostError } from '../../model/errors.ts';
import { FAMILIES } from '../../model/ip.ts';
import type { Kernel } from '../../model/kernel.ts';
import { HOST } from '../../model/topology.ts';
import type { Flow, Observation, Ruling, Tracer } from '../../model/trace.ts';
import { isNamespaceName, sysctlPath } from '../checked.ts';
import { namespacesHere } from '../enter.ts';
import { createProber } from '../prober.ts';
import { createPrograms, isInstalled, type RunProgram } from '../program.ts';
import { within } from '../within.ts';
import { askListeners, askNeighbour, askRoute } from './ask.ts';
import { type Counters, counted, parseCounters } from './legacy.ts';
import { type Observer, observe, settle } from './observer.ts';

/** Settings that decide what becomes of a packet. */
const SYSCTLS = ['net/ipv4/ip_forward', 'net/ipv6/conf/all/forwarding', 'net/ipv4/icmp_echo_ignore_all'];

/**
 * Above the ports from which connections are made by default (net.ipv4.ip_local_port_range), so that other people's flows are not taken for the
 * probe. Below the last port of all by more than one: the echo beside a probe has the next number.
 */
const [FIRST_PORT, LAST_PORT] = [61_000, 65_533];
const TRIES = 5;

/** The tracer of the host that this process runs on. `kernel` reads it. */
export function createTracer(kernel: Kernel): Tracer {
  const run = createPrograms();
  const prober = createProber();

  const send = async (flow: Flow, size?: number) => {
    const { namespace, protocol, family, timeoutMs, source } = flow;
    const kind = protocol === 'icmp' ? ('ping' as const) : protocol;
    const ports = { ...(flow.sourcePort === undefined ? {} : { fromPort: flow.sourcePort }), ...(size === undefined ? {} : { size }) };
    const to = { address: flow.destination, ...(flow.destinationPort === undefined ? {} : { port: flow.destinationPort }) };
    // Where the source is the kernel's own choice it is bound all the same: the one that was looked up is the one that is followed.
    return prober.probe({ namespace, kind, family, from: source, ...to, ...ports, silent: true, timeoutMs });
  };

  return {
    survey: async (filters, signal) => {
      const names = (await namespacesHere()).filter((name) => name !== HOST && isNamespaceName(name));
      const sysctls = new Map([HOST, ...names].map((name) => [name, SYSCTLS]));
      return kernel.dump({ namespaces: names, topologies: 'all', sysctls, files: [], filters }, signal);
    },
    route: (question) => askRoute(run, question),
    neighbour: (namespace, device, address) => askNeighbour(run, namespace, device, address),
    setting: async (namespace, path) => {
      const { exitCode, stdout } = await run(within(namespace, ['cat', `/proc/sys/${sysctlPath(path)}`]));
      return exitCode === 0 ? stdout.trim() : undefined;
    },
    listeners: (namespace, port) => askListeners(run, namespace, port),
    listen: async (namespace, protocol, port) => void (await prober.listen(namespace, protocol, port)),
    close: () => prober.close(),

    probe: async (wanted, places, signal): Promise<Observation> => {
      for (let attempt = 1; ; attempt++) {
        const flow = { ...wanted, sourcePort: randomInt(FIRST_PORT, LAST_PORT + 1) };
        const flows = [flow, ...(flow.fullSize === undefined ? [] : [echoOf(flow)])];
        const observers: Observer[] = [];
        try {
          const started = await Promise.allSettled([...places].map(([namespace, devices]) => observe(namespace, devices, flows, signal)));
          for (const one of started) if (one.status === 'fulfilled') observers.push(one.value);
          for (const one of started) if (one.status === 'rejected') throw one.reason;
          const before = await legacyCounters(run, [...places.keys()]);
          const sent = flows.map((one, index) => send(one, index === 0 ? undefined : flow.fullSize));
          const answers = await untilAborted(Promise.all(sent), signal);
          if (answers[0]?.reason === 'EADDRINUSE' && attempt < TRIES) continue;
          await untilAborted(settle(observers, signal), signal);
          const legacy = rulings(before, await legacyCounters(run, [...places.keys()]));
          const [observation, full] = flows.map((one, index): Observation => {
            const { seen = 'unreachable', reason } = answers[index] ?? {};
            const events = [...observers.flatMap((observer) => observer.events[index] ?? []), ...legacy];
            return { answer: seen, ...(reason === undefined ? {} : { reason }), events, flow: one };
          });
          if (observation !== undefined) return { ...observation, ...(full ? { full } : {}) };
        } finally {
          await Promise.all(observers.map((one) => one.close()));
        }
      }
    },
  };
}

/** The echo beside a probe: under the next number, so that the two are not taken for each other. */
const echoOf = ({ namespace, family, source, destination, timeoutMs, sourcePort = 0 }: Flow): Flow => ({
  namespace,
  family,
  source,
  destination,
  timeoutMs,
  protocol: 'icmp',
  sourcePort: sourcePort + 1,
});

/** A probe that is under way is not waited for once somebody has called it off. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const interrupted = (): HostError => new HostError('E_INTERRUPTED', 'interrupted', 'nothing of the trace is left');
  if (signal === undefined) return work;
  work.catch(() => undefined); // it is nobody's once the trace was called off
  if (signal.aborted) throw interrupted();
  const calledOff = once(signal, 'abort').then((): never => {
    throw interrupted();
  });
  return Promise.race([work, calledOff]);
}

/** By namespace and tool. */
type LegacyCounters = ReadonlyMap<string, Counters>;

const TOOLS = { ipv4: 'iptables-legacy-save', ipv6: 'ip6tables-legacy-save' } as const;
const NAMES = { ipv4: '/proc/net/ip_tables_names', ipv6: '/proc/net/ip6_tables_names' } as const;
const NFT_FAMILY = { ipv4: 'ip', ipv6: 'ip6' } as const;

/** Of namespaces in which somebody uses the old tables, which nft does not see. */
async function legacyCounters(run: RunProgram, namespaces: readonly string[]): Promise<LegacyCounters> {
  const counters = new Map<string, Counters>();
  for (const family of FAMILIES) {
    // Without the module there is no such file anywhere.
    if (!existsSync(NAMES[family]) || !isInstalled(TOOLS[family])) continue;
    for (const namespace of namespaces) {
      const used = await run(within(namespace, ['cat', NAMES[family]]));
      if (used.stdout.trim() === '') continue;
      const saved = await run(within(namespace, [TOOLS[family], '-c']));
      counters.set(`${namespace} ${NFT_FAMILY[family]}`, parseCounters(saved.stdout));
    }
  }
  return counters;
}

const rulings = (before: LegacyCounters, after: LegacyCounters): Ruling[] =>
  [...after].flatMap(([key, counters]) => {
    const [namespace = '', family = ''] = key.split(' ');
    return counted(before.get(key) ?? new Map(), counters, { namespace, family });
  });
