import { describe, expect, test } from 'vitest';
import type { Publish } from '../../src/model/topology.ts';
import { loadTopology } from '../../src/topology/load.ts';
import { briefly, faultsOf, load } from './support.ts';

const NET =
  'subnets: { a: { ipv4: 10.0.1.0/24, ipv6: fd00:1::/64 }, b: { ipv4: 10.0.2.0/24 }, c: { ipv4: 10.0.3.0/24 } }\nbridges: { br-a: { subnet: a }, br-b: { subnet: b }, br-c: { subnet: c, internal: true } }\n';

const LINKS = 'links: [[x:eth0, br-a], [y:eth0, br-b], [z:eth0, br-c]]';

const file = (x: string, y = '') => `${NET}namespaces: { x: { publish: [${x}] }, y: { publish: [${y}] }, z: {} }\n${LINKS}`;

const written = ({ hostAddress, hostPort, port, protocol, interface: device, target }: Publish): string =>
  `${hostAddress ?? '*'} ${hostPort} → ${Object.values(target).join(' ')} ${port}/${protocol}${device ? ` ${device}` : ''}`;

const BOTH = '10.0.1.2 fd00:1::2';

describe('publish forms', () => {
  test.each([
    ['"8080:80"', [`* 8080 → ${BOTH} 80/tcp`]],
    ['8080:80', [`* 8080 → ${BOTH} 80/tcp`]],
    ['"53:53/udp"', [`* 53 → ${BOTH} 53/udp`]],
    ['"127.0.0.1:8443:443"', ['127.0.0.1 8443 → 10.0.1.2 443/tcp']],
    ['"0.0.0.0:80:80"', ['0.0.0.0 80 → 10.0.1.2 80/tcp']],
    ['"[::]:80:80"', [':: 80 → fd00:1::2 80/tcp']],
    ['"[2001:DB8::1]:81:80/sctp@eth0"', ['2001:db8::1 81 → fd00:1::2 80/sctp eth0']],
    ['"81-82:91-92"', [`* 81 → ${BOTH} 91/tcp`, `* 82 → ${BOTH} 92/tcp`]],
    ['{ hostAddress: 192.0.2.1, hostPort: 80, port: 8080, protocol: udp, interface: eth0 }', ['192.0.2.1 80 → 10.0.1.2 8080/udp eth0']],
    ['{ hostPort: 81-82, port: "91-92" }', [`* 81 → ${BOTH} 91/tcp`, `* 82 → ${BOTH} 92/tcp`]],
  ])('%s', (form, expected) => {
    expect(load(file(form)).publishes.map(written)).toEqual(expected);
  });

  test.each([
    ['"192.0.2.1:80"', 'E_PUBLISH'],
    ['"[2001:db8::1]:80"', 'E_PUBLISH'],
    ['"[::1]::80"', 'E_PUBLISH_LOOPBACK'],
    ['"192.0.2.1::0"', 'E_PORT_RANGE'],
    ['"[::1]:80:80"', 'E_PUBLISH_LOOPBACK'],
    ['"fe80::1:80:80"', 'E_PUBLISH'],
    ['"[fe80::1]:80:80"', 'E_PUBLISH'],
    ['"300.0.0.1:80:80"', 'E_PUBLISH'],
    ['"80:80/icmp"', 'E_PUBLISH'],
    ['"80-81:80"', 'E_PUBLISH'],
    ['"81-80:81-80"', 'E_PORT_RANGE'],
    ['"80:65536"', 'E_PORT_RANGE'],
    ['"80:80@a/b"', 'E_NAME'],
    ['"80:80@interface-too-long"', 'E_NAME_LENGTH'],
    ['""', 'E_PUBLISH'],
    ['":"', 'E_PUBLISH'],
    ['"80:80:80:80"', 'E_PUBLISH'],
    ['true', 'E_TYPE'],
  ])('%s is refused', (form, code) => {
    expect(briefly(`version: 1\nname: lab\n${file(form)}`).map((fault) => fault.split(' ')[1])).toEqual([code]);
  });
});

