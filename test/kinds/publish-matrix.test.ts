import { expect, test } from 'vitest';
import { clashesOf } from '../../src/cli/clashes.ts';
import { createFakeKernel } from '../../src/kernel/fake/index.ts';
import { TopologyError } from '../../src/model/errors.ts';
import type { Listener } from '../../src/model/snapshot.ts';
import type { Topology } from '../../src/model/topology.ts';
import { planTopology } from '../../src/pipeline/plan.ts';
import { loadTopology } from '../../src/topology/load.ts';
import { converge } from '../support/converge.ts';

/** What a packet to this host has that publishes are told apart by. */
interface Packet {
  readonly to: string;
  readonly by: string;
  readonly protocol: string;
  readonly port: number;
}

/** A published port as a file writes it, and which packets it is for. */
interface Claim {
  readonly text: string;
  takes(packet: Packet): boolean;
}

const HERE = ['127.0.0.1', '192.0.2.1', '192.0.2.2', '2001:db8::1', '2001:db8::2'];
const ADDRESSES: Readonly<Record<string, (to: string) => boolean>> = {
  '': () => true,
  '0.0.0.0:': (to) => !to.includes(':'),
  '[::]:': (to) => to.includes(':'),
  '127.0.0.1:': (to) => to === '127.0.0.1',
  '192.0.2.1:': (to) => to === '192.0.2.1',
  '192.0.2.2:': (to) => to === '192.0.2.2',
  '[2001:db8::1]:': (to) => to === '2001:db8::1',
};
const INTERFACES: Readonly<Record<string, (by: string) => boolean>> = {
  '': () => true,
  '@eth0': (by) => by === 'eth0',
  '@eth1': (by) => by === 'eth1',
};
const PROTOCOLS: Readonly<Record<string, string>> = { '': 'tcp', '/udp': 'udp', '/sctp': 'sctp' };
const PORTS: Readonly<Record<string, (port: number) => boolean>> = {
  '8080:80': (port) => port === 8080,
  '8083:80': (port) => port === 8083,
  '8078-8082:78-82': (port) => port >= 8078 && port <= 8082,
  '8082-8083:82-83': (port) => port === 8082 || port === 8083,
};

const PACKETS: readonly Packet[] = HERE.flatMap((to) =>
  ['eth0', 'eth1'].flatMap((by) =>
    Object.values(PROTOCOLS).flatMap((protocol) => [8078, 8080, 8082, 8083].map((port) => ({ to, by, protocol, port }))),
  ),
);

function claims(which: { addresses: string[]; ports: string[]; protocols: string[]; interfaces: string[] }): Claim[] {
  return which.addresses.flatMap((address) =>
    which.ports.flatMap((port) =>
      which.protocols.flatMap((protocol) =>
        which.interfaces.map((device) => ({
          text: `${address}${port}${protocol}${device}`,
          takes: (packet: Packet) =>
            ADDRESSES[address]?.(packet.to) === true &&
            INTERFACES[device]?.(packet.by) === true &&
            PROTOCOLS[protocol] === packet.protocol &&
            PORTS[port]?.(packet.port) === true,
        })),
      ),
    ),
  );
}

/** Each with each: addresses and interfaces in full, then protocols and ranges. */
const MATRICES = {
  'addresses and interfaces': claims({
    addresses: Object.keys(ADDRESSES),
    ports: ['8080:80'],
    protocols: [''],
    interfaces: Object.keys(INTERFACES),
  }),
  'protocols and ranges': claims({
    addresses: [''],
    ports: Object.keys(PORTS),
    protocols: Object.keys(PROTOCOLS),
    interfaces: [''],
  }),
};

const FAMILIES = { both: 'ipv4: 10.0.N.0/24, ipv6: "fd00:N::/64"', ipv4: 'ipv4: 10.0.N.0/24', ipv6: 'ipv6: "fd00:N::/64"' };

const member = (name: string, claim: Claim | undefined): string => `${name}: { ${claim ? `publish: ["${claim.text}"]` : ''} }`;

function topology(name: string, net: number, family: keyof typeof FAMILIES, first: Claim, second?: Claim): Topology {
  const text = `version: 1
name: ${name}
subnets: { ${name}: { ${FAMILIES[family].replaceAll('N', String(net))} } }
bridges: { br-${name}: { subnet: ${name} } }
namespaces: { ${member(`${name}1`, first)}, ${member(`${name}2`, second)} }
links: [["${name}1:eth0", br-${name}], ["${name}2:eth0", br-${name}]]
`;
  return loadTopology(text, `${name}.yaml`);
}

