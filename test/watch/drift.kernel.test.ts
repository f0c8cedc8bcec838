import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hostState } from '../support/host-state.ts';
import { changesOf, load } from '../support/lab.ts';
import { shell } from '../support/sandbox.ts';
import { startWatch, type Watcher } from '../support/watch.ts';

const TEXT = `
version: 1
name: w
subnets:
  web: { ipv4: 172.30.1.0/24, ipv6: "fd00:30:1::/64" }
bridges:
  br-web: { subnet: web }
namespaces:
  a: { publish: ["8080:80"], sysctls: { net.core.somaxconn: 1024 } }
  b:
  r: { forwarding: true, masquerade: [up0] }
  far:
links:
  - [a:eth0, br-web]
  - [b:eth0, br-web]
  - { ends: [r:up0, far:eth0], subnet: { ipv4: 10.0.0.0/30, gateway: far:eth0 } }
`;
const directory = mkdtempSync(join(tmpdir(), 'netloom-watch-'));
const file = join(directory, 'w.yaml');
const lab = load(TEXT, file);
let watcher: Watcher;
let before: unknown;

beforeAll(async () => {
  writeFileSync(file, TEXT);
  watcher = await startWatch(directory, 'w.yaml', '--resync', '0');
  before = await hostState();
});

afterAll(() => watcher?.stop());

/** What somebody does to the host, and an object that the watch must name when it has repaired it. */
const DRIFTS: Readonly<Record<string, readonly [id: string, script: string]>> = {
  "a bridge's MTU": ['bridge:br-web', 'ip link set br-web mtu 1400'],
  'a bridge set down': ['bridge:br-web', 'ip link set br-web down'],
  'a bridge deleted': ['bridge:br-web', 'ip link del br-web'],
  "a bridge's option": ['bridge:br-web', 'ip link set br-web type bridge stp_state 1'],
  'a veth deleted': ['link:a:eth0', 'ip link del a-eth0'],
  'a port taken out of its bridge': ['link:a:eth0', 'ip link set a-eth0 nomaster'],
  // Not four of one object: that would be called contested.
  'a port made isolated': ['link:b:eth0', 'bridge link set dev b-eth0 isolated on'],
  'a port renamed': ['link:a:eth0', 'ip link set a-eth0 down; ip link set a-eth0 name x0; ip link set x0 up'],
  'an interface renamed inside': ['link:b:eth0', 'ip -n b link set eth0 down; ip -n b link set eth0 name x1; ip -n b link set x1 up'],
  'an interface moved elsewhere': ['link:b:eth0', 'ip -n b link set eth0 netns far name stray'],
  'a link between two namespaces deleted': ['link:far:eth0', 'ip -n r link del up0'],
  'an MTU inside a namespace that no veth ties to the host': ['link:far:eth0', 'ip -n far link set eth0 mtu 1300'],
  'an address flushed inside': ['address:b:eth0', 'ip -n b addr flush dev eth0'],
  'an address of the host deleted': ['address:host:br-web', 'ip addr del 172.30.1.1/24 dev br-web'],
  'an address added': ['address:b:eth0', 'ip -n b addr add 10.99.0.1/24 dev eth0'],
  'a route deleted': ['route:b:0.0.0.0/0', 'ip -n b route del default'],
  'a route added': ['route:b:10.77.0.0/16', 'ip -n b route add 10.77.0.0/16 via 172.30.1.1'],
  'a blackhole added': ['route:b:10.78.0.0/16', 'ip -n b route add blackhole 10.78.0.0/16'],
  'a namespace deleted': ['namespace:b', 'ip netns del b'],
  'every nft rule flushed': ['table:netloom-w', 'nft flush ruleset'],
  'one nft chain flushed': ['table:netloom-w', 'nft flush chain inet netloom-w forward'],
  'a published port deleted': ['publish:8080/tcp', 'nft flush map inet netloom-w publish_ipv4_any'],
  'forwarding switched off': ['sysctl:host', 'sysctl -qw net.ipv4.ip_forward=0'],
  'forwarding of a bridge switched off': ['sysctl:host:br-web', 'sysctl -qw net.ipv4.conf.br-web.forwarding=0'],
  'forwarding inside switched on': ['sysctl:b', 'ip netns exec b sysctl -qw net.ipv4.ip_forward=1'],
  'a declared sysctl, which emits nothing': ['sysctl:a', 'ip netns exec a sysctl -qw net.core.somaxconn=99'],
  "the rules of a router's own, which no listener outside hears": ['table:r:netloom-w', 'ip netns exec r nft flush ruleset'],
  'a file in /etc/netns deleted': ['file:/etc/netns/a/hosts', 'rm /etc/netns/a/hosts'],
  'a file in /etc/netns edited': ['file:/etc/netns/a/hosts', 'echo 10.0.0.9 stray >>/etc/netns/a/hosts'],
  'the files of a namespace deleted': ['file:/etc/netns/b/hosts', 'rm -r /etc/netns/b'],
};

test.each(Object.entries(DRIFTS))('watch: %s is heard and repaired', async (_, [id, script]) => {
  const repaired = await watcher.after(
    () => shell(script),
    ({ event, changes }) => event === 'converged' && changes?.some((change) => change.id === id) === true,
  );
  expect(repaired).toMatchObject({ topology: 'w', repair: true });
  expect(await changesOf(lab)).toEqual([]);
});

test('watch: after all that the host is what it was', async () => {
  expect(await hostState()).toEqual(before);
});
