import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createIprouteKernel } from '../../src/kernel/iproute/kernel.ts';
import { planTopology } from '../../src/pipeline/plan.ts';
import { converge } from '../support/converge.ts';
import { type Docker, startDocker } from '../support/docker.ts';
import { destroy, kernel, load, planOf } from '../support/lab.ts';
import { run, shell } from '../support/sandbox.ts';

const lab = (...publish: string[]) =>
  load(`version: 1
name: ports
subnets: { a: { ipv4: 172.26.1.0/24, ipv6: "fd26:1::/64" } }
bridges: { br-p: { subnet: a } }
namespaces: { p1: { publish: ${JSON.stringify(publish)} } }
links: [["p1:eth0", br-p]]
`);

const blockers = async (...publish: string[]) => (await planOf(lab(...publish))).blockers;
const messages = async (...publish: string[]): Promise<string[]> =>
  (await blockers(...publish)).map(({ code, message }) => `${code} ${message}`);

beforeAll(async () => {
  await shell(
    'ip link add up0 type veth peer name up1; ip addr add 192.0.2.1/24 dev up0; ip addr add 2001:db8::1/64 dev up0; ip link set up0 up; ip link set lo up',
  );
});

afterEach(async () => {
  await destroy('ports');
  await shell('nft flush ruleset; iptables-legacy -t nat -F; iptables-legacy -P FORWARD ACCEPT');
});

const FOREIGN = `
table inet fire {
  set busy { type inet_service; flags interval; elements = { 7000-7010, 7099 }; }
  map ways { type inet_service : ipv4_addr . inet_service; elements = { 7300 : 10.0.0.1 . 80 }; }
  chain deeper { dnat ip to 10.9.9.9; }
  chain pre {
    type nat hook prerouting priority -90;
    tcp dport { 8080, 9000-9009 } dnat ip to 10.0.0.2:80
    meta l4proto udp th dport 53 redirect to :5353
    ip daddr 192.0.2.1 tcp dport 8200 dnat ip to 10.0.0.2
    ip daddr 10.96.0.1 tcp dport 8300 dnat ip to 10.0.0.2
    tcp dport @busy dnat ip to 10.0.0.2
    dnat ip to tcp dport map @ways
    tcp dport 8400-8410 jump deeper
    tcp dport vmap { 8500 : jump deeper }
    iifname "up0" tcp dport 8600 redirect to :80
    ip daddr 192.0.2.9 tcp dport != 22 redirect to :80
    meta l4proto . th dport { tcp . 8700 } dnat ip to 10.0.0.2
    tcp dport 8710 dnat ip to 10.0.0.2
    meta nfproto ipv4 tcp dport 8720 redirect to :80
    fib daddr type != local tcp dport 8730 redirect to :80
    fib daddr type local tcp dport 8740 redirect to :80
  }
}
table ip6 six {
  chain out {
    type nat hook output priority -100
    ip6 daddr 2001:db8::1 tcp dport 8900 redirect to :80
  }
}
table inet quiet {
  chain x { tcp dport 8800 redirect to :80; }
  chain post {
    type nat hook postrouting priority 100
    tcp dport 8801 masquerade
  }
}
`;

test("publish: what another table's rules translate is a blocker that names table, chain and rule", async () => {
  await shell(`nft -f - <<'RULES'\n${FOREIGN}\nRULES`);
  const [plain] = await blockers('8080:80');
  expect(plain).toMatchObject({
    code: 'E_PORT_TRANSLATED',
    message:
      'port 8080/tcp of this host is sent elsewhere already by table inet fire, chain pre (tcp dport { 8080, 9000-9009 } dnat ip to 10.0.0.2:80)',
    hint: 'publish on another host port, or on a host address of its own; or remove that rule',
    origin: { file: 'lab.yaml', line: 5 },
  });
});

