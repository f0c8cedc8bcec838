// @ts-nocheck: generated from the schema, with ajv, by `npm run generate`.
import type { ValidateFunction } from 'ajv';
import type { RawTopology } from '../raw.ts';

const charactersOf = (text: string): number => Array.from(text).length;
const schema0 = {"title":"netloom topology","description":"A topology file: what a Linux host's virtual network is to be.","type":"object","required":["version","name"],"additionalProperties":false,"patternProperties":{"^x-":{"description":"Ignored: a home for anchors."}},"properties":{"version":{"description":"Version of the language: 1.","const":1},"name":{"description":"Name of the topology, unique on a host: what it makes is marked with it.","type":"string","pattern":"^[a-z][a-z0-9-]{0,30}$","patternErrorMessage":"it is 1 to 31 of a-z 0-9 - and begins with a letter","examples":["shop"]},"description":{"description":"What it is for, in a few words.","type":"string","examples":["three tiers and a client"]},"defaults":{"description":"What holds where nothing else is said.","$ref":"#/$defs/defaults"},"subnets":{"description":"Networks with a name, each for one bridge or link.","type":["object","null"],"propertyNames":{"pattern":"^[a-zA-Z][a-zA-Z0-9_.-]{0,62}$","patternErrorMessage":"the name of a subnet is 1 to 63 of a-z A-Z 0-9 _ . - and begins with a letter"},"additionalProperties":{"$ref":"#/$defs/subnet"},"examples":[{"web":{"ipv4":"172.30.1.0/24"}}]},"bridges":{"description":"Bridges in the host's namespace, by interface name: 15 characters at most.","type":["object","null"],"propertyNames":{"pattern":"^[a-zA-Z][a-zA-Z0-9_.-]*$","patternErrorMessage":"the name of a bridge is 1 to 15 of a-z A-Z 0-9 _ . - and begins with a letter"},"additionalProperties":{"$ref":"#/$defs/bridge"},"examples":[{"br-web":{"subnet":"web"}}]},"namespaces":{"description":"Network namespaces, by name; `pc(01-20)` stands for twenty of them.","type":["object","null"],"propertyNames":{"pattern":"^[a-z][a-z0-9-]*([(][0-9]+-[0-9]+[)][a-z0-9-]*)?$","patternErrorMessage":"the name of a namespace is 1 to 63 of a-z 0-9 - and begins with a letter"},"additionalProperties":{"$ref":"#/$defs/namespace"},"examples":[{"web01":{}}]},"host":{"description":"What is wanted of the host's own namespace.","$ref":"#/$defs/host"},"checks":{"description":"What must hold once the host has converged; `netloom verify` runs them.","type":["array","null"],"items":{"$ref":"#/$defs/check"},"examples":[[{"from":"web01","to":"web02","ping":true}]]},"uplinks":{"description":"Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"external":{"description":"Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"vlan":{"description":"Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"vlans":{"description":"Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"vxlan":{"description":"Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"macvlan":{"description":"Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"ipvlan":{"description":"Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"dummy":{"description":"Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"vrf":{"description":"Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"rules":{"description":"Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"links":{"description":"Veth pairs, each between two ends: `namespace:interface` and a bridge, or two times `namespace:interface`. The order of the ends means nothing; the order of the links decides who gets which automatic address.","type":["array","null"],"items":{"$ref":"#/$defs/link"},"examples":[[["web01:eth0","br-web"]]]}},"$defs":{"subnet":{"description":"A subnet: one network of each family at most.","type":["object","null"],"additionalProperties":false,"properties":{"ipv4":{"description":"The IPv4 network.","type":"string","examples":["172.30.1.0/24"]},"ipv6":{"description":"The IPv6 network.","type":"string","examples":["fd00:30:1::/64"]},"range":{"description":"Where automatic addresses come from: a network within the subnet, or a list of them. Default: the whole subnet.","type":["string","array"],"items":{"type":"string"},"minItems":1,"examples":["172.30.1.128/25"]},"reserved":{"description":"Addresses, or networks, that are never handed out.","type":"array","items":{"type":"string"},"examples":[["172.30.1.200"]]},"gateway":{"description":"An address or a list of them, which the bridge holds; `namespace:interface`: that end holds it and the bridge none; false: there is none. Default: the bridge holds each family's first address.","type":["string","array","boolean"],"items":{"type":"string"},"minItems":1,"examples":["172.30.1.254","r1:lan0",false]}},"examples":[{"ipv4":"172.30.1.0/24","ipv6":"fd00:30:1::/64"}]},"subnetOrName":{"description":"A name in `subnets`, or a subnet written out.","type":["string","object"],"additionalProperties":false,"properties":{"ipv4":{"description":"The IPv4 network.","type":"string","examples":["172.30.1.0/24"]},"ipv6":{"description":"The IPv6 network.","type":"string","examples":["fd00:30:1::/64"]},"range":{"description":"Where automatic addresses come from: a network within the subnet, or a list of them. Default: the whole subnet.","type":["string","array"],"items":{"type":"string"},"minItems":1,"examples":["172.30.1.128/25"]},"reserved":{"description":"Addresses, or networks, that are never handed out.","type":"array","items":{"type":"string"},"examples":[["172.30.1.200"]]},"gateway":{"description":"An address or a list of them, which the bridge holds; `namespace:interface`: that end holds it and the bridge none; false: there is none. Default: the bridge holds each family's first address.","type":["string","array","boolean"],"items":{"type":"string"},"minItems":1,"examples":["172.30.1.254","r1:lan0",false]}},"examples":["web",{"ipv4":"10.0.12.0/30"}]},"mtu":{"description":"At least 68, and 1280 where there is IPv6.","type":"integer","minimum":68,"maximum":65535,"examples":[1500,9000]},"mac":{"description":"Six hexadecimal pairs; unicast.","type":"string","pattern":"^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$","patternErrorMessage":"a MAC is six hexadecimal pairs: 02:00:00:00:00:01","examples":["02:00:00:00:00:01"]},"names":{"description":"A namespace, `host`, an address, or a list of these; ranges such as pc(01-20) too.","type":["string","array"],"items":{"type":"string"},"minItems":1,"examples":["web01",["host","pc01"]]},"check":{"description":"Something that must hold once the host has converged: exactly one of `ping`, `tcp`, `udp`.","type":"object","examples":[{"from":"web02","to":"db01","tcp":5432,"expect":"unreachable"}],"required":["from","to"],"additionalProperties":false,"properties":{"from":{"description":"Where the probe starts.","$ref":"#/$defs/names"},"to":{"description":"What is probed.","$ref":"#/$defs/names"},"ping":{"description":"Probe with ICMP echo.","type":"boolean","examples":[true]},"tcp":{"description":"Probe this TCP port.","type":"integer","minimum":1,"maximum":65535,"examples":[80]},"udp":{"description":"Probe this UDP port.","type":"integer","minimum":1,"maximum":65535,"examples":[53]},"expect":{"description":"What must be seen. Default: reachable.","enum":["reachable","refused","unreachable"]},"family":{"description":"The only family to probe. Default: each family that both have.","enum":["ipv4","ipv6"]},"source":{"description":"The client's address as the server must have seen it.","type":"string","examples":["172.30.1.2"]},"timeout":{"description":"How long to wait for an answer. Default: 2s.","type":"string","pattern":"^[0-9]+(ms|s|m)$","patternErrorMessage":"a duration is a number with ms, s or m: 500ms, 2s","examples":["2s","500ms"]},"serve":{"description":"Whether to open a listener for the probe where none listens. Default: true.","type":"boolean","examples":[false]}}},"addresses":{"description":"Addresses; the prefix length comes from the subnet where that is known. `[]`: none at all.","type":"array","items":{"type":"string","examples":["172.30.1.10","10.0.13.1/30","fd00:30:1::10"]},"examples":[["172.30.1.10"],["10.0.13.1/30","fd00:13::1/64"]]},"alias":{"description":"A host name.","type":"string","maxLength":253,"pattern":"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?([.][a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$","patternErrorMessage":"an alias is a host name: a-z 0-9 and -, in parts of 63 characters at most","examples":["www"]},"publish":{"description":"`[ADDRESS:][HOSTPORT:]PORT[/tcp|udp|sctp][@INTERFACE]`; ranges on both sides of equal length; IPv6 addresses in brackets and quoted. Without a host port (`80`, `192.0.2.1::80`) each port gets one of 32768-60999 that is derived from the names of topology and namespace, the protocol and the port: the same on every host. Or a mapping.","type":["string","integer","object"],"examples":["8080:80","53:53/udp","127.0.0.1:8443:443","9000-9009:9000-9009","192.0.2.1::53/udp",80,"[2001:db8::1]:81:80@eth0",{"hostPort":8080,"port":80}],"required":["port"],"additionalProperties":false,"properties":{"hostAddress":{"description":"The host address that is published on. Absent: every address of the host. `0.0.0.0`, `::`: every one of that family.","type":"string","examples":["192.0.2.1","::"]},"hostPort":{"description":"The port on the host, or a range. Absent: derived, the same on every host.","type":["integer","string"],"examples":[8080,"9000-9009"]},"port":{"description":"The port in the namespace, or a range as long.","type":["integer","string"],"examples":[8080,"9000-9009"]},"protocol":{"description":"The protocol above IP. Default: tcp.","enum":["tcp","udp","sctp"]},"interface":{"description":"Only for what arrives through this interface of the host.","type":"string","examples":["eth0"]}}},"route":{"description":"One route.","type":"object","examples":[{"to":"10.20.0.0/16","via":"r1"}],"required":["to"],"additionalProperties":false,"properties":{"to":{"description":"The destination: `default`, a network, or the name of a subnet (its networks of each family).","type":"string","examples":["default","10.20.0.0/16","lan"]},"via":{"description":"The next hop: an address, or a namespace or `namespace:interface`, which means its address on the shared segment.","type":["string","array"],"examples":["r1","r1:lan0","172.30.1.1"]},"interface":{"description":"The outgoing interface. Default: the one that reaches `via`.","type":"string","examples":["eth0"]},"metric":{"description":"The smaller wins. Default: the kernel's, 0 in IPv4 and 1024 in IPv6.","type":"integer","minimum":0,"maximum":4294967295,"examples":[50]},"type":{"description":"What becomes of such packets. Default: unicast. The others drop them: silently, or with one of two answers.","enum":["unicast","blackhole","unreachable","prohibit"]}}},"allow":{"description":"Who may reach whom. No port: every protocol and port.","type":"object","examples":[{"from":"web02","to":"db01","tcp":[5432]}],"required":["from"],"additionalProperties":false,"properties":{"from":{"description":"A bridge, a namespace, a network, or `outside` (whatever comes in by none of this file's bridges).","type":"string","examples":["web01","br-web","10.0.0.0/8","outside"]},"to":{"description":"A namespace on this bridge. Absent: every member.","type":"string","examples":["db01"]},"tcp":{"description":"TCP ports, or ranges of them.","type":["array","integer","string"],"items":{"type":["integer","string"],"examples":[80,"8000-8010"]},"minItems":1,"examples":[[80,"8000-8010"]]},"udp":{"description":"UDP ports, or ranges of them.","type":["array","integer","string"],"items":{"type":["integer","string"],"examples":[80,"8000-8010"]},"minItems":1,"examples":[[80,"8000-8010"]]},"sctp":{"description":"SCTP ports, or ranges of them.","type":["array","integer","string"],"items":{"type":["integer","string"],"examples":[80,"8000-8010"]},"minItems":1,"examples":[[80,"8000-8010"]]}}},"link":{"description":"Two ends, `[web01:eth0, br-web]`, or a mapping with `ends` and what else is to be said. A range fans out against one end: `[pc(01-20):eth0, br-lan]`.","type":["array","object"],"examples":[["web01:eth0","br-web"],{"ends":["web02:eth0","br-web"],"addresses":["172.30.1.10"]}],"items":{"$ref":"#/$defs/end"},"minItems":2,"maxItems":2,"required":["ends"],"additionalProperties":false,"properties":{"ends":{"description":"The two ends of the link.","type":"array","items":{"$ref":"#/$defs/end"},"minItems":2,"maxItems":2,"examples":[["web01:eth0","br-web"]]},"addresses":{"description":"Addresses of the end that is not the bridge. Absent: one automatic address of each family that the subnet has.","$ref":"#/$defs/addresses"},"mac":{"description":"MAC of the end that is not the bridge. Default: derived from the names.","$ref":"#/$defs/mac"},"mtu":{"description":"MTU of both ends. Default: the bridge's, else that of `defaults`.","$ref":"#/$defs/mtu"},"defaultRoute":{"$ref":"#/$defs/defaultRoute"},"subnet":{"description":"Of a link between two namespaces: the subnet that addresses both ends, by name or written out.","$ref":"#/$defs/subnetOrName"},"as":{"description":"One-way aliases, `{ NAMESPACE: ALIAS }`: that namespace alone, and nobody else, resolves the alias, to the other end of this link. For the link's own namespace the other end is the peer, or the bridge itself; for another member of the bridge it is the link's namespace.","type":"object","propertyNames":{"pattern":"^[a-z][a-z0-9-]*([(][0-9]+-[0-9]+[)][a-z0-9-]*)?$","patternErrorMessage":"write { NAMESPACE: ALIAS }: the namespace that is to know the other end by the alias"},"additionalProperties":{"$ref":"#/$defs/alias"},"examples":[{"web01":"database"}]},"delay":{"description":"Link impairment. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"jitter":{"description":"Link impairment. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"loss":{"description":"Link impairment. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"rate":{"description":"Link impairment. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"vxlan":{"description":"A tunnel between hosts. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"macvlan":{"description":"An interface on the segment of a physical one. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"ipvlan":{"description":"An interface on the segment of a physical one. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"vlan":{"description":"VLAN of a port. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"vlans":{"description":"VLANs of a port. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true}}},"end":{"description":"`namespace:interface` (`host:X` makes X in the host), or a bridge; or a mapping with `at` and what else is to be said.","type":["string","object"],"examples":["web01:eth0","br-web",{"at":"web01:eth0","mtu":9000}],"required":["at"],"additionalProperties":false,"properties":{"at":{"description":"`namespace:interface` or a bridge.","type":"string","examples":["web01:eth0","br-web"]},"name":{"description":"Of a bridge's end: the host-side name of the port. Default: `<namespace>-<interface>` where that fits.","type":"string","examples":["uplink0"]},"addresses":{"description":"Addresses of this end. Absent: one automatic address of each family that the subnet has.","$ref":"#/$defs/addresses"},"mac":{"description":"MAC of this end. Default: derived from the names.","$ref":"#/$defs/mac"},"mtu":{"description":"MTU of this end. Default: the link's.","$ref":"#/$defs/mtu"},"linkLocal":{"description":"Whether it has a link-local IPv6 address even without another IPv6 address. Default: false.","type":"boolean","examples":[true]},"defaultRoute":{"$ref":"#/$defs/defaultRoute"},"delay":{"description":"Link impairment. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"jitter":{"description":"Link impairment. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"loss":{"description":"Link impairment. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"rate":{"description":"Link impairment. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"vxlan":{"description":"A tunnel between hosts. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"macvlan":{"description":"An interface on the segment of a physical one. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"ipvlan":{"description":"An interface on the segment of a physical one. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"vlan":{"description":"VLAN of a port. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"vlans":{"description":"VLANs of a port. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true}}},"defaultRoute":{"description":"Whether the namespace's default route goes through this link. Default: through its first link whose subnet has a gateway and whose bridge is not internal.","type":"boolean","examples":[true]},"defaults":{"description":"What holds where nothing else is said.","type":["object","null"],"additionalProperties":false,"properties":{"dns":{"description":"Resolvers of the namespaces: addresses, or `host` for the host's real upstream ones. Absent: no resolv.conf of their own.","type":["string","array"],"items":{"type":"string","examples":["192.0.2.53"]},"minItems":1,"examples":["host",["192.0.2.53","2001:db8::53"]]},"mtu":{"description":"MTU of bridges and links that do not give one. Default: 1500.","$ref":"#/$defs/mtu"}},"examples":[{"mtu":9000,"dns":"host"}]},"bridge":{"description":"A bridge. Empty: a switch without addresses.","type":["object","null"],"additionalProperties":false,"properties":{"subnet":{"description":"The subnet of this segment, by its name in `subnets`. The bridge holds its gateway addresses, members get addresses from it. Absent: a switch without addresses.","type":"string","examples":["web"]},"mtu":{"description":"MTU of the bridge and, unless they say otherwise, of its links. Default: that of `defaults`, else 1500.","$ref":"#/$defs/mtu"},"mac":{"description":"MAC of the bridge. Default: derived from the names, the same on every host.","$ref":"#/$defs/mac"},"stp":{"description":"Whether the bridge speaks the spanning tree protocol; a port then forwards after 30 seconds. Default: false.","type":"boolean","examples":[true]},"uplinks":{"description":"Physical interfaces as ports. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"external":{"description":"A bridge that something else made. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"vlan":{"description":"VLAN filtering. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"vlans":{"description":"VLAN filtering. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"vxlan":{"description":"A tunnel between hosts. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"nat":{"description":"Masquerade what leaves through anything but this file's bridges: in both families, one, or none. Default: where the bridge itself is the gateway and not internal.","enum":[true,false,"ipv4","ipv6"]},"inbound":{"description":"`published`: only published ports and what `allow` lists are let in. `open`: no filter towards this bridge. Default: published.","enum":["published","open"]},"icc":{"description":"Whether members can talk to each other. Default: true.","type":"boolean","examples":[false]},"internal":{"description":"Nothing is forwarded in or out, and members get no default route. Default: false.","type":"boolean","examples":[true]},"allow":{"description":"Routed traffic that is let in besides published ports.","type":["array","null"],"items":{"$ref":"#/$defs/allow"},"examples":[[{"from":"web02","to":"db01","tcp":[5432]}]]}},"examples":[{"subnet":"web","mtu":9000}]},"namespace":{"description":"A network namespace. Empty: what its links give it, and lo.","type":["object","null"],"additionalProperties":false,"properties":{"interfaces":{"description":"What interfaces have that no link makes: so far `lo`.","type":["object","null"],"additionalProperties":false,"properties":{"lo":{"description":"The loopback interface.","type":["object","null"],"additionalProperties":false,"examples":[{"addresses":["10.255.0.1/32"]}],"properties":{"addresses":{"description":"Addresses besides the kernel's own 127.0.0.1 and ::1. A missing prefix length means this address alone.","$ref":"#/$defs/addresses"}}},"dummy":{"description":"Interfaces without a link. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true}},"examples":[{"lo":{"addresses":["10.255.0.1/32"]}}]},"attach":{"description":"Makes this a name for the namespace of a running container (Docker or Podman), of a process, or behind a path: exactly one of the three. Its links, routes and published ports are ours; what else is inside is not touched, so that `forwarding`, `sysctls`, `interfaces` and `dns` have no place beside it.","type":"object","additionalProperties":false,"properties":{"container":{"description":"Name or id of a container, as `docker ps` shows it. Start it with --network none.","type":"string","pattern":"^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$","patternErrorMessage":"the name of a container is of a-z A-Z 0-9 _ . - and begins with a letter or digit","examples":["old-shop"]},"pid":{"description":"Number of a process.","type":"integer","minimum":1,"maximum":4194304,"examples":[44951]},"path":{"description":"Where the namespace is found: /proc/PID/ns/net, or a name that somebody else has made in /run/netns.","type":"string","pattern":"^/[^\\x00-\\x1f\\x7f]+$","patternErrorMessage":"a path begins with /","examples":["/proc/44951/ns/net"]}},"examples":[{"container":"old-shop"},{"pid":44951},{"path":"/proc/44951/ns/net"}]},"aliases":{"description":"Further names that neighbours resolve to this namespace.","type":["array","null"],"items":{"$ref":"#/$defs/alias"},"examples":[["www"]]},"dns":{"description":"Resolvers of this namespace, in place of those of `defaults`.","type":["string","array"],"items":{"type":"string","examples":["192.0.2.53"]},"minItems":1,"examples":["host",["192.0.2.53","2001:db8::53"]]},"forwarding":{"description":"Whether the namespace routes between its interfaces, in both families. Default: false.","type":"boolean","examples":[true]},"vrf":{"description":"Several routing tables in one namespace. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"dummy":{"description":"Interfaces without a link. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"vlan":{"description":"VLAN sub-interfaces. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"vxlan":{"description":"A tunnel between hosts. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"macvlan":{"description":"An interface on the segment of a physical one. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"ipvlan":{"description":"An interface on the segment of a physical one. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"publish":{"description":"Ports of the host that lead to this namespace.","type":["array","null"],"items":{"$ref":"#/$defs/publish"},"examples":[["8080:80","127.0.0.1:8443:443"]]},"expose":{"description":"Ports that `publishAll` publishes: `PORT[/tcp|udp|sctp]`, ranges too. One that is in `publish` as well is not published twice.","type":["array","null"],"items":{"type":["integer","string"],"examples":[80,"53/udp","8000-8010"]},"examples":[[80,"53/udp"]]},"publishAll":{"description":"Whether each port in `expose` is published, on a host port of its own that is derived as in `publish`. Default: false.","type":"boolean","examples":[true]},"routes":{"description":"Routes besides those to its own networks and the implied default route.","type":["array","null"],"items":{"$ref":"#/$defs/route"},"examples":[[{"to":"10.20.0.0/16","via":"r1"}]]},"rules":{"description":"Policy rules. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"share":{"description":"Makes this another name of that namespace, or of `host`. Nothing may stand beside it.","type":"string","examples":["web01","host"]},"sysctls":{"description":"Kernel settings of this namespace, below `net.`. Removed from the file, a setting returns to its default.","type":["object","null"],"propertyNames":{"pattern":"^net[./][A-Za-z0-9_][A-Za-z0-9_./-]*$","patternErrorMessage":"a setting of a namespace begins with net., as net.core.somaxconn does"},"additionalProperties":{"description":"Its value, as `sysctl` prints it.","type":["integer","string"],"examples":[1,"1024 65535"]},"examples":[{"net.core.somaxconn":1024}]},"masquerade":{"description":"Interfaces of this router whose outgoing traffic gets the namespace's own address. Needs forwarding: true.","type":["array","null"],"items":{"type":"string","examples":["wan0"]},"examples":[["wan0"]]}},"examples":[{"publish":["8080:80"],"aliases":["www"]}]},"host":{"description":"The host's own namespace.","type":["object","null"],"additionalProperties":false,"properties":{"routes":{"description":"Routes of the host. Their devices are the file's bridges and `host:X` interfaces.","type":["array","null"],"items":{"$ref":"#/$defs/route"},"examples":[[{"to":"10.20.0.0/16","via":"r1"}]]}},"examples":[{"routes":[{"to":"10.20.0.0/16","via":"r1"}]}]}}};
const schema3 = {"description":"A subnet: one network of each family at most.","type":["object","null"],"additionalProperties":false,"properties":{"ipv4":{"description":"The IPv4 network.","type":"string","examples":["172.30.1.0/24"]},"ipv6":{"description":"The IPv6 network.","type":"string","examples":["fd00:30:1::/64"]},"range":{"description":"Where automatic addresses come from: a network within the subnet, or a list of them. Default: the whole subnet.","type":["string","array"],"items":{"type":"string"},"minItems":1,"examples":["172.30.1.128/25"]},"reserved":{"description":"Addresses, or networks, that are never handed out.","type":"array","items":{"type":"string"},"examples":[["172.30.1.200"]]},"gateway":{"description":"An address or a list of them, which the bridge holds; `namespace:interface`: that end holds it and the bridge none; false: there is none. Default: the bridge holds each family's first address.","type":["string","array","boolean"],"items":{"type":"string"},"minItems":1,"examples":["172.30.1.254","r1:lan0",false]}},"examples":[{"ipv4":"172.30.1.0/24","ipv6":"fd00:30:1::/64"}]};
const func0 = Object.prototype.hasOwnProperty;
const pattern0 = new RegExp("^x-", "u");
const pattern1 = new RegExp("^[a-z][a-z0-9-]{0,30}$", "u");
const pattern2 = new RegExp("^[a-zA-Z][a-zA-Z0-9_.-]{0,62}$", "u");
const pattern3 = new RegExp("^[a-zA-Z][a-zA-Z0-9_.-]*$", "u");
const pattern5 = new RegExp("^[a-z][a-z0-9-]*([(][0-9]+-[0-9]+[)][a-z0-9-]*)?$", "u");
const schema1 = {"description":"What holds where nothing else is said.","type":["object","null"],"additionalProperties":false,"properties":{"dns":{"description":"Resolvers of the namespaces: addresses, or `host` for the host's real upstream ones. Absent: no resolv.conf of their own.","type":["string","array"],"items":{"type":"string","examples":["192.0.2.53"]},"minItems":1,"examples":["host",["192.0.2.53","2001:db8::53"]]},"mtu":{"description":"MTU of bridges and links that do not give one. Default: 1500.","$ref":"#/$defs/mtu"}},"examples":[{"mtu":9000,"dns":"host"}]};
const schema2 = {"description":"At least 68, and 1280 where there is IPv6.","type":"integer","minimum":68,"maximum":65535,"examples":[1500,9000]};

function validate1(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if((!(data && typeof data == "object" && !Array.isArray(data))) && (data !== null)){
const err0 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: schema1.type},message:"must be object,null",schema:schema1.type,parentSchema:schema1,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "dns") || (key0 === "mtu"))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema1,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.dns !== undefined){
let data0 = data.dns;
if((typeof data0 !== "string") && (!(Array.isArray(data0)))){
const err2 = {instancePath:instancePath+"/dns",schemaPath:"#/properties/dns/type",keyword:"type",params:{type: schema1.properties.dns.type},message:"must be string,array",schema:schema1.properties.dns.type,parentSchema:schema1.properties.dns,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(Array.isArray(data0)){
if(data0.length < 1){
const err3 = {instancePath:instancePath+"/dns",schemaPath:"#/properties/dns/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema1.properties.dns,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
let data1 = data0[i0];
if(typeof data1 !== "string"){
const err4 = {instancePath:instancePath+"/dns/" + i0,schemaPath:"#/properties/dns/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema1.properties.dns.items.type,parentSchema:schema1.properties.dns.items,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
}
}
if(data.mtu !== undefined){
let data2 = data.mtu;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
const err5 = {instancePath:instancePath+"/mtu",schemaPath:"#/$defs/mtu/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema2.type,parentSchema:schema2,data:data2};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 > 65535 || isNaN(data2)){
const err6 = {instancePath:instancePath+"/mtu",schemaPath:"#/$defs/mtu/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535",schema:65535,parentSchema:schema2,data:data2};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(data2 < 68 || isNaN(data2)){
const err7 = {instancePath:instancePath+"/mtu",schemaPath:"#/$defs/mtu/minimum",keyword:"minimum",params:{comparison: ">=", limit: 68},message:"must be >= 68",schema:68,parentSchema:schema2,data:data2};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
}
}
validate1.errors = vErrors;
return errors === 0;
}

const schema4 = {"description":"A bridge. Empty: a switch without addresses.","type":["object","null"],"additionalProperties":false,"properties":{"subnet":{"description":"The subnet of this segment, by its name in `subnets`. The bridge holds its gateway addresses, members get addresses from it. Absent: a switch without addresses.","type":"string","examples":["web"]},"mtu":{"description":"MTU of the bridge and, unless they say otherwise, of its links. Default: that of `defaults`, else 1500.","$ref":"#/$defs/mtu"},"mac":{"description":"MAC of the bridge. Default: derived from the names, the same on every host.","$ref":"#/$defs/mac"},"stp":{"description":"Whether the bridge speaks the spanning tree protocol; a port then forwards after 30 seconds. Default: false.","type":"boolean","examples":[true]},"uplinks":{"description":"Physical interfaces as ports. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"external":{"description":"A bridge that something else made. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"vlan":{"description":"VLAN filtering. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"vlans":{"description":"VLAN filtering. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"vxlan":{"description":"A tunnel between hosts. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"nat":{"description":"Masquerade what leaves through anything but this file's bridges: in both families, one, or none. Default: where the bridge itself is the gateway and not internal.","enum":[true,false,"ipv4","ipv6"]},"inbound":{"description":"`published`: only published ports and what `allow` lists are let in. `open`: no filter towards this bridge. Default: published.","enum":["published","open"]},"icc":{"description":"Whether members can talk to each other. Default: true.","type":"boolean","examples":[false]},"internal":{"description":"Nothing is forwarded in or out, and members get no default route. Default: false.","type":"boolean","examples":[true]},"allow":{"description":"Routed traffic that is let in besides published ports.","type":["array","null"],"items":{"$ref":"#/$defs/allow"},"examples":[[{"from":"web02","to":"db01","tcp":[5432]}]]}},"examples":[{"subnet":"web","mtu":9000}]};
const schema6 = {"description":"Six hexadecimal pairs; unicast.","type":"string","pattern":"^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$","patternErrorMessage":"a MAC is six hexadecimal pairs: 02:00:00:00:00:01","examples":["02:00:00:00:00:01"]};
const schema7 = {"description":"Who may reach whom. No port: every protocol and port.","type":"object","examples":[{"from":"web02","to":"db01","tcp":[5432]}],"required":["from"],"additionalProperties":false,"properties":{"from":{"description":"A bridge, a namespace, a network, or `outside` (whatever comes in by none of this file's bridges).","type":"string","examples":["web01","br-web","10.0.0.0/8","outside"]},"to":{"description":"A namespace on this bridge. Absent: every member.","type":"string","examples":["db01"]},"tcp":{"description":"TCP ports, or ranges of them.","type":["array","integer","string"],"items":{"type":["integer","string"],"examples":[80,"8000-8010"]},"minItems":1,"examples":[[80,"8000-8010"]]},"udp":{"description":"UDP ports, or ranges of them.","type":["array","integer","string"],"items":{"type":["integer","string"],"examples":[80,"8000-8010"]},"minItems":1,"examples":[[80,"8000-8010"]]},"sctp":{"description":"SCTP ports, or ranges of them.","type":["array","integer","string"],"items":{"type":["integer","string"],"examples":[80,"8000-8010"]},"minItems":1,"examples":[[80,"8000-8010"]]}}};
const pattern4 = new RegExp("^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$", "u");

function validate3(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if((!(data && typeof data == "object" && !Array.isArray(data))) && (data !== null)){
const err0 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: schema4.type},message:"must be object,null",schema:schema4.type,parentSchema:schema4,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func0.call(schema4.properties, key0))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema4,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.subnet !== undefined){
let data0 = data.subnet;
if(typeof data0 !== "string"){
const err2 = {instancePath:instancePath+"/subnet",schemaPath:"#/properties/subnet/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema4.properties.subnet.type,parentSchema:schema4.properties.subnet,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.mtu !== undefined){
let data1 = data.mtu;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
const err3 = {instancePath:instancePath+"/mtu",schemaPath:"#/$defs/mtu/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema2.type,parentSchema:schema2,data:data1};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 > 65535 || isNaN(data1)){
const err4 = {instancePath:instancePath+"/mtu",schemaPath:"#/$defs/mtu/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535",schema:65535,parentSchema:schema2,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(data1 < 68 || isNaN(data1)){
const err5 = {instancePath:instancePath+"/mtu",schemaPath:"#/$defs/mtu/minimum",keyword:"minimum",params:{comparison: ">=", limit: 68},message:"must be >= 68",schema:68,parentSchema:schema2,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
}
if(data.mac !== undefined){
let data2 = data.mac;
if(typeof data2 === "string"){
if(!pattern4.test(data2)){
const err6 = {instancePath:instancePath+"/mac",schemaPath:"#/$defs/mac/pattern",keyword:"pattern",params:{pattern: "^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$"},message:"must match pattern \""+"^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$"+"\"",schema:"^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$",parentSchema:schema6,data:data2};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
else {
const err7 = {instancePath:instancePath+"/mac",schemaPath:"#/$defs/mac/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.type,parentSchema:schema6,data:data2};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data.stp !== undefined){
let data3 = data.stp;
if(typeof data3 !== "boolean"){
const err8 = {instancePath:instancePath+"/stp",schemaPath:"#/properties/stp/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema4.properties.stp.type,parentSchema:schema4.properties.stp,data:data3};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.uplinks !== undefined){
const err9 = {instancePath:instancePath+"/uplinks",schemaPath:"#/properties/uplinks/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema4.properties.uplinks.not,parentSchema:schema4.properties.uplinks,data:data.uplinks};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(data.external !== undefined){
const err10 = {instancePath:instancePath+"/external",schemaPath:"#/properties/external/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema4.properties.external.not,parentSchema:schema4.properties.external,data:data.external};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if(data.vlan !== undefined){
const err11 = {instancePath:instancePath+"/vlan",schemaPath:"#/properties/vlan/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema4.properties.vlan.not,parentSchema:schema4.properties.vlan,data:data.vlan};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(data.vlans !== undefined){
const err12 = {instancePath:instancePath+"/vlans",schemaPath:"#/properties/vlans/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema4.properties.vlans.not,parentSchema:schema4.properties.vlans,data:data.vlans};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(data.vxlan !== undefined){
const err13 = {instancePath:instancePath+"/vxlan",schemaPath:"#/properties/vxlan/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema4.properties.vxlan.not,parentSchema:schema4.properties.vxlan,data:data.vxlan};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
if(data.nat !== undefined){
let data9 = data.nat;
if(!((((data9 === true) || (data9 === false)) || (data9 === "ipv4")) || (data9 === "ipv6"))){
const err14 = {instancePath:instancePath+"/nat",schemaPath:"#/properties/nat/enum",keyword:"enum",params:{allowedValues: schema4.properties.nat.enum},message:"must be equal to one of the allowed values",schema:schema4.properties.nat.enum,parentSchema:schema4.properties.nat,data:data9};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data.inbound !== undefined){
let data10 = data.inbound;
if(!((data10 === "published") || (data10 === "open"))){
const err15 = {instancePath:instancePath+"/inbound",schemaPath:"#/properties/inbound/enum",keyword:"enum",params:{allowedValues: schema4.properties.inbound.enum},message:"must be equal to one of the allowed values",schema:schema4.properties.inbound.enum,parentSchema:schema4.properties.inbound,data:data10};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data.icc !== undefined){
let data11 = data.icc;
if(typeof data11 !== "boolean"){
const err16 = {instancePath:instancePath+"/icc",schemaPath:"#/properties/icc/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema4.properties.icc.type,parentSchema:schema4.properties.icc,data:data11};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data.internal !== undefined){
let data12 = data.internal;
if(typeof data12 !== "boolean"){
const err17 = {instancePath:instancePath+"/internal",schemaPath:"#/properties/internal/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema4.properties.internal.type,parentSchema:schema4.properties.internal,data:data12};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data.allow !== undefined){
let data13 = data.allow;
if((!(Array.isArray(data13))) && (data13 !== null)){
const err18 = {instancePath:instancePath+"/allow",schemaPath:"#/properties/allow/type",keyword:"type",params:{type: schema4.properties.allow.type},message:"must be array,null",schema:schema4.properties.allow.type,parentSchema:schema4.properties.allow,data:data13};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if(Array.isArray(data13)){
const len0 = data13.length;
for(let i0=0; i0<len0; i0++){
let data14 = data13[i0];
if(data14 && typeof data14 == "object" && !Array.isArray(data14)){
if(data14.from === undefined){
const err19 = {instancePath:instancePath+"/allow/" + i0,schemaPath:"#/$defs/allow/required",keyword:"required",params:{missingProperty: "from"},message:"must have required property '"+"from"+"'",schema:schema7.required,parentSchema:schema7,data:data14};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
for(const key1 in data14){
if(!(((((key1 === "from") || (key1 === "to")) || (key1 === "tcp")) || (key1 === "udp")) || (key1 === "sctp"))){
const err20 = {instancePath:instancePath+"/allow/" + i0,schemaPath:"#/$defs/allow/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties",schema:false,parentSchema:schema7,data:data14};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data14.from !== undefined){
let data15 = data14.from;
if(typeof data15 !== "string"){
const err21 = {instancePath:instancePath+"/allow/" + i0+"/from",schemaPath:"#/$defs/allow/properties/from/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema7.properties.from.type,parentSchema:schema7.properties.from,data:data15};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
if(data14.to !== undefined){
let data16 = data14.to;
if(typeof data16 !== "string"){
const err22 = {instancePath:instancePath+"/allow/" + i0+"/to",schemaPath:"#/$defs/allow/properties/to/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema7.properties.to.type,parentSchema:schema7.properties.to,data:data16};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data14.tcp !== undefined){
let data17 = data14.tcp;
if(((!(Array.isArray(data17))) && (!(((typeof data17 == "number") && (!(data17 % 1) && !isNaN(data17))) && (isFinite(data17))))) && (typeof data17 !== "string")){
const err23 = {instancePath:instancePath+"/allow/" + i0+"/tcp",schemaPath:"#/$defs/allow/properties/tcp/type",keyword:"type",params:{type: schema7.properties.tcp.type},message:"must be array,integer,string",schema:schema7.properties.tcp.type,parentSchema:schema7.properties.tcp,data:data17};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
if(Array.isArray(data17)){
if(data17.length < 1){
const err24 = {instancePath:instancePath+"/allow/" + i0+"/tcp",schemaPath:"#/$defs/allow/properties/tcp/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema7.properties.tcp,data:data17};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
const len1 = data17.length;
for(let i1=0; i1<len1; i1++){
let data18 = data17[i1];
if((!(((typeof data18 == "number") && (!(data18 % 1) && !isNaN(data18))) && (isFinite(data18)))) && (typeof data18 !== "string")){
const err25 = {instancePath:instancePath+"/allow/" + i0+"/tcp/" + i1,schemaPath:"#/$defs/allow/properties/tcp/items/type",keyword:"type",params:{type: schema7.properties.tcp.items.type},message:"must be integer,string",schema:schema7.properties.tcp.items.type,parentSchema:schema7.properties.tcp.items,data:data18};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
}
}
if(data14.udp !== undefined){
let data19 = data14.udp;
if(((!(Array.isArray(data19))) && (!(((typeof data19 == "number") && (!(data19 % 1) && !isNaN(data19))) && (isFinite(data19))))) && (typeof data19 !== "string")){
const err26 = {instancePath:instancePath+"/allow/" + i0+"/udp",schemaPath:"#/$defs/allow/properties/udp/type",keyword:"type",params:{type: schema7.properties.udp.type},message:"must be array,integer,string",schema:schema7.properties.udp.type,parentSchema:schema7.properties.udp,data:data19};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
if(Array.isArray(data19)){
if(data19.length < 1){
const err27 = {instancePath:instancePath+"/allow/" + i0+"/udp",schemaPath:"#/$defs/allow/properties/udp/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema7.properties.udp,data:data19};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
const len2 = data19.length;
for(let i2=0; i2<len2; i2++){
let data20 = data19[i2];
if((!(((typeof data20 == "number") && (!(data20 % 1) && !isNaN(data20))) && (isFinite(data20)))) && (typeof data20 !== "string")){
const err28 = {instancePath:instancePath+"/allow/" + i0+"/udp/" + i2,schemaPath:"#/$defs/allow/properties/udp/items/type",keyword:"type",params:{type: schema7.properties.udp.items.type},message:"must be integer,string",schema:schema7.properties.udp.items.type,parentSchema:schema7.properties.udp.items,data:data20};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
}
}
if(data14.sctp !== undefined){
let data21 = data14.sctp;
if(((!(Array.isArray(data21))) && (!(((typeof data21 == "number") && (!(data21 % 1) && !isNaN(data21))) && (isFinite(data21))))) && (typeof data21 !== "string")){
const err29 = {instancePath:instancePath+"/allow/" + i0+"/sctp",schemaPath:"#/$defs/allow/properties/sctp/type",keyword:"type",params:{type: schema7.properties.sctp.type},message:"must be array,integer,string",schema:schema7.properties.sctp.type,parentSchema:schema7.properties.sctp,data:data21};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
if(Array.isArray(data21)){
if(data21.length < 1){
const err30 = {instancePath:instancePath+"/allow/" + i0+"/sctp",schemaPath:"#/$defs/allow/properties/sctp/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema7.properties.sctp,data:data21};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
const len3 = data21.length;
for(let i3=0; i3<len3; i3++){
let data22 = data21[i3];
if((!(((typeof data22 == "number") && (!(data22 % 1) && !isNaN(data22))) && (isFinite(data22)))) && (typeof data22 !== "string")){
const err31 = {instancePath:instancePath+"/allow/" + i0+"/sctp/" + i3,schemaPath:"#/$defs/allow/properties/sctp/items/type",keyword:"type",params:{type: schema7.properties.sctp.items.type},message:"must be integer,string",schema:schema7.properties.sctp.items.type,parentSchema:schema7.properties.sctp.items,data:data22};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
}
}
}
else {
const err32 = {instancePath:instancePath+"/allow/" + i0,schemaPath:"#/$defs/allow/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema7.type,parentSchema:schema7,data:data14};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
}
}
}
validate3.errors = vErrors;
return errors === 0;
}

const schema8 = {"description":"A network namespace. Empty: what its links give it, and lo.","type":["object","null"],"additionalProperties":false,"properties":{"interfaces":{"description":"What interfaces have that no link makes: so far `lo`.","type":["object","null"],"additionalProperties":false,"properties":{"lo":{"description":"The loopback interface.","type":["object","null"],"additionalProperties":false,"examples":[{"addresses":["10.255.0.1/32"]}],"properties":{"addresses":{"description":"Addresses besides the kernel's own 127.0.0.1 and ::1. A missing prefix length means this address alone.","$ref":"#/$defs/addresses"}}},"dummy":{"description":"Interfaces without a link. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true}},"examples":[{"lo":{"addresses":["10.255.0.1/32"]}}]},"attach":{"description":"Makes this a name for the namespace of a running container (Docker or Podman), of a process, or behind a path: exactly one of the three. Its links, routes and published ports are ours; what else is inside is not touched, so that `forwarding`, `sysctls`, `interfaces` and `dns` have no place beside it.","type":"object","additionalProperties":false,"properties":{"container":{"description":"Name or id of a container, as `docker ps` shows it. Start it with --network none.","type":"string","pattern":"^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$","patternErrorMessage":"the name of a container is of a-z A-Z 0-9 _ . - and begins with a letter or digit","examples":["old-shop"]},"pid":{"description":"Number of a process.","type":"integer","minimum":1,"maximum":4194304,"examples":[44951]},"path":{"description":"Where the namespace is found: /proc/PID/ns/net, or a name that somebody else has made in /run/netns.","type":"string","pattern":"^/[^\\x00-\\x1f\\x7f]+$","patternErrorMessage":"a path begins with /","examples":["/proc/44951/ns/net"]}},"examples":[{"container":"old-shop"},{"pid":44951},{"path":"/proc/44951/ns/net"}]},"aliases":{"description":"Further names that neighbours resolve to this namespace.","type":["array","null"],"items":{"$ref":"#/$defs/alias"},"examples":[["www"]]},"dns":{"description":"Resolvers of this namespace, in place of those of `defaults`.","type":["string","array"],"items":{"type":"string","examples":["192.0.2.53"]},"minItems":1,"examples":["host",["192.0.2.53","2001:db8::53"]]},"forwarding":{"description":"Whether the namespace routes between its interfaces, in both families. Default: false.","type":"boolean","examples":[true]},"vrf":{"description":"Several routing tables in one namespace. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"dummy":{"description":"Interfaces without a link. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"vlan":{"description":"VLAN sub-interfaces. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"vxlan":{"description":"A tunnel between hosts. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"macvlan":{"description":"An interface on the segment of a physical one. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"ipvlan":{"description":"An interface on the segment of a physical one. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"publish":{"description":"Ports of the host that lead to this namespace.","type":["array","null"],"items":{"$ref":"#/$defs/publish"},"examples":[["8080:80","127.0.0.1:8443:443"]]},"expose":{"description":"Ports that `publishAll` publishes: `PORT[/tcp|udp|sctp]`, ranges too. One that is in `publish` as well is not published twice.","type":["array","null"],"items":{"type":["integer","string"],"examples":[80,"53/udp","8000-8010"]},"examples":[[80,"53/udp"]]},"publishAll":{"description":"Whether each port in `expose` is published, on a host port of its own that is derived as in `publish`. Default: false.","type":"boolean","examples":[true]},"routes":{"description":"Routes besides those to its own networks and the implied default route.","type":["array","null"],"items":{"$ref":"#/$defs/route"},"examples":[[{"to":"10.20.0.0/16","via":"r1"}]]},"rules":{"description":"Policy rules. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"share":{"description":"Makes this another name of that namespace, or of `host`. Nothing may stand beside it.","type":"string","examples":["web01","host"]},"sysctls":{"description":"Kernel settings of this namespace, below `net.`. Removed from the file, a setting returns to its default.","type":["object","null"],"propertyNames":{"pattern":"^net[./][A-Za-z0-9_][A-Za-z0-9_./-]*$","patternErrorMessage":"a setting of a namespace begins with net., as net.core.somaxconn does"},"additionalProperties":{"description":"Its value, as `sysctl` prints it.","type":["integer","string"],"examples":[1,"1024 65535"]},"examples":[{"net.core.somaxconn":1024}]},"masquerade":{"description":"Interfaces of this router whose outgoing traffic gets the namespace's own address. Needs forwarding: true.","type":["array","null"],"items":{"type":"string","examples":["wan0"]},"examples":[["wan0"]]}},"examples":[{"publish":["8080:80"],"aliases":["www"]}]};
const schema9 = {"description":"Addresses; the prefix length comes from the subnet where that is known. `[]`: none at all.","type":"array","items":{"type":"string","examples":["172.30.1.10","10.0.13.1/30","fd00:30:1::10"]},"examples":[["172.30.1.10"],["10.0.13.1/30","fd00:13::1/64"]]};
const schema10 = {"description":"A host name.","type":"string","maxLength":253,"pattern":"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?([.][a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$","patternErrorMessage":"an alias is a host name: a-z 0-9 and -, in parts of 63 characters at most","examples":["www"]};
const schema11 = {"description":"`[ADDRESS:][HOSTPORT:]PORT[/tcp|udp|sctp][@INTERFACE]`; ranges on both sides of equal length; IPv6 addresses in brackets and quoted. Without a host port (`80`, `192.0.2.1::80`) each port gets one of 32768-60999 that is derived from the names of topology and namespace, the protocol and the port: the same on every host. Or a mapping.","type":["string","integer","object"],"examples":["8080:80","53:53/udp","127.0.0.1:8443:443","9000-9009:9000-9009","192.0.2.1::53/udp",80,"[2001:db8::1]:81:80@eth0",{"hostPort":8080,"port":80}],"required":["port"],"additionalProperties":false,"properties":{"hostAddress":{"description":"The host address that is published on. Absent: every address of the host. `0.0.0.0`, `::`: every one of that family.","type":"string","examples":["192.0.2.1","::"]},"hostPort":{"description":"The port on the host, or a range. Absent: derived, the same on every host.","type":["integer","string"],"examples":[8080,"9000-9009"]},"port":{"description":"The port in the namespace, or a range as long.","type":["integer","string"],"examples":[8080,"9000-9009"]},"protocol":{"description":"The protocol above IP. Default: tcp.","enum":["tcp","udp","sctp"]},"interface":{"description":"Only for what arrives through this interface of the host.","type":"string","examples":["eth0"]}}};
const schema12 = {"description":"One route.","type":"object","examples":[{"to":"10.20.0.0/16","via":"r1"}],"required":["to"],"additionalProperties":false,"properties":{"to":{"description":"The destination: `default`, a network, or the name of a subnet (its networks of each family).","type":"string","examples":["default","10.20.0.0/16","lan"]},"via":{"description":"The next hop: an address, or a namespace or `namespace:interface`, which means its address on the shared segment.","type":["string","array"],"examples":["r1","r1:lan0","172.30.1.1"]},"interface":{"description":"The outgoing interface. Default: the one that reaches `via`.","type":"string","examples":["eth0"]},"metric":{"description":"The smaller wins. Default: the kernel's, 0 in IPv4 and 1024 in IPv6.","type":"integer","minimum":0,"maximum":4294967295,"examples":[50]},"type":{"description":"What becomes of such packets. Default: unicast. The others drop them: silently, or with one of two answers.","enum":["unicast","blackhole","unreachable","prohibit"]}}};
const func3 = charactersOf;
const pattern6 = new RegExp("^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$", "u");
const pattern7 = new RegExp("^/[^\\x00-\\x1f\\x7f]+$", "u");
const pattern8 = new RegExp("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?([.][a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$", "u");
const pattern9 = new RegExp("^net[./][A-Za-z0-9_][A-Za-z0-9_./-]*$", "u");

function validate5(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if((!(data && typeof data == "object" && !Array.isArray(data))) && (data !== null)){
const err0 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: schema8.type},message:"must be object,null",schema:schema8.type,parentSchema:schema8,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func0.call(schema8.properties, key0))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema8,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.interfaces !== undefined){
let data0 = data.interfaces;
if((!(data0 && typeof data0 == "object" && !Array.isArray(data0))) && (data0 !== null)){
const err2 = {instancePath:instancePath+"/interfaces",schemaPath:"#/properties/interfaces/type",keyword:"type",params:{type: schema8.properties.interfaces.type},message:"must be object,null",schema:schema8.properties.interfaces.type,parentSchema:schema8.properties.interfaces,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
for(const key1 in data0){
if(!((key1 === "lo") || (key1 === "dummy"))){
const err3 = {instancePath:instancePath+"/interfaces",schemaPath:"#/properties/interfaces/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties",schema:false,parentSchema:schema8.properties.interfaces,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data0.lo !== undefined){
let data1 = data0.lo;
if((!(data1 && typeof data1 == "object" && !Array.isArray(data1))) && (data1 !== null)){
const err4 = {instancePath:instancePath+"/interfaces/lo",schemaPath:"#/properties/interfaces/properties/lo/type",keyword:"type",params:{type: schema8.properties.interfaces.properties.lo.type},message:"must be object,null",schema:schema8.properties.interfaces.properties.lo.type,parentSchema:schema8.properties.interfaces.properties.lo,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
for(const key2 in data1){
if(!(key2 === "addresses")){
const err5 = {instancePath:instancePath+"/interfaces/lo",schemaPath:"#/properties/interfaces/properties/lo/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties",schema:false,parentSchema:schema8.properties.interfaces.properties.lo,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data1.addresses !== undefined){
let data2 = data1.addresses;
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
let data3 = data2[i0];
if(typeof data3 !== "string"){
const err6 = {instancePath:instancePath+"/interfaces/lo/addresses/" + i0,schemaPath:"#/$defs/addresses/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema9.items.type,parentSchema:schema9.items,data:data3};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
}
else {
const err7 = {instancePath:instancePath+"/interfaces/lo/addresses",schemaPath:"#/$defs/addresses/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema9.type,parentSchema:schema9,data:data2};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
}
}
if(data0.dummy !== undefined){
const err8 = {instancePath:instancePath+"/interfaces/dummy",schemaPath:"#/properties/interfaces/properties/dummy/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema8.properties.interfaces.properties.dummy.not,parentSchema:schema8.properties.interfaces.properties.dummy,data:data0.dummy};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
}
if(data.attach !== undefined){
let data5 = data.attach;
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
for(const key3 in data5){
if(!(((key3 === "container") || (key3 === "pid")) || (key3 === "path"))){
const err9 = {instancePath:instancePath+"/attach",schemaPath:"#/properties/attach/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties",schema:false,parentSchema:schema8.properties.attach,data:data5};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data5.container !== undefined){
let data6 = data5.container;
if(typeof data6 === "string"){
if(!pattern6.test(data6)){
const err10 = {instancePath:instancePath+"/attach/container",schemaPath:"#/properties/attach/properties/container/pattern",keyword:"pattern",params:{pattern: "^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$"},message:"must match pattern \""+"^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$"+"\"",schema:"^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$",parentSchema:schema8.properties.attach.properties.container,data:data6};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/attach/container",schemaPath:"#/properties/attach/properties/container/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema8.properties.attach.properties.container.type,parentSchema:schema8.properties.attach.properties.container,data:data6};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data5.pid !== undefined){
let data7 = data5.pid;
if(!(((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7))) && (isFinite(data7)))){
const err12 = {instancePath:instancePath+"/attach/pid",schemaPath:"#/properties/attach/properties/pid/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema8.properties.attach.properties.pid.type,parentSchema:schema8.properties.attach.properties.pid,data:data7};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if((typeof data7 == "number") && (isFinite(data7))){
if(data7 > 4194304 || isNaN(data7)){
const err13 = {instancePath:instancePath+"/attach/pid",schemaPath:"#/properties/attach/properties/pid/maximum",keyword:"maximum",params:{comparison: "<=", limit: 4194304},message:"must be <= 4194304",schema:4194304,parentSchema:schema8.properties.attach.properties.pid,data:data7};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
if(data7 < 1 || isNaN(data7)){
const err14 = {instancePath:instancePath+"/attach/pid",schemaPath:"#/properties/attach/properties/pid/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema8.properties.attach.properties.pid,data:data7};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
}
if(data5.path !== undefined){
let data8 = data5.path;
if(typeof data8 === "string"){
if(!pattern7.test(data8)){
const err15 = {instancePath:instancePath+"/attach/path",schemaPath:"#/properties/attach/properties/path/pattern",keyword:"pattern",params:{pattern: "^/[^\\x00-\\x1f\\x7f]+$"},message:"must match pattern \""+"^/[^\\x00-\\x1f\\x7f]+$"+"\"",schema:"^/[^\\x00-\\x1f\\x7f]+$",parentSchema:schema8.properties.attach.properties.path,data:data8};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
else {
const err16 = {instancePath:instancePath+"/attach/path",schemaPath:"#/properties/attach/properties/path/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema8.properties.attach.properties.path.type,parentSchema:schema8.properties.attach.properties.path,data:data8};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
}
else {
const err17 = {instancePath:instancePath+"/attach",schemaPath:"#/properties/attach/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema8.properties.attach.type,parentSchema:schema8.properties.attach,data:data5};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data.aliases !== undefined){
let data9 = data.aliases;
if((!(Array.isArray(data9))) && (data9 !== null)){
const err18 = {instancePath:instancePath+"/aliases",schemaPath:"#/properties/aliases/type",keyword:"type",params:{type: schema8.properties.aliases.type},message:"must be array,null",schema:schema8.properties.aliases.type,parentSchema:schema8.properties.aliases,data:data9};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if(Array.isArray(data9)){
const len1 = data9.length;
for(let i1=0; i1<len1; i1++){
let data10 = data9[i1];
if(typeof data10 === "string"){
if(func3(data10) > 253){
const err19 = {instancePath:instancePath+"/aliases/" + i1,schemaPath:"#/$defs/alias/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters",schema:253,parentSchema:schema10,data:data10};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
if(!pattern8.test(data10)){
const err20 = {instancePath:instancePath+"/aliases/" + i1,schemaPath:"#/$defs/alias/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?([.][a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$"},message:"must match pattern \""+"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?([.][a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$"+"\"",schema:"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?([.][a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$",parentSchema:schema10,data:data10};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
else {
const err21 = {instancePath:instancePath+"/aliases/" + i1,schemaPath:"#/$defs/alias/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema10.type,parentSchema:schema10,data:data10};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
}
}
if(data.dns !== undefined){
let data11 = data.dns;
if((typeof data11 !== "string") && (!(Array.isArray(data11)))){
const err22 = {instancePath:instancePath+"/dns",schemaPath:"#/properties/dns/type",keyword:"type",params:{type: schema8.properties.dns.type},message:"must be string,array",schema:schema8.properties.dns.type,parentSchema:schema8.properties.dns,data:data11};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
if(Array.isArray(data11)){
if(data11.length < 1){
const err23 = {instancePath:instancePath+"/dns",schemaPath:"#/properties/dns/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema8.properties.dns,data:data11};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
const len2 = data11.length;
for(let i2=0; i2<len2; i2++){
let data12 = data11[i2];
if(typeof data12 !== "string"){
const err24 = {instancePath:instancePath+"/dns/" + i2,schemaPath:"#/properties/dns/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema8.properties.dns.items.type,parentSchema:schema8.properties.dns.items,data:data12};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
}
}
if(data.forwarding !== undefined){
let data13 = data.forwarding;
if(typeof data13 !== "boolean"){
const err25 = {instancePath:instancePath+"/forwarding",schemaPath:"#/properties/forwarding/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema8.properties.forwarding.type,parentSchema:schema8.properties.forwarding,data:data13};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
if(data.vrf !== undefined){
const err26 = {instancePath:instancePath+"/vrf",schemaPath:"#/properties/vrf/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema8.properties.vrf.not,parentSchema:schema8.properties.vrf,data:data.vrf};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
if(data.dummy !== undefined){
const err27 = {instancePath:instancePath+"/dummy",schemaPath:"#/properties/dummy/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema8.properties.dummy.not,parentSchema:schema8.properties.dummy,data:data.dummy};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
if(data.vlan !== undefined){
const err28 = {instancePath:instancePath+"/vlan",schemaPath:"#/properties/vlan/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema8.properties.vlan.not,parentSchema:schema8.properties.vlan,data:data.vlan};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
if(data.vxlan !== undefined){
const err29 = {instancePath:instancePath+"/vxlan",schemaPath:"#/properties/vxlan/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema8.properties.vxlan.not,parentSchema:schema8.properties.vxlan,data:data.vxlan};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
if(data.macvlan !== undefined){
const err30 = {instancePath:instancePath+"/macvlan",schemaPath:"#/properties/macvlan/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema8.properties.macvlan.not,parentSchema:schema8.properties.macvlan,data:data.macvlan};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
if(data.ipvlan !== undefined){
const err31 = {instancePath:instancePath+"/ipvlan",schemaPath:"#/properties/ipvlan/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema8.properties.ipvlan.not,parentSchema:schema8.properties.ipvlan,data:data.ipvlan};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
if(data.publish !== undefined){
let data20 = data.publish;
if((!(Array.isArray(data20))) && (data20 !== null)){
const err32 = {instancePath:instancePath+"/publish",schemaPath:"#/properties/publish/type",keyword:"type",params:{type: schema8.properties.publish.type},message:"must be array,null",schema:schema8.properties.publish.type,parentSchema:schema8.properties.publish,data:data20};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
if(Array.isArray(data20)){
const len3 = data20.length;
for(let i3=0; i3<len3; i3++){
let data21 = data20[i3];
if(((typeof data21 !== "string") && (!(((typeof data21 == "number") && (!(data21 % 1) && !isNaN(data21))) && (isFinite(data21))))) && (!(data21 && typeof data21 == "object" && !Array.isArray(data21)))){
const err33 = {instancePath:instancePath+"/publish/" + i3,schemaPath:"#/$defs/publish/type",keyword:"type",params:{type: schema11.type},message:"must be string,integer,object",schema:schema11.type,parentSchema:schema11,data:data21};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
if(data21 && typeof data21 == "object" && !Array.isArray(data21)){
if(data21.port === undefined){
const err34 = {instancePath:instancePath+"/publish/" + i3,schemaPath:"#/$defs/publish/required",keyword:"required",params:{missingProperty: "port"},message:"must have required property '"+"port"+"'",schema:schema11.required,parentSchema:schema11,data:data21};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
for(const key4 in data21){
if(!(((((key4 === "hostAddress") || (key4 === "hostPort")) || (key4 === "port")) || (key4 === "protocol")) || (key4 === "interface"))){
const err35 = {instancePath:instancePath+"/publish/" + i3,schemaPath:"#/$defs/publish/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4},message:"must NOT have additional properties",schema:false,parentSchema:schema11,data:data21};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
if(data21.hostAddress !== undefined){
let data22 = data21.hostAddress;
if(typeof data22 !== "string"){
const err36 = {instancePath:instancePath+"/publish/" + i3+"/hostAddress",schemaPath:"#/$defs/publish/properties/hostAddress/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema11.properties.hostAddress.type,parentSchema:schema11.properties.hostAddress,data:data22};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
if(data21.hostPort !== undefined){
let data23 = data21.hostPort;
if((!(((typeof data23 == "number") && (!(data23 % 1) && !isNaN(data23))) && (isFinite(data23)))) && (typeof data23 !== "string")){
const err37 = {instancePath:instancePath+"/publish/" + i3+"/hostPort",schemaPath:"#/$defs/publish/properties/hostPort/type",keyword:"type",params:{type: schema11.properties.hostPort.type},message:"must be integer,string",schema:schema11.properties.hostPort.type,parentSchema:schema11.properties.hostPort,data:data23};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
if(data21.port !== undefined){
let data24 = data21.port;
if((!(((typeof data24 == "number") && (!(data24 % 1) && !isNaN(data24))) && (isFinite(data24)))) && (typeof data24 !== "string")){
const err38 = {instancePath:instancePath+"/publish/" + i3+"/port",schemaPath:"#/$defs/publish/properties/port/type",keyword:"type",params:{type: schema11.properties.port.type},message:"must be integer,string",schema:schema11.properties.port.type,parentSchema:schema11.properties.port,data:data24};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
if(data21.protocol !== undefined){
let data25 = data21.protocol;
if(!(((data25 === "tcp") || (data25 === "udp")) || (data25 === "sctp"))){
const err39 = {instancePath:instancePath+"/publish/" + i3+"/protocol",schemaPath:"#/$defs/publish/properties/protocol/enum",keyword:"enum",params:{allowedValues: schema11.properties.protocol.enum},message:"must be equal to one of the allowed values",schema:schema11.properties.protocol.enum,parentSchema:schema11.properties.protocol,data:data25};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
}
if(data21.interface !== undefined){
let data26 = data21.interface;
if(typeof data26 !== "string"){
const err40 = {instancePath:instancePath+"/publish/" + i3+"/interface",schemaPath:"#/$defs/publish/properties/interface/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema11.properties.interface.type,parentSchema:schema11.properties.interface,data:data26};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
}
}
}
}
if(data.expose !== undefined){
let data27 = data.expose;
if((!(Array.isArray(data27))) && (data27 !== null)){
const err41 = {instancePath:instancePath+"/expose",schemaPath:"#/properties/expose/type",keyword:"type",params:{type: schema8.properties.expose.type},message:"must be array,null",schema:schema8.properties.expose.type,parentSchema:schema8.properties.expose,data:data27};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
if(Array.isArray(data27)){
const len4 = data27.length;
for(let i4=0; i4<len4; i4++){
let data28 = data27[i4];
if((!(((typeof data28 == "number") && (!(data28 % 1) && !isNaN(data28))) && (isFinite(data28)))) && (typeof data28 !== "string")){
const err42 = {instancePath:instancePath+"/expose/" + i4,schemaPath:"#/properties/expose/items/type",keyword:"type",params:{type: schema8.properties.expose.items.type},message:"must be integer,string",schema:schema8.properties.expose.items.type,parentSchema:schema8.properties.expose.items,data:data28};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
}
}
if(data.publishAll !== undefined){
let data29 = data.publishAll;
if(typeof data29 !== "boolean"){
const err43 = {instancePath:instancePath+"/publishAll",schemaPath:"#/properties/publishAll/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema8.properties.publishAll.type,parentSchema:schema8.properties.publishAll,data:data29};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
}
if(data.routes !== undefined){
let data30 = data.routes;
if((!(Array.isArray(data30))) && (data30 !== null)){
const err44 = {instancePath:instancePath+"/routes",schemaPath:"#/properties/routes/type",keyword:"type",params:{type: schema8.properties.routes.type},message:"must be array,null",schema:schema8.properties.routes.type,parentSchema:schema8.properties.routes,data:data30};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
if(Array.isArray(data30)){
const len5 = data30.length;
for(let i5=0; i5<len5; i5++){
let data31 = data30[i5];
if(data31 && typeof data31 == "object" && !Array.isArray(data31)){
if(data31.to === undefined){
const err45 = {instancePath:instancePath+"/routes/" + i5,schemaPath:"#/$defs/route/required",keyword:"required",params:{missingProperty: "to"},message:"must have required property '"+"to"+"'",schema:schema12.required,parentSchema:schema12,data:data31};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
for(const key5 in data31){
if(!(((((key5 === "to") || (key5 === "via")) || (key5 === "interface")) || (key5 === "metric")) || (key5 === "type"))){
const err46 = {instancePath:instancePath+"/routes/" + i5,schemaPath:"#/$defs/route/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5},message:"must NOT have additional properties",schema:false,parentSchema:schema12,data:data31};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
if(data31.to !== undefined){
let data32 = data31.to;
if(typeof data32 !== "string"){
const err47 = {instancePath:instancePath+"/routes/" + i5+"/to",schemaPath:"#/$defs/route/properties/to/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema12.properties.to.type,parentSchema:schema12.properties.to,data:data32};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
}
if(data31.via !== undefined){
let data33 = data31.via;
if((typeof data33 !== "string") && (!(Array.isArray(data33)))){
const err48 = {instancePath:instancePath+"/routes/" + i5+"/via",schemaPath:"#/$defs/route/properties/via/type",keyword:"type",params:{type: schema12.properties.via.type},message:"must be string,array",schema:schema12.properties.via.type,parentSchema:schema12.properties.via,data:data33};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
}
if(data31.interface !== undefined){
let data34 = data31.interface;
if(typeof data34 !== "string"){
const err49 = {instancePath:instancePath+"/routes/" + i5+"/interface",schemaPath:"#/$defs/route/properties/interface/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema12.properties.interface.type,parentSchema:schema12.properties.interface,data:data34};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
}
if(data31.metric !== undefined){
let data35 = data31.metric;
if(!(((typeof data35 == "number") && (!(data35 % 1) && !isNaN(data35))) && (isFinite(data35)))){
const err50 = {instancePath:instancePath+"/routes/" + i5+"/metric",schemaPath:"#/$defs/route/properties/metric/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema12.properties.metric.type,parentSchema:schema12.properties.metric,data:data35};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
if((typeof data35 == "number") && (isFinite(data35))){
if(data35 > 4294967295 || isNaN(data35)){
const err51 = {instancePath:instancePath+"/routes/" + i5+"/metric",schemaPath:"#/$defs/route/properties/metric/maximum",keyword:"maximum",params:{comparison: "<=", limit: 4294967295},message:"must be <= 4294967295",schema:4294967295,parentSchema:schema12.properties.metric,data:data35};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
if(data35 < 0 || isNaN(data35)){
const err52 = {instancePath:instancePath+"/routes/" + i5+"/metric",schemaPath:"#/$defs/route/properties/metric/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema12.properties.metric,data:data35};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
}
}
if(data31.type !== undefined){
let data36 = data31.type;
if(!((((data36 === "unicast") || (data36 === "blackhole")) || (data36 === "unreachable")) || (data36 === "prohibit"))){
const err53 = {instancePath:instancePath+"/routes/" + i5+"/type",schemaPath:"#/$defs/route/properties/type/enum",keyword:"enum",params:{allowedValues: schema12.properties.type.enum},message:"must be equal to one of the allowed values",schema:schema12.properties.type.enum,parentSchema:schema12.properties.type,data:data36};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
}
}
else {
const err54 = {instancePath:instancePath+"/routes/" + i5,schemaPath:"#/$defs/route/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema12.type,parentSchema:schema12,data:data31};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
}
}
}
if(data.rules !== undefined){
const err55 = {instancePath:instancePath+"/rules",schemaPath:"#/properties/rules/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema8.properties.rules.not,parentSchema:schema8.properties.rules,data:data.rules};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
if(data.share !== undefined){
let data38 = data.share;
if(typeof data38 !== "string"){
const err56 = {instancePath:instancePath+"/share",schemaPath:"#/properties/share/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema8.properties.share.type,parentSchema:schema8.properties.share,data:data38};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
}
if(data.sysctls !== undefined){
let data39 = data.sysctls;
if((!(data39 && typeof data39 == "object" && !Array.isArray(data39))) && (data39 !== null)){
const err57 = {instancePath:instancePath+"/sysctls",schemaPath:"#/properties/sysctls/type",keyword:"type",params:{type: schema8.properties.sysctls.type},message:"must be object,null",schema:schema8.properties.sysctls.type,parentSchema:schema8.properties.sysctls,data:data39};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
if(data39 && typeof data39 == "object" && !Array.isArray(data39)){
for(const key6 in data39){
const _errs89 = errors;
if(typeof key6 === "string"){
if(!pattern9.test(key6)){
const err58 = {instancePath:instancePath+"/sysctls",schemaPath:"#/properties/sysctls/propertyNames/pattern",keyword:"pattern",params:{pattern: "^net[./][A-Za-z0-9_][A-Za-z0-9_./-]*$"},message:"must match pattern \""+"^net[./][A-Za-z0-9_][A-Za-z0-9_./-]*$"+"\"",schema:"^net[./][A-Za-z0-9_][A-Za-z0-9_./-]*$",parentSchema:schema8.properties.sysctls.propertyNames,data:key6,propertyName:key6};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
}
var valid22 = _errs89 === errors;
if(!valid22){
const err59 = {instancePath:instancePath+"/sysctls",schemaPath:"#/properties/sysctls/propertyNames",keyword:"propertyNames",params:{propertyName: key6},message:"property name must be valid",schema:schema8.properties.sysctls.propertyNames,parentSchema:schema8.properties.sysctls,data:data39};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
}
for(const key7 in data39){
let data40 = data39[key7];
if((!(((typeof data40 == "number") && (!(data40 % 1) && !isNaN(data40))) && (isFinite(data40)))) && (typeof data40 !== "string")){
const err60 = {instancePath:instancePath+"/sysctls/" + key7.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/sysctls/additionalProperties/type",keyword:"type",params:{type: schema8.properties.sysctls.additionalProperties.type},message:"must be integer,string",schema:schema8.properties.sysctls.additionalProperties.type,parentSchema:schema8.properties.sysctls.additionalProperties,data:data40};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
}
}
}
if(data.masquerade !== undefined){
let data41 = data.masquerade;
if((!(Array.isArray(data41))) && (data41 !== null)){
const err61 = {instancePath:instancePath+"/masquerade",schemaPath:"#/properties/masquerade/type",keyword:"type",params:{type: schema8.properties.masquerade.type},message:"must be array,null",schema:schema8.properties.masquerade.type,parentSchema:schema8.properties.masquerade,data:data41};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
if(Array.isArray(data41)){
const len6 = data41.length;
for(let i6=0; i6<len6; i6++){
let data42 = data41[i6];
if(typeof data42 !== "string"){
const err62 = {instancePath:instancePath+"/masquerade/" + i6,schemaPath:"#/properties/masquerade/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema8.properties.masquerade.items.type,parentSchema:schema8.properties.masquerade.items,data:data42};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
}
}
}
}
validate5.errors = vErrors;
return errors === 0;
}

const schema13 = {"description":"The host's own namespace.","type":["object","null"],"additionalProperties":false,"properties":{"routes":{"description":"Routes of the host. Their devices are the file's bridges and `host:X` interfaces.","type":["array","null"],"items":{"$ref":"#/$defs/route"},"examples":[[{"to":"10.20.0.0/16","via":"r1"}]]}},"examples":[{"routes":[{"to":"10.20.0.0/16","via":"r1"}]}]};

function validate7(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if((!(data && typeof data == "object" && !Array.isArray(data))) && (data !== null)){
const err0 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: schema13.type},message:"must be object,null",schema:schema13.type,parentSchema:schema13,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(key0 === "routes")){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema13,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.routes !== undefined){
let data0 = data.routes;
if((!(Array.isArray(data0))) && (data0 !== null)){
const err2 = {instancePath:instancePath+"/routes",schemaPath:"#/properties/routes/type",keyword:"type",params:{type: schema13.properties.routes.type},message:"must be array,null",schema:schema13.properties.routes.type,parentSchema:schema13.properties.routes,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
let data1 = data0[i0];
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
if(data1.to === undefined){
const err3 = {instancePath:instancePath+"/routes/" + i0,schemaPath:"#/$defs/route/required",keyword:"required",params:{missingProperty: "to"},message:"must have required property '"+"to"+"'",schema:schema12.required,parentSchema:schema12,data:data1};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
for(const key1 in data1){
if(!(((((key1 === "to") || (key1 === "via")) || (key1 === "interface")) || (key1 === "metric")) || (key1 === "type"))){
const err4 = {instancePath:instancePath+"/routes/" + i0,schemaPath:"#/$defs/route/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties",schema:false,parentSchema:schema12,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data1.to !== undefined){
let data2 = data1.to;
if(typeof data2 !== "string"){
const err5 = {instancePath:instancePath+"/routes/" + i0+"/to",schemaPath:"#/$defs/route/properties/to/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema12.properties.to.type,parentSchema:schema12.properties.to,data:data2};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data1.via !== undefined){
let data3 = data1.via;
if((typeof data3 !== "string") && (!(Array.isArray(data3)))){
const err6 = {instancePath:instancePath+"/routes/" + i0+"/via",schemaPath:"#/$defs/route/properties/via/type",keyword:"type",params:{type: schema12.properties.via.type},message:"must be string,array",schema:schema12.properties.via.type,parentSchema:schema12.properties.via,data:data3};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data1.interface !== undefined){
let data4 = data1.interface;
if(typeof data4 !== "string"){
const err7 = {instancePath:instancePath+"/routes/" + i0+"/interface",schemaPath:"#/$defs/route/properties/interface/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema12.properties.interface.type,parentSchema:schema12.properties.interface,data:data4};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data1.metric !== undefined){
let data5 = data1.metric;
if(!(((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5))) && (isFinite(data5)))){
const err8 = {instancePath:instancePath+"/routes/" + i0+"/metric",schemaPath:"#/$defs/route/properties/metric/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema12.properties.metric.type,parentSchema:schema12.properties.metric,data:data5};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 > 4294967295 || isNaN(data5)){
const err9 = {instancePath:instancePath+"/routes/" + i0+"/metric",schemaPath:"#/$defs/route/properties/metric/maximum",keyword:"maximum",params:{comparison: "<=", limit: 4294967295},message:"must be <= 4294967295",schema:4294967295,parentSchema:schema12.properties.metric,data:data5};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(data5 < 0 || isNaN(data5)){
const err10 = {instancePath:instancePath+"/routes/" + i0+"/metric",schemaPath:"#/$defs/route/properties/metric/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema12.properties.metric,data:data5};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
}
if(data1.type !== undefined){
let data6 = data1.type;
if(!((((data6 === "unicast") || (data6 === "blackhole")) || (data6 === "unreachable")) || (data6 === "prohibit"))){
const err11 = {instancePath:instancePath+"/routes/" + i0+"/type",schemaPath:"#/$defs/route/properties/type/enum",keyword:"enum",params:{allowedValues: schema12.properties.type.enum},message:"must be equal to one of the allowed values",schema:schema12.properties.type.enum,parentSchema:schema12.properties.type,data:data6};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
}
else {
const err12 = {instancePath:instancePath+"/routes/" + i0,schemaPath:"#/$defs/route/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema12.type,parentSchema:schema12,data:data1};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
}
}
}
validate7.errors = vErrors;
return errors === 0;
}

const schema15 = {"description":"Something that must hold once the host has converged: exactly one of `ping`, `tcp`, `udp`.","type":"object","examples":[{"from":"web02","to":"db01","tcp":5432,"expect":"unreachable"}],"required":["from","to"],"additionalProperties":false,"properties":{"from":{"description":"Where the probe starts.","$ref":"#/$defs/names"},"to":{"description":"What is probed.","$ref":"#/$defs/names"},"ping":{"description":"Probe with ICMP echo.","type":"boolean","examples":[true]},"tcp":{"description":"Probe this TCP port.","type":"integer","minimum":1,"maximum":65535,"examples":[80]},"udp":{"description":"Probe this UDP port.","type":"integer","minimum":1,"maximum":65535,"examples":[53]},"expect":{"description":"What must be seen. Default: reachable.","enum":["reachable","refused","unreachable"]},"family":{"description":"The only family to probe. Default: each family that both have.","enum":["ipv4","ipv6"]},"source":{"description":"The client's address as the server must have seen it.","type":"string","examples":["172.30.1.2"]},"timeout":{"description":"How long to wait for an answer. Default: 2s.","type":"string","pattern":"^[0-9]+(ms|s|m)$","patternErrorMessage":"a duration is a number with ms, s or m: 500ms, 2s","examples":["2s","500ms"]},"serve":{"description":"Whether to open a listener for the probe where none listens. Default: true.","type":"boolean","examples":[false]}}};
const schema16 = {"description":"A namespace, `host`, an address, or a list of these; ranges such as pc(01-20) too.","type":["string","array"],"items":{"type":"string"},"minItems":1,"examples":["web01",["host","pc01"]]};
const pattern10 = new RegExp("^[0-9]+(ms|s|m)$", "u");

function validate9(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.from === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "from"},message:"must have required property '"+"from"+"'",schema:schema15.required,parentSchema:schema15,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.to === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "to"},message:"must have required property '"+"to"+"'",schema:schema15.required,parentSchema:schema15,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 in data){
if(!(func0.call(schema15.properties, key0))){
const err2 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema15,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.from !== undefined){
let data0 = data.from;
if((typeof data0 !== "string") && (!(Array.isArray(data0)))){
const err3 = {instancePath:instancePath+"/from",schemaPath:"#/$defs/names/type",keyword:"type",params:{type: schema16.type},message:"must be string,array",schema:schema16.type,parentSchema:schema16,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(Array.isArray(data0)){
if(data0.length < 1){
const err4 = {instancePath:instancePath+"/from",schemaPath:"#/$defs/names/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema16,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
let data1 = data0[i0];
if(typeof data1 !== "string"){
const err5 = {instancePath:instancePath+"/from/" + i0,schemaPath:"#/$defs/names/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema16.items.type,parentSchema:schema16.items,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
}
}
if(data.to !== undefined){
let data2 = data.to;
if((typeof data2 !== "string") && (!(Array.isArray(data2)))){
const err6 = {instancePath:instancePath+"/to",schemaPath:"#/$defs/names/type",keyword:"type",params:{type: schema16.type},message:"must be string,array",schema:schema16.type,parentSchema:schema16,data:data2};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(Array.isArray(data2)){
if(data2.length < 1){
const err7 = {instancePath:instancePath+"/to",schemaPath:"#/$defs/names/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema16,data:data2};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
let data3 = data2[i1];
if(typeof data3 !== "string"){
const err8 = {instancePath:instancePath+"/to/" + i1,schemaPath:"#/$defs/names/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema16.items.type,parentSchema:schema16.items,data:data3};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
}
}
if(data.ping !== undefined){
let data4 = data.ping;
if(typeof data4 !== "boolean"){
const err9 = {instancePath:instancePath+"/ping",schemaPath:"#/properties/ping/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema15.properties.ping.type,parentSchema:schema15.properties.ping,data:data4};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.tcp !== undefined){
let data5 = data.tcp;
if(!(((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5))) && (isFinite(data5)))){
const err10 = {instancePath:instancePath+"/tcp",schemaPath:"#/properties/tcp/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema15.properties.tcp.type,parentSchema:schema15.properties.tcp,data:data5};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 > 65535 || isNaN(data5)){
const err11 = {instancePath:instancePath+"/tcp",schemaPath:"#/properties/tcp/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535",schema:65535,parentSchema:schema15.properties.tcp,data:data5};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(data5 < 1 || isNaN(data5)){
const err12 = {instancePath:instancePath+"/tcp",schemaPath:"#/properties/tcp/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema15.properties.tcp,data:data5};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
}
if(data.udp !== undefined){
let data6 = data.udp;
if(!(((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6))) && (isFinite(data6)))){
const err13 = {instancePath:instancePath+"/udp",schemaPath:"#/properties/udp/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema15.properties.udp.type,parentSchema:schema15.properties.udp,data:data6};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
if((typeof data6 == "number") && (isFinite(data6))){
if(data6 > 65535 || isNaN(data6)){
const err14 = {instancePath:instancePath+"/udp",schemaPath:"#/properties/udp/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535",schema:65535,parentSchema:schema15.properties.udp,data:data6};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if(data6 < 1 || isNaN(data6)){
const err15 = {instancePath:instancePath+"/udp",schemaPath:"#/properties/udp/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema15.properties.udp,data:data6};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
}
if(data.expect !== undefined){
let data7 = data.expect;
if(!(((data7 === "reachable") || (data7 === "refused")) || (data7 === "unreachable"))){
const err16 = {instancePath:instancePath+"/expect",schemaPath:"#/properties/expect/enum",keyword:"enum",params:{allowedValues: schema15.properties.expect.enum},message:"must be equal to one of the allowed values",schema:schema15.properties.expect.enum,parentSchema:schema15.properties.expect,data:data7};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data.family !== undefined){
let data8 = data.family;
if(!((data8 === "ipv4") || (data8 === "ipv6"))){
const err17 = {instancePath:instancePath+"/family",schemaPath:"#/properties/family/enum",keyword:"enum",params:{allowedValues: schema15.properties.family.enum},message:"must be equal to one of the allowed values",schema:schema15.properties.family.enum,parentSchema:schema15.properties.family,data:data8};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data.source !== undefined){
let data9 = data.source;
if(typeof data9 !== "string"){
const err18 = {instancePath:instancePath+"/source",schemaPath:"#/properties/source/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema15.properties.source.type,parentSchema:schema15.properties.source,data:data9};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data.timeout !== undefined){
let data10 = data.timeout;
if(typeof data10 === "string"){
if(!pattern10.test(data10)){
const err19 = {instancePath:instancePath+"/timeout",schemaPath:"#/properties/timeout/pattern",keyword:"pattern",params:{pattern: "^[0-9]+(ms|s|m)$"},message:"must match pattern \""+"^[0-9]+(ms|s|m)$"+"\"",schema:"^[0-9]+(ms|s|m)$",parentSchema:schema15.properties.timeout,data:data10};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
else {
const err20 = {instancePath:instancePath+"/timeout",schemaPath:"#/properties/timeout/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema15.properties.timeout.type,parentSchema:schema15.properties.timeout,data:data10};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data.serve !== undefined){
let data11 = data.serve;
if(typeof data11 !== "boolean"){
const err21 = {instancePath:instancePath+"/serve",schemaPath:"#/properties/serve/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema15.properties.serve.type,parentSchema:schema15.properties.serve,data:data11};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
}
else {
const err22 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema15.type,parentSchema:schema15,data};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
validate9.errors = vErrors;
return errors === 0;
}

const schema18 = {"description":"Two ends, `[web01:eth0, br-web]`, or a mapping with `ends` and what else is to be said. A range fans out against one end: `[pc(01-20):eth0, br-lan]`.","type":["array","object"],"examples":[["web01:eth0","br-web"],{"ends":["web02:eth0","br-web"],"addresses":["172.30.1.10"]}],"items":{"$ref":"#/$defs/end"},"minItems":2,"maxItems":2,"required":["ends"],"additionalProperties":false,"properties":{"ends":{"description":"The two ends of the link.","type":"array","items":{"$ref":"#/$defs/end"},"minItems":2,"maxItems":2,"examples":[["web01:eth0","br-web"]]},"addresses":{"description":"Addresses of the end that is not the bridge. Absent: one automatic address of each family that the subnet has.","$ref":"#/$defs/addresses"},"mac":{"description":"MAC of the end that is not the bridge. Default: derived from the names.","$ref":"#/$defs/mac"},"mtu":{"description":"MTU of both ends. Default: the bridge's, else that of `defaults`.","$ref":"#/$defs/mtu"},"defaultRoute":{"$ref":"#/$defs/defaultRoute"},"subnet":{"description":"Of a link between two namespaces: the subnet that addresses both ends, by name or written out.","$ref":"#/$defs/subnetOrName"},"as":{"description":"One-way aliases, `{ NAMESPACE: ALIAS }`: that namespace alone, and nobody else, resolves the alias, to the other end of this link. For the link's own namespace the other end is the peer, or the bridge itself; for another member of the bridge it is the link's namespace.","type":"object","propertyNames":{"pattern":"^[a-z][a-z0-9-]*([(][0-9]+-[0-9]+[)][a-z0-9-]*)?$","patternErrorMessage":"write { NAMESPACE: ALIAS }: the namespace that is to know the other end by the alias"},"additionalProperties":{"$ref":"#/$defs/alias"},"examples":[{"web01":"database"}]},"delay":{"description":"Link impairment. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"jitter":{"description":"Link impairment. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"loss":{"description":"Link impairment. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"rate":{"description":"Link impairment. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"vxlan":{"description":"A tunnel between hosts. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"macvlan":{"description":"An interface on the segment of a physical one. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"ipvlan":{"description":"An interface on the segment of a physical one. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"vlan":{"description":"VLAN of a port. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"vlans":{"description":"VLANs of a port. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true}}};
const schema23 = {"description":"Whether the namespace's default route goes through this link. Default: through its first link whose subnet has a gateway and whose bridge is not internal.","type":"boolean","examples":[true]};
const schema28 = {"description":"A name in `subnets`, or a subnet written out.","type":["string","object"],"additionalProperties":false,"properties":{"ipv4":{"description":"The IPv4 network.","type":"string","examples":["172.30.1.0/24"]},"ipv6":{"description":"The IPv6 network.","type":"string","examples":["fd00:30:1::/64"]},"range":{"description":"Where automatic addresses come from: a network within the subnet, or a list of them. Default: the whole subnet.","type":["string","array"],"items":{"type":"string"},"minItems":1,"examples":["172.30.1.128/25"]},"reserved":{"description":"Addresses, or networks, that are never handed out.","type":"array","items":{"type":"string"},"examples":[["172.30.1.200"]]},"gateway":{"description":"An address or a list of them, which the bridge holds; `namespace:interface`: that end holds it and the bridge none; false: there is none. Default: the bridge holds each family's first address.","type":["string","array","boolean"],"items":{"type":"string"},"minItems":1,"examples":["172.30.1.254","r1:lan0",false]}},"examples":["web",{"ipv4":"10.0.12.0/30"}]};
const schema19 = {"description":"`namespace:interface` (`host:X` makes X in the host), or a bridge; or a mapping with `at` and what else is to be said.","type":["string","object"],"examples":["web01:eth0","br-web",{"at":"web01:eth0","mtu":9000}],"required":["at"],"additionalProperties":false,"properties":{"at":{"description":"`namespace:interface` or a bridge.","type":"string","examples":["web01:eth0","br-web"]},"name":{"description":"Of a bridge's end: the host-side name of the port. Default: `<namespace>-<interface>` where that fits.","type":"string","examples":["uplink0"]},"addresses":{"description":"Addresses of this end. Absent: one automatic address of each family that the subnet has.","$ref":"#/$defs/addresses"},"mac":{"description":"MAC of this end. Default: derived from the names.","$ref":"#/$defs/mac"},"mtu":{"description":"MTU of this end. Default: the link's.","$ref":"#/$defs/mtu"},"linkLocal":{"description":"Whether it has a link-local IPv6 address even without another IPv6 address. Default: false.","type":"boolean","examples":[true]},"defaultRoute":{"$ref":"#/$defs/defaultRoute"},"delay":{"description":"Link impairment. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"jitter":{"description":"Link impairment. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"loss":{"description":"Link impairment. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"rate":{"description":"Link impairment. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"vxlan":{"description":"A tunnel between hosts. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"macvlan":{"description":"An interface on the segment of a physical one. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"ipvlan":{"description":"An interface on the segment of a physical one. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"vlan":{"description":"VLAN of a port. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true},"vlans":{"description":"VLANs of a port. Reserved.","not":{},"errorMessage":"not supported yet","doNotSuggest":true}}};

function validate12(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if((typeof data !== "string") && (!(data && typeof data == "object" && !Array.isArray(data)))){
const err0 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: schema19.type},message:"must be string,object",schema:schema19.type,parentSchema:schema19,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.at === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "at"},message:"must have required property '"+"at"+"'",schema:schema19.required,parentSchema:schema19,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 in data){
if(!(func0.call(schema19.properties, key0))){
const err2 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema19,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.at !== undefined){
let data0 = data.at;
if(typeof data0 !== "string"){
const err3 = {instancePath:instancePath+"/at",schemaPath:"#/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema19.properties.at.type,parentSchema:schema19.properties.at,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.name !== undefined){
let data1 = data.name;
if(typeof data1 !== "string"){
const err4 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema19.properties.name.type,parentSchema:schema19.properties.name,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.addresses !== undefined){
let data2 = data.addresses;
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
let data3 = data2[i0];
if(typeof data3 !== "string"){
const err5 = {instancePath:instancePath+"/addresses/" + i0,schemaPath:"#/$defs/addresses/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema9.items.type,parentSchema:schema9.items,data:data3};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
}
else {
const err6 = {instancePath:instancePath+"/addresses",schemaPath:"#/$defs/addresses/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema9.type,parentSchema:schema9,data:data2};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.mac !== undefined){
let data4 = data.mac;
if(typeof data4 === "string"){
if(!pattern4.test(data4)){
const err7 = {instancePath:instancePath+"/mac",schemaPath:"#/$defs/mac/pattern",keyword:"pattern",params:{pattern: "^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$"},message:"must match pattern \""+"^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$"+"\"",schema:"^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$",parentSchema:schema6,data:data4};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/mac",schemaPath:"#/$defs/mac/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.type,parentSchema:schema6,data:data4};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.mtu !== undefined){
let data5 = data.mtu;
if(!(((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5))) && (isFinite(data5)))){
const err9 = {instancePath:instancePath+"/mtu",schemaPath:"#/$defs/mtu/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema2.type,parentSchema:schema2,data:data5};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 > 65535 || isNaN(data5)){
const err10 = {instancePath:instancePath+"/mtu",schemaPath:"#/$defs/mtu/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535",schema:65535,parentSchema:schema2,data:data5};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if(data5 < 68 || isNaN(data5)){
const err11 = {instancePath:instancePath+"/mtu",schemaPath:"#/$defs/mtu/minimum",keyword:"minimum",params:{comparison: ">=", limit: 68},message:"must be >= 68",schema:68,parentSchema:schema2,data:data5};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
}
if(data.linkLocal !== undefined){
let data6 = data.linkLocal;
if(typeof data6 !== "boolean"){
const err12 = {instancePath:instancePath+"/linkLocal",schemaPath:"#/properties/linkLocal/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema19.properties.linkLocal.type,parentSchema:schema19.properties.linkLocal,data:data6};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data.defaultRoute !== undefined){
let data7 = data.defaultRoute;
if(typeof data7 !== "boolean"){
const err13 = {instancePath:instancePath+"/defaultRoute",schemaPath:"#/$defs/defaultRoute/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema23.type,parentSchema:schema23,data:data7};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data.delay !== undefined){
const err14 = {instancePath:instancePath+"/delay",schemaPath:"#/properties/delay/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema19.properties.delay.not,parentSchema:schema19.properties.delay,data:data.delay};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if(data.jitter !== undefined){
const err15 = {instancePath:instancePath+"/jitter",schemaPath:"#/properties/jitter/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema19.properties.jitter.not,parentSchema:schema19.properties.jitter,data:data.jitter};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(data.loss !== undefined){
const err16 = {instancePath:instancePath+"/loss",schemaPath:"#/properties/loss/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema19.properties.loss.not,parentSchema:schema19.properties.loss,data:data.loss};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
if(data.rate !== undefined){
const err17 = {instancePath:instancePath+"/rate",schemaPath:"#/properties/rate/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema19.properties.rate.not,parentSchema:schema19.properties.rate,data:data.rate};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
if(data.vxlan !== undefined){
const err18 = {instancePath:instancePath+"/vxlan",schemaPath:"#/properties/vxlan/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema19.properties.vxlan.not,parentSchema:schema19.properties.vxlan,data:data.vxlan};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if(data.macvlan !== undefined){
const err19 = {instancePath:instancePath+"/macvlan",schemaPath:"#/properties/macvlan/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema19.properties.macvlan.not,parentSchema:schema19.properties.macvlan,data:data.macvlan};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
if(data.ipvlan !== undefined){
const err20 = {instancePath:instancePath+"/ipvlan",schemaPath:"#/properties/ipvlan/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema19.properties.ipvlan.not,parentSchema:schema19.properties.ipvlan,data:data.ipvlan};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
if(data.vlan !== undefined){
const err21 = {instancePath:instancePath+"/vlan",schemaPath:"#/properties/vlan/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema19.properties.vlan.not,parentSchema:schema19.properties.vlan,data:data.vlan};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
if(data.vlans !== undefined){
const err22 = {instancePath:instancePath+"/vlans",schemaPath:"#/properties/vlans/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema19.properties.vlans.not,parentSchema:schema19.properties.vlans,data:data.vlans};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
validate12.errors = vErrors;
return errors === 0;
}


function validate11(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(!data || typeof data != "object"){
const err0 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: schema18.type},message:"must be array,object",schema:schema18.type,parentSchema:schema18,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(Array.isArray(data)){
if(data.length > 2){
const err1 = {instancePath,schemaPath:"#/maxItems",keyword:"maxItems",params:{limit: 2},message:"must NOT have more than 2 items",schema:2,parentSchema:schema18,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.length < 2){
const err2 = {instancePath,schemaPath:"#/minItems",keyword:"minItems",params:{limit: 2},message:"must NOT have fewer than 2 items",schema:2,parentSchema:schema18,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
const len0 = data.length;
for(let i0=0; i0<len0; i0++){
if(!(validate12(data[i0], {instancePath:instancePath+"/" + i0,parentData:data,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate12.errors : vErrors.concat(validate12.errors);
errors = vErrors.length;
}
}
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.ends === undefined){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "ends"},message:"must have required property '"+"ends"+"'",schema:schema18.required,parentSchema:schema18,data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
for(const key0 in data){
if(!(func0.call(schema18.properties, key0))){
const err4 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema18,data};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.ends !== undefined){
let data1 = data.ends;
if(Array.isArray(data1)){
if(data1.length > 2){
const err5 = {instancePath:instancePath+"/ends",schemaPath:"#/properties/ends/maxItems",keyword:"maxItems",params:{limit: 2},message:"must NOT have more than 2 items",schema:2,parentSchema:schema18.properties.ends,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(data1.length < 2){
const err6 = {instancePath:instancePath+"/ends",schemaPath:"#/properties/ends/minItems",keyword:"minItems",params:{limit: 2},message:"must NOT have fewer than 2 items",schema:2,parentSchema:schema18.properties.ends,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
const len1 = data1.length;
for(let i1=0; i1<len1; i1++){
if(!(validate12(data1[i1], {instancePath:instancePath+"/ends/" + i1,parentData:data1,parentDataProperty:i1,rootData}))){
vErrors = vErrors === null ? validate12.errors : vErrors.concat(validate12.errors);
errors = vErrors.length;
}
}
}
else {
const err7 = {instancePath:instancePath+"/ends",schemaPath:"#/properties/ends/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema18.properties.ends.type,parentSchema:schema18.properties.ends,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data.addresses !== undefined){
let data3 = data.addresses;
if(Array.isArray(data3)){
const len2 = data3.length;
for(let i2=0; i2<len2; i2++){
let data4 = data3[i2];
if(typeof data4 !== "string"){
const err8 = {instancePath:instancePath+"/addresses/" + i2,schemaPath:"#/$defs/addresses/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema9.items.type,parentSchema:schema9.items,data:data4};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
}
else {
const err9 = {instancePath:instancePath+"/addresses",schemaPath:"#/$defs/addresses/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema9.type,parentSchema:schema9,data:data3};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.mac !== undefined){
let data5 = data.mac;
if(typeof data5 === "string"){
if(!pattern4.test(data5)){
const err10 = {instancePath:instancePath+"/mac",schemaPath:"#/$defs/mac/pattern",keyword:"pattern",params:{pattern: "^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$"},message:"must match pattern \""+"^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$"+"\"",schema:"^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$",parentSchema:schema6,data:data5};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/mac",schemaPath:"#/$defs/mac/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema6.type,parentSchema:schema6,data:data5};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data.mtu !== undefined){
let data6 = data.mtu;
if(!(((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6))) && (isFinite(data6)))){
const err12 = {instancePath:instancePath+"/mtu",schemaPath:"#/$defs/mtu/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema2.type,parentSchema:schema2,data:data6};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if((typeof data6 == "number") && (isFinite(data6))){
if(data6 > 65535 || isNaN(data6)){
const err13 = {instancePath:instancePath+"/mtu",schemaPath:"#/$defs/mtu/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535",schema:65535,parentSchema:schema2,data:data6};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
if(data6 < 68 || isNaN(data6)){
const err14 = {instancePath:instancePath+"/mtu",schemaPath:"#/$defs/mtu/minimum",keyword:"minimum",params:{comparison: ">=", limit: 68},message:"must be >= 68",schema:68,parentSchema:schema2,data:data6};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
}
if(data.defaultRoute !== undefined){
let data7 = data.defaultRoute;
if(typeof data7 !== "boolean"){
const err15 = {instancePath:instancePath+"/defaultRoute",schemaPath:"#/$defs/defaultRoute/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema23.type,parentSchema:schema23,data:data7};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data.subnet !== undefined){
let data8 = data.subnet;
if((typeof data8 !== "string") && (!(data8 && typeof data8 == "object" && !Array.isArray(data8)))){
const err16 = {instancePath:instancePath+"/subnet",schemaPath:"#/$defs/subnetOrName/type",keyword:"type",params:{type: schema28.type},message:"must be string,object",schema:schema28.type,parentSchema:schema28,data:data8};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
for(const key1 in data8){
if(!(((((key1 === "ipv4") || (key1 === "ipv6")) || (key1 === "range")) || (key1 === "reserved")) || (key1 === "gateway"))){
const err17 = {instancePath:instancePath+"/subnet",schemaPath:"#/$defs/subnetOrName/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties",schema:false,parentSchema:schema28,data:data8};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data8.ipv4 !== undefined){
let data9 = data8.ipv4;
if(typeof data9 !== "string"){
const err18 = {instancePath:instancePath+"/subnet/ipv4",schemaPath:"#/$defs/subnetOrName/properties/ipv4/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema28.properties.ipv4.type,parentSchema:schema28.properties.ipv4,data:data9};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data8.ipv6 !== undefined){
let data10 = data8.ipv6;
if(typeof data10 !== "string"){
const err19 = {instancePath:instancePath+"/subnet/ipv6",schemaPath:"#/$defs/subnetOrName/properties/ipv6/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema28.properties.ipv6.type,parentSchema:schema28.properties.ipv6,data:data10};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
if(data8.range !== undefined){
let data11 = data8.range;
if((typeof data11 !== "string") && (!(Array.isArray(data11)))){
const err20 = {instancePath:instancePath+"/subnet/range",schemaPath:"#/$defs/subnetOrName/properties/range/type",keyword:"type",params:{type: schema28.properties.range.type},message:"must be string,array",schema:schema28.properties.range.type,parentSchema:schema28.properties.range,data:data11};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
if(Array.isArray(data11)){
if(data11.length < 1){
const err21 = {instancePath:instancePath+"/subnet/range",schemaPath:"#/$defs/subnetOrName/properties/range/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema28.properties.range,data:data11};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
const len3 = data11.length;
for(let i3=0; i3<len3; i3++){
let data12 = data11[i3];
if(typeof data12 !== "string"){
const err22 = {instancePath:instancePath+"/subnet/range/" + i3,schemaPath:"#/$defs/subnetOrName/properties/range/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema28.properties.range.items.type,parentSchema:schema28.properties.range.items,data:data12};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
}
}
if(data8.reserved !== undefined){
let data13 = data8.reserved;
if(Array.isArray(data13)){
const len4 = data13.length;
for(let i4=0; i4<len4; i4++){
let data14 = data13[i4];
if(typeof data14 !== "string"){
const err23 = {instancePath:instancePath+"/subnet/reserved/" + i4,schemaPath:"#/$defs/subnetOrName/properties/reserved/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema28.properties.reserved.items.type,parentSchema:schema28.properties.reserved.items,data:data14};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
}
else {
const err24 = {instancePath:instancePath+"/subnet/reserved",schemaPath:"#/$defs/subnetOrName/properties/reserved/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema28.properties.reserved.type,parentSchema:schema28.properties.reserved,data:data13};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
if(data8.gateway !== undefined){
let data15 = data8.gateway;
if(((typeof data15 !== "string") && (!(Array.isArray(data15)))) && (typeof data15 !== "boolean")){
const err25 = {instancePath:instancePath+"/subnet/gateway",schemaPath:"#/$defs/subnetOrName/properties/gateway/type",keyword:"type",params:{type: schema28.properties.gateway.type},message:"must be string,array,boolean",schema:schema28.properties.gateway.type,parentSchema:schema28.properties.gateway,data:data15};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
if(Array.isArray(data15)){
if(data15.length < 1){
const err26 = {instancePath:instancePath+"/subnet/gateway",schemaPath:"#/$defs/subnetOrName/properties/gateway/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema28.properties.gateway,data:data15};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
const len5 = data15.length;
for(let i5=0; i5<len5; i5++){
let data16 = data15[i5];
if(typeof data16 !== "string"){
const err27 = {instancePath:instancePath+"/subnet/gateway/" + i5,schemaPath:"#/$defs/subnetOrName/properties/gateway/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema28.properties.gateway.items.type,parentSchema:schema28.properties.gateway.items,data:data16};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
}
}
}
}
if(data.as !== undefined){
let data17 = data.as;
if(data17 && typeof data17 == "object" && !Array.isArray(data17)){
for(const key2 in data17){
const _errs42 = errors;
if(typeof key2 === "string"){
if(!pattern5.test(key2)){
const err28 = {instancePath:instancePath+"/as",schemaPath:"#/properties/as/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]*([(][0-9]+-[0-9]+[)][a-z0-9-]*)?$"},message:"must match pattern \""+"^[a-z][a-z0-9-]*([(][0-9]+-[0-9]+[)][a-z0-9-]*)?$"+"\"",schema:"^[a-z][a-z0-9-]*([(][0-9]+-[0-9]+[)][a-z0-9-]*)?$",parentSchema:schema18.properties.as.propertyNames,data:key2,propertyName:key2};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
var valid19 = _errs42 === errors;
if(!valid19){
const err29 = {instancePath:instancePath+"/as",schemaPath:"#/properties/as/propertyNames",keyword:"propertyNames",params:{propertyName: key2},message:"property name must be valid",schema:schema18.properties.as.propertyNames,parentSchema:schema18.properties.as,data:data17};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
for(const key3 in data17){
let data18 = data17[key3];
if(typeof data18 === "string"){
if(func3(data18) > 253){
const err30 = {instancePath:instancePath+"/as/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/$defs/alias/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters",schema:253,parentSchema:schema10,data:data18};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
if(!pattern8.test(data18)){
const err31 = {instancePath:instancePath+"/as/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/$defs/alias/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?([.][a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$"},message:"must match pattern \""+"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?([.][a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$"+"\"",schema:"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?([.][a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$",parentSchema:schema10,data:data18};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
else {
const err32 = {instancePath:instancePath+"/as/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/$defs/alias/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema10.type,parentSchema:schema10,data:data18};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
}
else {
const err33 = {instancePath:instancePath+"/as",schemaPath:"#/properties/as/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema18.properties.as.type,parentSchema:schema18.properties.as,data:data17};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
if(data.delay !== undefined){
const err34 = {instancePath:instancePath+"/delay",schemaPath:"#/properties/delay/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema18.properties.delay.not,parentSchema:schema18.properties.delay,data:data.delay};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
if(data.jitter !== undefined){
const err35 = {instancePath:instancePath+"/jitter",schemaPath:"#/properties/jitter/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema18.properties.jitter.not,parentSchema:schema18.properties.jitter,data:data.jitter};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
if(data.loss !== undefined){
const err36 = {instancePath:instancePath+"/loss",schemaPath:"#/properties/loss/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema18.properties.loss.not,parentSchema:schema18.properties.loss,data:data.loss};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
if(data.rate !== undefined){
const err37 = {instancePath:instancePath+"/rate",schemaPath:"#/properties/rate/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema18.properties.rate.not,parentSchema:schema18.properties.rate,data:data.rate};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
if(data.vxlan !== undefined){
const err38 = {instancePath:instancePath+"/vxlan",schemaPath:"#/properties/vxlan/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema18.properties.vxlan.not,parentSchema:schema18.properties.vxlan,data:data.vxlan};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
if(data.macvlan !== undefined){
const err39 = {instancePath:instancePath+"/macvlan",schemaPath:"#/properties/macvlan/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema18.properties.macvlan.not,parentSchema:schema18.properties.macvlan,data:data.macvlan};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
if(data.ipvlan !== undefined){
const err40 = {instancePath:instancePath+"/ipvlan",schemaPath:"#/properties/ipvlan/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema18.properties.ipvlan.not,parentSchema:schema18.properties.ipvlan,data:data.ipvlan};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
if(data.vlan !== undefined){
const err41 = {instancePath:instancePath+"/vlan",schemaPath:"#/properties/vlan/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema18.properties.vlan.not,parentSchema:schema18.properties.vlan,data:data.vlan};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
if(data.vlans !== undefined){
const err42 = {instancePath:instancePath+"/vlans",schemaPath:"#/properties/vlans/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema18.properties.vlans.not,parentSchema:schema18.properties.vlans,data:data.vlans};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
validate11.errors = vErrors;
return errors === 0;
}


function validate0(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.version === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "version"},message:"must have required property '"+"version"+"'",schema:schema0.required,parentSchema:schema0,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.name === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'",schema:schema0.required,parentSchema:schema0,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 in data){
if(!((func0.call(schema0.properties, key0)) || (pattern0.test(key0)))){
const err2 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema0,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.version !== undefined){
let data0 = data.version;
if(1 !== data0){
const err3 = {instancePath:instancePath+"/version",schemaPath:"#/properties/version/const",keyword:"const",params:{allowedValue: 1},message:"must be equal to constant",schema:1,parentSchema:schema0.properties.version,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.name !== undefined){
let data1 = data.name;
if(typeof data1 === "string"){
if(!pattern1.test(data1)){
const err4 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]{0,30}$"},message:"must match pattern \""+"^[a-z][a-z0-9-]{0,30}$"+"\"",schema:"^[a-z][a-z0-9-]{0,30}$",parentSchema:schema0.properties.name,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema0.properties.name.type,parentSchema:schema0.properties.name,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.description !== undefined){
let data2 = data.description;
if(typeof data2 !== "string"){
const err6 = {instancePath:instancePath+"/description",schemaPath:"#/properties/description/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema0.properties.description.type,parentSchema:schema0.properties.description,data:data2};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.defaults !== undefined){
if(!(validate1(data.defaults, {instancePath:instancePath+"/defaults",parentData:data,parentDataProperty:"defaults",rootData}))){
vErrors = vErrors === null ? validate1.errors : vErrors.concat(validate1.errors);
errors = vErrors.length;
}
}
if(data.subnets !== undefined){
let data4 = data.subnets;
if((!(data4 && typeof data4 == "object" && !Array.isArray(data4))) && (data4 !== null)){
const err7 = {instancePath:instancePath+"/subnets",schemaPath:"#/properties/subnets/type",keyword:"type",params:{type: schema0.properties.subnets.type},message:"must be object,null",schema:schema0.properties.subnets.type,parentSchema:schema0.properties.subnets,data:data4};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
for(const key1 in data4){
const _errs10 = errors;
if(typeof key1 === "string"){
if(!pattern2.test(key1)){
const err8 = {instancePath:instancePath+"/subnets",schemaPath:"#/properties/subnets/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[a-zA-Z][a-zA-Z0-9_.-]{0,62}$"},message:"must match pattern \""+"^[a-zA-Z][a-zA-Z0-9_.-]{0,62}$"+"\"",schema:"^[a-zA-Z][a-zA-Z0-9_.-]{0,62}$",parentSchema:schema0.properties.subnets.propertyNames,data:key1,propertyName:key1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
var valid1 = _errs10 === errors;
if(!valid1){
const err9 = {instancePath:instancePath+"/subnets",schemaPath:"#/properties/subnets/propertyNames",keyword:"propertyNames",params:{propertyName: key1},message:"property name must be valid",schema:schema0.properties.subnets.propertyNames,parentSchema:schema0.properties.subnets,data:data4};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
for(const key2 in data4){
let data5 = data4[key2];
if((!(data5 && typeof data5 == "object" && !Array.isArray(data5))) && (data5 !== null)){
const err10 = {instancePath:instancePath+"/subnets/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/$defs/subnet/type",keyword:"type",params:{type: schema3.type},message:"must be object,null",schema:schema3.type,parentSchema:schema3,data:data5};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
for(const key3 in data5){
if(!(((((key3 === "ipv4") || (key3 === "ipv6")) || (key3 === "range")) || (key3 === "reserved")) || (key3 === "gateway"))){
const err11 = {instancePath:instancePath+"/subnets/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/$defs/subnet/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties",schema:false,parentSchema:schema3,data:data5};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data5.ipv4 !== undefined){
let data6 = data5.ipv4;
if(typeof data6 !== "string"){
const err12 = {instancePath:instancePath+"/subnets/" + key2.replace(/~/g, "~0").replace(/\//g, "~1")+"/ipv4",schemaPath:"#/$defs/subnet/properties/ipv4/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema3.properties.ipv4.type,parentSchema:schema3.properties.ipv4,data:data6};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data5.ipv6 !== undefined){
let data7 = data5.ipv6;
if(typeof data7 !== "string"){
const err13 = {instancePath:instancePath+"/subnets/" + key2.replace(/~/g, "~0").replace(/\//g, "~1")+"/ipv6",schemaPath:"#/$defs/subnet/properties/ipv6/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema3.properties.ipv6.type,parentSchema:schema3.properties.ipv6,data:data7};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data5.range !== undefined){
let data8 = data5.range;
if((typeof data8 !== "string") && (!(Array.isArray(data8)))){
const err14 = {instancePath:instancePath+"/subnets/" + key2.replace(/~/g, "~0").replace(/\//g, "~1")+"/range",schemaPath:"#/$defs/subnet/properties/range/type",keyword:"type",params:{type: schema3.properties.range.type},message:"must be string,array",schema:schema3.properties.range.type,parentSchema:schema3.properties.range,data:data8};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if(Array.isArray(data8)){
if(data8.length < 1){
const err15 = {instancePath:instancePath+"/subnets/" + key2.replace(/~/g, "~0").replace(/\//g, "~1")+"/range",schemaPath:"#/$defs/subnet/properties/range/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema3.properties.range,data:data8};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
const len0 = data8.length;
for(let i0=0; i0<len0; i0++){
let data9 = data8[i0];
if(typeof data9 !== "string"){
const err16 = {instancePath:instancePath+"/subnets/" + key2.replace(/~/g, "~0").replace(/\//g, "~1")+"/range/" + i0,schemaPath:"#/$defs/subnet/properties/range/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema3.properties.range.items.type,parentSchema:schema3.properties.range.items,data:data9};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
}
}
if(data5.reserved !== undefined){
let data10 = data5.reserved;
if(Array.isArray(data10)){
const len1 = data10.length;
for(let i1=0; i1<len1; i1++){
let data11 = data10[i1];
if(typeof data11 !== "string"){
const err17 = {instancePath:instancePath+"/subnets/" + key2.replace(/~/g, "~0").replace(/\//g, "~1")+"/reserved/" + i1,schemaPath:"#/$defs/subnet/properties/reserved/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema3.properties.reserved.items.type,parentSchema:schema3.properties.reserved.items,data:data11};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
}
else {
const err18 = {instancePath:instancePath+"/subnets/" + key2.replace(/~/g, "~0").replace(/\//g, "~1")+"/reserved",schemaPath:"#/$defs/subnet/properties/reserved/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema3.properties.reserved.type,parentSchema:schema3.properties.reserved,data:data10};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data5.gateway !== undefined){
let data12 = data5.gateway;
if(((typeof data12 !== "string") && (!(Array.isArray(data12)))) && (typeof data12 !== "boolean")){
const err19 = {instancePath:instancePath+"/subnets/" + key2.replace(/~/g, "~0").replace(/\//g, "~1")+"/gateway",schemaPath:"#/$defs/subnet/properties/gateway/type",keyword:"type",params:{type: schema3.properties.gateway.type},message:"must be string,array,boolean",schema:schema3.properties.gateway.type,parentSchema:schema3.properties.gateway,data:data12};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
if(Array.isArray(data12)){
if(data12.length < 1){
const err20 = {instancePath:instancePath+"/subnets/" + key2.replace(/~/g, "~0").replace(/\//g, "~1")+"/gateway",schemaPath:"#/$defs/subnet/properties/gateway/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema3.properties.gateway,data:data12};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
const len2 = data12.length;
for(let i2=0; i2<len2; i2++){
let data13 = data12[i2];
if(typeof data13 !== "string"){
const err21 = {instancePath:instancePath+"/subnets/" + key2.replace(/~/g, "~0").replace(/\//g, "~1")+"/gateway/" + i2,schemaPath:"#/$defs/subnet/properties/gateway/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema3.properties.gateway.items.type,parentSchema:schema3.properties.gateway.items,data:data13};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
}
}
}
}
}
}
if(data.bridges !== undefined){
let data14 = data.bridges;
if((!(data14 && typeof data14 == "object" && !Array.isArray(data14))) && (data14 !== null)){
const err22 = {instancePath:instancePath+"/bridges",schemaPath:"#/properties/bridges/type",keyword:"type",params:{type: schema0.properties.bridges.type},message:"must be object,null",schema:schema0.properties.bridges.type,parentSchema:schema0.properties.bridges,data:data14};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
if(data14 && typeof data14 == "object" && !Array.isArray(data14)){
for(const key4 in data14){
const _errs34 = errors;
if(typeof key4 === "string"){
if(!pattern3.test(key4)){
const err23 = {instancePath:instancePath+"/bridges",schemaPath:"#/properties/bridges/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[a-zA-Z][a-zA-Z0-9_.-]*$"},message:"must match pattern \""+"^[a-zA-Z][a-zA-Z0-9_.-]*$"+"\"",schema:"^[a-zA-Z][a-zA-Z0-9_.-]*$",parentSchema:schema0.properties.bridges.propertyNames,data:key4,propertyName:key4};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
var valid11 = _errs34 === errors;
if(!valid11){
const err24 = {instancePath:instancePath+"/bridges",schemaPath:"#/properties/bridges/propertyNames",keyword:"propertyNames",params:{propertyName: key4},message:"property name must be valid",schema:schema0.properties.bridges.propertyNames,parentSchema:schema0.properties.bridges,data:data14};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
for(const key5 in data14){
if(!(validate3(data14[key5], {instancePath:instancePath+"/bridges/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data14,parentDataProperty:key5,rootData}))){
vErrors = vErrors === null ? validate3.errors : vErrors.concat(validate3.errors);
errors = vErrors.length;
}
}
}
}
if(data.namespaces !== undefined){
let data16 = data.namespaces;
if((!(data16 && typeof data16 == "object" && !Array.isArray(data16))) && (data16 !== null)){
const err25 = {instancePath:instancePath+"/namespaces",schemaPath:"#/properties/namespaces/type",keyword:"type",params:{type: schema0.properties.namespaces.type},message:"must be object,null",schema:schema0.properties.namespaces.type,parentSchema:schema0.properties.namespaces,data:data16};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
if(data16 && typeof data16 == "object" && !Array.isArray(data16)){
for(const key6 in data16){
const _errs39 = errors;
if(typeof key6 === "string"){
if(!pattern5.test(key6)){
const err26 = {instancePath:instancePath+"/namespaces",schemaPath:"#/properties/namespaces/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]*([(][0-9]+-[0-9]+[)][a-z0-9-]*)?$"},message:"must match pattern \""+"^[a-z][a-z0-9-]*([(][0-9]+-[0-9]+[)][a-z0-9-]*)?$"+"\"",schema:"^[a-z][a-z0-9-]*([(][0-9]+-[0-9]+[)][a-z0-9-]*)?$",parentSchema:schema0.properties.namespaces.propertyNames,data:key6,propertyName:key6};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
var valid13 = _errs39 === errors;
if(!valid13){
const err27 = {instancePath:instancePath+"/namespaces",schemaPath:"#/properties/namespaces/propertyNames",keyword:"propertyNames",params:{propertyName: key6},message:"property name must be valid",schema:schema0.properties.namespaces.propertyNames,parentSchema:schema0.properties.namespaces,data:data16};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
for(const key7 in data16){
if(!(validate5(data16[key7], {instancePath:instancePath+"/namespaces/" + key7.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data16,parentDataProperty:key7,rootData}))){
vErrors = vErrors === null ? validate5.errors : vErrors.concat(validate5.errors);
errors = vErrors.length;
}
}
}
}
if(data.host !== undefined){
if(!(validate7(data.host, {instancePath:instancePath+"/host",parentData:data,parentDataProperty:"host",rootData}))){
vErrors = vErrors === null ? validate7.errors : vErrors.concat(validate7.errors);
errors = vErrors.length;
}
}
if(data.checks !== undefined){
let data19 = data.checks;
if((!(Array.isArray(data19))) && (data19 !== null)){
const err28 = {instancePath:instancePath+"/checks",schemaPath:"#/properties/checks/type",keyword:"type",params:{type: schema0.properties.checks.type},message:"must be array,null",schema:schema0.properties.checks.type,parentSchema:schema0.properties.checks,data:data19};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
if(Array.isArray(data19)){
const len3 = data19.length;
for(let i3=0; i3<len3; i3++){
if(!(validate9(data19[i3], {instancePath:instancePath+"/checks/" + i3,parentData:data19,parentDataProperty:i3,rootData}))){
vErrors = vErrors === null ? validate9.errors : vErrors.concat(validate9.errors);
errors = vErrors.length;
}
}
}
}
if(data.uplinks !== undefined){
const err29 = {instancePath:instancePath+"/uplinks",schemaPath:"#/properties/uplinks/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema0.properties.uplinks.not,parentSchema:schema0.properties.uplinks,data:data.uplinks};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
if(data.external !== undefined){
const err30 = {instancePath:instancePath+"/external",schemaPath:"#/properties/external/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema0.properties.external.not,parentSchema:schema0.properties.external,data:data.external};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
if(data.vlan !== undefined){
const err31 = {instancePath:instancePath+"/vlan",schemaPath:"#/properties/vlan/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema0.properties.vlan.not,parentSchema:schema0.properties.vlan,data:data.vlan};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
if(data.vlans !== undefined){
const err32 = {instancePath:instancePath+"/vlans",schemaPath:"#/properties/vlans/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema0.properties.vlans.not,parentSchema:schema0.properties.vlans,data:data.vlans};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
if(data.vxlan !== undefined){
const err33 = {instancePath:instancePath+"/vxlan",schemaPath:"#/properties/vxlan/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema0.properties.vxlan.not,parentSchema:schema0.properties.vxlan,data:data.vxlan};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
if(data.macvlan !== undefined){
const err34 = {instancePath:instancePath+"/macvlan",schemaPath:"#/properties/macvlan/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema0.properties.macvlan.not,parentSchema:schema0.properties.macvlan,data:data.macvlan};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
if(data.ipvlan !== undefined){
const err35 = {instancePath:instancePath+"/ipvlan",schemaPath:"#/properties/ipvlan/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema0.properties.ipvlan.not,parentSchema:schema0.properties.ipvlan,data:data.ipvlan};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
if(data.dummy !== undefined){
const err36 = {instancePath:instancePath+"/dummy",schemaPath:"#/properties/dummy/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema0.properties.dummy.not,parentSchema:schema0.properties.dummy,data:data.dummy};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
if(data.vrf !== undefined){
const err37 = {instancePath:instancePath+"/vrf",schemaPath:"#/properties/vrf/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema0.properties.vrf.not,parentSchema:schema0.properties.vrf,data:data.vrf};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
if(data.rules !== undefined){
const err38 = {instancePath:instancePath+"/rules",schemaPath:"#/properties/rules/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema0.properties.rules.not,parentSchema:schema0.properties.rules,data:data.rules};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
if(data.links !== undefined){
let data31 = data.links;
if((!(Array.isArray(data31))) && (data31 !== null)){
const err39 = {instancePath:instancePath+"/links",schemaPath:"#/properties/links/type",keyword:"type",params:{type: schema0.properties.links.type},message:"must be array,null",schema:schema0.properties.links.type,parentSchema:schema0.properties.links,data:data31};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
if(Array.isArray(data31)){
const len4 = data31.length;
for(let i4=0; i4<len4; i4++){
if(!(validate11(data31[i4], {instancePath:instancePath+"/links/" + i4,parentData:data31,parentDataProperty:i4,rootData}))){
vErrors = vErrors === null ? validate11.errors : vErrors.concat(validate11.errors);
errors = vErrors.length;
}
}
}
}
}
else {
const err40 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema0.type,parentSchema:schema0,data};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
validate0.errors = vErrors;
return errors === 0;
}

/** Whether data has the shape of a topology file; its `errors` say what is wrong. */
export const isTopology: ValidateFunction<RawTopology> = validate0;
