import { describe, expect, test } from 'vitest';
import { briefly, endOf, lan, load } from './support.ts';

const addresses = (body: string, ...names: string[]): string[][] => {
  const topology = load(body);
  return names.map((name) => [...endOf(topology, name).addresses]);
};

describe('automatic addresses', () => {
  test('go to members in the order of the links, after the gateway', () => {
    const body =
      'subnets: { lan: { ipv4: 10.0.0.0/24 } }\nbridges: { br: { subnet: lan } }\nnamespaces: { a: {}, b: {} }\nlinks: [[b:eth0, br], [br, a:eth0]]';
    expect(addresses(body, 'b:eth0', 'a:eth0')).toEqual([['10.0.0.2/24'], ['10.0.0.3/24']]);
    expect(load(body).bridges[0]?.addresses).toEqual(['10.0.0.1/24']);
  });

  test.each([
    ['skip reserved addresses and networks', 'ipv4: 10.0.0.0/24, reserved: [10.0.0.2, 10.0.0.4/30]', ['10.0.0.3/24'], ['10.0.0.8/24']],
    ['come from the range', 'ipv4: 10.0.0.0/24, range: 10.0.0.128/25', ['10.0.0.128/24'], ['10.0.0.129/24']],
    ['come from several ranges in turn', 'ipv4: 10.0.0.0/24, range: [10.0.0.9/32, 10.0.0.8/31]', ['10.0.0.9/24'], ['10.0.0.8/24']],
    ['skip a gateway that is written', 'ipv4: 10.0.0.0/24, gateway: 10.0.0.2', ['10.0.0.1/24'], ['10.0.0.3/24']],
    ['begin at the first address where there is no gateway', 'ipv4: 10.0.0.0/24, gateway: false', ['10.0.0.1/24'], ['10.0.0.2/24']],
    ['are of both families', 'ipv4: 10.0.0.0/24, ipv6: FD00:0::/64', ['10.0.0.2/24', 'fd00::2/64'], ['10.0.0.3/24', 'fd00::3/64']],
    ['are canonical', 'ipv6: "FD00:0:0:A::/64"', ['fd00:0:0:a::2/64'], ['fd00:0:0:a::3/64']],
    ['use both addresses of a /31', 'ipv4: 10.0.0.0/31, gateway: false', ['10.0.0.0/31'], ['10.0.0.1/31']],
  ])('%s', (_what, subnet, first, second) => {
    expect(addresses(lan(subnet, 2), 'pc1:eth0', 'pc2:eth0')).toEqual([first, second]);
  });

  test('skip what is written anywhere in the file, also further down', () => {
    const body =
      `${lan('ipv4: 10.0.0.0/24', 1)}  - { ends: [pc1:eth1, host:x], subnet: { ipv4: 10.1.0.0/24 } }\n  - { ends: [pc2:eth0, br], addresses: [10.0.0.2] }`.replace(
        'pc1: {}',
        'pc1: { interfaces: { lo: { addresses: [10.0.0.3] } } }, pc2: {}',
      );
    expect(addresses(body, 'pc1:eth0', 'pc2:eth0')).toEqual([['10.0.0.4/24'], ['10.0.0.2/24']]);
  });
});