test.each([
  ['9005:80', true, 'a range'],
  ['8080:80/udp', false, 'another protocol'],
  ['53:53/udp', true, 'a redirection'],
  ['53:53', false, 'a redirection of another protocol'],
  ['127.0.0.1:8200:80', false, 'another address'],
  ['192.0.2.1:8200:80', true, 'the same address'],
  ['8200:80', true, 'one address of all'],
  ['8300:80', false, "an address that is not the host's"],
  ['7005:80', true, 'a named set'],
  ['7050:80', false, 'not in the named set'],
  ['7300:80', true, 'a named map'],
  ['8401:80', true, 'a chain further on'],
  ['8500:80', true, 'a verdict map'],
  ['8501:80', false, 'not in the verdict map'],
  ['8600:80', true, 'by one interface of all'],
  ['8600:80@eth7', false, 'by another interface'],
  ['8600:80@up0', true, 'by the same interface'],
  ['192.0.2.9:22:80', false, 'every port but this'],
  ['192.0.2.9:23:80', true, 'every port but another'],
  ['8700:80', true, 'a concatenation'],
  ['8701:80', false, 'not in the concatenation'],
  ['[::]:8710:80', false, 'to an address of the other family'],
  ['0.0.0.0:8710:80', true, 'to an address of the same family'],
  ['[::]:8720:80', false, 'of the other family alone'],
  ['8720:80', true, 'of one family of both'],
  ['8730:80', false, 'what is not meant for the host'],
  ['8740:80', true, 'what is meant for the host'],
  ['8800:80', false, 'a chain that nothing leads to'],
  ['8801:80', false, 'another hook'],
  ['[2001:db8::1]:8900:80', true, 'IPv6'],
  ['0.0.0.0:8900:80', false, 'the other family'],
])('publish: %s meets a foreign translation: %s (%s)', async (publish, meets) => {
  await shell(`nft -f - <<'RULES'\n${FOREIGN}\nRULES`);
  expect((await messages(publish)).map((line) => line.split(' ')[0])).toEqual(meets ? ['E_PORT_TRANSLATED'] : []);
});

test.each(['iptables', 'iptables-legacy'])('publish: rules of %s are read, of all kinds', async (tool) => {
  await shell(`${tool} -t nat -N APP
    ${tool} -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j APP
    ${tool} -t nat -A APP ! -i lo -p tcp -m tcp --dport 8080 -m comment --comment "my app" -j DNAT --to-destination 10.0.0.2:80
    ${tool} -t nat -A APP -p tcp -m multiport --dports 53,9000:9009 -j REDIRECT --to-ports 80
    ${tool} -t nat -A APP -d 192.0.2.7 -p udp --dport 53 -j DNAT --to-destination 10.0.0.2:80`);
  const table = tool === 'iptables' ? 'table ip nat' : "iptables-legacy's table nat";
  expect(await messages('8080:80', '9009:80', '8081:80', '127.0.0.1:53:53/udp', '192.0.2.7:53:53/udp')).toEqual([
    `E_PORT_TRANSLATED port 8080/tcp of this host is sent elsewhere already by ${table}, chain APP (! -i lo -p tcp -m tcp --dport 8080 -m comment --comment "my app" -j DNAT --to-destination 10.0.0.2:80)`,
    `E_PORT_TRANSLATED port 9009/tcp of this host is sent elsewhere already by ${table}, chain APP (-p tcp -m multiport --dports 53,9000:9009 -j REDIRECT --to-ports 80)`,
    `E_PORT_TRANSLATED port 53/udp of 192.0.2.7 of this host is sent elsewhere already by ${table}, chain APP (-d 192.0.2.7/32 -p udp -m udp --dport 53 -j DNAT --to-destination 10.0.0.2:80)`,
  ]);
  await shell(`${tool} -t nat -F; ${tool} -t nat -X`);
});

test('publish: rules of iptables are read, too, in a table that iptables-save calls incompatible', async () => {
  await shell(`iptables -t nat -A PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 10.0.0.2
    iptables -t nat -A PREROUTING -m addrtype ! --dst-type LOCAL -p tcp --dport 8082 -j DNAT --to-destination 10.0.0.2`);
  expect(await messages('8080:80', '8081:80', '8082:80')).toHaveLength(1);
  await shell(
    `nft 'add set ip nat some { type ipv4_addr; elements = { 10.0.0.9 }; }; add rule ip nat PREROUTING ip saddr @some tcp dport 8081 dnat to 10.0.0.2'`,
  );
  expect(await run('iptables-save', '-t', 'nat')).toContain('incompatible');
  expect((await messages('8080:80', '8081:80', '8090:80')).map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
    'E_PORT_TRANSLATED port 8080/tcp',
    'E_PORT_TRANSLATED port 8081/tcp',
  ]);
});

