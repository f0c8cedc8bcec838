import { expect, test } from 'vitest';
import { attachOf, attachText } from '../../src/model/topology.ts';
import { faultsOf, load } from './support.ts';

const lab = (attach: string, link = '{ ends: [old:eth0, br-lan] }', beside = '') => `
subnets: { lan: { ipv4: 192.168.7.0/24, ipv6: fd00:7::/64 } }
bridges: { br-lan: { subnet: lan } }
namespaces: { old: { attach: ${attach}${beside} } }
links: [${link}]
defaults: { dns: [192.0.2.53] }
`;

test.each([
  ['{ container: old-shop }', { container: 'old-shop' }, 'container old-shop'],
  ['{ pid: 44951 }', { pid: 44951 }, 'process 44951'],
  ['{ path: /proc/44951/ns/net }', { path: '/proc/44951/ns/net' }, '/proc/44951/ns/net'],
])('attach: %s', (text, attach, words) => {
  const [old] = load(lab(text)).namespaces;
  expect(old).toMatchObject({ attach, forwarding: false, sysctls: {}, loopback: [] });
  expect(old?.dns).toBeUndefined();
  expect(attachText(attach)).toBe(words);
  expect(attachOf(words)).toEqual(attach);
});

test('attach: a default route only on request', () => {
  expect(load(lab('{ pid: 7 }')).routes).toEqual([]);
  const asked = load(lab('{ pid: 7 }', '{ ends: [old:eth0, br-lan], defaultRoute: true }')).routes;
  expect(asked.map(({ namespace, family, to }) => `${namespace} ${family} ${to}`)).toEqual(['old ipv4 default', 'old ipv6 default']);
});

test('attach: what is not ours to set in there has no place beside it, each with a reason', () => {
  const beside = ', forwarding: true, sysctls: { net.core.somaxconn: 1 }, dns: host, interfaces: { lo: {} }';
  const faults = faultsOf(`version: 1\nname: lab${lab('{ pid: 7 }', '[old:eth0, br-lan]', beside)}`);
  expect(faults.map(({ code, message }) => `${code} ${message.split(':')[0]}`)).toEqual(
    ['forwarding', 'sysctls', 'dns', 'interfaces'].map((key) => `E_ATTACH ${key} has no place beside attach`),
  );
});
