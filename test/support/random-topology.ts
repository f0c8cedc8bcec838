import fc from 'fast-check';
import { stringify } from 'yaml';

/** Names that topologies of one pair share, so that going from one to the other keeps, changes, swaps and removes. */
const NAMESPACES = ['alpha', 'beta', 'gamma', 'delta'] as const;
const BRIDGES = ['br-one', 'br-two', 'br-three'] as const;

interface BridgeChoice {
  readonly ipv6: boolean;
  readonly mtu: number;
  readonly nat: 'default' | boolean | 'ipv4' | 'ipv6';
  readonly icc: boolean;
  readonly internal: boolean;
  readonly inbound: 'published' | 'open';
  readonly stp: boolean;
  readonly allow: 'none' | 'outside' | 'member' | 'bridge';
  readonly mac: boolean;
  readonly gateway: 'default' | 'other' | false;
}

const bridge: fc.Arbitrary<BridgeChoice | undefined> = fc.option(
  fc.record({
    ipv6: fc.boolean(),
    mtu: fc.constantFrom(1500, 1400, 9000),
    nat: fc.constantFrom<BridgeChoice['nat']>('default', 'default', true, false, 'ipv4', 'ipv6'),
    icc: fc.boolean(),
    internal: fc.nat(3).map((n) => n === 0),
    inbound: fc.constantFrom<BridgeChoice['inbound']>('published', 'published', 'open'),
    stp: fc.nat(9).map((n) => n === 0),
    allow: fc.constantFrom<BridgeChoice['allow']>('none', 'outside', 'member', 'bridge'),
    mac: fc.nat(4).map((n) => n === 0),
    gateway: fc.constantFrom<BridgeChoice['gateway']>('default', 'default', 'other', false),
  }),
  { nil: undefined, freq: 5 },
);

interface LinkChoice {
  readonly namespace: number;
  readonly bridge: number;
  readonly address: number | undefined;
  readonly second: boolean;
  readonly mtu: number | undefined;
  readonly mac: number | undefined;
  readonly defaultRoute: boolean | undefined;
  readonly linkLocal: boolean;
  /** Of the port on the host. */
  readonly named: boolean;
  /** Whether the namespace calls the bridge by a one-way alias. */
  readonly as: boolean;
}

const link: fc.Arbitrary<LinkChoice> = fc.record({
  namespace: fc.nat(NAMESPACES.length - 1),
  bridge: fc.nat(BRIDGES.length - 1),
  address: fc.option(fc.integer({ min: 20, max: 23 }), { nil: undefined }),
  second: fc.nat(4).map((n) => n === 0),
  mtu: fc.option(fc.constantFrom(1300, 1450), { nil: undefined, freq: 4 }),
  mac: fc.option(fc.nat(3), { nil: undefined, freq: 4 }),
  defaultRoute: fc.option(fc.boolean(), { nil: undefined, freq: 4 }),
  linkLocal: fc.nat(4).map((n) => n === 0),
  named: fc.nat(4).map((n) => n === 0),
  as: fc.nat(4).map((n) => n === 0),
});

const namespace = fc.record({
  present: fc.nat(4).map((n) => n > 0),
  forwarding: fc.boolean(),
  masquerade: fc.boolean(),
  loopback: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  somaxconn: fc.option(fc.constantFrom(512, 1024), { nil: undefined }),
  aliases: fc.boolean(),
  dns: fc.boolean(),
  blackhole: fc.boolean(),
  metric: fc.option(fc.constantFrom(50, 60), { nil: undefined }),
  publish: fc.subarray(['tcp', 'udp', 'range', 'loopback', 'sctp', 'long', 'device', 'bare', 'derived', 'bareRange', 'other']),
  expose: fc.subarray([80, '53/udp', '86-88', 85]),
  route: fc.constantFrom('none', 'none', 'default', 'peer'),
});

const choices = fc.record({
  bridges: fc.tuple(bridge, bridge, bridge),
  namespaces: fc.tuple(namespace, namespace, namespace, namespace),
  links: fc.array(link, { maxLength: 6 }),
  pairs: fc.array(fc.tuple(fc.nat(3), fc.nat(3), fc.boolean(), fc.constantFrom(1500, 1280)), { maxLength: 3 }),
  hostLink: fc.option(fc.nat(3), { nil: undefined, freq: 3 }),
  share: fc.constantFrom('none', 'none', 'alpha', 'host'),
  clients: fc.option(fc.tuple(fc.nat(2), fc.integer({ min: 2, max: 3 })), { nil: undefined }),
  hostRoute: fc.boolean(),
  reserved: fc.boolean(),
  small: fc.boolean(),
  dark: fc.boolean(),
});

/** The text of a valid topology called `random`. */
export const randomTopology: fc.Arbitrary<string> = choices.map((chosen) => stringify(build(chosen)));

type Choices = typeof choices extends fc.Arbitrary<infer T> ? T : never;

