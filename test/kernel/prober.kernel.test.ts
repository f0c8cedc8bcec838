import { afterEach, expect, test } from 'vitest';
import { createProber } from '../../src/kernel/prober.ts';

let prober = createProber();
afterEach(async () => {
  await prober.close();
  prober = createProber();
});

const CASES = [
  { kind: 'tcp', family: 'ipv4', address: '127.0.0.1' },
  { kind: 'tcp', family: 'ipv6', address: '::1' },
  { kind: 'udp', family: 'ipv4', address: '127.0.0.1' },
  { kind: 'udp', family: 'ipv6', address: '::1' },
] as const;

test.each(CASES)(
  'prober: $kind over $family is refused without a listener, and with one says whom it saw',
  async ({ kind, family, address }) => {
    const probe = { kind, family, address, namespace: 'host', port: 4711, timeoutMs: 5000 };
    expect(await prober.probe(probe)).toMatchObject({ seen: 'refused' });
    expect(await prober.listen('host', kind, 4711)).toBe('listening');
    expect(await prober.probe(probe)).toEqual({ seen: 'reachable', source: address });
  },
);

test('prober: a port that somebody else listens on is left to him', async () => {
  const other = createProber();
  try {
    expect(await other.listen('host', 'tcp', 4712)).toBe('listening');
    expect(await prober.listen('host', 'tcp', 4712)).toBe('taken');
  } finally {
    await other.close();
  }
});
