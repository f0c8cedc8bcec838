import { run, shell } from './sandbox.ts';

/** What differs between two hosts with one topology and says nothing: numbers, counters and the state of the moment. */
const TRANSIENT = new Set([
  'ifindex',
  'link_index',
  'link_netnsid',
  'handle',
  'promiscuity',
  'allmulti',
  'operstate',
  'info_data',
  'qdisc',
  'tentative',
  'flags',
  'txqlen',
  'gso_max_size',
  'tso_max_size',
  'gro_max_size',
]);
/** Destinations that are asked for: one out there, and one in each network that random topologies have. Where there is no way, nothing is said. */
const WAYS = ['203.0.113.9', 'fd99::9', ...[0, 1, 2].flatMap((n) => [`172.20.${n}.77`, `fd20:${n}::77`])];
const PORT_FACTS = ['isolated', 'hairpin', 'learning', 'flood', 'guard'];

/** Everything that a topology could have touched, read by other means than netloom's own, in a form that compares. */
export async function hostState(): Promise<Record<string, unknown>> {
  const names = (await run('ip', 'netns', 'list'))
    .split('\n')
    .flatMap((line) => line.split(' ')[0] || [])
    .sort();
  const states: Record<string, unknown> = { host: await namespaceState([]) };
  for (const name of names) states[name] = await namespaceState(['nsenter', `--net=/run/netns/${name}`]);
  return {
    ...states,
    ruleset: JSON.parse(await run('nft', '-j', 'list', 'ruleset'), (key, value) =>
      key === 'handle' ? undefined : Array.isArray(value) && key === 'elem' ? sortText(value) : value,
    )
      .nftables.slice(1)
      .map((one: unknown) => JSON.stringify(one))
      .sort(),
    files: await shell('cd /etc/netns 2>/dev/null && find . -type f | sort | while read -r f; do echo "== $f"; cat "$f"; done || true'),
  };
}

const sortText = (list: unknown[]): unknown[] => [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

async function namespaceState(enter: string[]): Promise<unknown> {
  const [file = 'sh', ...args] = [
    ...enter,
    'sh',
    '-c',
    `ip -N -j -d -batch - <<END
addr show
route show table all
END
ip -j -force -batch - 2>/dev/null <<END
rule show
${WAYS.map((to) => `route get ${to}`).join('\n')}
END
nft list ruleset | sed s/^/nft:/; cd /proc/sys && grep -rs "" net/ipv4/ip_forward net/core/somaxconn net/ipv4/conf net/ipv6/conf | sort`,
  ];
  const text = await run(file, ...args);
  const [links = '[]', routes = '[]', rules = '[]', ...rest] = text.split('\n').filter((line) => line !== '');
  const sysctls = rest.filter((line) => !line.startsWith('[') && !line.startsWith('nft:'));
  return {
    links: (JSON.parse(links) as Record<string, unknown>[])
      .map((link) => linkFacts(link))
      .sort((a, b) => (String(a.ifname) < String(b.ifname) ? -1 : 1)),
    // Multicast and anycast routes (types 5 and 4) come by themselves, some only once there is a carrier.
    routes: (JSON.parse(routes) as Record<string, unknown>[])
      .filter(({ type }) => type !== '5' && type !== '4')
      .map(({ flags: _, ...route }) => JSON.stringify(route))
      .sort(),
    rules,
    // Chains come in the order in which they were made.
    ruleset: rest.filter((line) => line.startsWith('nft:')).sort(),
    // Which way, and from which address: what the order of addresses decides.
    ways: rest.filter((line) => line.startsWith('[')).map((line) => line.replaceAll(/"(flags|cache|uid)":(\[[^\]]*\]|\d+),?/g, '')),
    sysctls: sysctls.filter((line) => !/stable_secret|\/mc_forwarding|base_reachable|retrans_time|\/neigh\//.test(line)),
  };
}

function linkFacts(link: Record<string, unknown>): Record<string, unknown> {
  const info = link.linkinfo as
    | { info_kind?: string; info_data?: Record<string, unknown>; info_slave_data?: Record<string, unknown> }
    | undefined;
  const kept = Object.fromEntries(Object.entries(link).filter(([key]) => !TRANSIENT.has(key) && key !== 'linkinfo'));
  return {
    ...kept,
    up: (link.flags as string[]).includes('UP'),
    kind: info?.info_kind,
    stp: info?.info_data?.stp_state,
    port: info?.info_slave_data && PORT_FACTS.map((fact) => [fact, info.info_slave_data?.[fact]]),
    addr_info: (link.addr_info as Record<string, unknown>[]).map(({ tentative: _, ...address }) => address),
  };
}
