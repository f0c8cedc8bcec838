import { beforeEach, expect, test } from 'vitest';
import { WIDTH } from '../../../src/kernel/iproute/drivers/visit.ts';
import { createIprouteKernel } from '../../../src/kernel/iproute/kernel.ts';
import { printSet } from '../../../src/kernel/iproute/read/nft-text.ts';
import type { Scope, Snapshot } from '../../../src/model/snapshot.ts';
import { emptyHost, sh } from './support.ts';

beforeEach(emptyHost);

const kernel = createIprouteKernel();
const dump = (scope: Partial<Scope> = {}): Promise<Snapshot> =>
  kernel.dump({ namespaces: [], topologies: 'all', sysctls: new Map(), files: [], ...scope });
const peersOf = (snapshot: Snapshot): string[] =>
  [...snapshot.namespaces.values()]
    .flatMap(({ name, links }) =>
      links
        .filter((link) => link.kind === 'veth')
        .map((link) => `${name}:${link.ifname} ${link.peer ? `${link.peer.namespace}:${link.peer.ifname}` : '-'}`),
    )
    .toSorted();

test('peers: in a mesh where every end has ifindex 2 the pairs are told apart', async () => {
  sh(`for ns in a b c d e f; do ip netns add $ns; done
    for pair in 'a b' 'c d' 'f e'; do set -- $pair; ip link add name x netns $1 type veth peer name x netns $2; done`);
  const snapshot = await dump({ namespaces: ['a', 'b', 'c', 'd', 'e', 'f'] });
  expect(
    new Set([...snapshot.namespaces].flatMap(([name, { links }]) => (name === 'host' ? [] : links.map((link) => link.ifindex)))),
  ).toEqual(new Set([1, 2]));
  expect(peersOf(snapshot)).toEqual(['a:x b:x', 'b:x a:x', 'c:x d:x', 'd:x c:x', 'e:x f:x', 'f:x e:x']);
});

test('peers: of the host, within one namespace, and in a namespace that was not read', async () => {
  sh(`ip netns add a; ip netns add unread
    ip link add name h0 type veth peer name x netns a
    ip -n a link add name m0 type veth peer name m1
    ip link add name y netns a type veth peer name y netns unread
    ip link add name h1 type veth peer name z netns unread`);
  expect(peersOf(await dump({ namespaces: ['a'] }))).toEqual([
    'a:m0 a:m1',
    'a:m1 a:m0',
    'a:x host:h0',
    'a:y -',
    'host:h0 a:x',
    'host:h1 -',
  ]);
});

test('peers: a lookalike in a namespace that was not read is not mistaken', async () => {
  // Both a:x and host:h0 have ifindex 2 and a peer of ifindex 2, but in namespaces that nobody asked for.
  sh(`for ns in a b c; do ip netns add $ns; done
    ip link add name h0 index 2 type veth peer name x index 2 netns b
    ip link add name x index 2 netns a type veth peer name x index 2 netns c`);
  expect(peersOf(await dump({ namespaces: ['a'] }))).toEqual(['a:x -', 'host:h0 -']);
});

test('peers: a namespace with two names is told by the one that its marks bear', async () => {
  sh(`ip netns add web; touch /run/netns/aside; mount --bind /run/netns/web /run/netns/aside
    ip -n web link property add dev lo altname netloom:t:web:lo
    ip link add name h0 type veth peer name x netns web`);
  expect(peersOf(await dump({ namespaces: ['aside', 'web'] }))).toEqual(['aside:x host:h0', 'host:h0 web:x', 'web:x host:h0']);
});

test('names: crash remnants, links and foreign files are no namespaces', async () => {
  sh('ip netns add a; touch /run/netns/remnant; ln -s a /run/netns/link; mkdir /run/netns/dir');
  const { names, namespaces } = await dump({ namespaces: ['a', 'remnant', 'link', 'dir', 'absent'] });
  expect([...names].filter(([, inode]) => inode === undefined).map(([name]) => name)).toEqual(['dir', 'link', 'remnant']);
  expect([...namespaces.keys()]).toEqual(['host', 'a']);
});

