import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { HostError } from '../model/errors.ts';
import type { Probe, ProbeAnswer, Prober } from '../model/prober.ts';
import { ownProgram } from './own-program.ts';
import { ENVIRONMENT } from './program.ts';
import { within } from './within.ts';

const AGENT = ownProgram('probe-agent.js');

/** Probes by `ping` and by one small process in each namespace that probes or listens. */
export function createProber(): Prober {
  const agents = new Map<string, Agent>();
  let closed = false;
  const agentIn = (namespace: string): Agent => {
    // A probe that is still under way when another fails would start a helper that nobody ends.
    if (closed) throw new HostError('E_PROBE', `no probe from ${namespace}: the checks have ended`, 'run them again');
    const agent = agents.get(namespace) ?? startAgent(namespace);
    agents.set(namespace, agent);
    return agent;
  };
  return {
    probe: async (probe, signal) => {
      if (probe.kind === 'ping') return ping(probe, signal);
      const { kind, namespace, ...details } = probe;
      return asAnswer(await agentIn(namespace).ask(kind, details));
    },
    listen: async (namespace, protocol, port) =>
      (await agentIn(namespace).ask(`listen-${protocol}`, { port })).listening === true ? 'listening' : 'taken',
    close: async () => {
      closed = true;
      await Promise.all([...agents.values()].map((agent) => agent.close()));
      agents.clear();
    },
  };
}

interface Agent {
  ask(what: string, details: object): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

function startAgent(namespace: string): Agent {
  const [file = '', ...args] = within(namespace, [process.execPath, AGENT]);
  // It ends when its input does, whatever becomes of us; execa's own way of seeing to that would end us at the first ^C.
  const options = { stderr: 'pipe', reject: false, env: ENVIRONMENT, extendEnv: false, cleanup: false } as const;
  const child = execa(file, args, { ...options, buffer: { stdout: false } });
  const waiting = new Map<number, { resolve: (answer: Record<string, unknown>) => void; reject: (error: Error) => void }>();
  let next = 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer: unknown = JSON.parse(line);
    if (typeof answer !== 'object' || answer === null || !('id' in answer)) return;
    const { id, ...rest } = answer as { id: number } & Record<string, unknown>;
    const waiter = waiting.get(id);
    waiting.delete(id);
    if (typeof rest.failed === 'string')
      waiter?.reject(new HostError('E_PROBE', `a probe in ${namespace} failed: ${rest.failed}`, 'this may pass; try again'));
    else waiter?.resolve(rest);
  });
  child.then((result) => {
    for (const { reject } of waiting.values())
      reject(
        new HostError(
          'E_PROBE',
          `cannot probe from ${namespace}: ${result.stderr.trim() || 'the helper ended'}`,
          'is the topology applied? netloom apply does that',
        ),
      );
    waiting.clear();
  });
  return {
    ask: (what, details) =>
      new Promise((resolve, reject) => {
        const id = next++;
        waiting.set(id, { resolve, reject });
        child.stdin.write(`${JSON.stringify({ id, ask: what, ...details })}\n`);
      }),
    close: async () => {
      child.stdin.end();
      await child;
    },
  };
}

function asAnswer({ seen, reason, source }: Record<string, unknown>): ProbeAnswer {
  return {
    seen: seen === 'reachable' || seen === 'refused' ? seen : 'unreachable',
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(typeof source === 'string' ? { source } : {}),
  };
}

/** Of IPv4 and ICMP, of IPv6 and ICMPv6. */
const HEADERS = { ipv4: 28, ipv6: 48 } as const;

/** Five a second until one comes back or the time is over. */
async function ping(probe: Probe, signal?: AbortSignal): Promise<ProbeAnswer> {
  const until = performance.now() + probe.timeoutMs;
  for (;;) {
    const { answer, reported } = await pingOnce({ ...probe, timeoutMs: until - performance.now() }, signal);
    // ping ends when somebody reports that it did not arrive. Where the host itself does, that may be about a neighbour whom it began to look for
    // before he was there. A packet of a certain size is sent to hear just that report.
    if (!reported || probe.size !== undefined || signal?.aborted || until - performance.now() < AGAIN_MS) return answer;
    await pause(AGAIN_MS);
  }
}

const AGAIN_MS = 200;

/** `reported`: it ended before its time without an answer, and without a complaint of its own. */
async function pingOnce(
  { namespace, address, family, from, fromPort, size, timeoutMs }: Probe,
  signal?: AbortSignal,
): Promise<{ answer: ProbeAnswer; reported: boolean }> {
  const seconds = String(Math.max(1, Math.ceil(timeoutMs / 1000)));
  const argv = [
    'ping',
    family === 'ipv6' ? '-6' : '-4',
    '-n',
    '-q',
    '-c',
    '1',
    '-i',
    '0.2',
    '-w',
    seconds,
    ...(from ? ['-I', from] : []),
    ...(fromPort === undefined ? [] : ['-e', String(fromPort)]),
    ...(size === undefined ? [] : ['-M', 'do', '-s', String(size - HEADERS[family])]),
    '--',
    address,
  ];
  const [file = '', ...args] = within(namespace, argv);
  const result = await execa(file, args, {
    reject: false,
    env: ENVIRONMENT,
    extendEnv: false,
    cleanup: false,
    ...(signal ? { cancelSignal: signal } : {}),
  });
  if (result.exitCode === 0) return { answer: { seen: 'reachable' }, reported: false };
  const missing = result.exitCode === undefined || result.exitCode === 127;
  if (missing) throw new HostError('E_NO_PING', 'the program ping is not installed', 'install it: apt-get install iputils-ping');
  const stderr = result.stderr.trim().split('\n').at(-1) ?? '';
  const reason = stderr === '' ? 'no answer' : stderr.replace(/^ping6?: /, '');
  return { answer: { seen: 'unreachable', reason }, reported: stderr === '' };
}
