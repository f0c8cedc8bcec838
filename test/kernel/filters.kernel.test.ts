import { afterEach, expect, test } from 'vitest';
import { converge } from '../support/converge.ts';
import { destroy, kernel, load, planOf } from '../support/lab.ts';
import { pings, shell } from '../support/sandbox.ts';

const lab = load(`
version: 1
name: drops
subnets: { a: { ipv4: 172.25.1.0/24 }, b: { ipv4: 172.25.2.0/24, ipv6: "fd25:2::/64" } }
bridges:
  br-a: { subnet: a, inbound: open }
  br-b: { subnet: b, inbound: open }
namespaces: { a1: {}, b1: {} }
links: [[a1:eth0, br-a], [b1:eth0, br-b]]
`);

afterEach(async () => {
  await destroy('drops');
  await shell('nft flush ruleset');
});

const blockers = async () => (await planOf(lab)).blockers;
const messages = async (): Promise<string[]> => (await blockers()).map(({ code, message }) => `${code} ${message}`);

/** Does as the hints say. firewall-cmd and ufw are not here: their commands are what the test does in their place. */
async function follow(stand: (hint: string) => string = (hint) => hint): Promise<void> {
  for (const { hint } of await blockers()) await shell(stand(hint.replace('let it through: ', '')));
}

test.each([
  {
    whose: "somebody's table, by policy",
    setup: "nft 'add table inet fire; add chain inet fire forward { type filter hook forward priority 0; policy drop; }'",
    says: [
      'E_FORWARD_DROPPED chain forward of table inet fire drops what br-a forwards (policy drop)',
      'E_FORWARD_DROPPED chain forward of table inet fire drops what br-b forwards (policy drop)',
    ],
  },
  {
    whose: "somebody's table, by a last rule",
    setup:
      "nft 'add table ip fire; add chain ip fire forward { type filter hook forward priority 10; }; add rule ip fire forward ct state established accept; add rule ip fire forward counter reject'",
    says: [
      'E_FORWARD_DROPPED chain forward of table ip fire drops what br-a forwards (its rule reject)',
      'E_FORWARD_DROPPED chain forward of table ip fire drops what br-b forwards (its rule reject)',
    ],
  },
  {
    whose: 'iptables without Docker',
    setup: 'iptables -P FORWARD DROP; ip6tables -P FORWARD DROP',
    says: [
      'E_FORWARD_DROPPED iptables: chain FORWARD of table ip filter drops what br-a forwards (policy drop)',
      'E_FORWARD_DROPPED iptables: chain FORWARD of table ip filter drops what br-b forwards (policy drop)',
      'E_FORWARD_DROPPED iptables: chain FORWARD of table ip6 filter drops what br-b forwards (policy drop)',
    ],
  },
  {
    whose: 'iptables as Red Hat and Oracle set it up',
    setup: `iptables -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
      iptables -A FORWARD -m comment --comment "no more" -j REJECT --reject-with icmp-host-prohibited`,
    says: [
      'E_FORWARD_DROPPED iptables: chain FORWARD of table ip filter drops what br-a forwards (its rule reject)',
      'E_FORWARD_DROPPED iptables: chain FORWARD of table ip filter drops what br-b forwards (its rule reject)',
    ],
  },
  {
    whose: 'a chain that logs and drops',
    setup: 'iptables -N LOGDROP; iptables -A LOGDROP -j LOG; iptables -A LOGDROP -j DROP; iptables -A FORWARD -j LOGDROP',
    says: [
      'E_FORWARD_DROPPED iptables: chain FORWARD of table ip filter drops what br-a forwards (its rule jump LOGDROP, there drop)',
      'E_FORWARD_DROPPED iptables: chain FORWARD of table ip filter drops what br-b forwards (its rule jump LOGDROP, there drop)',
    ],
  },
  {
    whose: 'a rule that logs and drops',
    setup: `nft 'add table ip fire; add chain ip fire forward { type filter hook forward priority 0; }; add rule ip fire forward log prefix "gone " drop'`,
    says: [
      'E_FORWARD_DROPPED chain forward of table ip fire drops what br-a forwards (its rule drop)',
      'E_FORWARD_DROPPED chain forward of table ip fire drops what br-b forwards (its rule drop)',
    ],
  },
  {
    whose: "Docker's, from whose FORWARD somebody has flushed the way to DOCKER-USER",
    setup: 'iptables -P FORWARD DROP; iptables -N DOCKER-USER',
    says: [
      'E_FORWARD_DROPPED iptables: chain FORWARD of table ip filter drops what br-a forwards (policy drop)',
      'E_FORWARD_DROPPED iptables: chain FORWARD of table ip filter drops what br-b forwards (policy drop)',
    ],
    // One is enough for all bridges.
    stand: (hint: string) => `iptables -C FORWARD -j DOCKER-USER 2>/dev/null || ${hint}`,
  },
  {
    whose: 'ufw',
    setup:
      'iptables -P FORWARD DROP; iptables -N ufw-before-forward; iptables -N ufw-user-forward; iptables -A FORWARD -j ufw-user-forward',
    stand: (hint: string) =>
      hint.replaceAll(
        /ufw route allow (in|out) on (\S+)/g,
        (_, way, bridge) => `iptables -A ufw-user-forward -${way[0]} ${bridge} -j ACCEPT`,
      ),
    says: [
      'E_FORWARD_DROPPED ufw: chain FORWARD of table ip filter drops what br-a forwards (policy drop)',
      'E_FORWARD_DROPPED ufw: chain FORWARD of table ip filter drops what br-b forwards (policy drop)',
    ],
  },
  {
    whose: 'firewalld',
    setup:
      "nft 'add table inet firewalld; add chain inet firewalld trusted; add rule inet firewalld trusted accept; add chain inet firewalld filter_FORWARD { type filter hook forward priority 10; }; add rule inet firewalld filter_FORWARD reject with icmpx admin-prohibited'",
    stand: (hint: string) =>
      hint.replace(/^firewall-cmd .*--add-interface=(\S+) .*$/, (_, bridge) =>
        ['iifname', 'oifname'].map((key) => `nft insert rule inet firewalld filter_FORWARD ${key} ${bridge} goto trusted`).join('; '),
      ),
    says: [
      'E_FORWARD_DROPPED firewalld: chain filter_FORWARD of table inet firewalld drops what br-a forwards (its rule reject)',
      'E_FORWARD_DROPPED firewalld: chain filter_FORWARD of table inet firewalld drops what br-b forwards (its rule reject)',
    ],
  },
])('a foreign drop is a blocker that names it, and its hint lets us through: $whose', async ({ setup, says, stand }) => {
  await shell(setup);
  expect(await messages()).toEqual(says);
  await follow(stand);
  expect(await messages()).toEqual([]);
  await converge(kernel, lab);
  expect(await pings('a1', '172.25.2.2')).toBe(true);
});

