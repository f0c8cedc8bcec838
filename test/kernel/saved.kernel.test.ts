import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { withLock } from '../../src/kernel/lock.ts';
import { netloom } from '../support/command-line.ts';
import { hostState } from '../support/host-state.ts';
import { inSandbox, pings, run, shell } from '../support/sandbox.ts';
import { emptyHost } from './iproute/support.ts';

const NETLOOM = join(import.meta.dirname, '../../bin/netloom.js');

const SHOP = `version: 1
name: shop
subnets:
  web: { ipv4: 172.31.1.0/24, ipv6: "fd31:1::/64" }
bridges:
  br-web: { subnet: web }
namespaces:
  web: { publish: ["8080:80"] }
  db:
  side: { share: db }
  r1: { forwarding: true, routes: [{ to: 203.0.113.0/24, type: blackhole }] }
links:
  - [web:eth0, br-web]
  - [db:eth0, br-web]
  - { ends: [r1:up0, host:to-r1], subnet: { ipv4: 10.60.0.0/30, gateway: "host:to-r1" } }
host: { routes: [{ to: 10.70.0.0/16, via: r1 }] }
`;

const directory = async (files: Readonly<Record<string, string>> = { 'shop.yaml': SHOP }): Promise<string> => {
  const cwd = await mkdtemp(join(tmpdir(), 'netloom-saved-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text);
  return cwd;
};

/** Saves a plan on this host; the directory that it and its file are in. */
async function planned(text = SHOP, cwd?: string): Promise<string> {
  const at = cwd ?? (await directory());
  await writeFile(join(at, 'shop.yaml'), text);
  expect((await netloom('plan shop.yaml --out shop.plan -q', at)).code).toBe(2);
  return at;
}

/** Insists that the plan is refused, that nothing is changed by it, and gives back what it says has moved. */
async function refused(cwd: string): Promise<string[]> {
  const before = await hostState();
  const { code, stdout } = await netloom('apply --plan shop.plan --json', cwd);
  expect(code).toBe(1);
  expect(await hostState()).toEqual(before);
  const errors = JSON.parse(stdout).errors as { code: string; message: string }[];
  expect(new Set(errors.map((error) => error.code))).toEqual(new Set(['E_PLAN_STALE']));
  return errors.slice(1).map(({ message }) => message);
}

afterEach(async () => {
  await emptyHost();
  // What a topology that was not destroyed has left.
  await shell('sysctl -qw net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0');
});

test('saved plan: it does what was shown, and nothing is left to do', async () => {
  const cwd = await planned();
  const { code, stdout } = await netloom('apply --plan shop.plan', cwd);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^shop {2}shop\.yaml\n[\s\S]*shop: done in /);
  expect((await netloom('plan shop.yaml', cwd)).stdout).toBe('No changes.\n');
  expect(await pings('db', '172.31.1.2')).toBe(true);
});

test('saved plan: made in another sandbox, as in CI, it is carried out here, where interfaces and tables have other numbers', async () => {
  const ci = await directory();
  const made = await inSandbox([
    'sh',
    '-c',
    'cd "$1" && exec "$2" "$3" plan shop.yaml --out shop.plan',
    'sh',
    ci,
    process.execPath,
    NETLOOM,
  ]);
  expect([made.exitCode, made.stderr]).toEqual([2, 'note: saved to shop.plan\n  netloom apply --plan shop.plan']);
  const here = await directory({});
  await cp(join(ci, 'shop.plan'), join(here, 'shop.plan'));
  await rm(ci, { recursive: true });
  await shell(`
    for n in 1 2 3 4 5; do ip link add other$n type veth peer name rehto$n; done
    ip link del other2; ip addr add 192.0.2.1/24 dev other1; ip link set other1 up; ip link set rehto1 up
    nft add table inet elsewhere; ip netns add elsewhere`);
  const before = JSON.parse(await run('ip', '-j', 'link', 'show', 'other1'));
  expect((await netloom('apply --plan shop.plan', here)).code).toBe(0);
  expect(await pings('db', '172.31.1.2')).toBe(true);
  expect(JSON.parse(await run('ip', '-j', 'link', 'show', 'other1'))).toEqual(before);
  // It has no file here, which is no fault of anything.
  const shown = await netloom('show shop', here);
  expect([shown.code, shown.stderr]).toEqual([0, '']);
});

test('saved plan: a change of a host that was left as it was is in place', async () => {
  const cwd = await planned();
  await netloom('apply --plan shop.plan', cwd);
  const index = await run('cat', '/sys/class/net/br-web/ifindex');
  await planned(SHOP.replace('subnet: web }', 'subnet: web, mtu: 1400 }').replace('8080', '8081'), cwd);
  await shell('ip link add foreign0 type veth peer name foreign1');
  expect((await netloom('apply --plan shop.plan', cwd)).code).toBe(0);
  expect(await run('cat', '/sys/class/net/br-web/ifindex', '/sys/class/net/br-web/mtu')).toBe(`${index}\n1400`);
});

test.each([
  ['a link was set down', 'ip link set web-eth0 down', 'link:web:eth0 (shop) has changed: far.up was on, is off'],
  [
    'an address has come',
    'ip -n web addr add 172.31.1.99/24 dev eth0',
    expect.stringMatching(/^address:web:eth0 \(shop\) has changed: addresses was .*, is .*172\.31\.1\.99\/24/),
  ],
  ['a route has gone', 'ip -n web route del default', 'route:web:0.0.0.0/0 (shop) is gone, and was there when the plan was made'],
  ['a namespace was removed', 'ip netns del db', 'namespace:db (shop) is gone, and was there when the plan was made'],
  ['the table was removed', 'nft delete table inet netloom-shop', 'publish:8080/tcp (shop) is gone, and was there when the plan was made'],
  [
    'a setting was changed',
    'ip netns exec r1 sysctl -qw net.ipv4.ip_forward=0',
    'sysctl:r1 (shop) has changed: net/ipv4/ip_forward was 1, is 0',
  ],
])('saved plan: stale where %s, whether the plan speaks of it or not', async (_, script, moved) => {
  const cwd = await planned();
  await netloom('apply --plan shop.plan', cwd);
  await planned(SHOP.replace('subnet: web }', 'subnet: web, mtu: 1400 }'), cwd);
  await shell(script);
  expect(await refused(cwd)).toContainEqual(moved);
});

test('saved plan: not stale where the one who moved it has moved it back', async () => {
  const cwd = await planned();
  await netloom('apply --plan shop.plan', cwd);
  await planned(SHOP.replace('subnet: web }', 'subnet: web, mtu: 1400 }'), cwd);
  await shell('ip link set web-eth0 down');
  expect(await refused(cwd)).toHaveLength(1);
  await shell('ip link set web-eth0 up');
  expect((await netloom('apply --plan shop.plan', cwd)).code).toBe(0);
});

test('saved plan: stale where the file has other content', async () => {
  const cwd = await planned();
  await writeFile(join(cwd, 'shop.yaml'), `${SHOP}# later\n`);
  expect(await refused(cwd)).toEqual([expect.stringContaining('shop.yaml (shop) has other content: SHA-256 was ')]);
});

test('saved plan: stale the second time, which says that nothing is left to do', async () => {
  const cwd = await planned();
  expect((await netloom('apply --plan shop.plan', cwd)).code).toBe(0);
  expect(await refused(cwd)).toContain('bridge:br-web (shop) is there now, and was not when the plan was made');
  expect((await netloom('apply --plan shop.plan', cwd)).stderr).toContain('the host is already as the plan would make it');
});

test.each<[string, (text: string) => string, string]>([
  ['cut', (text) => text.slice(0, text.length / 2), 'E_PLAN_FILE'],
  ['edited', (text) => text.replace('8080:80', '9090:80'), 'E_PLAN_FILE'],
  ['of version 2', (text) => text.replace('"formatVersion": 1', '"formatVersion": 2'), 'E_PLAN_VERSION'],
])('saved plan: one that is %s changes nothing', async (_, spoil, code) => {
  const cwd = await planned();
  const text = await readFile(join(cwd, 'shop.plan'), 'utf8');
  await writeFile(join(cwd, 'shop.plan'), spoil(text));
  const before = await hostState();
  const result = await netloom('apply --plan shop.plan --json', cwd);
  expect([result.code, JSON.parse(result.stdout).errors[0].code]).toEqual([1, code]);
  expect(await hostState()).toEqual(before);
});

test('saved plan: several topologies in one file, refused together, applied in turn', async () => {
  const blog = `version: 1
name: blog
subnets: { two: { ipv4: 172.31.2.0/24 } }
bridges: { br-two: { subnet: two } }
namespaces: { blog01: }
links: [[blog01:eth0, br-two]]
`;
  const cwd = await directory({ 'shop.yaml': SHOP, 'blog.yaml': blog });
  expect((await netloom('plan shop.yaml blog.yaml --out both.plan -q', cwd)).code).toBe(2);
  await shell('sysctl -qw net.ipv4.ip_forward=1');
  const { code, stderr } = await netloom('apply --plan both.plan', cwd);
  expect([code, stderr]).toEqual([1, expect.stringContaining('sysctl:host (blog) has changed: net/ipv4/ip_forward was 0, is 1')]);
  expect(await run('ip', 'netns', 'list')).toBe('');
  await shell('sysctl -qw net.ipv4.ip_forward=0');
  expect((await netloom('apply --plan both.plan', cwd)).code).toBe(0);
  expect((await netloom('plan shop.yaml blog.yaml', cwd)).stdout).toBe('No changes.\n');
});

test('lock: readers do not wait for it; writers end with 75 and say who has it', async () => {
  const cwd = await planned();
  await withLock(async () => {
    for (const [line, code] of [
      ['plan shop.yaml', 2],
      ['show', 0],
      ['plan shop.yaml --out shop.plan', 2],
      ['log', 0],
    ] as const) {
      expect({ line, code: (await netloom(line, cwd)).code }).toEqual({ line, code });
    }
    for (const line of ['apply shop.yaml', 'apply --plan shop.plan', 'destroy shop --yes']) {
      const { code, stderr } = await netloom(`${line} --lock-timeout 0`, cwd);
      expect({ line, code }).toEqual({ line, code: 75 });
      expect(stderr).toMatch(new RegExp(`process ${process.pid} \\(netloom .*\\), since 20\\S+Z \\(E_LOCKED\\)`));
    }
  });
  expect(await run('ip', 'netns', 'list')).toBe('');
});
