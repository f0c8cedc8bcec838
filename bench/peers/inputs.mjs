// What other tools are told to make, in their own languages.

/** The network of a star for the CNI plugin `bridge`; leases are kept in `dataDir`. */
export const cniNetwork = (dataDir) =>
  JSON.stringify({
    cniVersion: '1.0.0',
    name: 'star',
    type: 'bridge',
    bridge: 'cni0',
    isGateway: true,
    ipMasq: false,
    ipam: { type: 'host-local', dataDir, ranges: [[{ subnet: '10.0.0.0/8' }]], routes: [{ dst: '0.0.0.0/0' }] },
  });

/**
 * interfaces(5) for `size` bridges with an address and a veth end each; edited: the MTU of one bridge. Both ends of a veth are named, as the
 * one that is not stays down, and all veths come before the bridges: ifupdown2 3.0.0 does not find a port that it made a moment ago.
 */
export function interfaces(size, edited = false) {
  const all = Array.from({ length: size }, (_, index) => index);
  const stanza = (name, options) => `auto ${name}\niface ${name}\n${options.map((option) => `    ${option}\n`).join('')}`;
  const veth = (name, peer) => stanza(name, ['link-type veth', `veth-peer-name ${peer}`]);
  const mtu = (index) => (edited && index === Math.trunc(size / 2) ? ['mtu 1400'] : []);
  const bridge = (index) =>
    stanza(`br${index}`, [`bridge-ports v${index}`, `address 10.${Math.trunc(index / 256)}.${index % 256}.1/24`, ...mtu(index)]);
  return [
    ...all.map((index) => veth(`v${index}`, `p${index}`)),
    ...all.map((index) => veth(`p${index}`, `v${index}`)),
    ...all.map(bridge),
  ].join('\n');
}
