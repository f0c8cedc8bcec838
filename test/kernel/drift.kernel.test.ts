import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Change } from '../../src/model/resource.ts';
import { applyPlan } from '../../src/pipeline/apply.ts';
import { renderPlan } from '../../src/render/plan.ts';
import { PLAIN } from '../../src/render/style.ts';
import { describe } from '../render/fixtures.ts';
import { converge } from '../support/converge.ts';
import { hostState } from '../support/host-state.ts';
import { changesOf, destroy, indexes, kernel, load, planOf } from '../support/lab.ts';
import { shell } from '../support/sandbox.ts';
import { emptyHost } from './iproute/support.ts';

const lab = load(`
version: 1
name: drift
subnets:
  a: { ipv4: 172.31.1.0/24, ipv6: "fd31:1::/64" }
  b: { ipv4: 172.31.2.0/24 }
bridges:
  br-a: { subnet: a, mtu: 1400 }
  br-b: { subnet: b, icc: false }
namespaces:
  one:
    publish: ["8080:80", "127.0.0.1:8443:443"]
    sysctls: { net.core.somaxconn: 777 }
    dns: [192.0.2.53]
    interfaces: { lo: { addresses: [10.255.0.1/32] } }
    routes: [{ to: 10.9.0.0/16, via: two }, { to: 198.51.100.0/24, type: blackhole }, { to: "fd09::/64", type: unreachable }]
  two:
  three:
  side: { share: two }
links:
  - [one:eth0, br-a]
  - [two:eth0, br-a]
  - [one:eth1, br-b]
  - [three:eth0, br-b]
  - { ends: [two:p0, three:p0], subnet: { ipv4: 10.50.0.0/30, ipv6: "fd50::/64", gateway: false } }
  - { ends: [three:up0, host:to-three], subnet: { ipv4: 10.60.0.0/30, gateway: "host:to-three" } }
host: { routes: [{ to: 10.70.0.0/16, via: three }, { to: 10.71.0.0/16, type: blackhole }] }
`);

interface Drift {
  /** What somebody does. */
  readonly did: string;
  readonly how: string;
  /** The next plan: what changes, and in which fields, in any order. */
  readonly plan: readonly string[];
  /** Interfaces that are made anew. */
  readonly anew?: readonly string[];
}

