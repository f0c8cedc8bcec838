import { expect, test } from 'vitest';
import { createProber } from '../../src/kernel/prober.ts';

test('prober: once closed it starts no helper, which would keep netloom from ending', async () => {
  const prober = createProber();
  await prober.close();
  await expect(prober.listen('host', 'tcp', 1)).rejects.toThrow('the checks have ended');
  await expect(
    prober.probe({ kind: 'tcp', namespace: 'host', address: '127.0.0.1', family: 'ipv4', port: 1, timeoutMs: 1 }),
  ).rejects.toThrow('the checks have ended');
});