test('a wildcard lets through what it covers, and chains that accept are in nobody’s way', async () => {
  await shell(`nft 'add table inet fire; add chain inet fire forward { type filter hook forward priority 0; policy drop; }
    add rule inet fire forward iifname "br-*" accept; add rule inet fire forward oifname { "br-a", "br-b" } accept
    add table ip other; add chain ip other forward { type filter hook forward priority 5; }; add rule ip other forward ip saddr 203.0.113.7 drop'`);
  expect(await messages()).toEqual([]);
});

test.each([
  ['everything is accepted before', 'chain forward { type filter hook forward priority 0; policy drop; counter accept; }'],
  [
    'the chain that it leads to accepts',
    'chain rest { accept; }; chain forward { type filter hook forward priority 0; policy drop; jump rest; drop; }',
  ],
  [
    'a verdict map names our bridges',
    'chain forward { type filter hook forward priority 0; policy drop; iifname vmap { "br-a" : accept, "br-b" : accept }; oifname vmap { "br-a" : accept, "br-b" : accept }; }',
  ],
  ['its rules lead back', 'chain forward { type filter hook forward priority 0; jump one; }; chain one { return; drop; }'],
])('a chain that drops by policy or at its end is in nobody’s way where %s', async (_, chains) => {
  await shell(`nft 'table ip fire { ${chains.replaceAll('}; chain', '}\nchain')}
}'`);
  expect(await messages()).toEqual([]);
});

test('a passage in a chain that nothing leads to lets nobody through', async () => {
  await shell(`nft 'add table inet fire; add chain inet fire forward { type filter hook forward priority 0; policy drop; }
    add chain inet fire idle; add rule inet fire idle iifname "br-*" accept; add rule inet fire idle oifname "br-*" accept'`);
  expect(await messages()).toHaveLength(2);
});
