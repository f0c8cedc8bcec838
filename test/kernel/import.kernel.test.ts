import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { netloom } from '../support/command-line.ts';
import { converge } from '../support/converge.ts';
import { destroy, indexes, kernel, load } from '../support/lab.ts';
import { pings, shell } from '../support/sandbox.ts';

const FOLDER = new URL('../../topologies/', import.meta.url);
// Its container must run already: docker.kernel.test.ts.
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml') && file !== 'attach-container.yaml');
const topologies = files.map((file) => load(readFileSync(new URL(file, FOLDER), 'utf8'), `topologies/${file}`));

const cwd = await mkdtemp(join(tmpdir(), 'netloom-import-'));

afterEach(async () => {
  await rm(join(cwd, 'x.yaml'), { force: true });
});

test.each(topologies)('import: $name, whose file was lost, plans empty', async ({ name, ...topology }) => {
  await converge(kernel, { name, ...topology });
  expect(await netloom(`import ${name} --out x.yaml`, cwd)).toMatchObject({ code: 0, stdout: '' });
  expect(await netloom('plan x.yaml', cwd)).toMatchObject({ code: 0, stdout: 'No changes.\n' });
  // Nor is anything to be taken over.
  expect(await netloom('plan --adopt x.yaml', cwd)).toMatchObject({ code: 0, stdout: 'No changes.\n' });
  await destroy(name);
});

/** As people and docker0 have it: a gateway with two members, a switch, a cable, and things that no topology can say. */
const BY_HAND = `
  echo 1 >/proc/sys/net/ipv4/ip_forward
  ip link add docker7 type bridge; ip addr add 172.31.7.1/24 dev docker7; ip link set docker7 up
  for n in c1 c2; do
    ip netns add $n; ip -n $n link set lo up
    ip link add v$n type veth peer name eth0 netns $n; ip link set v$n master docker7 up; ip -n $n link set eth0 up
  done
  ip -n c1 addr add 172.31.7.2/24 dev eth0; ip -n c1 route add default via 172.31.7.1
  ip -n c2 addr add 172.31.7.3/24 dev eth0; ip -n c2 route add default via 172.31.7.1
  ip -n c2 route add 10.9.0.0/16 via 172.31.7.9 metric 50; ip -n c2 route add blackhole 10.10.0.0/16
  ip netns add a; ip netns add b; ip -n a link set lo up; ip -n b link set lo up
  ip link add p0 netns a type veth peer name p1 netns b
  ip -n a addr add 192.168.5.1/30 dev p0; ip -n b addr add 192.168.5.2/30 dev p1
  ip -n a link set p0 up mtu 9000; ip -n b link set p1 up mtu 9000
  ip link add sw1 type bridge; ip link set sw1 up
  ip link add va type veth peer name e1 netns a; ip link set va master sw1 up
  ip -n a link set e1 up; ip -n a addr add fd00:7::1/64 dev e1
  ip link add h0 type veth peer name h1; ip link set h0 master sw1
`;

test('import: what was made by hand is taken over as it is', async () => {
  await shell(BY_HAND);
  const before = await indexes();
  const written = await netloom('import docker7 sw1 c1 c2 a b --name hand --out x.yaml', cwd);
  expect(written.code).toBe(0);
  expect(written.stderr).toMatch(/the port h0 of sw1 leads to h1 of the host itself/);
  const text = await readFile(join(cwd, 'x.yaml'), 'utf8');
  expect(text).toContain('#   bridges: docker7, sw1\n#   namespaces: c1, c2, a, b\n');
  expect(text).toContain('# left out: the port h0 of sw1');
  // As somebody else's it is not touched.
  expect((await netloom('plan x.yaml', cwd)).code).toBe(1);
  const plan = JSON.parse((await netloom('plan --adopt x.yaml --json', cwd)).stdout);
  expect(plan.blockers).toEqual([]);
  const changed = plan.changes.flatMap((change: { action: string; kind: string; id: string; fields: { path: string }[] }) =>
    change.fields.length === 0
      ? [`${change.action} ${change.kind}`]
      : change.fields.map(({ path }) => `${change.kind} ${path.split('/').at(-1)}`),
  );
  // Marks, our quiet settings, and link-local addresses that nothing uses.
  expect([...new Set(changed)].sort()).toMatchInlineSnapshot(`
    [
      "address addresses",
      "bridge alias",
      "bridge altname",
      "bridge group",
      "create file",
      "create table",
      "delete address",
      "link alias",
      "link altname",
      "link far.alias",
      "link far.altname",
      "link far.group",
      "link group",
      "namespace marked",
      "route protocol",
      "sysctl accept_dad",
      "sysctl accept_ra",
      "sysctl addr_gen_mode",
      "sysctl keep_addr_on_down",
      "sysctl promote_secondaries",
    ]
  `);
  expect((await netloom('apply --adopt x.yaml', cwd)).code).toBe(0);
  expect(await indexes()).toEqual(before);
  expect(await netloom('plan x.yaml', cwd)).toMatchObject({ code: 0, stdout: 'No changes.\n' });
  expect(await pings('c1', '172.31.7.3')).toBe(true);
  expect(await pings('a', '192.168.5.2')).toBe(true);
  await destroy('hand');
  await shell('ip link del h0');
});

test('import: names that are none, and files that are there, are refused', async () => {
  await shell('ip link add br-lab type bridge');
  const unknown = await netloom('import br-lob', cwd);
  expect(unknown).toMatchObject({ code: 1, stdout: '' });
  expect(unknown.stderr).toBe('error: there is no bridge, namespace or topology br-lob here (E_IMPORT_UNKNOWN)\n  did you mean br-lab?\n');
  expect((await netloom('import', cwd)).stderr).toContain('bridges: br-lab');
  expect((await netloom('import br-lab --out x.yaml', cwd)).code).toBe(0);
  const again = await netloom('import br-lab --out x.yaml --json', cwd);
  expect(again.code).toBe(1);
  expect(JSON.parse(again.stdout)).toMatchObject({ topology: null, text: null, errors: [{ code: 'E_FILE_EXISTS' }] });
  expect((await netloom('import br-lab --out x.json', cwd)).code).toBe(64);
  expect((await netloom('import br-lab --name Lab', cwd)).code).toBe(64);
  expect((await netloom('import --docker bridge', cwd)).stderr).toContain('E_IMPORT_ENGINE');
  await shell('ip link del br-lab');
});
