import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';

/** Runs a shell script in the sandbox that this file's tests live in; its standard output. */
export const sh = (script: string): string =>
  execFileSync('sh', ['-euc', script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

/** Takes everything away that a test has left in its sandbox. */
export async function emptyHost(): Promise<void> {
  sh(`
    for ns in $(ls /run/netns 2>/dev/null); do ip netns del $ns 2>/dev/null || rm -rf /run/netns/$ns; done
    for link in $(ip -br link show | cut -d' ' -f1 | cut -d@ -f1); do
      case $link in lo) ;; *) ip link del $link 2>/dev/null || true ;; esac
    done
    nft flush ruleset
    for route in 0.0.0.0/0 ::/0; do ip route flush table main root $route 2>/dev/null || true; done
  `);
  for (const directory of ['/etc/netns', '/run/netloom']) {
    for (const entry of list(directory)) rmSync(`${directory}/${entry}`, { recursive: true });
  }
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
