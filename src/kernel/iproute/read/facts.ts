import { readFileSync } from 'node:fs';
import { formatIp, parseIp } from '../../../model/ip.ts';
import type { HostFacts } from '../../../model/snapshot.ts';

/** The host's resolvers; behind a stub on a loopback address (systemd-resolved) the real ones, which it lists in a file of its own. */
export function readFacts(): HostFacts {
  const resolvers = parseResolvers(read('/etc/resolv.conf'));
  return { resolvers: resolvers.length > 0 ? resolvers : parseResolvers(read('/run/systemd/resolve/resolv.conf')) };
}

/** The `nameserver` lines (resolv.conf(5)) that can be used from another namespace: neither loopback nor link-local with a zone. */
export function parseResolvers(content: string): string[] {
  return content.split('\n').flatMap((line) => {
    const [, text = ''] = /^nameserver\s+(\S+)/.exec(line) ?? [];
    const ip = parseIp(text);
    if (ip === undefined) return [];
    const canonical = formatIp(ip);
    return /^127\.|^::1$|^::ffff:127\./.test(canonical) ? [] : [canonical];
  });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
