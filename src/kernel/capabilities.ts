import { readFileSync } from 'node:fs';

/**
 * What changing a host's network takes, with its bit (include/uapi/linux/capability.h): links, addresses, routes and nft; namespaces, their names
 * and mounts. Files in /etc/netns and /run/netloom are written as their owner, root.
 */
const NEEDED = ['CAP_NET_ADMIN', 'CAP_SYS_ADMIN'] as const;

const BITS = { CAP_NET_ADMIN: 12n, CAP_SYS_PTRACE: 19n, CAP_SYS_ADMIN: 21n } as const;

export type Capability = keyof typeof BITS;

/** Those of `needed` that a process lacks, by its /proc/…/status; all of them where that cannot be read. */
export function missingCapabilities(status: string | undefined = ownStatus(), needed: readonly Capability[] = NEEDED): Capability[] {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status ?? '')?.[1] ?? '0'}`);
  return needed.filter((one) => (effective & (1n << BITS[one])) === 0n);
}

/** Whether this process may look into processes of other users: open their namespaces, tell who is inside one or listens on a port. */
export const mayLookIntoOthers = (): boolean => missingCapabilities(ownStatus(), ['CAP_SYS_PTRACE']).length === 0;

function ownStatus(): string | undefined {
  try {
    return readFileSync('/proc/self/status', 'utf8');
  } catch {
    return undefined;
  }
}