function build(chosen: Choices): object {
  const present = (index: number) => chosen.namespaces[index]?.present ?? false;
  const bridgeAt = (index: number) => chosen.bridges[index];
  const counters = new Map<number, number>();
  const taken = new Set<string>();
  const links: object[] = [];
  const members = new Map<number, { bridge: number; publishable: boolean }[]>();
  for (const one of chosen.links) {
    const on = bridgeAt(one.bridge);
    if (on === undefined || !present(one.namespace)) continue;
    const number = counters.get(one.namespace) ?? 0;
    counters.set(one.namespace, number + 1);
    const address = one.address === undefined ? undefined : `172.20.${one.bridge}.${one.address}`;
    const explicit = address !== undefined && !taken.has(address) ? [address] : [];
    for (const each of explicit) taken.add(each);
    const second = `172.20.${one.bridge}.${100 + links.length}`;
    const mac = one.mac === undefined || taken.has(`mac${one.mac}`) ? undefined : `02:00:00:00:00:0${one.mac}`;
    if (mac) taken.add(`mac${one.mac}`);
    const addresses = [...explicit, ...(one.second ? [second] : [])];
    const mtu = one.mtu;
    const member = `${NAMESPACES[one.namespace]}:eth${number}`;
    links.push({
      ends: [
        one.linkLocal ? { at: member, linkLocal: true } : member,
        one.named ? { at: BRIDGES[one.bridge], name: `port-${one.namespace}-${number}` } : BRIDGES[one.bridge],
      ],
      ...(addresses.length > 0 ? { addresses } : {}),
      ...(mtu === undefined ? {} : { mtu }),
      ...(mac === undefined ? {} : { mac }),
      ...(one.as && on.gateway !== false ? { as: { [NAMESPACES[one.namespace] ?? '']: `gate${links.length}` } } : {}),
      ...(one.defaultRoute === undefined
        ? {}
        : {
            defaultRoute:
              one.defaultRoute &&
              on.gateway !== false &&
              !on.internal &&
              !taken.has(`default${one.namespace}`) &&
              chosen.namespaces[one.namespace]?.route !== 'default',
          }),
    });
    if (one.defaultRoute) taken.add(`default${one.namespace}`);
    members.set(one.namespace, [...(members.get(one.namespace) ?? []), { bridge: one.bridge, publishable: !on.internal }]);
  }
  if (chosen.clients !== undefined && bridgeAt(chosen.clients[0]) !== undefined) {
    links.push([`pc(1-${chosen.clients[1]}):eth0`, BRIDGES[chosen.clients[0]]] as unknown as object);
  }
  for (const [index, [a, b, bare, mtu]] of chosen.pairs.entries()) {
    if (!present(a) || !present(b) || a === b) continue;
    links.push({
      ends: [`${NAMESPACES[a]}:p${index}`, `${NAMESPACES[b]}:q${index}`],
      mtu,
      ...(bare
        ? {}
        : {
            subnet: { ipv4: `10.88.${index}.0/30`, ipv6: `fd88:${index}::/64`, gateway: false },
            as: { [NAMESPACES[a] ?? '']: `peer${index}` },
          }),
    });
  }
  if (chosen.hostLink !== undefined && present(chosen.hostLink)) {
    links.push({ ends: [`${NAMESPACES[chosen.hostLink]}:up0`, 'host:lo-up'], subnet: { ipv4: '10.99.0.0/30', gateway: 'host:lo-up' } });
  }
  const hostRoute = chosen.hostRoute && chosen.hostLink !== undefined && present(chosen.hostLink);
  const namespaces = Object.fromEntries(
    NAMESPACES.flatMap((name, index) => {
      const one = chosen.namespaces[index];
      if (!one?.present) return [];
      const carrier = members.get(index)?.[0];
      const canPublish = carrier?.publishable === true && bridgeAt(carrier.bridge)?.gateway !== false;
      const first = members.get(index)?.[0];
      return [[name, namespaceBody(index, one, canPublish, first === undefined ? undefined : bridgeAt(first.bridge), first?.bridge)]];
    }),
  );
  const used = chosen.bridges.map((one, index) => ({ one, index })).filter(({ one }) => one !== undefined);
  return {
    version: 1,
    name: 'random',
    subnets: Object.fromEntries(
      used.map(({ one, index }) => [
        `net${index}`,
        {
          ipv4: `172.20.${index}.0/24`,
          ...(one?.ipv6 ? { ipv6: `fd20:${index}::/64` } : {}),
          ...(chosen.reserved ? { reserved: [`172.20.${index}.2`, `172.20.${index}.4`], range: `172.20.${index}.0/26` } : {}),
          ...(one?.gateway === 'other'
            ? { gateway: [`172.20.${index}.254`, ...(one.ipv6 ? [`fd20:${index}::fe`] : [])] }
            : one?.gateway === false
              ? { gateway: false }
              : {}),
        },
      ]),
    ),
    bridges: Object.fromEntries(
      used.map(({ one, index }) => [
        BRIDGES[index],
        bridgeBody(one as BridgeChoice, index, {
          members: NAMESPACES.filter((_, at) => members.get(at)?.some((link) => link.bridge === index) ?? false),
          bridges: used.filter((other) => other.index !== index && !other.one?.internal).map((other) => BRIDGES[other.index] ?? ''),
        }),
      ]),
    ),
    namespaces: {
      ...namespaces,
      ...(chosen.share === 'host'
        ? { onhost: { share: 'host' } }
        : chosen.share === 'alpha' && present(0)
          ? { sidecar: { share: 'alpha' } }
          : {}),
      ...(chosen.dark ? { dark: null } : {}),
      ...(chosen.clients !== undefined && bridgeAt(chosen.clients[0]) !== undefined ? { [`pc(1-${chosen.clients[1]})`]: {} } : {}),
    },
    ...(hostRoute
      ? {
          host: {
            routes: [
              { to: '10.250.0.0/16', via: NAMESPACES[chosen.hostLink ?? 0] },
              { to: '10.251.0.0/16', type: 'blackhole' },
            ],
          },
        }
      : {}),
    links,
  };
}

