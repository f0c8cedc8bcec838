import { run, shell } from '../sandbox.ts';

/** Puts things on the host that are nobody's business: a bridge with a port, a namespace with links and routes, a table, a hosts file. */
export async function makeForeign(): Promise<void> {
  await shell(`
    ip link add foreign0 type bridge; sysctl -qw net/ipv6/conf/foreign0/disable_ipv6=1; ip addr add 10.222.0.1/24 dev foreign0; ip link set foreign0 up
    ip netns add foreign; sysctl -qw net/ipv6/conf/default/disable_ipv6=1; ip netns exec foreign sysctl -qw net/ipv6/conf/default/disable_ipv6=1
    ip link add foreign1 master foreign0 group 7 type veth peer name eth0 netns foreign
    sysctl -qw net/ipv6/conf/default/disable_ipv6=0; ip link set foreign1 up; ip -n foreign addr add 10.222.0.2/24 dev eth0; ip -n foreign link set eth0 up
    ip -n foreign route add 10.223.0.0/16 via 10.222.0.1; ip route add 10.224.0.0/16 via 10.222.0.2 proto 42
    mkdir -p /etc/netns/foreign; echo "127.0.0.1 mine" > /etc/netns/foreign/hosts; echo "{}" > /run/netloom/foreign.txt
    nft 'add table inet foreign { chain forward { type filter hook forward priority 5; ct state established accept; }; }'
  `);
}

/** All of it, as text that must never change. */
export const foreignState = (): Promise<string> =>
  run(
    'sh',
    '-euc',
    `show='s/ state [A-Z]*//; s/,*\\(NO-CARRIER\\|LOWER_UP\\)//g; s/[a-z_]*_timer *[0-9.]*//g; s/valid_lft.*//; s/link-netns.*//'
    for dev in foreign0 foreign1; do ip -N -d addr show dev $dev; ip -N route show table all dev $dev; ip -6 -N route show table all dev $dev; done |
      sed "$show"
    nsenter --net=/run/netns/foreign sh -c 'ip -N addr show; ip -N route show table all' | sed "$show"
    nft list table inet foreign
    cat /etc/netns/foreign/hosts /run/netloom/foreign.txt; stat -c '%n %a %i %Y' /etc/netns/foreign/hosts /run/netloom/foreign.txt`,
  );
