// The topologies that are measured, as texts. Each takes its size, and what an edit changes.

/** The bridge of a thousand takes 1,000 ports: the kernel's own limit is 1,023. */
const PORTS = 1000;

const digits = (index, size) => `${index}`.padStart(`${size - 1}`.length, '0');
const address = (index, last) => `10.${Math.trunc(index / 64 / 256)}.${Math.trunc(index / 64) % 256}.${(index % 64) * 4 + last}`;

/** `size` namespaces on as few bridges as hold them; edited: one member more. */
function star(size, edited = false) {
  const bridges = Array.from({ length: Math.ceil(size / PORTS) }, (_, index) => ({
    name: `br${index}`,
    names: `n${index}-(${digits(0, PORTS)}-${digits(Math.min(PORTS, size - index * PORTS) - 1, PORTS)})`,
  }));
  return `version: 1
name: star
subnets: {${bridges.map(({ name }, index) => ` s-${name}: { ipv4: 10.${index}.0.0/16 }`).join(',')} }
bridges: {${bridges.map(({ name }) => ` ${name}: { subnet: s-${name} }`).join(',')} }
namespaces: {${bridges.map(({ names }) => ` ${names}: {}`).join(',')}${edited ? ', extra: {}' : ''} }
links:
${bridges.map(({ name, names }) => `  - [${names}:eth0, ${name}]\n`).join('')}${edited ? `  - [extra:eth0, ${bridges.at(-1).name}]\n` : ''}`;
}

/** `size` routers in a row, each with static routes to the networks at both ends; edited: the MTU of one link. */
function chain(size, edited = false) {
  const name = (index) => `r${digits(index, size)}`;
  const namespaces = Array.from({ length: size }, (_, index) => {
    const routes = [
      ...(index > 0 ? [`{ to: 192.0.2.1/32, via: ${address(index - 1, 1)} }`] : []),
      ...(index < size - 1 ? [`{ to: 192.0.2.2/32, via: ${address(index, 2)} }`] : []),
    ];
    const end = index === 0 ? '192.0.2.1/32' : index === size - 1 ? '192.0.2.2/32' : undefined;
    // From end to end a packet passes more routers than a TTL of 64 lets it.
    const lo = end === undefined ? '' : `, interfaces: { lo: { addresses: [${end}] } }, sysctls: { net.ipv4.ip_default_ttl: 255 }`;
    return `  ${name(index)}: { forwarding: true, routes: [${routes.join(', ')}]${lo} }\n`;
  });
  const links = Array.from(
    { length: size - 1 },
    (_, index) =>
      `  - { ends: [{ at: "${name(index)}:right", addresses: [${address(index, 1)}/30] }, { at: "${name(index + 1)}:left", addresses: [${address(index, 2)}/30] }]${
        edited && index === Math.trunc(size / 2) ? ', mtu: 1400' : ''
      } }\n`,
  );
  return `version: 1\nname: chain\nnamespaces:\n${namespaces.join('')}links:\n${links.join('')}`;
}

/** Each of `size` namespaces linked to each other one; edited: the MTU of one link. */
function mesh(size, edited = false) {
  const name = (index) => `m${digits(index, size)}`;
  const pairs = Array.from({ length: size }, (_, a) => Array.from({ length: size - a - 1 }, (_, b) => [a, a + b + 1])).flat();
  const links = pairs.map(
    ([a, b], index) =>
      `  - { ends: [${name(a)}:to-${b}, ${name(b)}:to-${a}], subnet: { ipv4: ${address(index, 0)}/30, gateway: false }${
        edited && index === Math.trunc(pairs.length / 2) ? ', mtu: 1400' : ''
      } }\n`,
  );
  return `version: 1\nname: mesh\nnamespaces: { m(${digits(0, size)}-${digits(size - 1, size)}): {} }\nlinks:\n${links.join('')}`;
}

/** Published ports, a hundred a namespace; edited: the host port of one. */
function publishes(size, edited = false) {
  const each = 100;
  const count = Math.ceil(size / each);
  const port = (index) => (edited && index === Math.trunc(size / 2) ? 1999 : 2000 + index);
  const namespaces = Array.from({ length: count }, (_, at) => {
    const ports = Array.from({ length: Math.min(each, size - at * each) }, (_, index) => `"${port(at * each + index)}:${1000 + index}"`);
    return `  p${digits(at, count)}: { publish: [${ports.join(', ')}] }\n`;
  });
  return `version: 1
name: publishes
subnets: { lan: { ipv4: 172.30.0.0/16 } }
bridges: { br-lan: { subnet: lan } }
namespaces:
${namespaces.join('')}links: [[p(${digits(0, count)}-${digits(count - 1, count)}):eth0, br-lan]]
`;
}

/** `size` namespaces on one bridge that publish a port each; edited: one more of them. */
function containers(size, edited = false) {
  const names = Array.from({ length: edited ? size + 1 : size }, (_, index) => `c${digits(index, size + 1)}`);
  return `version: 1
name: containers
subnets: { lan: { ipv4: 172.30.0.0/16 } }
bridges: { br-lan: { subnet: lan } }
namespaces:
${names.map((name, index) => `  ${name}: { publish: ["${2000 + index}:80"] }\n`).join('')}links:
${names.map((name) => `  - [${name}:eth0, br-lan]\n`).join('')}`;
}

/** `size` bridges with an address and a veth end each, the other ends of which are all in one namespace; edited: the MTU of one bridge. */
function bridges(size, edited = false) {
  const all = Array.from({ length: size }, (_, index) => index);
  const net = (index) => `10.${Math.trunc(index / 256)}.${index % 256}.0/24`;
  const mtu = (index) => (edited && index === Math.trunc(size / 2) ? ', mtu: 1400' : '');
  return `version: 1
name: bridges
subnets: {${all.map((index) => ` s${index}: { ipv4: ${net(index)} }`).join(',')} }
bridges: {${all.map((index) => ` br${index}: { subnet: s${index}, nat: false, inbound: open${mtu(index)} }`).join(',')} }
namespaces: { far: {} }
links:
${all.map((index) => `  - { ends: [far:p${index}, br${index}], addresses: [] }\n`).join('')}`;
}

/** One router with `size` static routes; edited: the metric of one. */
function routes(size, edited = false) {
  const all = Array.from(
    { length: size },
    (_, index) => `{ to: 10.${Math.trunc(index / 256)}.${index % 256}.0/24, via: 172.30.0.9${edited && index === 0 ? ', metric: 7' : ''} }`,
  );
  return `version: 1
name: routes
subnets: { lan: { ipv4: 172.30.0.0/16 } }
bridges: { br-lan: { subnet: lan } }
namespaces: { r: { routes: [${all.join(', ')}] } }
links: [[r:eth0, br-lan]]
`;
}

/** Each by its name: (size, edited) → the text of a topology file. */
export const TOPOLOGIES = { star, chain, mesh, publishes, containers, bridges, routes };