function allowOf(kind: BridgeChoice['allow'], { members, bridges }: Others): object[] {
  const ports = { tcp: [22, '8000-8010'] };
  const [member] = members;
  const [bridge] = bridges;
  if (kind === 'member' && member !== undefined)
    return [
      { from: '10.1.0.0/16', to: member, udp: [53] },
      { from: member, sctp: [7] },
    ];
  if (kind === 'bridge' && bridge !== undefined) return [{ from: bridge }];
  return [{ from: 'outside', ...ports }];
}

/** Who an `allow` of a bridge may speak of. */
interface Others {
  readonly members: readonly string[];
  readonly bridges: readonly string[];
}

function bridgeBody(one: BridgeChoice, index: number, others: Others): object {
  const routed = !one.internal && one.gateway !== false;
  return {
    subnet: `net${index}`,
    mtu: one.mtu,
    ...(one.stp ? { stp: true } : {}),
    ...(one.icc ? {} : { icc: false }),
    ...(one.internal ? { internal: true } : {}),
    ...(routed && one.nat !== 'default' && (one.nat !== 'ipv6' || one.ipv6) ? { nat: one.nat } : {}),
    ...(one.mac ? { mac: `02:00:00:00:0b:0${index}` } : {}),
    ...(routed && one.inbound === 'open' ? { inbound: 'open' } : {}),
    ...(routed && one.inbound !== 'open' && one.allow !== 'none' ? { allow: allowOf(one.allow, others) } : {}),
  };
}

function namespaceBody(
  index: number,
  one: {
    forwarding: boolean;
    masquerade: boolean;
    loopback: number | undefined;
    somaxconn: number | undefined;
    aliases: boolean;
    dns: boolean;
    blackhole: boolean;
    metric: number | undefined;
    publish: string[];
    expose: (string | number)[];
    route: string;
  },
  canPublish: boolean,
  on: BridgeChoice | undefined,
  bridgeIndex: number | undefined,
): object {
  const base = 2000 + index * 100;
  const forms: Record<string, string> = {
    tcp: `${base}:80`,
    udp: `${base}:53/udp`,
    range: `${base + 10}-${base + 13}:90-93`,
    loopback: `127.0.0.1:${base + 20}:81`,
    sctp: `${base + 30}:82/sctp`,
    device: `${base + 40}:83@eth9`,
    bare: '85',
    derived: '192.0.2.77::86/udp',
    bareRange: '87-89/sctp',
    other: '127.0.0.1::80@lo',
  };
  const long = { hostPort: base + 50, port: 84, protocol: 'udp', hostAddress: '192.0.2.77' };
  const publish = canPublish && on !== undefined ? one.publish.map((form) => (form === 'long' ? long : (forms[form] ?? ''))) : [];
  const via = on === undefined || bridgeIndex === undefined ? undefined : `172.20.${bridgeIndex}.77`;
  const routes = [
    ...(one.route === 'default' && via !== undefined ? [{ to: 'default', via }] : []),
    ...(one.route === 'peer' && via !== undefined ? [{ to: '10.8.0.0/16', interface: 'eth0' }] : []),
    ...(one.blackhole
      ? [
          { to: '198.51.100.0/24', type: 'blackhole' },
          { to: 'fd99::/32', type: 'unreachable' },
        ]
      : []),
    ...(via !== undefined ? [{ to: '10.9.0.0/16', via, ...(one.metric === undefined ? {} : { metric: one.metric }) }] : []),
  ];
  return {
    ...(one.forwarding ? { forwarding: true, ...(one.masquerade && bridgeIndex !== undefined ? { masquerade: ['eth0'] } : {}) } : {}),
    ...(one.loopback === undefined ? {} : { interfaces: { lo: { addresses: [`10.255.${index}.${one.loopback}/32`] } } }),
    ...(one.somaxconn === undefined ? {} : { sysctls: { 'net.core.somaxconn': one.somaxconn } }),
    ...(one.aliases ? { aliases: [`also-${NAMESPACES[index]}`] } : {}),
    ...(one.dns ? { dns: ['192.0.2.53'] } : {}),
    ...(publish.length > 0 ? { publish } : {}),
    ...(canPublish && on !== undefined && one.expose.length > 0 ? { expose: one.expose, publishAll: true } : {}),
    ...(routes.length > 0 ? { routes } : {}),
  };
}
