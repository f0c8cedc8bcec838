import { writeFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { converge } from '../support/converge.ts';
import { changesOf, destroy, kernel, load, planOf } from '../support/lab.ts';
import { attempt, inNamespace, shell } from '../support/sandbox.ts';

const lab = load('version: 1\nname: lab\nnamespaces: { a: { dns: host }, b: { dns: [192.0.2.99] }, c: {} }');

/** What this host says its resolvers are, and what systemd-resolved keeps behind its stub. */
async function host(own: string, behind?: string, folder = '/run/systemd/resolve', file = 'resolv.conf'): Promise<void> {
  await shell('mkdir -p /run/netloom/etc; cp /etc/resolv.conf /run/netloom/etc/old 2>/dev/null || true');
  writeFileSync('/run/netloom/etc/new', own);
  await shell('touch /etc/resolv.conf 2>/dev/null || true; mount --bind /run/netloom/etc/new "$(realpath /etc/resolv.conf)"');
  await shell(`rm -f /run/systemd/resolve/resolv.conf /run/NetworkManager/no-stub-resolv.conf; mkdir -p ${folder}`);
  if (behind !== undefined) writeFileSync(`${folder}/${file}`, behind);
}

const inside = async (name: string): Promise<string> =>
  (await inNamespace(name, 'cat', '/etc/resolv.conf'))
    .split('\n')
    .filter((line) => line.startsWith('nameserver'))
    .join();

afterEach(async () => {
  await destroy('lab');
  await shell('umount "$(realpath /etc/resolv.conf)"');
});

test("dns: host is the host's resolvers, and a namespace without dns has no file of its own", async () => {
  await host('search example.org\nnameserver 192.0.2.53\nnameserver 2001:db8::53\n');
  await converge(kernel, lab);
  expect(await inside('a')).toBe('nameserver 192.0.2.53,nameserver 2001:db8::53');
  expect((await planOf(lab)).warnings).toEqual([]);
  expect(await inside('b')).toBe('nameserver 192.0.2.99');
  expect((await attempt('test', '-e', '/etc/netns/c/resolv.conf')).exitCode).toBe(1);
});

test('dns: host behind a stub on a loopback address is what the stub asks, never the stub', async () => {
  await host('nameserver 127.0.0.53\noptions edns0\n', 'nameserver 198.51.100.53\nnameserver ::1\n');
  await converge(kernel, lab);
  expect(await inside('a')).toBe('nameserver 198.51.100.53');
  await shell('umount "$(realpath /etc/resolv.conf)"');
  await host('nameserver 127.0.0.1\n', 'nameserver 198.51.100.54\n', '/run/NetworkManager', 'no-stub-resolv.conf');
  await converge(kernel, lab);
  expect(await inside('a')).toBe('nameserver 198.51.100.54');
});

test('dns: host where the host has loopback stubs alone leaves the namespace without a file of its own, and the plan warns', async () => {
  await host('nameserver 127.0.0.1\nnameserver ::1\n');
  const { warnings } = await converge(kernel, lab);
  expect(warnings).toMatchObject([{ code: 'W_NO_RESOLVER', message: expect.stringMatching(/ names do not resolve in a \(dns: host\)$/) }]);
  expect((await attempt('test', '-e', '/etc/netns/a/resolv.conf')).exitCode).toBe(1);
  expect(await changesOf(lab)).toEqual([]);
});

test("dns: host follows the host's resolvers at the next apply", async () => {
  await host('nameserver 192.0.2.53\n');
  await converge(kernel, lab);
  await shell('umount "$(realpath /etc/resolv.conf)"');
  await host('nameserver 192.0.2.54\n');
  expect(await changesOf(lab)).toEqual([expect.stringMatching(/^update file:\/etc\/netns\/a\/resolv\.conf content/)]);
  await converge(kernel, lab);
  expect(await inside('a')).toBe('nameserver 192.0.2.54');
});
