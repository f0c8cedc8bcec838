import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadTopology } from '../../src/topology/load.ts';
import { briefly, faultsOf, lan, load } from './support.ts';

const SHOP = readFileSync(join(import.meta.dirname, 'shop.yaml'), 'utf8');

test('the worked example of the language is valid, whole', () => {
  const topology = loadTopology(SHOP, 'shop.yaml');
  expect(topology.namespaces).toHaveLength(26);
  expect(topology.links).toHaveLength(27);
  expect(topology.digest).toBe(createHash('sha256').update(SHOP).digest('hex'));
  expect(topology.namespaces.find(({ name }) => name === 'sidecar')).toMatchObject({ share: 'web01', aliases: [] });
  expect(topology.checks[1]).toMatchObject({
    from: ['host', 'pc01'],
    to: ['web01'],
    probe: { kind: 'tcp', port: 80 },
    expect: 'reachable',
    timeoutMs: 2000,
    serve: true,
  });
});

test('the same text gives the same topology, whether text or bytes', () => {
  expect(loadTopology(SHOP, 'f')).toEqual(loadTopology(SHOP, 'f'));
  expect(loadTopology(new TextEncoder().encode(SHOP), 'f')).toEqual(loadTopology(SHOP, 'f'));
});

test('positions count from one and point at names, values and items', () => {
  const topology = loadTopology(SHOP, 'shop.yaml');
  expect(topology.namespaces[0]?.origin).toEqual({ file: 'shop.yaml', line: 21, column: 3 });
  expect(topology.bridges[0]?.origin).toMatchObject({ line: 13, column: 3 });
  expect(topology.links[0]?.origin).toMatchObject({ line: 36, column: 5 });
  expect(topology.publishes[0]?.origin).toMatchObject({ line: 22, column: 15 });
});

