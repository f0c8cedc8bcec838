import fc from 'fast-check';
import { expect, test } from 'vitest';
import { moves, normalise } from '../../src/kinds/address/order.ts';
import { formatCidr, networkOf, parseCidr } from '../../src/model/ip.ts';

/** What the kernel does with a list, with promote_secondaries on: IPv4 primaries before secondaries, the newest IPv6 first. */
function kernel(initial: readonly string[]) {
  let ipv4: string[] = [];
  let ipv6: string[] = [];
  const networkText = (address: string) => {
    const cidr = parseCidr(address);
    return cidr ? formatCidr(networkOf(cidr)) : '';
  };
  const add = (address: string) => {
    if (address.includes(':')) {
      ipv6 = [address, ...ipv6];
      return;
    }
    const isSecondary = (one: string, list: readonly string[]) =>
      list.slice(0, list.indexOf(one)).some((other) => networkText(other) === networkText(one));
    const all = [...ipv4, address];
    ipv4 = [...all.filter((one) => !isSecondary(one, all)), ...all.filter((one) => isSecondary(one, all))];
  };
  const remove = (address: string) => {
    ipv4 = ipv4.filter((one) => one !== address);
    ipv6 = ipv6.filter((one) => one !== address);
  };
  for (const address of initial.filter((one) => !one.includes(':'))) add(address);
  for (const address of initial.filter((one) => one.includes(':')).reverse()) add(address);
  return { add, remove, list: () => [...ipv4, ...ipv6] };
}

const address = fc.oneof(
  fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 1, max: 4 })).map(([network, host]) => `10.0.${network}.${host}/24`),
  fc.integer({ min: 1, max: 5 }).map((host) => `fd00::${host}/64`),
);
const list = fc.uniqueArray(address, { maxLength: 7 });

test('addresses: deleting and adding what moves() says gives the wanted order, from any other', () => {
  fc.assert(
    fc.property(list, list, (before, after) => {
      const host = kernel(normalise(before));
      const { remove, add } = moves(normalise(before), normalise(after));
      for (const one of remove) host.remove(one);
      for (const one of add) host.add(one);
      expect(normalise(host.list())).toEqual(normalise(after));
    }),
  );
});

test.each([
  { name: 'nothing to do', before: ['10.0.0.1/24'], after: ['10.0.0.1/24'], remove: [], add: [] },
  {
    name: 'one more stays behind the first',
    before: ['10.0.0.1/24'],
    after: ['10.0.0.1/24', '10.0.0.2/24'],
    remove: [],
    add: ['10.0.0.2/24'],
  },
  {
    name: 'a new first one moves the others',
    before: ['10.0.0.1/24'],
    after: ['10.0.0.2/24', '10.0.0.1/24'],
    remove: ['10.0.0.1/24'],
    add: ['10.0.0.2/24', '10.0.0.1/24'],
  },
  {
    name: 'a new preferred IPv6 source is just added',
    before: ['fd00::1/64'],
    after: ['fd00::2/64', 'fd00::1/64'],
    remove: [],
    add: ['fd00::2/64'],
  },
  {
    name: 'another prefix length is another address',
    before: ['fd00::1/64'],
    after: ['fd00::1/72'],
    remove: ['fd00::1/64'],
    add: ['fd00::1/72'],
  },
])('addresses: $name', ({ before, after, remove, add }) => {
  expect(moves(before, after)).toEqual({ remove, add });
});