test('names: a file that is another kind of namespace cannot be entered', async () => {
  sh('ip netns add a; touch /run/netns/uts; mount --bind /proc/self/ns/uts /run/netns/uts');
  expect([...(await dump({ namespaces: ['a', 'uts'] })).namespaces.keys()]).toEqual(['host', 'a']);
});

test('marks: a hosts file brings its namespace and its directory into scope, its topology permitting', async () => {
  sh(`for ns in a b; do ip netns add $ns; done; mkdir -p /etc/netns/a /etc/netns/b /etc/netns/gone /etc/netns/evil
    echo '# netloom:t made by a test' >/etc/netns/a/hosts; echo 'nameserver 192.0.2.1' >/etc/netns/a/resolv.conf
    echo '# netloom:other' >/etc/netns/b/hosts; echo '# netloom:t' >/etc/netns/gone/hosts
    ln -s /etc/netns/a/hosts /etc/netns/evil/hosts`);
  const { namespaces, files } = await dump({ topologies: ['t'] });
  expect([...namespaces.keys()]).toEqual(['host', 'a']);
  expect([...files.keys()].toSorted()).toEqual(['/etc/netns/a/hosts', '/etc/netns/a/resolv.conf', '/etc/netns/gone/hosts']);
  expect([...(await dump()).namespaces.keys()]).toEqual(['host', 'a', 'b']);
});

test('processes: those in a marked namespace whose lo bears no mark', async () => {
  sh(`for ns in a b; do ip netns add $ns; mkdir -p /etc/netns/$ns; echo '# netloom:t' >/etc/netns/$ns/hosts; done
    ip -n b link property add dev lo altname netloom:t:b:lo`);
  const stop = sh('nsenter --net=/run/netns/a sleep 60 >/dev/null 2>&1 & sleep 0.2; echo $!').trim();
  const { namespaces } = await dump();
  expect(namespaces.get('a')?.processes).toEqual([{ pid: Number(stop), command: 'sleep' }]);
  expect(namespaces.get('b')?.processes).toBeUndefined();
  process.kill(Number(stop));
});

test('sysctls: of several digits and words, missing ones left out, of the host and of namespaces', async () => {
  sh(`ip netns add a; nsenter --net=/run/netns/a sh -c 'echo 1234 >/proc/sys/net/core/somaxconn'
    nsenter --net=/run/netns/a sh -c 'echo 20000 30000 >/proc/sys/net/ipv4/ip_local_port_range'; echo 1 >/proc/sys/net/ipv4/ip_forward`);
  const paths = ['net/core/somaxconn', 'net/ipv4/ip_local_port_range', 'net/ipv4/nope'];
  const { namespaces } = await dump({
    namespaces: ['a'],
    sysctls: new Map(Object.entries({ a: paths, host: ['net/ipv4/ip_forward', 'nope/x'] })),
  });
  expect([...(namespaces.get('a')?.sysctls ?? [])]).toEqual([
    ['net/core/somaxconn', '1234'],
    ['net/ipv4/ip_local_port_range', '20000 30000'],
  ]);
  expect([...(namespaces.get('host')?.sysctls ?? [])]).toEqual([['net/ipv4/ip_forward', '1']]);
});

test('listeners: sockets of the host that wait', async () => {
  const { listeners } = await dump();
  expect(listeners).toEqual([]);
});