const two = 'ip -n two';
/** The kernel takes a namespace apart after the name is gone, in its own time. */
const untilGone = (links: string): string => `for l in ${links}; do while ip link show $l >/dev/null 2>&1; do sleep 0.01; done; done`;
const drifts: readonly Drift[] = [
  // Links
  {
    did: 'a bridge link is deleted by its port',
    how: 'ip link del one-eth0',
    plan: [
      'create link:one:eth0',
      'create sysctl:host:one-eth0',
      'create sysctl:one:eth0',
      'create address:one:eth0',
      'create route:one:0.0.0.0/0',
      'create route:one:::/0',
      'create route:one:10.9.0.0/16',
    ],
    anew: ['host:one-eth0', 'one:eth0'],
  },
  {
    did: 'a bridge link is deleted from inside',
    how: 'ip -n one link del eth1',
    plan: ['create link:one:eth1', 'create sysctl:host:one-eth1', 'create sysctl:one:eth1', 'create address:one:eth1'],
    anew: ['host:one-eth1', 'one:eth1'],
  },
  {
    did: 'a pair is deleted',
    how: 'ip -n two link del p0',
    plan: ['create link:three:p0', 'create sysctl:three:p0', 'create sysctl:two:p0', 'create address:three:p0', 'create address:two:p0'],
    anew: ['side:p0', 'three:p0', 'two:p0'],
  },
  {
    did: 'the host end of a pair is deleted',
    how: 'ip link del to-three',
    plan: [
      'create link:three:up0',
      'create sysctl:host:to-three',
      'create sysctl:three:up0',
      'create address:host:to-three',
      'create address:three:up0',
    ],
    anew: ['host:to-three', 'three:up0'],
  },
  { did: 'a port is set down', how: 'ip link set one-eth0 down', plan: ['update link:one:eth0 far.up'] },
  {
    did: 'a member is set down',
    how: 'ip -n one link set eth0 down',
    plan: [
      'update link:one:eth0 up',
      'update address:one:eth0 addresses',
      'create route:one:0.0.0.0/0',
      'create route:one:::/0',
      'create route:one:10.9.0.0/16',
    ],
  },
  {
    did: 'one end of a pair is set down',
    how: 'ip -n three link set p0 down',
    plan: ['update link:three:p0 up', 'update address:three:p0 addresses'],
  },
  { did: 'the host end is set down', how: 'ip link set to-three down', plan: ['update link:three:up0 far.up'] },
  { did: 'lo is set down', how: 'ip -n one link set lo down', plan: ['update namespace:one up', 'create route:one:fd09::/64'] },
  { did: 'a port is renamed', how: 'ip link set one-eth0 name elsewhere', plan: ['update link:one:eth0 far.name'] },
  { did: 'a member is renamed', how: 'ip -n one link set eth0 name wan0', plan: ['update link:one:eth0 name'] },
  { did: 'a host end is renamed', how: 'ip link set to-three name elsewhere', plan: ['update link:three:up0 far.name'] },
  { did: 'an end of a pair is renamed', how: 'ip -n three link set p0 name q0', plan: ['update link:three:p0 name'] },
  {
    did: 'the names of two links are swapped',
    how: 'ip -n one link set eth0 name x; ip -n one link set eth1 name eth0; ip -n one link set x name eth1',
    plan: ['update link:one:eth0 name', 'update link:one:eth1 name'],
  },
  {
    did: 'the names of two ports are swapped',
    how: 'ip link set one-eth0 name x; ip link set two-eth0 name one-eth0; ip link set x name two-eth0',
    plan: ['update link:one:eth0 far.name', 'update link:two:eth0 far.name'],
  },
  { did: 'a MAC is changed', how: 'ip -n one link set eth0 address 02:00:00:00:00:77', plan: ['update link:one:eth0 mac'] },
  { did: "a port's MAC is changed", how: 'ip link set one-eth0 address 02:00:00:00:00:77', plan: ['update link:one:eth0 far.mac'] },
  { did: 'an MTU is changed', how: 'ip -n one link set eth0 mtu 1300', plan: ['update link:one:eth0 mtu'] },
  { did: "a port's MTU is changed", how: 'ip link set one-eth0 mtu 1300', plan: ['update link:one:eth0 far.mtu'] },
  {
    did: 'an MTU falls below what IPv6 needs',
    how: 'ip -n one link set eth0 mtu 1000',
    plan: ['update link:one:eth0 mtu', 'update sysctl:one:eth0 …', 'update address:one:eth0 addresses', 'create route:one:::/0'],
  },
  { did: 'an alias is changed', how: 'ip -n one link set eth0 alias mine', plan: ['update link:one:eth0 alias'] },
  { did: 'a group is changed', how: 'ip -n one link set eth0 group 7', plan: ['update link:one:eth0 group'] },
  { did: "a port's group is changed", how: 'ip link set one-eth0 group 7', plan: ['update link:one:eth0 far.group'] },
  {
    did: 'an altname is removed',
    how: 'ip -n one link property del dev eth0 altname netloom:drift:one:eth0',
    plan: ['update link:one:eth0 altname'],
  },
  {
    did: "a port's altname is removed",
    how: 'ip link property del dev one-eth0 altname netloom:drift:one:eth0',
    plan: ['update link:one:eth0 far.altname'],
  },
  { did: 'a port is taken off its bridge', how: 'ip link set one-eth0 nomaster', plan: ['update link:one:eth0 hairpin,bridge'] },
  { did: 'a port is put on another bridge', how: 'ip link set one-eth0 master br-b', plan: ['update link:one:eth0 bridge,hairpin'] },
  {
    did: 'the isolation of a port is lifted',
    how: 'bridge link set dev three-eth0 isolated off',
    plan: ['update link:three:eth0 isolated'],
  },
  { did: 'hairpin is switched off', how: 'bridge link set dev one-eth0 hairpin off', plan: ['update link:one:eth0 hairpin'] },
  {
    did: 'a member is moved to another namespace',
    how: 'ip -n one link set eth1 netns two',
    plan: ['replace link:one:eth1', 'replace sysctl:host:one-eth1', 'create sysctl:one:eth1', 'create address:one:eth1'],
    anew: ['host:one-eth1', 'one:eth1'],
  },
  // Addresses
  { did: 'an address is added', how: 'ip -n one addr add 172.31.1.99/24 dev eth0', plan: ['update address:one:eth0 addresses'] },
  {
    did: 'an address is removed',
    how: `${two} addr del $(${two} -br -4 addr show eth0 | awk '{print $3}') dev eth0`,
    plan: ['update address:two:eth0 addresses', 'create route:two:0.0.0.0/0'],
  },
  { did: 'an IPv6 address is removed', how: `${two} addr del fd31:1::3/64 dev eth0`, plan: ['update address:two:eth0 addresses'] },
  {
    did: 'addresses are flushed',
    how: 'ip -n one addr flush dev eth0',
    plan: ['create address:one:eth0', 'create route:one:0.0.0.0/0', 'create route:one:10.9.0.0/16'],
  },
  { did: "a bridge's addresses are flushed", how: 'ip addr flush dev br-a', plan: ['create address:host:br-a'] },
  {
    did: 'an address gets another prefix length',
    how: `${two} addr del 172.31.1.3/24 dev eth0; ${two} addr add 172.31.1.3/16 dev eth0`,
    plan: ['update address:two:eth0 addresses', 'create route:two:0.0.0.0/0'],
  },
  { did: 'the address of lo is removed', how: 'ip -n one addr del 10.255.0.1/32 dev lo', plan: ['create address:one:lo'] },
  { did: 'lo gets another address', how: 'ip -n one addr add 10.255.0.9/32 dev lo', plan: ['update address:one:lo addresses'] },
  {
    did: 'addresses come in another order',
    how: `${two} addr add 172.31.1.77/24 dev eth0; ${two} addr del 172.31.1.3/24 dev eth0; ${two} addr add 172.31.1.3/24 dev eth0; `,
    plan: ['update address:two:eth0 addresses'],
  },
  // Routes
  { did: 'the default route is removed', how: 'ip -n one route del default', plan: ['create route:one:0.0.0.0/0'] },
  { did: 'the IPv6 default route is removed', how: 'ip -n one -6 route del default', plan: ['create route:one:::/0'] },
  { did: 'a static route is added', how: 'ip -n one route add 10.8.0.0/16 via 172.31.1.3', plan: ['delete route:one:10.8.0.0/16'] },
  {
    did: 'a route leads elsewhere',
    how: 'ip -n one route replace 10.9.0.0/16 via 172.31.1.1',
    plan: ['update route:one:10.9.0.0/16 via,protocol'],
  },
  {
    did: 'a route is there twice, with another metric',
    how: 'ip -n one route add default via 172.31.1.3 metric 7',
    plan: ['delete route:one:0.0.0.0/0:7'],
  },
  {
    did: 'a blackhole becomes a route',
    how: 'ip -n one route replace 198.51.100.0/24 via 172.31.1.3',
    plan: ['replace route:one:198.51.100.0/24'],
  },
  { did: 'a route becomes a blackhole', how: 'ip -n one route replace blackhole 10.9.0.0/16', plan: ['replace route:one:10.9.0.0/16'] },
  {
    did: 'the routes of a namespace are flushed',
    how: 'ip -n one route flush table main; ip -n one -6 route flush table main',
    plan: [
      'update address:one:eth0 unrouted',
      'update address:one:eth1 unrouted',
      'create route:one:0.0.0.0/0',
      'create route:one:::/0',
      'create route:one:10.9.0.0/16',
      'create route:one:198.51.100.0/24',
      'create route:one:fd09::/64',
    ],
  },
  { did: "the host's route is removed", how: 'ip route del 10.70.0.0/16', plan: ['create route:host:10.70.0.0/16'] },
  {
    did: "the host's route leads elsewhere",
    how: 'ip route replace 10.70.0.0/16 via 10.60.0.2 dev to-three proto 159 metric 0 onlink || true; ip route replace 10.70.0.0/16 dev to-three proto 159',
    plan: ['update route:host:10.70.0.0/16 dev,via'],
  },
  { did: "the host's blackhole is removed", how: 'ip route del blackhole 10.71.0.0/16', plan: ['create route:host:10.71.0.0/16'] },
  // Sysctls
  {
    did: 'a sysctl of the file is changed',
    how: 'ip netns exec one sysctl -qw net.core.somaxconn=128',
    plan: ['update sysctl:one net/core/somaxconn'],
  },
  {
    did: 'a sysctl of the baseline is changed',
    how: 'ip netns exec one sysctl -qw net.ipv4.ip_forward=1',
    plan: [
      'update sysctl:one net/ipv4/ip_forward',
      'update sysctl:one:eth0 net/ipv4/conf/eth0/forwarding',
      'update sysctl:one:eth1 net/ipv4/conf/eth1/forwarding',
    ],
  },
  {
    did: 'a sysctl of an interface is changed',
    how: 'ip netns exec one sysctl -qw net.ipv4.conf.eth0.rp_filter=1',
    plan: ['update sysctl:one:eth0 net/ipv4/conf/eth0/rp_filter'],
  },
  {
    did: 'a sysctl of a bridge is changed',
    how: 'sysctl -qw net.ipv4.conf.br-a.route_localnet=0',
    plan: ['update sysctl:host:br-a net/ipv4/conf/br-a/route_localnet'],
  },
  {
    did: 'IPv6 is disabled on an interface',
    how: 'ip netns exec one sysctl -qw net.ipv6.conf.eth0.disable_ipv6=1',
    plan: ['update sysctl:one:eth0 net/ipv6/conf/eth0/disable_ipv6', 'update address:one:eth0 addresses', 'create route:one:::/0'],
  },
  {
    did: 'the host stops forwarding',
    how: 'sysctl -qw net.ipv4.ip_forward=0',
    plan: [
      'update sysctl:host net/ipv4/ip_forward',
      'update sysctl:host:br-a net/ipv4/conf/br-a/forwarding',
      'update sysctl:host:br-b net/ipv4/conf/br-b/forwarding',
    ],
  },
  {
    did: 'the host stops forwarding IPv6',
    how: 'sysctl -qw net.ipv6.conf.all.forwarding=0',
    plan: ['update sysctl:host net/ipv6/conf/all/forwarding', 'update sysctl:host:br-a net/ipv6/conf/br-a/forwarding'],
  },
  // Namespaces
  {
    did: 'a namespace is deleted',
    how: `ip netns del one; ${untilGone('one-eth0 one-eth1')}`,
    plan: [
      'create namespace:one',
      'create link:one:eth0',
      'create link:one:eth1',
      'create sysctl:one',
      'create sysctl:host:one-eth0',
      'create sysctl:one:eth0',
      'create sysctl:host:one-eth1',
      'create sysctl:one:eth1',
      'create address:one:lo',
      'create address:one:eth0',
      'create address:one:eth1',
      'create route:one:0.0.0.0/0',
      'create route:one:::/0',
      'create route:one:10.9.0.0/16',
      'create route:one:198.51.100.0/24',
      'create route:one:fd09::/64',
    ],
    anew: ['host:one-eth0', 'host:one-eth1', 'one:eth0', 'one:eth1'],
  },
  {
    did: 'a namespace between two others is deleted',
    how: `ip netns del three; ${untilGone('three-eth0 to-three')}`,
    plan: [
      'create namespace:three',
      'create link:three:eth0',
      'create link:three:p0',
      'create link:three:up0',
      'create sysctl:three',
      'create sysctl:host:three-eth0',
      'create sysctl:three:eth0',
      'create sysctl:three:p0',
      'create sysctl:two:p0',
      'create sysctl:host:to-three',
      'create sysctl:three:up0',
      'create address:three:eth0',
      'create address:three:p0',
      'create address:two:p0',
      'create address:host:to-three',
      'create address:three:up0',
      'create route:three:0.0.0.0/0',
    ],
    anew: ['host:three-eth0', 'host:to-three', 'side:p0', 'three:p0', 'three:up0', 'two:p0'],
  },
  {
    did: 'a shared namespace is deleted by its own name',
    how: 'ip netns del two',
    plan: [
      'create namespace:two',
      'replace share:side',
      'replace link:two:eth0',
      'replace link:three:p0',
      'create sysctl:two',
      'replace sysctl:host:two-eth0',
      'create sysctl:two:eth0',
      'replace sysctl:three:p0',
      'create sysctl:two:p0',
      'create address:two:eth0',
      'replace address:three:p0',
      'create address:two:p0',
      'create route:two:0.0.0.0/0',
      'create route:two:::/0',
    ],
    anew: ['host:two-eth0', 'three:p0', 'side:p0', 'two:p0'],
  },
  { did: 'a shared name is unmounted', how: 'ip netns del side', plan: ['create share:side'] },
  {
    did: 'every namespace is deleted',
    how: `ip -all netns del; ${untilGone('one-eth0 one-eth1 two-eth0 three-eth0 to-three')}`,
    plan: [
      'create namespace:one',
      'create namespace:two',
      'create namespace:three',
      'create share:side',
      'create link:one:eth0',
      'create link:two:eth0',
      'create link:one:eth1',
      'create link:three:eth0',
      'create link:three:p0',
      'create link:three:up0',
      'create sysctl:one',
      'create sysctl:two',
      'create sysctl:three',
      'create sysctl:host:one-eth0',
      'create sysctl:one:eth0',
      'create sysctl:host:two-eth0',
      'create sysctl:two:eth0',
      'create sysctl:host:one-eth1',
      'create sysctl:one:eth1',
      'create sysctl:host:three-eth0',
      'create sysctl:three:eth0',
      'create sysctl:three:p0',
      'create sysctl:two:p0',
      'create sysctl:host:to-three',
      'create sysctl:three:up0',
      'create address:one:lo',
      'create address:one:eth0',
      'create address:two:eth0',
      'create address:one:eth1',
      'create address:three:eth0',
      'create address:three:p0',
      'create address:two:p0',
      'create address:host:to-three',
      'create address:three:up0',
      'create route:one:0.0.0.0/0',
      'create route:one:::/0',
      'create route:one:10.9.0.0/16',
      'create route:one:198.51.100.0/24',
      'create route:one:fd09::/64',
      'create route:two:0.0.0.0/0',
      'create route:two:::/0',
      'create route:three:0.0.0.0/0',
    ],
    anew: ['host:one-eth0', 'host:one-eth1', 'host:three-eth0', 'host:to-three', 'host:two-eth0', 'three:p0'],
  },
  // Bridges
  {
    did: 'a bridge is deleted',
    how: 'ip link del br-a',
    plan: [
      'create bridge:br-a',
      'update link:one:eth0 hairpin,bridge',
      'update link:two:eth0 bridge',
      'create sysctl:host:br-a',
      'create address:host:br-a',
    ],
    anew: ['host:br-a'],
  },
  { did: 'a bridge is set down', how: 'ip link set br-a down', plan: ['update bridge:br-a up', 'update address:host:br-a addresses'] },
  { did: 'a bridge is renamed', how: 'ip link set br-a name br-x', plan: ['update bridge:br-a name'] },
  {
    did: 'the names of two bridges are swapped',
    how: 'ip link set br-a name x; ip link set br-b name br-a; ip link set x name br-b',
    plan: ['update bridge:br-a name', 'update bridge:br-b name'],
  },
  { did: "a bridge's MTU is changed", how: 'ip link set br-a mtu 1300', plan: ['update bridge:br-a mtu'] },
  {
    did: "a bridge's MTU falls below what IPv6 needs",
    how: 'ip link set br-a mtu 1000',
    plan: ['update bridge:br-a mtu', 'update sysctl:host:br-a …', 'update address:host:br-a addresses'],
  },
  { did: 'spanning tree is switched on', how: 'ip link set br-a type bridge stp_state 1', plan: ['update bridge:br-a stp'] },
  { did: "a bridge's MAC is changed", how: 'ip link set br-a address 02:00:00:00:00:88', plan: ['update bridge:br-a mac'] },
  { did: "a bridge's group is changed", how: 'ip link set br-a group 7', plan: ['update bridge:br-a group'] },
  {
    did: "a bridge's altname is removed",
    how: 'ip link property del dev br-a altname netloom:drift:br-a',
    plan: ['update bridge:br-a altname'],
  },
  // The table
  {
    did: 'the table is deleted',
    how: 'nft delete table inet netloom-drift',
    plan: ['create table:netloom-drift', 'create publish:8080/tcp', 'create publish:127.0.0.1:8443/tcp'],
  },
  {
    did: 'the ruleset is flushed',
    how: 'nft flush ruleset',
    plan: ['create table:netloom-drift', 'create publish:8080/tcp', 'create publish:127.0.0.1:8443/tcp'],
  },
  {
    did: 'the table is flushed',
    how: 'nft flush table inet netloom-drift',
    plan: ['update table:netloom-drift …'],
  },
  {
    did: 'a rule is deleted',
    how: "nft delete rule inet netloom-drift forward handle $(nft -a list chain inet netloom-drift forward | sed -n 's/.*inbound published.*handle //p' | head -1)",
    plan: ['update table:netloom-drift chains.forward.rules'],
  },
  {
    did: 'a rule is added',
    how: 'nft insert rule inet netloom-drift forward accept',
    plan: ['update table:netloom-drift chains.forward.rules'],
  },
  {
    did: 'the loopback guard is emptied',
    how: 'nft flush chain inet netloom-drift guard',
    plan: ['update table:netloom-drift chains.guard.rules'],
  },
  {
    did: 'a chain is deleted',
    how: 'nft flush chain inet netloom-drift postrouting; nft delete chain inet netloom-drift postrouting',
    plan: ['update table:netloom-drift chains.postrouting'],
  },
  { did: 'a chain is added', how: 'nft add chain inet netloom-drift mine', plan: ['update table:netloom-drift chains.mine'] },
  {
    did: 'a chain gets another policy',
    how: "nft add chain inet netloom-drift forward '{ policy drop; }'",
    plan: ['update table:netloom-drift chains.forward.base.policy'],
  },
  {
    did: 'a published port is deleted',
    how: "nft delete element inet netloom-drift publish_ipv4_any '{ tcp . 8080 }'",
    plan: ['update publish:8080/tcp target.ipv4'],
  },
  {
    did: 'a published port leads elsewhere',
    how: "nft delete element inet netloom-drift publish_ipv4_any '{ tcp . 8080 }'; nft add element inet netloom-drift publish_ipv4_any '{ tcp . 8080 : 172.31.1.3 . 80 }'",
    plan: ['update publish:8080/tcp target.ipv4', 'delete publish:0.0.0.0:8080/tcp'],
  },
  {
    did: 'a further port is published',
    how: "nft add element inet netloom-drift publish_ipv4_any '{ tcp . 9999 : 172.31.1.3 . 80 }'",
    plan: ['delete publish:9999/tcp'],
  },
  { did: 'a map is flushed', how: 'nft flush map inet netloom-drift publish_ipv4_any', plan: ['update publish:8080/tcp target.ipv4'] },
  // Files
  { did: 'a hosts file is deleted', how: 'rm /etc/netns/one/hosts', plan: ['create file:/etc/netns/one/hosts'] },
  {
    did: "a hosts file's directory is deleted",
    how: 'rm -r /etc/netns/one',
    plan: ['create file:/etc/netns/one/hosts', 'create file:/etc/netns/one/resolv.conf'],
  },
  { did: 'a hosts file is edited', how: 'echo 192.0.2.1 mine >> /etc/netns/one/hosts', plan: ['update file:/etc/netns/one/hosts content'] },
  { did: 'the mark of a hosts file is removed', how: 'sed -i 1d /etc/netns/one/hosts', plan: ['update file:/etc/netns/one/hosts content'] },
  { did: 'the hosts file of a shared name is deleted', how: 'rm /etc/netns/side/hosts', plan: ['create file:/etc/netns/side/hosts'] },
  { did: 'a resolv.conf is deleted', how: 'rm /etc/netns/one/resolv.conf', plan: ['create file:/etc/netns/one/resolv.conf'] },
  {
    did: 'a resolv.conf is edited',
    how: 'echo nameserver 192.0.2.1 >> /etc/netns/one/resolv.conf',
    plan: ['update file:/etc/netns/one/resolv.conf content'],
  },
  {
    did: 'every file is deleted',
    how: 'rm -r /etc/netns/*',
    plan: [
      'create file:/etc/netns/one/hosts',
      'create file:/etc/netns/one/resolv.conf',
      'create file:/etc/netns/two/hosts',
      'create file:/etc/netns/three/hosts',
      'create file:/etc/netns/side/hosts',
    ],
  },
];