describe('written addresses', () => {
  const one = (given: string) =>
    `subnets: { lan: { ipv4: 10.0.0.0/24, ipv6: fd00::/64 } }\nbridges: { br: { subnet: lan } }\nnamespaces: { a: {} }\nlinks: [{ ends: [a:eth0, br], addresses: ${given} }]`;

  test.each([
    ['replace the automatic one of their own family', '[10.0.0.10]', ['10.0.0.10/24', 'fd00::2/64']],
    ['of both families leave no automatic one', '[fd00::A, 10.0.0.10]', ['fd00::a/64', '10.0.0.10/24']],
    ['keep their order', '[10.0.0.11, 10.0.0.10]', ['10.0.0.11/24', '10.0.0.10/24', 'fd00::2/64']],
    ['may be none at all', '[]', []],
    ['may lie outside the subnet with a prefix length', '[192.0.2.1/30]', ['192.0.2.1/30', 'fd00::2/64']],
  ])('%s', (_what, given, expected) => {
    expect(addresses(one(given), 'a:eth0')).toEqual([expected]);
  });

  test.each([
    ['without prefix length outside the subnet', '[192.0.2.1]', 'E_ADDRESS_PREFIX'],
    ["with another prefix length than the subnet's", '[10.0.0.10/16]', 'E_ADDRESS_PREFIX'],
    ['network address', '[10.0.0.0]', 'E_ADDRESS'],
    ['broadcast address', '[10.0.0.255]', 'E_ADDRESS'],
    ['link-local', '["fe80::1/64"]', 'E_ADDRESS'],
    ['loopback', '[127.0.0.2/8]', 'E_ADDRESS'],
    ['multicast', '[224.0.0.5/24]', 'E_ADDRESS'],
    ['mapped', '["::ffff:1.2.3.4/96"]', 'E_ADDRESS'],
    ['octal', '[010.0.0.10]', 'E_IP'],
    ['zone', '["fe80::1%eth0/64"]', 'E_IP'],
    ['the gateway', '[10.0.0.1]', 'E_ADDRESS_DUPLICATE'],
    ['twice', '[10.0.0.9, 10.0.0.9]', 'E_ADDRESS_DUPLICATE'],
  ])('are refused: %s', (_what, given, code) => {
    const faults = briefly(`version: 1\nname: lab\n${one(given)}`);
    expect(faults.at(-1)).toMatch(new RegExp(` ${code}$`));
  });
});

describe('gateways', () => {
  test('a named end holds the gateway and the bridge none', () => {
    const body =
      'subnets: { lan: { ipv4: 10.0.0.0/24, ipv6: fd00::/64, gateway: r1:lan0 } }\nbridges: { br: { subnet: lan } }\nnamespaces: { a: {}, r1: {} }\nlinks: [[a:eth0, br], [r1:lan0, br]]';
    const topology = load(body);
    expect(topology.bridges[0]).toMatchObject({ addresses: [], nat: { ipv4: false, ipv6: false } });
    expect(topology.subnets[0]?.gateways).toEqual({ ipv4: ['10.0.0.1'], ipv6: ['fd00::1'] });
    expect(addresses(body, 'a:eth0', 'r1:lan0')).toEqual([
      ['10.0.0.2/24', 'fd00::2/64'],
      ['10.0.0.1/24', 'fd00::1/64'],
    ]);
  });

  test("a named end's own address is the gateway", () => {
    const body =
      'subnets: { lan: { ipv4: 10.0.0.0/24, gateway: r1:lan0 } }\nbridges: { br: { subnet: lan } }\nnamespaces: { r1: {} }\nlinks: [{ ends: [r1:lan0, br], addresses: [10.0.0.254] }]';
    expect(load(body).subnets[0]?.gateways).toEqual({ ipv4: ['10.0.0.254'] });
  });

  test('the bridge holds every written gateway, and the first is that of default routes', () => {
    const topology = load(lan('ipv4: 10.0.0.0/24, gateway: [10.0.0.254, 10.0.0.253]', 1));
    expect(topology.bridges[0]?.addresses).toEqual(['10.0.0.254/24', '10.0.0.253/24']);
    expect(topology.routes).toMatchObject([{ to: 'default', via: '10.0.0.254' }]);
  });

  test('a written gateway leaves the other family its default', () => {
    expect(load(lan('ipv4: 10.0.0.0/24, ipv6: fd00::/64, gateway: 10.0.0.254', 1)).bridges[0]?.addresses).toEqual([
      '10.0.0.254/24',
      'fd00::1/64',
    ]);
  });

  test('a link without a bridge has one only where it is written', () => {
    const link = (gateway: string) =>
      `namespaces: { a: {}, b: {} }\nlinks: [{ ends: [a:x, b:y], subnet: { ipv4: 10.0.0.0/30${gateway} } }]`;
    expect(load(link('')).routes).toEqual([]);
    expect(load(link(', gateway: b:y')).routes).toMatchObject([{ namespace: 'a', via: '10.0.0.1', dev: 'x' }]);
  });
});

