import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { familyOf } from '../../../src/model/ip.ts';
import type { Prober } from '../../../src/model/prober.ts';
import type { Outcome, SharedRow } from './case.ts';

/** What comes of a case. */
export async function outcomeOf(prober: Prober, [namespace, kind, address, port]: SharedRow): Promise<Outcome> {
  const { seen, source } = await prober.probe({ namespace, kind, address, family: familyOf(address), port, timeoutMs: 1000 });
  return seen === 'reachable' && source !== undefined ? `as ${source}` : seen;
}

/** Of br_netfilter, where the kernel has it: whether iptables and nft see what is only bridged. */
const BRIDGE_NF = ['iptables', 'ip6tables']
  .map((which) => `/proc/sys/net/bridge/bridge-nf-call-${which}`)
  .filter((path) => existsSync(path));

/** Where the kernel has no br_netfilter it does as with 0. */
export const bridgeNfSettings: readonly ('0' | '1')[] = BRIDGE_NF.length === 0 ? ['0'] : ['0', '1'];

/** Gives back what puts the values before in their place. */
export function setBridgeNf(setting: string): () => void {
  const before = BRIDGE_NF.map((path) => [path, readFileSync(path, 'utf8')] as const);
  for (const path of BRIDGE_NF) writeFileSync(path, setting);
  return () => {
    for (const [path, value] of before) writeFileSync(path, value);
  };
}