let start: unknown;
let whole: unknown;
let numbers: Map<string, number>;

beforeAll(async () => {
  start = await hostState();
  await converge(kernel, lab);
  whole = await hostState();
  numbers = await indexes();
});

/** A case that fails does not take the others along. */
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') {
    await emptyHost();
    await converge(kernel, lab);
  }
  numbers = await indexes();
});

afterAll(async () => {
  expect((await destroy('drift')).status).toBe('converged');
  expect(await hostState()).toEqual(start);
});

test.each(drifts)('$did: named, and repaired', async ({ how, plan, anew = [] }) => {
  await shell(how);
  const { changes } = await converge(kernel, lab);
  expect(changes.map(nameOf).sort()).toEqual([...plan].sort());
  expect(await changesOf(lab)).toEqual([]);
  expect(await hostState()).toEqual(whole);
  const after = await indexes();
  // A new interface may get the number of the old one by chance.
  const moved = [...numbers].filter(([place, index]) => after.get(place) !== index).map(([place]) => place);
  expect(moved.filter((place) => !anew.includes(place))).toEqual([]);
});

/** What changes, and in which fields; many sysctls as `…`. */
function nameOf(change: Change): string {
  const paths = change.action === 'update' ? change.fields.map(({ path }) => path).join() : '';
  return `${change.action} ${change.id} ${paths.length > 60 ? '…' : paths}`.trim();
}