describe('subnets', () => {
  test.each([
    ['ipv4: 10.0.0.0/24, gateway: 10.0.1.1', 'E_SUBNET'],
    ['ipv4: 10.0.0.0/24, gateway: 10.0.0.0', 'E_GATEWAY'],
    ['ipv4: 10.0.0.0/24, gateway: 10.0.0.1/24', 'E_GATEWAY'],
    ['ipv4: 10.0.0.0/24, gateway: pc1:eth7', 'E_GATEWAY'],
    ['ipv4: 10.0.0.0/24, gateway: nobody:eth0', 'E_GATEWAY'],
    ['ipv4: 10.0.0.0/24, gateway: true', 'E_GATEWAY'],
    ['ipv4: 10.0.0.0/24, range: 10.0.1.0/24', 'E_SUBNET'],
    ['ipv4: 10.0.0.0/24, range: 10.0.0.0/23', 'E_SUBNET'],
    ['ipv4: 10.0.0.0/24, reserved: [10.0.1.1]', 'E_SUBNET'],
    ['ipv4: 10.0.0.0/24, reserved: [some]', 'E_IP'],
    ['ipv4: 127.0.0.0/8', 'E_SUBNET'],
    ['ipv6: "fe80::/64"', 'E_SUBNET'],
    ['ipv6: "ff00::/64"', 'E_SUBNET'],
    ['ipv6: 10.0.0.0/24', 'E_SUBNET'],
    ['ipv4: 10.0.0.0/33', 'E_IP'],
    ['', 'E_SUBNET'],
  ])('{ %s } is refused', (subnet, code) => {
    expect(briefly(`version: 1\nname: lab\n${lan(subnet, 1)}`).map((fault) => fault.split(' ')[1])).toEqual([code]);
  });

  test('a subnet is one segment', () => {
    const file = (second: string) =>
      `version: 1\nname: lab\nsubnets: { a: { ipv4: 10.0.0.0/24 } }\nbridges: { br: { subnet: a } }\nnamespaces: { a1: {}, a2: {} }\nlinks: [{ ends: [a1:x, a2:x], subnet: ${second} }]`;
    expect(briefly(file('a'))).toEqual(['4:26 E_SUBNET_OVERLAP', '6:39 E_SUBNET_OVERLAP']);
    expect(briefly(file('{ ipv4: 10.0.0.128/25 }'))).toEqual(['3:23 E_SUBNET_OVERLAP', '6:47 E_SUBNET_OVERLAP']);
    expect(briefly(file('{ ipv4: 10.0.1.0/24 }'))).toEqual([]);
  });

  test('one address on the lo of several routers is anycast, on one of them beside a link it is not', () => {
    const file = (second: string) =>
      `version: 1\nname: lab\nnamespaces:\n  a: { interfaces: { lo: { addresses: [10.255.0.1] } } }\n  b: { interfaces: { lo: { addresses: [${second}] } } }\nlinks: [{ ends: [a:x, b:x], subnet: { ipv4: 10.0.0.0/30 } }, [{ at: a:y, addresses: [10.255.0.2/30] }, b:y]]`;
    expect(briefly(file('10.255.0.1/32'))).toEqual([]);
    expect(briefly(file('10.255.0.2/32'))).toEqual(['5:40 E_ADDRESS_DUPLICATE', '6:86 E_ADDRESS_DUPLICATE']);
  });
});
