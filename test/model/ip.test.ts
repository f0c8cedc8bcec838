import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, test } from 'vitest';
import { canonical, formatCidr, formatIp, parseCidr, parseIp } from '../../src/model/ip.ts';

/** The long way round: as a number, and written anew. */
function anew(text: string): string {
  const cidr = parseCidr(text);
  if (cidr) return formatCidr(cidr);
  const ip = parseIp(text);
  return ip ? formatIp(ip) : text;
}

const group = fc.oneof(
  { weight: 3, arbitrary: fc.constant('0') },
  fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16)),
  fc.constantFrom('ffff', '0001', 'FFFF', '00'),
);
const run = fc.array(group, { maxLength: 8 }).map((groups) => groups.join(':'));
const ipv6 = fc.oneof(
  fc.tuple(run, run).map(([before, after]) => `${before}::${after}`),
  fc.array(group, { minLength: 8, maxLength: 8 }).map((groups) => groups.join(':')),
  fc.array(fc.integer({ min: 0, max: 0xff }), { minLength: 16, maxLength: 16 }).map((bytes) => new ipaddr.IPv6(bytes).toString()),
);
const ipv4 = fc.array(fc.oneof(fc.integer({ min: 0, max: 260 }).map(String), fc.constantFrom('01', '')), { minLength: 3, maxLength: 5 });
const address = fc.oneof(
  ipv6,
  ipv4.map((parts) => parts.join('.')),
);
const prefix = fc.oneof(
  fc.constant(''),
  fc.integer({ min: 0, max: 140 }).map((bits) => `/${bits}`),
  fc.constantFrom('/', '/08', '/024', '/x'),
);

describe('canonical', () => {
  test('is what writing the address anew gives, and text that is none stays as it is', () => {
    fc.assert(
      fc.property(address, prefix, (ip, bits) => {
        expect(canonical(`${ip}${bits}`)).toBe(anew(`${ip}${bits}`));
      }),
      { numRuns: 5_000 },
    );
  });

  test.each([
    ['10.0.0.1/24', '10.0.0.1/24'],
    ['10.0.0.1/024', '10.0.0.1/24'],
    ['10.0.0.1/33', '10.0.0.1/33'],
    ['::1/128', '::1/128'],
    ['FE80::00a1/64', 'fe80::a1/64'],
    ['fd00:0:0:1::2', 'fd00:0:0:1::2'],
    ['fd00::1:0:0:0:2', 'fd00:0:0:1::2'],
    ['1::2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
    ['::ffff:a00:1', '::ffff:10.0.0.1'],
    ['::/0', '::/0'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['default', 'default'],
  ])('%s becomes %s', (text, expected) => {
    expect(canonical(text)).toBe(expected);
  });
});
