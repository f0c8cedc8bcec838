import { readFileSync } from 'node:fs';

/**
 * What changing a host's network takes, with its bit (include/uapi/linux/capability.h): links, addresses, routes and nft; namespaces, their names
 * and mounts. Files in /etc/netns and /run/netloom are written as their owner, root.
 */
const NEEDED = { CAP_NET_ADMIN: 12n, CAP_SYS_ADMIN: 21n } as const;

export type Capability = keyof typeof NEEDED;

/** Those that a process lacks, by its /proc/…/status; all of them where that cannot be read. */
export function missingCapabilities(status: string | undefined = ownStatus()): Capability[] {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status ?? '')?.[1] ?? '0'}`);
  return (Object.keys(NEEDED) as Capability[]).filter((one) => (effective & (1n << NEEDED[one])) === 0n);
}

function ownStatus(): string | undefined {
  try {
    return readFileSync('/proc/self/status', 'utf8');
  } catch {
    return undefined;
  }
}
