import type { Topology } from '../../model/topology.ts';
import { loadTopology } from '../../topology/load.ts';

/**
 * A topology that needs what any may need: both families, filters, published ports, masquerading, the host's resolvers. What would be in its way
 * is in everybody's. Its bridge has the name that the commands of a fix are to show: BRIDGE stands for one's own.
 */
const TEXT = `version: 1
name: doctor
subnets: { documentation: { ipv4: 192.0.2.0/24, ipv6: "2001:db8::/64" }, router: { ipv4: 198.51.100.0/30, gateway: "r:lan" } }
bridges:
  BRIDGE: { subnet: documentation, icc: false, nat: ipv4, allow: [{ from: outside, to: a, tcp: [22] }] }
namespaces:
  a: { dns: host, publish: ["80:80", "127.0.0.1:81:81/udp", "[2001:db8::1]:82:82@eth0", "83:83@eth0"] }
  r: { forwarding: true, masquerade: [wan] }
links:
  - [a:eth0, BRIDGE]
  - [r:wan, BRIDGE]
  - { ends: [a:lan, r:lan], subnet: router }
`;

export const sampleTopology = (): Topology => loadTopology(TEXT, 'doctor');
