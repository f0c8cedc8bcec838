import { FAMILIES } from '../../model/ip.ts';
import { LINK_GROUP } from '../../model/marks.ts';
import { HOST, type Topology } from '../../model/topology.ts';
import { comment, holds, ip, oneOf, quoted } from './words.ts';

/** Whose source address changes on the way out; everybody else's is kept. */
export function sourceRules(topology: Topology): string[] {
  const published = topology.publishes.length > 0;
  const bridges = quoted(topology.bridges.map((bridge) => bridge.name));
  const hostEnds = topology.links.flatMap((link) =>
    link.bridge === undefined ? link.ends.filter((end) => end.namespace === HOST).map((end) => end.ifname) : [],
  );
  return topology.bridges.flatMap((bridge) =>
    FAMILIES.flatMap((family) => {
      const subnet = bridge.subnet[family];
      if (subnet === undefined) return [];
      const from = `${ip[family]} saddr ${subnet}`;
      const held = holds(bridge, family);
      return [
        // By subnet and not by interface: with bridge-nf-call-iptables the packet is bridged, and has no input interface here.
        ...(published
          ? [
              `ct status dnat ${from} ${ip[family]} daddr ${subnet} masquerade${comment(`${bridge.name}: to itself or a neighbour through the host`)}`,
            ]
          : []),
        ...(published && family === 'ipv4' && held
          ? [
              `ct status dnat ip saddr 127.0.0.0/8 oifname "${bridge.name}" masquerade${comment(`${bridge.name}: from the host's 127.0.0.1`)}`,
            ]
          : []),
        ...(bridge.nat[family]
          ? [
              ...(hostEnds.length > 0 ? [`${from} oifname ${oneOf(quoted(hostEnds))} masquerade${comment(`${bridge.name}: nat`)}`] : []),
              `${from} oifname != ${oneOf(bridges)} oifgroup != ${LINK_GROUP} masquerade${comment(`${bridge.name}: nat`)}`,
            ]
          : []),
      ];
    }),
  );
}
