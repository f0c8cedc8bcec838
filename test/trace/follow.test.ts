import { expect, test } from 'vitest';
import type { LinkState, Snapshot } from '../../src/model/snapshot.ts';
import type { RouteQuestion, Sighting, TraceEvent, Tracer } from '../../src/model/trace.ts';
import { follow } from '../../src/pipeline/trace/follow.ts';
import type { FollowOptions } from '../../src/pipeline/trace/walk.ts';
import { holdersOnLink, portTowards, worldOf } from '../../src/pipeline/trace/world.ts';
import { snapshotOf } from '../support/snapshot.ts';

const link = (ifname: string, kind: string, mac: string, more: Partial<LinkState> = {}): LinkState => ({
  ifindex: 1,
  ifname,
  kind,
  up: true,
  carrier: true,
  mtu: 1500,
  mac,
  group: 0,
  altnames: [],
  alias: '',
  addresses: [],
  ...more,
});

/** a and b on one bridge; c is another name of b. */
function snapshot(links: Partial<Record<'pa' | 'pb' | 'a' | 'b', Partial<LinkState>>> = {}): Snapshot {
  const member = (name: 'a' | 'b', address: string) =>
    link('eth0', 'veth', `02:00:00:00:00:0${name}`, {
      addresses: [address],
      peer: { namespace: 'host', ifname: `p${name}` },
      ...links[name],
    });
  const port = (name: 'a' | 'b') =>
    link(`p${name}`, 'veth', `02:00:00:00:01:0${name}`, { master: 'br', peer: { namespace: name, ifname: 'eth0' }, ...links[`p${name}`] });
  const state = (name: string, inode: string, all: readonly LinkState[]) => ({ name, inode, links: all, routes: [], sysctls: new Map() });
  const b = [member('b', '10.0.0.2/24')];
  const states = [
    state('host', '1', [link('br', 'bridge', '02:00:00:00:00:ff', { addresses: ['10.0.0.254/24'] }), port('a'), port('b')]),
    state('a', '2', [member('a', '10.0.0.1/24')]),
    state('c', '3', b),
    state('b', '3', b),
  ];
  return snapshotOf(states);
}

const tracer: Pick<Tracer, 'route' | 'neighbour' | 'setting'> = {
  route: async ({ namespace, destination }: RouteQuestion) => ({
    found: true,
    type: namespace === 'b' && destination === '10.0.0.2' ? 'local' : 'unicast',
    device: namespace === 'b' ? 'lo' : 'eth0',
  }),
  neighbour: async () => undefined,
  setting: async () => undefined,
};

const START = { namespace: 'a', tuple: { source: '10.0.0.1', destination: '10.0.0.2' } };

const walk = (state: Snapshot, events?: readonly TraceEvent[]) => {
  const options: FollowOptions = { world: worldOf(state), tracer, leg: 'there', protocol: 'icmp', observed: new Set(['a', 'b', 'host']) };
  return follow(START, events === undefined ? options : { ...options, events });
};

const seen = (namespace: string, hook: Sighting['hook'], device: string, mac = ''): Sighting => ({
  what: 'seen',
  namespace,
  hook,
  last: hook === 'egress',
  device,
  leg: 'there',
  tuple: START.tuple,
  mac,
});

test('two names of one namespace are one, by the name that the other end knows', () => {
  const world = worldOf(snapshot());
  expect([...world.namespaces.keys()]).toEqual(['host', 'a', 'b']);
  expect(world.names.get('c')).toBe('b');
  expect(holdersOnLink(world, { namespace: 'a', device: 'eth0' }, '10.0.0.2')).toEqual([{ namespace: 'b', device: 'eth0' }]);
  expect(portTowards(world, 'host', 'br', { namespace: 'b', device: 'eth0' })).toEqual({ namespace: 'host', device: 'pb' });
});

test('without having sent anything the way is looked up', async () => {
  const { hops, reached, cause } = await walk(snapshot());
  expect({ reached, cause }).toEqual({ reached: 'b', cause: undefined });
  expect(hops.map(({ namespace, kind, seen: was }) => `${namespace} ${kind} ${was}`)).toEqual([
    'a source false',
    'a route false',
    'a neighbour false',
    'a interface false',
    'host port false',
    'host bridge false',
    'host port false',
    'b interface false',
    'b route false',
  ]);
});