const TABLE = `table inet netloom-t {
	map ports {
		type inet_proto . inet_service : ipv4_addr . inet_service
		elements = { tcp . 8080 comment "web01" : 172.30.1.2 . 80 }
	}

	chain raw {
		type filter hook prerouting priority raw; policy accept;
		iifname != "lo" ip daddr 127.0.0.0/8 drop comment "guard"
	}

	chain output {
		type nat hook output priority -100; policy accept;
		ip6 daddr != ::1 fib daddr type local jump publish
		meta nfproto ipv4 fib daddr type local jump publish
	}

	chain publish {
		dnat ip to ip daddr . meta l4proto . th dport map @ports4
		dnat ip to meta l4proto . th dport map @ports
		meta l4proto tcp dnat ip6 to [fd00::2]:80
		meta l4proto tcp dnat ip to 10.0.0.1:80
	}

	chain postrouting {
		type nat hook postrouting priority srcnat; policy accept;
		ct status dnat ip saddr 172.30.1.0/24 ip daddr 172.30.1.0/24 masquerade
		ip saddr { 10.0.0.0/8, 127.0.0.0/8 } oifname "br-web" masquerade
		ip saddr 172.30.1.0/24 oifname != { "br-db", "br-web" } masquerade
		oifgroup != 1853123693 accept
	}

	chain other {
	}

	chain forward {
		type filter hook forward priority filter; policy accept;
		ct state established,related accept
		ct state invalid drop
		oifname "br-web" ip saddr 10.0.0.0/8 ip daddr 172.30.1.2 tcp dport { 5432, 6000-6010 } accept
		oifname "br-web" meta l4proto tcp ct original proto-dst 80 drop
		icmpv6 type { nd-neighbor-advert, nd-neighbor-solicit } accept
		ip6 saddr fd00::/64 udp sport 53 return
		ct mark 0x00000005 meta mark set 0x00000005
		iifname "br*" reject
		iifname "br-x" reject with icmpx admin-prohibited
		tcp dport 81 reject with tcp reset
		meta l4proto { icmp, tcp } goto other
		iif "lo" ip saddr 10.0.0.1-10.0.0.9 drop
	}
}`;

test('tables: rules have the text that nft prints', async () => {
  const text = TABLE.replace(
    'map ports {',
    'map ports4 { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service; }\n\tmap ports {',
  );
  sh(`nft -f - <<'EOF'\n${text}\nEOF`);
  const printed = sh('nft list table inet netloom-t')
    .split('\n')
    .map((line) => line.trim().replace(/\{ (.*) \}/, (_, elements: string) => printSet(elements.split(', '))));
  const { tables } = await dump();
  const table = tables.get('netloom-t');
  const rules = [...(table?.chains.values() ?? [])].flatMap((chain) => chain.rules);
  expect(rules.length).toBe(23);
  for (const rule of rules) expect(printed).toContain(rule);
  expect(table?.chains.get('raw')?.base).toEqual({ type: 'filter', hook: 'prerouting', priority: -300, policy: 'accept' });
  expect(table?.maps.get('ports')).toEqual({
    key: 'inet_proto . inet_service',
    value: 'ipv4_addr . inet_service',
    elements: new Map([['tcp . 8080', { value: '172.30.1.2 . 80', comment: 'web01' }]]),
  });
});

test('sysctls: thousands of the host are read in parts by several drivers, none is lost', async () => {
  sh(
    'ip netns add a; for n in $(seq 160); do ip link add name p$n type veth peer name q$n; done; sysctl -qw net/ipv6/conf/q160/accept_ra=0',
  );
  const keys = ['accept_ra', 'accept_dad', 'addr_gen_mode', 'disable_ipv6', 'forwarding', 'hop_limit', 'mtu', 'keep_addr_on_down'];
  const paths = Array.from({ length: 160 }, (_, n) =>
    ['p', 'q'].flatMap((end) => keys.map((key) => `net/ipv6/conf/${end}${n + 1}/${key}`)),
  ).flat();
  const started: string[] = [];
  const counting = createIprouteKernel({ onSpawn: ([file = '']) => started.push(file) });
  const sysctls = new Map([
    ['host', [...paths, 'net/ipv6/conf/nothing/mtu']],
    ['a', ['net/ipv4/ip_forward']],
  ]);
  const { namespaces } = await counting.dump({ only: 'sysctls', namespaces: [], topologies: [], files: [], sysctls });
  const read = namespaces.get('host')?.sysctls ?? new Map();
  expect([...read.keys()]).toEqual(paths);
  expect([read.get('net/ipv6/conf/q160/accept_ra'), read.get('net/ipv6/conf/p1/accept_ra')]).toEqual(['0', '1']);
  expect(namespaces.get('a')?.sysctls).toEqual(new Map([['net/ipv4/ip_forward', '0']]));
  expect([new Set(started), started.length]).toEqual([new Set(['perl']), WIDTH]);
});