test('a drop in the tables of iptables-legacy, which nft does not see, is a blocker, and its hint lets us through', async () => {
  await shell('iptables-legacy -P FORWARD DROP');
  const [first] = await blockers();
  expect(`${first?.code} ${first?.message}`).toBe(
    'E_FORWARD_DROPPED iptables-legacy: chain FORWARD of table filter drops what br-p forwards (policy drop)',
  );
  await shell(first?.hint.replace('let it through: ', '') ?? 'false');
  expect(await blockers()).toEqual([]);
  await shell('iptables-legacy -F FORWARD');
});

test('Docker in the tables of iptables-legacy: ours go into its chain there, and out again', async () => {
  const chain = async (): Promise<string[]> => (await run('iptables-legacy', '-S', 'DOCKER-USER')).split('\n').slice(1);
  await shell(`iptables-legacy -P FORWARD DROP; iptables-legacy -N DOCKER-USER; iptables-legacy -A DOCKER-USER -j RETURN
    iptables-legacy -N DOCKER; iptables-legacy -A FORWARD -j DOCKER-USER; iptables-legacy -A DOCKER ! -i docker7 -o docker7 -j ACCEPT`);
  await converge(kernel, lab());
  expect(await chain()).toEqual([
    '-A DOCKER-USER -o br-p -m comment --comment "netloom:ports br-p" -j ACCEPT',
    '-A DOCKER-USER -i br-p -o docker7 -m comment --comment "netloom:ports br-p" -j RETURN',
    '-A DOCKER-USER -i br-p -m comment --comment "netloom:ports br-p" -j ACCEPT',
    '-A DOCKER-USER -j RETURN',
  ]);
  expect((await destroy('ports')).status).toBe('converged');
  expect(await chain()).toEqual(['-A DOCKER-USER -j RETURN']);
  await shell('iptables-legacy -F; iptables-legacy -X');
});

test('publish: others that translate cost one process more, and only a topology that publishes', async () => {
  const argvs: string[] = [];
  const counting = createIprouteKernel({ onSpawn: (argv) => argvs.push(argv.join(' ')) });
  const spawnedFor = async (...publish: string[]): Promise<string[]> => {
    argvs.length = 0;
    await planTopology(counting, lab(...publish), { adopt: false });
    // The host is read twice where its forwarding is off.
    return [...new Set(argvs)].sort();
  };
  const without = await spawnedFor();
  expect(await spawnedFor('8080:80')).toEqual(without);
  await run('iptables', '-t', 'nat', '-A', 'PREROUTING', '-p', 'tcp', '--dport', '8080', '-j', 'DNAT', '--to-destination', '10.0.0.2:80');
  expect(await spawnedFor()).toEqual(without);
  expect((await spawnedFor('8080:80')).filter((line) => !without.includes(line))).toEqual(['iptables-save -t nat']);
});

let host: Docker | undefined;
afterAll(async () => {
  await host?.stop();
});

test("publish: a container's port is a blocker though no proxy listens, one on another address is none", async () => {
  host = await startDocker('--userland-proxy=false');
  await host.docker('run', '-d', '--name', 'web', '-p', '8080:80', '-p', '192.0.2.1:8085:80', 'busybox', 'sleep', '600');
  const [first, ...rest] = await blockers('8080:80', '127.0.0.1:8085:80');
  expect(rest).toEqual([]);
  expect(`${first?.code} ${first?.message}: ${first?.hint}`).toMatch(
    /^E_PORT_TRANSLATED port 8080\/tcp of this host is sent elsewhere already by table ip nat, chain DOCKER \(-p tcp -m tcp --dport 8080 -j DNAT --to-destination 172\.\d+\.\d+\.\d+:80\): publish on another host port, or on a host address of its own; docker ps --filter publish=8080 shows the container$/,
  );
  expect((await messages('8085:80')).map((line) => line.split(' ')[0])).toEqual(['E_PORT_TRANSLATED']);
  await converge(kernel, lab('127.0.0.1:8085:80'));
});