const meet = (a: Claim, b: Claim): boolean => PACKETS.some((packet) => a.takes(packet) && b.takes(packet));

const pairs = (all: readonly Claim[], clash: (a: Claim, b: Claim) => boolean): string[] =>
  all.flatMap((a) => all.filter((b) => clash(a, b)).map((b) => `${a.text} ${b.text}`));

/** The codes of a file that is not valid. */
function faults(load: () => unknown): string[] {
  try {
    load();
    return [];
  } catch (error) {
    if (error instanceof TopologyError) return error.faults.map(({ code }) => code);
    throw error;
  }
}

test.each(Object.entries(MATRICES))('publish: %s, two of one file collide where one packet is meant for both', (_, all) => {
  expect(pairs(all, (a, b) => faults(() => topology('lab', 1, 'both', a, b)).includes('E_PORT_COLLISION'))).toEqual(pairs(all, meet));
});

test.each(Object.entries(MATRICES))('publish: %s, two of files given together clash where one packet is meant for both', (_, all) => {
  const [ones, others] = [1, 2].map((net) => new Map(all.map((claim) => [claim, topology(`net${net}`, net, 'both', claim)])));
  const clash = (a: Claim, b: Claim): boolean => {
    const given = [ones?.get(a), others?.get(b)].flatMap((one) => one ?? []);
    return clashesOf(given).some(({ code, message }) => code === 'E_CLASH' && message.includes('net1.yaml:'));
  };
  expect(pairs(all, clash)).toEqual(pairs(all, meet));
});

test.each(Object.entries(MATRICES))(
  'publish: %s, what another topology publishes on this host is a blocker that names both',
  async (_, all) => {
    const blocked = new Set<string>();
    for (const a of all) {
      const kernel = createFakeKernel();
      await converge(kernel, topology('net1', 1, 'both', a));
      for (const b of all) {
        const { blockers } = await planTopology(kernel, topology('net2', 2, 'both', b), { adopt: false });
        for (const { code, message, origin } of blockers) {
          expect([code, origin?.file]).toEqual(['E_PORT_TAKEN', 'net2.yaml']);
          expect(message).toContain('published by net11 of the topology net1');
        }
        if (blockers.length > 0) blocked.add(`${a.text} ${b.text}`);
      }
    }
    expect([...blocked]).toEqual(pairs(all, meet));
  },
);

test('publish: topologies of different families do not clash over a port, and of one they do', () => {
  const any = claims({ addresses: [''], ports: ['8080:80'], protocols: [''], interfaces: [''] })[0] as Claim;
  for (const a of ['both', 'ipv4', 'ipv6'] as const)
    for (const b of ['both', 'ipv4', 'ipv6'] as const) {
      const clash = clashesOf([topology('net1', 1, a, any), topology('net2', 2, b, any)]).length > 0;
      expect([a, b, clash]).toEqual([a, b, a === b || a === 'both' || b === 'both']);
    }
});

/** Where a process listens, and which packets it hears; by whichever interface. */
const LISTENERS: readonly { readonly address: string; readonly ipv6Only?: true; hears(to: string): boolean }[] = [
  { address: '0.0.0.0', hears: (to) => !to.includes(':') },
  { address: '::', hears: () => true },
  { address: '::', ipv6Only: true, hears: (to) => to.includes(':') },
  ...['127.0.0.1', '192.0.2.1', '2001:db8::1'].map((address) => ({ address, hears: (to: string) => to === address })),
];

test('publish: a process that listens is a blocker where one packet is meant for both, and named', async () => {
  const all = [...MATRICES['addresses and interfaces'], ...MATRICES['protocols and ranges']];
  for (const { address, ipv6Only, hears } of LISTENERS)
    for (const protocol of ['tcp', 'udp', 'sctp'] as const) {
      const process = { pid: 44951, command: 'httpd' };
      const listener: Listener = { protocol, address, port: 8080, ...(ipv6Only ? { ipv6Only } : {}), process };
      const kernel = createFakeKernel({ listeners: [listener] });
      for (const claim of all) {
        const { blockers } = await planTopology(kernel, topology('lab', 1, 'both', claim), { adopt: false });
        const wanted = PACKETS.some(
          (packet) => packet.port === 8080 && packet.protocol === protocol && claim.takes(packet) && hears(packet.to),
        );
        expect([listener, claim.text, blockers.map(({ code }) => code)]).toEqual([listener, claim.text, wanted ? ['E_PORT_IN_USE'] : []]);
        for (const { message } of blockers) expect(message).toContain('httpd (pid 44951) listens on port 8080');
      }
    }
});
