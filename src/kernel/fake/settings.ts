import type { Family } from '../../model/ip.ts';

/** The values of one directory `conf/<interface>`, both families: `ipv4/forwarding` → `0`. */
export interface InterfaceSettings {
  readonly values: Map<string, string>;
  /** IPv4 values written directly: a later write of `default` leaves them (net/ipv4/devinet.c: devinet_copy_dflt_conf). */
  readonly touched: Set<string>;
}

// What a new namespace of Linux 6.18 says: `cd /proc/sys/net/ipv4/conf/default; grep . *`
const IPV4 = `accept_local=0 accept_redirects=1 accept_source_route=1 arp_accept=0 arp_announce=0 arp_evict_nocarrier=1 arp_filter=0
  arp_ignore=0 arp_notify=0 bc_forwarding=0 bootp_relay=0 disable_policy=0 disable_xfrm=0 drop_gratuitous_arp=0
  drop_unicast_in_l2_multicast=0 force_igmp_version=0 forwarding=0 ignore_routes_with_linkdown=0 log_martians=0 mc_forwarding=0
  medium_id=0 promote_secondaries=0 proxy_arp=0 proxy_arp_pvlan=0 route_localnet=0 rp_filter=0 secure_redirects=1 send_redirects=1
  shared_media=1 src_valid_mark=0 tag=0`;
const IPV6 = `accept_dad=1 accept_ra=1 accept_ra_defrtr=1 accept_ra_from_local=0 accept_ra_min_hop_limit=1 accept_ra_mtu=1
  accept_ra_pinfo=1 accept_ra_rtr_pref=1 accept_redirects=1 accept_source_route=0 accept_untracked_na=0 addr_gen_mode=0 autoconf=1
  dad_transmits=1 disable_ipv6=0 disable_policy=0 drop_unicast_in_l2_multicast=0 drop_unsolicited_na=0 enhanced_dad=1
  force_mld_version=0 force_tllao=0 forwarding=0 hop_limit=64 ignore_routes_with_linkdown=0 keep_addr_on_down=0 max_addresses=16
  mc_forwarding=0 ndisc_evict_nocarrier=1 ndisc_notify=0 ndisc_tclass=0 optimistic_dad=0 proxy_ndp=0 router_solicitations=-1
  suppress_frag_ndisc=1 use_oif_addrs_only=0 use_optimistic=0 use_tempaddr=0`;
const NAMESPACE = `net/core/somaxconn=4096 net/core/xfrm_larval_drop=1 net/ipv4/icmp_echo_ignore_all=0 net/ipv4/icmp_echo_ignore_broadcasts=1
  net/ipv4/ip_default_ttl=64 net/ipv4/ip_local_reserved_ports= net/ipv4/ip_nonlocal_bind=0 net/ipv4/ip_unprivileged_port_start=1024
  net/ipv4/tcp_ecn=2 net/ipv4/tcp_fin_timeout=60 net/ipv4/tcp_keepalive_time=7200 net/ipv4/tcp_max_syn_backlog=4096
  net/ipv4/tcp_mtu_probing=0 net/ipv4/tcp_syncookies=1 net/ipv4/tcp_tw_reuse=2 net/ipv6/bindv6only=0 net/ipv6/ip_nonlocal_bind=0
  net/bridge/bridge-nf-call-arptables=1 net/bridge/bridge-nf-call-ip6tables=1 net/bridge/bridge-nf-call-iptables=1
  net/netfilter/nf_conntrack_max=262144 net/unix/max_dgram_qlen=512`;

const ON_LOOPBACK = 'ipv4/disable_policy=1 ipv4/disable_xfrm=1 ipv6/accept_dad=-1 ipv6/use_tempaddr=-1';
const IN_ALL = 'ipv4/accept_source_route=0 ipv6/accept_dad=0';

const parse = (text: string, prefix = ''): [string, string][] =>
  text.split(/\s+/).map((pair) => {
    const [name = '', value = ''] = pair.split('=');
    return [prefix + name, value];
  });

export function newNamespaceSettings(): { sysctls: Map<string, string>; all: InterfaceSettings; initial: InterfaceSettings } {
  const defaults = [...parse(IPV4, 'ipv4/'), ...parse(IPV6, 'ipv6/')];
  const sysctls = new Map([
    ...parse(NAMESPACE),
    ['net/ipv4/ip_local_port_range', '32768\t60999'],
    ['net/ipv4/ping_group_range', '1\t0'],
  ] as [string, string][]);
  return {
    sysctls,
    all: { values: new Map([...defaults, ...parse(IN_ALL)]), touched: new Set() },
    initial: { values: new Map(defaults), touched: new Set() },
  };
}

/** What an interface is born with: the namespace's `default`. */
export function newInterfaceSettings(initial: InterfaceSettings, loopback: boolean): InterfaceSettings {
  return {
    values: new Map([...initial.values, ...(loopback ? parse(ON_LOOPBACK) : [])]),
    touched: new Set(initial.touched),
  };
}

/** Gives one family back what the namespace's `default` says, as when IPv6 returns to a link. */
export function resetFamily(settings: InterfaceSettings, initial: InterfaceSettings, family: Family): void {
  for (const [name, value] of initial.values) if (name.startsWith(family)) settings.values.set(name, value);
}
