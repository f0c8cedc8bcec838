import { afterEach, expect, test } from 'vitest';
import { converge } from '../support/converge.ts';
import { destroy, kernel, load, planOf } from '../support/lab.ts';
import { run, shell } from '../support/sandbox.ts';

const lab = (ipv6: string) =>
  load(`version: 1
name: ra
subnets: { a: { ipv4: 172.27.1.0/24${ipv6} } }
bridges: { br-ra: { subnet: a } }
namespaces: { r1: }
links: [["r1:eth0", br-ra]]
`);
const both = lab(', ipv6: "fd27:1::/64"');

const blockers = async (topology = both) => (await planOf(topology)).blockers;

/** An uplink that a router has told of itself. */
const uplink = (name: string) =>
  shell(`ip link add ${name} type veth peer name ${name}-far
    ip link set ${name} up; ip link set ${name}-far up
    ip -6 route add default via fe80::1 dev ${name} proto ra metric 1024`);

afterEach(async () => {
  await destroy('ra');
  await shell('for one in up0 up.5; do ip link del $one 2>/dev/null || true; done; echo 0 > /proc/sys/net/ipv6/conf/all/forwarding');
});

test('an uplink that would lose what router advertisements brought is a blocker, and its hint keeps it', async () => {
  await uplink('up0');
  expect(await blockers()).toEqual([
    {
      code: 'E_RA_LOST',
      message:
        'up0 would lose its IPv6 route to default via fe80::1, learnt by router advertisement, once this host forwards IPv6 (accept_ra is 1)',
      hint: 'keep it: sysctl -w net/ipv6/conf/up0/accept_ra=2',
    },
  ]);
  expect(await run('cat', '/proc/sys/net/ipv6/conf/all/forwarding')).toBe('0');
  await shell('sysctl -w net/ipv6/conf/up0/accept_ra=2');
  expect(await blockers()).toEqual([]);
  await converge(kernel, both);
  expect(await run('ip', '-6', 'route', 'show', 'default')).toContain('proto ra');
});

test('the hint holds where the name of the uplink has a dot', async () => {
  await uplink('up.5');
  const [first] = await blockers();
  expect(first?.message).toContain('up.5 would lose');
  await shell(first?.hint.replace('keep it: ', '') ?? 'false');
  expect(await blockers()).toEqual([]);
});

test('without IPv6 in the file, or where the host forwards already, advertised routes are in nobody’s way', async () => {
  await uplink('up0');
  expect(await blockers(lab(''))).toEqual([]);
  await shell('echo 1 > /proc/sys/net/ipv6/conf/all/forwarding');
  expect(await blockers()).toEqual([]);
});

test("a daemon's route (systemd-networkd, NetworkManager), which has the kernel not listen itself, stays and is in nobody's way", async () => {
  await uplink('up0');
  await shell('sysctl -w net/ipv6/conf/up0/accept_ra=0');
  expect(await blockers()).toEqual([]);
  await converge(kernel, both);
  expect(await run('ip', '-6', 'route', 'show', 'default')).toContain('proto ra');
});
