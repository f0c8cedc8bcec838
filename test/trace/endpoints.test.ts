import { describe, expect, test } from 'vitest';
import type { LinkState, NamespaceState, RouteState } from '../../src/model/snapshot.ts';
import type { TraceRequest } from '../../src/model/trace.ts';
import { sourceOf, targetOf } from '../../src/pipeline/trace/endpoints.ts';
import { worldOf } from '../../src/pipeline/trace/world.ts';
import { snapshotOf } from '../support/snapshot.ts';

const eth0 = (...addresses: string[]): LinkState => ({
  ifindex: 2,
  ifname: 'eth0',
  kind: 'veth',
  up: true,
  carrier: true,
  mtu: 1500,
  mac: '',
  group: 0,
  altnames: [],
  alias: '',
  addresses,
});
const state = (name: string, addresses: readonly string[], routes: readonly RouteState[] = []): NamespaceState => ({
  name,
  inode: name,
  links: [eth0(...addresses)],
  routes,
  sysctls: new Map(),
});
const V4: RouteState = { family: 'ipv4', to: 'default', type: 'unicast', via: '192.0.2.1', dev: 'eth0', metric: 0, protocol: 4 };
const V6: RouteState = { ...V4, family: 'ipv6', via: 'fe80::1' };

/** The addresses between which a probe would go. */
function ends(
  from: string,
  to: string,
  { family, uplinks = [V4, V6] }: { family?: 'ipv4' | 'ipv6'; uplinks?: readonly RouteState[] } = {},
) {
  const world = worldOf(
    snapshotOf([
      state('host', ['192.0.2.2/24', '2001:db8::2/64'], uplinks),
      state('a', ['10.0.0.1/24', 'fd00::1/64']),
      state('b', ['10.0.0.2/24', 'fd00::2/64']),
      state('six', ['fd00::6/64']),
    ]),
  );
  const request: TraceRequest = { from, to, protocol: 'icmp', serve: false, timeoutMs: 1000, ...(family ? { family } : {}) };
  const nearest = (_: string, words: Iterable<string>) => [...words].at(-1);
  const source = sourceOf(world, request, nearest);
  return [source.address, targetOf(world, request, source, nearest).address];
}

describe('an address as FROM', () => {
  test('decides the family of a namespace as TO', () => {
    expect(ends('10.0.0.1', 'b')).toEqual(['10.0.0.1', '10.0.0.2']);
    expect(ends('fd00::1', 'b')).toEqual(['fd00::1', 'fd00::2']);
    expect(ends('a', 'b')).toEqual([undefined, '10.0.0.2']);
  });

  test('and one of the other family as TO, or an option for the other, are refused', () => {
    const refused = (message: string) => expect.objectContaining({ code: 'E_TRACE_TARGET', message: expect.stringContaining(message) });
    expect(() => ends('fd00::1', '10.0.0.2')).toThrow(refused('both must be of one family'));
    expect(() => ends('203.0.113.9', 'fd00::2')).toThrow(refused('both must be of one family'));
    expect(() => ends('fd00::1', 'b', { family: 'ipv4' })).toThrow(refused('fd00::1 is no address of IPv4'));
    expect(() => ends('10.0.0.1', 'six')).toThrow(refused('six has no address of IPv4'));
  });
});

describe('outside', () => {
  test('is of the family that is asked for, that TO has, and that the host has an uplink of', () => {
    expect(ends('outside', 'b')).toEqual(['192.0.2.1', '10.0.0.2']);
    expect(ends('outside', 'b', { family: 'ipv6' })).toEqual(['fe80::1', 'fd00::2']);
    expect(ends('outside', 'b', { uplinks: [V6] })).toEqual(['fe80::1', 'fd00::2']);
    expect(ends('outside', 'six')).toEqual(['fe80::1', 'fd00::6']);
    expect(ends('outside', 'fd00::2')).toEqual(['fe80::1', 'fd00::2']);
  });

  test('takes an uplink of that family', () => {
    const refused = (which: string) => expect.objectContaining({ code: 'E_TRACE_SOURCE', message: expect.stringContaining(which) });
    expect(() => ends('outside', 'b', { family: 'ipv6', uplinks: [V4] })).toThrow(refused('no default route of IPv6'));
    expect(() => ends('outside', 'b', { uplinks: [] })).toThrow(refused('no default route of IPv4 or IPv6'));
  });

  test('is no TO, and is not proposed as one', () => {
    expect(() => ends('a', 'outside')).toThrow(
      expect.objectContaining({
        code: 'E_TRACE_TARGET',
        message: 'outside is where a packet comes from',
        hint: expect.stringContaining('9.9.9.9'),
      }),
    );
    expect(() => ends('a', 'outsid')).toThrow(expect.objectContaining({ hint: 'did you mean six?' }));
    expect(() => ends('outsid', 'a')).toThrow(expect.objectContaining({ hint: 'did you mean outside?' }));
  });
});
