import { readFileSync } from 'node:fs';
import { parseIp } from '../model/ip.ts';
import type { Session } from '../model/session.ts';
import { type Fields, listOf, optionalText, parseJson, text } from './iproute/read/edge.ts';
import { readSteadily } from './iproute/read/steadily.ts';
import { createPrograms } from './program.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** How the SSH session of an environment reaches this host; undefined where there is none, or no way to it. */
export async function readSession(env: Environment): Promise<Session | undefined> {
  const connection = env.SSH_CONNECTION ?? inherited();
  // `CLIENT PORT SERVER PORT` (ssh(1)); a link-local peer bears its interface: fe80::1%eth0.
  const [client = '', , server = ''] = connection?.split(' ') ?? [];
  const [peer = '', zone] = client.split('%');
  if (!parseIp(peer)) return undefined;
  const run = createPrograms();
  const scope = zone !== undefined && /^[A-Za-z0-9_][\w.@-]{0,14}$/.test(zone) ? ['oif', zone] : [];
  const found = await run(['ip', '-N', '-j', 'route', 'get', peer, ...scope]);
  const links = await readSteadily(run, ['ip', '-N', '-j', '-d', 'link', 'show']);
  if (found.exitCode !== 0 || links.exitCode !== 0) return undefined;
  const [route] = listOf(parseJson(found.stdout, 'ip route get'), 'ip route get');
  const device = route && optionalText(route, 'dev');
  if (route === undefined || device === undefined) return undefined;
  const via = optionalText(route, 'gateway');
  const local = parseIp(server.split('%')[0] ?? '') ? server.split('%')[0] : optionalText(route, 'prefsrc');
  return {
    peer,
    ...(local === undefined ? {} : { local }),
    ...(via === undefined ? {} : { via }),
    devices: foundationsOf(device, listOf(parseJson(links.stdout, 'ip link show'), 'ip link show')),
  };
}

/** The device, its ports, what these lie on, and so on. */
export function foundationsOf(device: string, links: readonly Fields[]): string[] {
  const devices = new Set([device]);
  for (const name of devices) {
    for (const link of links) {
      if (link.ifindex === undefined) continue;
      if (optionalText(link, 'master') === name) devices.add(text(link, 'ifname'));
      // The device below a VLAN; the other end of a veth is another one's, and has its own way of going away.
      if (text(link, 'ifname') === name && typeof link.link === 'string') devices.add(link.link);
    }
  }
  return [...devices];
}

/** sudo does not pass SSH_CONNECTION on: then what called it, or what called that, still has it. */
function inherited(): string | undefined {
  let pid = process.ppid;
  for (let generation = 0; pid > 1 && generation < 16; generation += 1) {
    try {
      const found = /(?:^|\0)SSH_CONNECTION=([^\0]*)/.exec(readFileSync(`/proc/${pid}/environ`, 'latin1'))?.[1];
      if (found !== undefined) return found;
      pid = Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    } catch {
      return undefined;
    }
  }
  return undefined;
}