/** The plan as a person reads it, without the title and the summary. */
const planText = async (): Promise<string[]> =>
  renderPlan(await planOf(lab), describe, PLAIN)
    .split('\n')
    .slice(1, -1)
    .map((line) => line.trim().replaceAll(/ +/g, ' '));

test.each([
  { how: 'nft flush ruleset', says: ['+ table netloom-drift', '+ publish one 127.0.0.1:8443:443/tcp', '+ publish one 8080:80/tcp'] },
  {
    how: 'nft delete table inet netloom-drift',
    says: ['+ table netloom-drift', '+ publish one 127.0.0.1:8443:443/tcp', '+ publish one 8080:80/tcp'],
  },
  { how: 'nft flush chain inet netloom-drift guard', says: ['~ table netloom-drift chains.guard.rules changed'] },
  {
    how: "nft delete element inet netloom-drift publish_ipv4_any '{ tcp . 8080 }'",
    says: ['~ publish one 8080:80/tcp target.ipv4 none → 172.31.1.2'],
  },
  { how: 'rm /etc/netns/one/hosts', says: ['+ file /etc/netns/one/hosts'] },
  { how: 'echo nameserver 192.0.2.1 >> /etc/netns/one/resolv.conf', says: ['~ file /etc/netns/one/resolv.conf content changed'] },
  { how: 'rm -r /etc/netns/one', says: ['+ file /etc/netns/one/hosts', '+ file /etc/netns/one/resolv.conf'] },
])("$how: the plan's text says what is missing, and is empty again after an apply", async ({ how, says }) => {
  await shell(how);
  const text = await planText();
  expect(text.map((line) => says.find((one) => line.startsWith(one)) ?? line)).toEqual(says);
  await converge(kernel, lab);
  expect(await planText()).toEqual([]);
});