test.each(['0x50', '+80', '80;reboot', ' 8080'])('publish: "%s:80" is told for what it is, and not taken for an address', (left) => {
  expect(faultsOf(`version: 1\nname: lab\n${file(`"${left}:80"`)}`)).toMatchObject([
    { code: 'E_PUBLISH', message: expect.stringContaining('is neither a host port nor an address of the host') },
  ]);
});

describe('derived host ports', () => {
  const derived = (x: string, y = '') => load(file(x, y)).publishes.map(written);

  test.each([
    ['80', [`* 46508 → ${BOTH} 80/tcp`]],
    ['"80"', [`* 46508 → ${BOTH} 80/tcp`]],
    ['":80"', [`* 46508 → ${BOTH} 80/tcp`]],
    ['{ port: 80 }', [`* 46508 → ${BOTH} 80/tcp`]],
    ['"192.0.2.1::80"', ['192.0.2.1 46508 → 10.0.1.2 80/tcp']],
    ['"[2001:db8::1]::80"', ['2001:db8::1 46508 → fd00:1::2 80/tcp']],
    ['{ hostAddress: 127.0.0.1, port: 80, interface: lo }', ['127.0.0.1 46508 → 10.0.1.2 80/tcp lo']],
    ['80/udp', [`* 37901 → ${BOTH} 80/udp`]],
    ['"80/sctp@eth0"', [`* 37572 → ${BOTH} 80/sctp eth0`]],
    // Each port of a range has the host port that it would have alone.
    ['80-82', [`* 46508 → ${BOTH} 80/tcp`, `* 59794 → ${BOTH} 81/tcp`, `* 52254 → ${BOTH} 82/tcp`]],
  ])('%s', (form, expected) => {
    expect(derived(form)).toEqual(expected);
  });

  test('are marked as such, and written ones are not', () => {
    expect(load(file('80, "81:81"')).publishes.map(({ port, derived }) => [port, derived])).toEqual([
      [80, true],
      [81, undefined],
    ]);
  });

  test('depend on topology and namespace, and on nothing else in the file', () => {
    const [x, y] = load(file('80', '80')).publishes;
    expect(x?.hostPort).not.toBe(y?.hostPort);
    expect(load(file('9000, 81, 80', '"80:80"')).publishes.find(({ port }) => port === 80)?.hostPort).toBe(x?.hostPort);
    expect(loadTopology(`version: 1\nname: other\n${file('80')}`, '').publishes[0]?.hostPort).not.toBe(x?.hostPort);
  });

  test('count up past what the file claims, what is written first wherever it stands', () => {
    expect(derived('80', '"46508:1"')).toEqual([`* 46509 → ${BOTH} 80/tcp`, '* 46508 → 10.0.2.2 1/tcp']);
    expect(derived('80', '"46500-46519:1-20"')[0]).toBe(`* 46520 → ${BOTH} 80/tcp`);
    expect(derived('"192.0.2.1::80", 80, 80')).toEqual([
      '192.0.2.1 46508 → 10.0.1.2 80/tcp',
      `* 46509 → ${BOTH} 80/tcp`,
      `* 46510 → ${BOTH} 80/tcp`,
    ]);
  });

  test.each([
    ['another protocol', '80', '"46508:1/udp"'],
    ['another address', '"192.0.2.1::80"', '"192.0.2.2:46508:1"'],
    ['another interface', '80@eth0', '"46508:1@eth1"'],
    ['another family', '"[::]::80"', '"46508:1"'],
  ])('%s is no claim on it', (_, x, y) => {
    expect(load(file(x, y)).publishes.map(({ hostPort }) => hostPort)).toEqual([46508, 46508]);
  });

  test('begin anew at the lower end of the range', () => {
    expect(derived('80', '"46508-60999:1-14492"')[0]).toBe(`* 32768 → ${BOTH} 80/tcp`);
  });

  test('an end to them is an error', () => {
    expect(briefly(`version: 1\nname: lab\n${file('"1-28233"')}`)).toEqual(['5:30 E_PUBLISH']);
  });
});

