import { readFileSync } from 'node:fs';
import { formatIp, parseIp } from '../../../model/ip.ts';
import type { HostFacts } from '../../../model/snapshot.ts';

/** The host's own, then where those that put a stub on a loopback address list the real ones: systemd-resolved, NetworkManager. */
const FILES = ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf', '/run/NetworkManager/no-stub-resolv.conf'];

/** The host's resolvers: of the first file that has one of use. */
export function readFacts(): HostFacts {
  return { resolvers: FILES.map((path) => parseResolvers(read(path))).find((found) => found.length > 0) ?? [] };
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