test('a lost record is written again, and nothing else is done', async () => {
  const record = await readFile('/run/netloom/drift.json', 'utf8');
  await shell('rm /run/netloom/drift.json');
  const plan = await converge(kernel, lab);
  expect([plan.changes, plan.operations.map(({ step }) => step.do)]).toEqual([[], ['file-write']]);
  expect(await hostState()).toEqual(whole);
  // With the values from before, which only it knew.
  await writeFile('/run/netloom/drift.json', record);
});

test.each([
  {
    did: 'a namespace',
    how: `ip netns del one; ip netns add one; ip -n one link add mine type bridge; ${untilGone('one-eth0 one-eth1')}`,
    code: 'E_NAMESPACE_TAKEN',
  },
  { did: 'a bridge', how: 'ip link del br-b; ip link add br-b type bridge', code: 'E_NAME_TAKEN' },
  { did: 'a port', how: 'ip link del three-eth0; ip link add three-eth0 type bridge', code: 'E_NAME_TAKEN' },
  { did: 'an interface inside', how: 'ip -n three link del eth0; ip -n three link add eth0 type bridge', code: 'E_NAME_TAKEN' },
])('$did whose name somebody else has taken meanwhile: a blocker, and nothing is touched', async ({ how, code }) => {
  await shell(how);
  const there = await hostState();
  const plan = await planOf(lab);
  expect(plan.blockers.map((blocker) => blocker.code)).toContain(code);
  const report = await applyPlan(kernel, plan, { replan: () => planOf(lab), revert: () => planOf(lab) });
  expect(report.status).toBe('blocked');
  expect(await hostState()).toEqual(there);
  await shell(
    'ip netns del one 2>/dev/null || true; for l in br-b three-eth0; do ip link del $l 2>/dev/null || true; done; ip -n three link del eth0 2>/dev/null || true',
  );
  await converge(kernel, lab);
  expect(await hostState()).toEqual(whole);
});