describe('expose', () => {
  const namespaces = (x: string) => `${NET}namespaces: { x: { ${x} }, y: {}, z: {} }\n${LINKS}`;
  const exposed = (x: string) => load(namespaces(x)).publishes.map(written);

  test('each port gets the host port that publish would give it', () => {
    expect(exposed('expose: [80, 53/udp, 8000-8002], publishAll: true')).toEqual(exposed('publish: [80, 53/udp, 8000-8002]'));
  });

  test('what is published anyway is not published twice', () => {
    expect(exposed('expose: [80, 80/udp], publishAll: true, publish: ["127.0.0.1:8080:80"]')).toEqual([
      '127.0.0.1 8080 → 10.0.1.2 80/tcp',
      `* 37901 → ${BOTH} 80/udp`,
    ]);
  });

  test.each([
    ['expose: [80]', 'E_NO_EFFECT'],
    ['expose: [80], publishAll: false', 'E_NO_EFFECT'],
    ['publishAll: true', 'E_NO_EFFECT'],
    ['publishAll: true, expose: []', 'E_NO_EFFECT'],
    ['publishAll: true, publish: [80]', 'E_NO_EFFECT'],
    ['publishAll: true, expose: [80, 79-81]', 'E_NO_EFFECT'],
    ['publishAll: true, expose: ["8080:80"]', 'E_PUBLISH'],
    ['publishAll: true, expose: [80/TCP]', 'E_PUBLISH'],
    ['publishAll: true, expose: [0]', 'E_PORT_RANGE'],
    ['publishAll: yes, expose: [80]', 'E_TYPE'],
  ])('%s is refused', (x, code) => {
    expect(briefly(`version: 1\nname: lab\n${namespaces(x)}`).map((fault) => fault.split(' ')[1])).toEqual([code]);
  });

  test('needs a bridge that something gets in by', () => {
    const links = '[y:e0, br-a], [y:e1, br-b], [x:e0, br-c]';
    const of = (x: string) => `version: 1\nname: lab\n${NET}namespaces: { x: { ${x} }, y: {} }\nlinks: [${links}]`;
    expect(briefly(of('publishAll: true, expose: [80]'))).toEqual(['5:38 E_NO_EFFECT']);
  });
});

describe('targets of published ports', () => {
  const target = (links: string, more = '') =>
    load(
      `${NET}namespaces: { x: { publish: ["80:80"] }, y: {} }\nlinks: [[y:e0, br-a], [y:e1, br-b], [y:e2, br-c], ${links}]${more}`,
    ).publishes.map(({ bridge, target: to }) => `${bridge} ${to.ipv4}`);

  test('the link of the default route', () => {
    expect(target('[x:eth0, br-a], { ends: [x:eth1, br-b], defaultRoute: true }')).toEqual(['br-b 10.0.2.3']);
  });
  test('else the first link to a bridge that is not internal', () => {
    expect(target('[x:eth2, br-c], { ends: [x:eth0, br-a], defaultRoute: false }')).toEqual(['br-a 10.0.1.3']);
  });
  test('on internal bridges only: an error', () => {
    expect(
      briefly(
        `version: 1\nname: lab\n${NET}namespaces: { x: { publish: ["80:80"] }, y: {} }\nlinks: [[y:e0, br-a], [y:e1, br-b], [x:eth0, br-c]]`,
      ),
    ).toEqual(['5:20 E_NO_EFFECT']);
  });
  test('without any: an error', () => {
    expect(briefly('version: 1\nname: lab\nnamespaces: { x: { publish: ["80:80"] } }')).toEqual(['3:20 E_PUBLISH_TARGET']);
  });
});