describe('YAML', () => {
  test('an empty section or entry is an empty one', () => {
    expect(load('namespaces:\n  a:\nbridges:\nlinks:\nsubnets:\nhost:\ndefaults:\nchecks:\n').namespaces).toHaveLength(1);
  });
  test('x- keys are homes for anchors, and << merges', () => {
    const topology = load(
      'x-common: &common { forwarding: true, aliases: [www] }\nnamespaces:\n  a: { <<: *common, aliases: [ftp] }\n  b: *common\n',
    );
    expect(topology.namespaces.map(({ forwarding, aliases }) => ({ forwarding, aliases }))).toEqual([
      { forwarding: true, aliases: ['ftp'] },
      { forwarding: true, aliases: ['www'] },
    ]);
  });
  test('lines may end in CR LF, and a byte order mark may come first', () => {
    const text = 'version: 1\nname: lab\nnamespaces: { a: { x: 1 } }\n';
    expect(briefly(text.replaceAll('\n', '\r\n'))).toEqual(['3:20 E_UNKNOWN_KEY']);
    expect(briefly(`\ufeff${text}`)).toEqual(['3:20 E_UNKNOWN_KEY']);
  });
  test.each([
    ['a duplicate key', 'name: lab2', '3:1 E_DUPLICATE_KEY'],
    ['a tag', 'x-a: !custom 1', '3:14 E_YAML_FEATURE'],
    ['a second document', '---\nversion: 1', '3:1 E_YAML_FEATURE'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what is refused
    ['a variable', 'description: "for ${USER}"', '3:14 E_DOLLAR'],
    ['an escape sequence', 'description: "\\e[31m"', '3:14 E_CONTROL_CHARACTER'],
    ['an alias of nothing', 'x-a: *nothing', '3:6 E_YAML'],
    ['a list as a key', '? [a]\n: b', '3:3 E_YAML_FEATURE'],
  ])('%s is refused', (_what, line, expected) => {
    expect(briefly(`version: 1\nname: lab\n${line}\n`)).toEqual([expected]);
  });
});

describe('names', () => {
  test('names and aliases stand for one namespace within a bridge or link, but may recur elsewhere', () => {
    const body = (bridges: string) =>
      `bridges: { br: , bb: }\nnamespaces: { a: { aliases: [www] }, b: { aliases: [www] } }\nlinks: [[a:eth0, br], [b:eth0, ${bridges}]]`;
    expect(briefly(`version: 1\nname: lab\n${body('br')}`)).toEqual(['4:30 E_NAME_DUPLICATE', '4:53 E_NAME_DUPLICATE']);
    expect(briefly(`version: 1\nname: lab\n${body('bb')}`)).toEqual([]);
  });
  test('a share of a share leads to the last, and a cycle is told at every name on it', () => {
    const topology = load('namespaces: { a: { share: b }, b: { share: c }, c: {}, d: { share: host } }');
    expect(topology.namespaces.map(({ share }) => share)).toEqual(['c', 'c', undefined, 'host']);
    expect(briefly('version: 1\nname: lab\nnamespaces: { a: { share: b }, b: { share: a }, c: { share: c } }')).toHaveLength(3);
  });
  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('%s is a key like any other', (key) => {
    const body = `version: 1\nname: lab\nbridges: { ${key}: {} }\nnamespaces: { ${key}: {}, a: { ${key}: 1 } }\n${key}: 1\n`;
    expect(faultsOf(body).filter(({ code }) => code === 'E_UNKNOWN_KEY')).toHaveLength(2);
    expect(faultsOf(body).filter(({ code }) => code === 'E_INTERNAL')).toEqual([]);
  });
  test('constructor is a fine name', () => {
    expect(load('bridges: { br: {} }\nnamespaces: { constructor: {} }\nlinks: [[constructor:constructor, br]]').links).toHaveLength(1);
  });
});

describe('checks', () => {
  test('take names, addresses, ranges and lists', () => {
    const { checks } = load(
      lan(
        'ipv4: 10.0.0.0/24',
        3,
        'checks: [{ from: pc(1-2), to: [pc3, 192.0.2.1, host], udp: 53, timeout: 500ms, family: ipv4, source: 10.0.0.2, serve: false }]',
      ),
    );
    expect(checks[0]).toMatchObject({
      from: ['pc1', 'pc2'],
      to: ['pc3', '192.0.2.1', 'host'],
      probe: { kind: 'udp', port: 53 },
      timeoutMs: 500,
      family: 'ipv4',
      source: '10.0.0.2',
      serve: false,
    });
  });
  test('a source is asked for in its own family alone', () => {
    const { checks } = load(lan('ipv4: 10.0.0.0/24, ipv6: "fd00::/64"', 2, 'checks: [{ from: pc1, to: pc2, udp: 53, source: "fd00::2" }]'));
    expect(checks[0]).toMatchObject({ family: 'ipv6' });
  });
});

describe('sysctls', () => {
  test('are text, under the keys of the file', () => {
    const { namespaces } = load(
      'namespaces: { a: { sysctls: { net.core.somaxconn: 1024, net.ipv4.ip_local_port_range: "1024 65535", net/ipv4/conf/br.5/rp_filter: 0 } } }',
    );
    expect(namespaces[0]?.sysctls).toEqual({
      'net.core.somaxconn': '1024',
      'net.ipv4.ip_local_port_range': '1024 65535',
      'net/ipv4/conf/br.5/rp_filter': '0',
    });
  });
  test.each([
    ['sysctls: { kernel.hostname: a }', 'E_SYSCTL'],
    ['sysctls: { net/../kernel/hostname: a }', 'E_SYSCTL'],
    ['sysctls: { net.core..somaxconn: 1 }', 'E_SYSCTL'],
    ['sysctls: { net.core.somaxconn: 1, net/core/somaxconn: 2 }', 'E_SYSCTL'],
    ['forwarding: true, sysctls: { net.ipv4.ip_forward: 0 }', 'E_SYSCTL'],
    ['sysctls: { net.core.somaxconn: true }', 'E_TYPE'],
  ])('{ %s } is refused', (namespace, code) => {
    expect(briefly(`version: 1\nname: lab\nnamespaces: { a: { ${namespace} } }`).map((fault) => fault.split(' ')[1])).toEqual([code]);
  });
});

test('resolvers come from defaults, or from the namespace itself', () => {
  const { namespaces } = load('defaults: { dns: host }\nnamespaces: { a: {}, b: { dns: [192.0.2.53, "2001:DB8::1"] }, c: { share: a } }');
  expect(namespaces.map(({ dns }) => dns)).toEqual(['host', ['192.0.2.53', '2001:db8::1'], undefined]);
});

test('one fault does not hide another, nor make one up', () => {
  const text = `version: 1
name: lab
subnets: { lan: { ipv4: 10.0.0.0/24, gatway: false }, bad: { ipv4: 10.0.1.1/24 } }
bridges: { br: { subnet: lan, mtu: 60 }, bb: { subnet: bad } }
namespaces:
  a: { publish: ["80:80"], routes: [{ to: 10.9.0.0/16, via: 10.7.0.1 }] }
  b: { publish: ["80:80"], forwarding: yes }
  c: { publish: ["81:80"], routes: [{ to: 10.9.0.0/16, via: 10.0.1.7 }] }
links:
  - [a:eth0, br]
  - [b:eth0, br]
  - [c:eth0, bb]
  - [d:eth0, br]
`;
  expect(briefly(text)).toEqual([
    '3:38 E_UNKNOWN_KEY',
    '3:68 E_IP',
    '4:36 E_MTU_RANGE',
    '6:18 E_PORT_COLLISION',
    '6:61 E_ROUTE_NOWHERE',
    '7:18 E_PORT_COLLISION',
    '7:40 E_TYPE',
    '13:6 E_UNKNOWN_NAME',
  ]);
});
