import type { Blocker } from '../../model/errors.ts';
import type { DropState, Passage } from '../../model/firewall.ts';
import { FAMILIES } from '../../model/ip.ts';
import type { View } from '../../model/resource.ts';
import type { Bridge, Topology } from '../../model/topology.ts';

/** Other firewalls that would drop what our bridges forward: who, by what, and the command that lets us through. */
export function drops(topology: Topology, view: View): Blocker[] {
  const forwarding = topology.bridges.filter(({ internal, addresses }) => !internal && addresses.length > 0);
  return (view.snapshot.filters?.drops ?? []).flatMap((drop) =>
    forwarding.filter((bridge) => concerns(drop, bridge) && !isLetThrough(drop, bridge.name)).map((bridge) => blockerOf(drop, bridge)),
  );
}

const concerns = ({ family }: DropState, { subnet }: Bridge): boolean =>
  FAMILIES.some((one) => subnet[one] !== undefined && (family === 'inet' || family === one));

const isLetThrough = ({ passages }: DropState, bridge: string): boolean =>
  passages.some(({ incoming }) => names(incoming, bridge)) && passages.some(({ outgoing }) => names(outgoing, bridge));

/** `br-*` is nft's wildcard. */
const names = (list: Passage['incoming'], bridge: string): boolean =>
  (list ?? []).some((name) => name === bridge || (name.endsWith('*') && bridge.startsWith(name.slice(0, -1))));

function blockerOf(drop: DropState, bridge: Bridge): Blocker {
  const { family, table, chain, reason, legacy } = drop;
  const inNft = { ipv4: 'ip', ipv6: 'ip6', inet: 'inet' }[family];
  const who = ownerOf(drop);
  return {
    code: 'E_FORWARD_DROPPED',
    message: `${who === undefined ? '' : `${who}${legacy ? '-legacy' : ''}: `}chain ${chain} of table ${legacy ? '' : `${inNft} `}${table} drops what ${bridge.name} forwards (${reason})`,
    hint: `let it through: ${cureOf(drop, who, inNft, bridge.name)}`,
    origin: bridge.origin,
  };
}

/** Firewalls are known by the names that they give. */
function ownerOf({ family, table, chain, neighbours }: DropState): 'firewalld' | 'ufw' | 'iptables' | undefined {
  if (table === 'firewalld') return 'firewalld';
  if (neighbours.some((name) => /^ufw6?-/.test(name))) return 'ufw';
  return family !== 'inet' && table === 'filter' && (chain === 'FORWARD' || chain === 'DOCKER-USER') ? 'iptables' : undefined;
}

function cureOf(
  { family, table, chain, legacy, neighbours }: DropState,
  who: ReturnType<typeof ownerOf>,
  inNft: string,
  bridge: string,
): string {
  switch (who) {
    case 'firewalld':
      return `firewall-cmd --permanent --zone=trusted --add-interface=${bridge} && firewall-cmd --reload`;
    case 'ufw':
      return `ufw route allow in on ${bridge} && ufw route allow out on ${bridge}`;
    case 'iptables': {
      const tool = `${family === 'ipv6' ? 'ip6tables' : 'iptables'}${legacy ? '-legacy' : ''}`;
      // Somebody has flushed FORWARD: with Docker's own way into its chain, our rules there are passed again.
      if (chain === 'FORWARD' && neighbours.includes('DOCKER-USER')) return `${tool} -I FORWARD -j DOCKER-USER`;
      return `${tool} -I ${chain} -i ${bridge} -j ACCEPT && ${tool} -I ${chain} -o ${bridge} -j ACCEPT`;
    }
    default:
      return ['iifname', 'oifname'].map((key) => `nft insert rule ${inNft} ${table} ${chain} ${key} ${bridge} accept`).join(' && ');
  }
}