describe('collisions of host ports', () => {
  const ends = (x: string, y: string) => briefly(`version: 1\nname: lab\n${file(x, y)}`).map((fault) => fault.split(' ')[1]);

  test.each([
    ['"80:1"', '"80:2"'],
    ['"80:1"', '"127.0.0.1:80:2"'],
    ['"192.0.2.1:80:1"', '"192.0.2.1:80:2"'],
    ['"0.0.0.0:80:1"', '"80:2"'],
    ['"70-90:70-90"', '"80:2"'],
    ['"70-90:70-90"', '"90-91:1-2"'],
    ['"80:1@eth0"', '"80:2"'],
    ['"80:1@eth0"', '"80:2@eth0"'],
    ['"192.0.2.1:80:1@eth0"', '"0.0.0.0:80:2"'],
  ])('%s and %s collide', (x, y) => {
    expect(ends(x, y)).toEqual(['E_PORT_COLLISION', 'E_PORT_COLLISION']);
  });

  test.each([
    ['"80:1"', '"81:2"'],
    ['"80:1"', '"80:2/udp"'],
    ['"192.0.2.1:80:1"', '"192.0.2.2:80:2"'],
    ['"[::]:80:1"', '"0.0.0.0:80:2"'],
    ['"[::]:80:1"', '"80:2"'], // y has no IPv6 address, so its publish is IPv4 alone
    ['"80:1@eth0"', '"80:2@eth1"'],
    ['"70-79:70-79"', '"80-89:80-89"'],
  ])('%s and %s do not', (x, y) => {
    expect(ends(x, y)).toEqual([]);
  });

  test('are told at every culprit, also within one namespace', () => {
    const faults = briefly(`version: 1\nname: lab\n${file('"80:1", "80:2", "80:3"')}`);
    expect(faults).toHaveLength(3);
  });
});

describe('nat', () => {
  const nat = (bridge: string, subnet = 'ipv4: 10.0.1.0/24, ipv6: fd00:1::/64') =>
    load(`subnets: { a: { ${subnet} } }\nbridges: { br: { subnet: a, ${bridge} } }`).bridges[0]?.nat;

  test.each([
    ['', undefined, { ipv4: true, ipv6: true }],
    ['', 'ipv4: 10.0.1.0/24', { ipv4: true, ipv6: false }],
    ['', 'ipv4: 10.0.1.0/24, gateway: false', { ipv4: false, ipv6: false }],
    ['nat: true', 'ipv4: 10.0.1.0/24, gateway: false', { ipv4: true, ipv6: false }],
    ['nat: false', undefined, { ipv4: false, ipv6: false }],
    ['nat: ipv4', undefined, { ipv4: true, ipv6: false }],
    ['internal: true', undefined, { ipv4: false, ipv6: false }],
  ])('{ %s } with %s', (bridge, subnet, expected) => {
    expect(nat(bridge, subnet)).toEqual(expected);
  });
});

describe('allow', () => {
  const allow = (item: string) =>
    load(
      `${NET.replace('{ subnet: b }', `{ subnet: b, allow: [${item}] }`)}namespaces: { x: { interfaces: { lo: { addresses: [10.255.0.1] } } }, y: {}, z: {} }\n${LINKS}`,
    ).bridges[1]?.allow.map(({ origin: _, ...rest }) => rest);

  test.each([
    ['{ from: outside }', { from: { kind: 'outside' } }],
    ['{ from: br-a, to: y }', { from: { kind: 'bridge', name: 'br-a' }, to: ['10.0.2.2'] }],
    ['{ from: 192.0.2.7 }', { from: { kind: 'addresses', cidrs: ['192.0.2.7/32'] } }],
    [
      '{ from: x, tcp: [80, "90-99"], udp: 53 }',
      {
        from: { kind: 'addresses', cidrs: ['10.0.1.2/32', '10.255.0.1/32', 'fd00:1::2/128'] },
        ports: [
          {
            protocol: 'tcp',
            ports: [
              { first: 80, last: 80 },
              { first: 90, last: 99 },
            ],
          },
          { protocol: 'udp', ports: [{ first: 53, last: 53 }] },
        ],
      },
    ],
  ])('%s', (item, expected) => {
    expect(allow(item)).toEqual([expected]);
  });
});
