import type { Prober } from '../../../src/model/prober.ts';
import { shell } from '../../support/sandbox.ts';
import type { Place } from './case.ts';

/**
 * Two segments of a LAN, made by hand, with an uplink of the host to each: 192.0.2.0/24 with the machine `lan` and 198.51.100.0/24 with the
 * machine `far`. Each reaches the other's segment through the host. `lan` forges: it sends what is for 127.0.0.0/8 and for the bridges'
 * subnets to the host, so that a filter must keep it out, not a missing route.
 */
export async function buildLan(): Promise<void> {
  await shell(`
    ${segment('lan', 'up0', '192.0.2', 'fd00:aa:')}
    ${segment('far', 'up1', '198.51.100', 'fd00:bb:')}
    ip -n lan route add 172.31.0.0/16 via 192.0.2.1; ip -n lan -6 route add fd31::/16 via fd00:aa::1
    ip -n lan route add 198.51.100.0/24 via 192.0.2.1; ip -n lan -6 route add fd00:bb::/64 via fd00:aa::1
    ip -n far route add 192.0.2.0/24 via 198.51.100.1; ip -n far -6 route add fd00:aa::/64 via fd00:bb::1
    ${forgeLoopback('lan', '192.0.2.1')}
  `);
}

const segment = (machine: string, uplink: string, ipv4: string, ipv6: string): string => `
  ip netns add ${machine}; ip link add ${uplink} type veth peer name eth0 netns ${machine}
  ip addr add ${ipv4}.1/24 dev ${uplink}; ip addr add ${ipv6}:1/64 dev ${uplink} nodad; ip link set ${uplink} up
  ip -n ${machine} addr add ${ipv4}.9/24 dev eth0; ip -n ${machine} addr add ${ipv6}:9/64 dev eth0 nodad
  ip -n ${machine} link set eth0 up; ip -n ${machine} link set lo up
`;

/** Who sends packets for 127.0.0.0/8 out of its eth0, towards the host. */
export const forgeLoopback = (namespace: Place, gateway: string): string => `
  ip netns exec ${namespace} sysctl -qw net.ipv4.conf.all.route_localnet=1 net.ipv4.conf.eth0.route_localnet=1
  ip -n ${namespace} addr del 127.0.0.1/8 dev lo; ip -n ${namespace} route add 127.0.0.0/8 via ${gateway} dev eth0
`;

type Ports = Readonly<Partial<Record<Place, { readonly tcp?: readonly number[]; readonly udp?: readonly number[] }>>>;

const OF_LAN: Ports = {
  lan: { tcp: [80, 8080], udp: [53, 5353] },
  far: { tcp: [80, 8086], udp: [53, 5386] },
  host: { tcp: [7777], udp: [7778] },
};

const OF_LAB: Ports = {
  web: { tcp: [80, 81, 82, 443, 9100, 9102], udp: [53, 54] },
  peer: { tcp: [80] },
  q1: { tcp: [80] },
  q2: { tcp: [80] },
  in1: { tcp: [80] },
  plain: { tcp: [80, 82] },
  db: { tcp: [80, 5432, 5433], udp: [7, 8] },
};

/** Only where there is an `inbound: open`. */
const OF_OPEN: Ports = { open: { tcp: [82] } };

const listenOn = (ports: Ports) => (prober: Prober) =>
  Promise.all(
    Object.entries(ports).flatMap(([place, { tcp = [], udp = [] }]) => [
      ...tcp.map((port) => listen(prober, place, 'tcp', port)),
      ...udp.map((port) => listen(prober, place, 'udp', port)),
    ]),
  );

async function listen(prober: Prober, place: string, protocol: 'tcp' | 'udp', port: number): Promise<void> {
  const answer = await prober.listen(place, protocol, port);
  if (answer !== 'listening') throw new Error(`${place} cannot listen on ${port}/${protocol}: ${answer}`);
}

/** Servers that tell whom they have seen. */
export const listenOnLan = listenOn(OF_LAN);
export const listenInLab = listenOn(OF_LAB);
export const listenOnOpen = listenOn(OF_OPEN);
