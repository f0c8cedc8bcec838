import { readdirSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { runSandbox, sandboxCommand } from '../../src/kernel/sandbox.ts';
import { inSandbox, pings, run, shell } from '../support/sandbox.ts';

test('sandbox: this very process sees an empty host', () => {
  expect(Object.keys(networkInterfaces())).toEqual(['lo']);
  expect(readdirSync('/run/netns')).toEqual([]);
  expect(readdirSync('/run/netloom')).toEqual([]);
  expect(readdirSync('/etc/netns')).toEqual([]);
  expect(readdirSync('/sys/class/net')).toEqual(['lo']);
  expect(readFileSync('/etc/passwd', 'utf8')).toContain('root:');
});

test('sandbox: namespaces, links, nft tables, files in /etc/netns and ping work', async () => {
  await shell(`
    ip netns add a; mkdir -p /etc/netns/a; echo '10.0.0.1 h' >/etc/netns/a/hosts
    ip link add v0 type veth peer name eth0 netns a
    ip addr add 10.0.0.1/24 dev v0; ip link set v0 up
    ip -n a addr add 10.0.0.2/24 dev eth0; ip -n a link set eth0 up
    nft add table inet t`);
  expect(await pings('a', '10.0.0.1')).toBe(true);
  expect(await pings('host', '10.0.0.2')).toBe(true);
  expect(await run('ip', 'netns', 'exec', 'a', 'cat', '/etc/hosts')).toBe('10.0.0.1 h');
});

describe.each([{ privileged: true }, { privileged: false }])('sandbox in a sandbox, privileged: $privileged', (options) => {
  test('is empty and leaves nothing behind', async () => {
    await shell('ip netns add outer 2>/dev/null || true; echo x >/etc/netns/mine');
    const [file, ...args] = sandboxCommand(['sh', '-c', 'ls /run/netns /etc/netns; ip netns add inner; ip -o link'], options);
    const { stdout } = await execa(file, args);
    expect(stdout).toMatch(/^\/etc\/netns:\n\n\/run\/netns:\n1: lo: .*\bUP\b[^\n]*$/);
    expect(readdirSync('/run/netns')).not.toContain('inner');
    expect(readFileSync('/etc/netns/mine', 'utf8')).toBe('x\n');
  });

  test('nests thrice', async () => {
    const [file, ...args] = sandboxCommand([...sandboxCommand([...sandboxCommand(['echo', 'deep'], options)], options)], options);
    expect((await execa(file, args)).stdout).toBe('deep');
  });

  test('works over files that are mounted in /etc', async () => {
    const [file, ...args] = sandboxCommand(['cat', '/etc/passwd'], options);
    const mounted = 'echo mine:x:0:0 >/run/p; mount -n --bind /run/p /etc/passwd; umount -n /etc/netns; exec "$@"';
    expect((await execa('unshare', ['--mount', 'sh', '-euc', mounted, 'sh', file, ...args])).stdout).toBe('mine:x:0:0');
  });
});

test.each([
  { command: ['sh', '-c', 'exit 7'], status: 7 },
  { command: ['/etc/passwd'], status: 126 },
  { command: ['netloom-no-such-program'], status: 127 },
  { command: ['sh', '-c', 'kill -TERM $$'], status: 143 },
])('runSandbox: $command ends with $status', async ({ command, status }) => {
  expect(await runSandbox(command)).toBe(status);
});

test('runSandbox: without a command it is the shell', async () => {
  expect(await runSandbox([], { ...process.env, SHELL: '/bin/true' })).toBe(0);
});

test('runSandbox: `netloom` is there without having been linked', async () => {
  const script = 'test "$(netloom --version)" = "$1"';
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(await runSandbox(['sh', '-c', script, 'sh', version])).toBe(0);
});

test('a further sandbox sees nothing of this one', async () => {
  expect((await inSandbox(['ls', '/etc/netns'])).stdout).toBe('');
});

test('sandbox: a host without user namespaces ends it before the command runs', async () => {
  const script = 'echo 0 >/proc/sys/user/max_user_namespaces; exec setpriv --bounding-set=-all "$@"';
  const argv = sandboxCommand(['echo', 'ran'], { privileged: false });
  const result = await execa('unshare', ['--user', '--map-root-user', 'sh', '-euc', script, 'sh', ...argv], { reject: false });
  expect(result).toMatchObject({ exitCode: 1, stdout: '' });
  expect(result.stderr).toContain('unshare failed');
});