test('a frame that came into a bridge and left by no port stops at what is down behind it', async () => {
  const events = [seen('a', 'egress', 'eth0'), seen('host', 'ingress', 'pa', '02:00:00:00:00:0b')];
  const { cause } = await walk(snapshot({ pb: { carrier: false }, b: { up: false } }), events);
  expect(cause).toEqual({ kind: 'link-down', leg: 'there', namespace: 'host', device: 'pb', end: { namespace: 'b', device: 'eth0' } });
  expect(
    (await walk(snapshot({ pa: { port: { isolated: true, hairpin: false } }, pb: { port: { isolated: true, hairpin: false } } }), events))
      .cause,
  ).toMatchObject({
    kind: 'lost',
    hint: 'pa and pb are isolated from each other (icc: false)',
  });
});

test('a drop is told with its chain, however far it came', async () => {
  const events: TraceEvent[] = [
    seen('a', 'egress', 'eth0'),
    seen('host', 'ingress', 'pa', '02:00:00:00:00:0b'),
    { what: 'ruled', namespace: 'host', family: 'bridge', table: 'fw', chain: 'f', verdict: 'drop', leg: 'there' },
  ];
  expect((await walk(snapshot(), events)).cause).toMatchObject({
    kind: 'dropped',
    namespace: 'host',
    by: { family: 'bridge', table: 'fw', chain: 'f' },
  });
});

test('a namespace in which nobody looked is where to look next', async () => {
  const options: FollowOptions = {
    world: worldOf(snapshot()),
    tracer,
    leg: 'there',
    protocol: 'icmp',
    observed: new Set(['a']),
    events: [seen('a', 'egress', 'eth0')],
  };
  expect((await follow(START, options)).unseen).toBe('host');
});

test('nothing that left although the neighbour is unknown: nobody has answered', async () => {
  expect((await walk(snapshot(), [])).cause).toMatchObject({
    kind: 'no-neighbour',
    namespace: 'a',
    address: '10.0.0.2',
    holder: { namespace: 'b' },
  });
});

const state = (name: string, links: readonly LinkState[]) => ({ name, inode: name, links, routes: [], sysctls: new Map() });
const port = (ifname: string, master: string, peer: { namespace: string; ifname: string }) => link(ifname, 'veth', '', { master, peer });

test('a way through bridges behind bridges goes back through none of them', () => {
  const world = worldOf(
    snapshotOf([
      state('host', [
        link('br0', 'bridge', ''),
        port('up', 'br0', { namespace: 'sw', ifname: 'down' }),
        // Of one namespace, and back again: a loop.
        port('x0', 'br0', { namespace: 'host', ifname: 'x1' }),
        link('br2', 'bridge', ''),
        port('x1', 'br2', { namespace: 'host', ifname: 'x0' }),
        port('y1', 'br2', { namespace: 'sw', ifname: 'y0' }),
        port('pc', 'br2', { namespace: 'c', ifname: 'eth0' }),
      ]),
      state('sw', [
        link('br1', 'bridge', ''),
        port('down', 'br1', { namespace: 'host', ifname: 'up' }),
        port('y0', 'br1', { namespace: 'host', ifname: 'y1' }),
        port('pa', 'br1', { namespace: 'a', ifname: 'eth0' }),
      ]),
      state('a', [link('eth0', 'veth', '', { peer: { namespace: 'sw', ifname: 'pa' } })]),
      state('c', [link('eth0', 'veth', '', { peer: { namespace: 'host', ifname: 'pc' } })]),
    ]),
  );
  const towards = (bridge: string, namespace: string, device = 'eth0') => portTowards(world, 'host', bridge, { namespace, device })?.device;
  expect(towards('br0', 'nobody')).toBeUndefined();
  expect(towards('br0', 'a')).toBe('up');
  expect(towards('br2', 'c')).toBe('pc');
  expect(towards('br0', 'c')).toMatch(/^(up|x0)$/);
  expect(towards('br2', 'sw', 'br1')).toMatch(/^(x1|y1)$/);
});

test('a master that is no bridge is not gone through: the packet comes in by the interface itself', async () => {
  const base = snapshot({ b: { master: 'red' } });
  const b = base.namespaces.get('b');
  const red = link('red', 'vrf', '02:00:00:00:00:0f');
  const { hops, reached } = await walk(
    snapshotOf([...base.namespaces.values()].map((one) => (one === b ? { ...b, links: [...b.links, red] } : one))),
  );
  expect(reached).toBe('b');
  expect(hops.filter(({ namespace, kind }) => namespace === 'b' && (kind === 'bridge' || kind === 'port'))).toEqual([]);
});
