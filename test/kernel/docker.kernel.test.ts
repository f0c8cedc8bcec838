import { readFileSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createProber } from '../../src/kernel/prober.ts';
import { runChecks } from '../../src/pipeline/verify.ts';
import { netloom } from '../support/command-line.ts';
import { converge } from '../support/converge.ts';
import { type Docker, startDocker } from '../support/docker.ts';
import { changesOf, destroy, kernel, load, planOf } from '../support/lab.ts';
import { run, shell } from '../support/sandbox.ts';

const FILE = 'topologies/attach-container.yaml';
const topology = load(readFileSync(new URL(`../../${FILE}`, import.meta.url), 'utf8'), FILE);

let host: Docker;

beforeAll(async () => {
  host = await startDocker();
});

afterAll(async () => {
  await destroy(topology.name);
  await destroy('beside');
  await host.stop();
});

const startContainer = () => host.docker('run', '-d', '--name', 'by-hand', '--network', 'none', 'busybox', 'httpd', '-f', '-p', '80');

async function failedChecks(of = topology): Promise<string[]> {
  const failed: string[] = [];
  for await (const { passed, from, to, check, seen, reason } of runChecks(of, createProber())) {
    if (!passed) failed.push(`${from} → ${to} ${check.probe.kind}: ${seen}, ${reason}`);
  }
  return failed;
}

const blockers = async (): Promise<string[]> =>
  (await planOf(topology)).blockers.map(({ code, message, hint }) => `${code} ${message} | ${hint}`);

/** What the container itself sees, by its own tools. */
const inside = () => host.docker('exec', 'by-hand', 'sh', '-c', 'ip -o addr; ip route');

test('docker: a container that is not there, or not running, is a blocker', async () => {
  expect(await blockers()).toEqual([
    'E_ATTACH_ABSENT by-hand: there is no container by-hand | `docker ps -a` lists those that there are; start it with --network none, or correct the name',
  ]);
  await startContainer();
  await host.docker('stop', '-t', '0', 'by-hand');
  expect(await blockers()).toEqual([
    'E_ATTACH_STOPPED by-hand: the container by-hand is not running (docker says: exited) | start it: docker start by-hand',
  ]);
  await host.docker('rm', 'by-hand');
});

test('docker: a container on the host network is a blocker', async () => {
  await host.docker('run', '-d', '--name', 'by-hand', '--network', 'host', 'busybox', 'sleep', '600');
  expect((await blockers()).map((line) => line.split(' ')[0])).toEqual(['E_ATTACH_HOST']);
  await host.docker('rm', '-f', 'by-hand');
});

test('docker: a container without network gets one, again after a restart, and is left as it was', async () => {
  expect(await run('iptables', '-S', 'FORWARD')).toContain('-P FORWARD DROP');
  await startContainer();
  const alone = await inside();
  await converge(kernel, topology);
  expect(await changesOf(topology)).toEqual([]);
  expect(await failedChecks()).toEqual([]);
  await host.docker('restart', '-t', '0', 'by-hand');
  expect(await inside()).toBe(alone);
  expect(await changesOf(topology)).toContain('replace attach:by-hand current: false → true');
  await converge(kernel, topology);
  expect(await changesOf(topology)).toEqual([]);
  expect(await failedChecks()).toEqual([]);
  expect((await destroy(topology.name)).status).toBe('converged');
  expect(await inside()).toBe(alone);
  expect(await run('ip', 'netns', 'list')).toBe('');
});

const BESIDE_TEXT = `
version: 1
name: beside
subnets: { a: { ipv4: 172.25.1.0/24, ipv6: "fd25:1::/64" }, b: { ipv4: 172.25.2.0/24 }, lan: { ipv4: 198.51.100.8/29, gateway: "host:lan2" } }
bridges: { br-a: { subnet: a }, br-b: { subnet: b, internal: true } }
namespaces: { a1: { publish: ["8086:80"] }, a2: {}, b1: {}, b2: {}, desk: {} }
links:
  - [a1:eth0, br-a]
  - [a2:eth0, br-a]
  - [b1:eth0, br-b]
  - [b2:eth0, br-b]
  - { ends: [desk:eth0, host:lan2], subnet: lan }
checks:
  - { from: a1, to: [a2, desk], ping: true }
  - { from: b1, to: b2, ping: true }
  - { from: a2, to: b1, ping: true, expect: unreachable }
  - { from: desk, to: 198.51.100.9, tcp: 8086, source: 198.51.100.10 }
  - { from: desk, to: a2, ping: true, expect: unreachable }
`;
const BESIDE = load(BESIDE_TEXT);
const dockerUser = async (): Promise<string[]> => (await run('iptables', '-S', 'DOCKER-USER')).split('\n').slice(1);
/** Ours in their order, where these are Docker's bridges. */
const oursOf = (bridge: string, docker: readonly string[] = ['docker0']): string[] => {
  const rule = (ways: string, target: string) => `-A DOCKER-USER ${ways} -m comment --comment "netloom:beside ${bridge}" -j ${target}`;
  return [rule(`-o ${bridge}`, 'ACCEPT'), ...docker.map((one) => rule(`-i ${bridge} -o ${one}`, 'RETURN')), rule(`-i ${bridge}`, 'ACCEPT')];
};
const OURS = [...oursOf('br-a'), ...oursOf('br-b')];
const marked = async (): Promise<string[]> => (await dockerUser()).filter((line) => line.includes('netloom:'));

test('beside docker: rules of ours stand in DOCKER-USER as long as they are wanted, drift is named and repaired', async () => {
  await run('iptables', '-I', 'DOCKER-USER', '-s', '203.0.113.7', '-j', 'DROP');
  const [first = '', ...before] = await dockerUser();
  await converge(kernel, BESIDE);
  expect(await changesOf(BESIDE)).toEqual([]);
  expect(await failedChecks(BESIDE)).toEqual([]);
  // Behind what a person has put there, before the RETURN at the end.
  expect(await dockerUser()).toEqual([first, ...OURS, ...before]);
  const meddling: Record<string, string> = {
    'iptables -D DOCKER-USER -o br-a -m comment --comment "netloom:beside br-a" -j ACCEPT': 'update docker-user:ipv4:br-a',
    'iptables -D DOCKER-USER -i br-a -o docker0 -m comment --comment "netloom:beside br-a" -j RETURN':
      'update docker-user:ipv4:br-a open: ["docker0"] → []',
    'iptables -F DOCKER-USER': 'create docker-user:ipv4:br-b',
    'iptables -I DOCKER-USER -i br-a -m comment --comment "netloom:beside br-a" -j ACCEPT': 'update docker-user:ipv4:br-a',
    'iptables -I DOCKER-USER -j RETURN': 'update docker-user:ipv4:br-a',
  };
  for (const [script, expected] of Object.entries(meddling)) {
    await shell(script);
    expect((await changesOf(BESIDE)).join('\n'), script).toContain(expected);
    await converge(kernel, BESIDE);
    expect(await changesOf(BESIDE), script).toEqual([]);
    expect((await marked()).toSorted()).toEqual(OURS.toSorted());
  }
  expect(await failedChecks(BESIDE)).toEqual([]);
  await shell('iptables -F DOCKER-USER; iptables -A DOCKER-USER -j RETURN');
  await converge(kernel, BESIDE);
  const without = load(
    BESIDE_TEXT.replace(/, b: \{.*?\}/, '')
      .replace(/, br-b: \{.*?\}/, '')
      .replaceAll(/^ {2}- .*\bb\d.*\n/gm, ''),
  );
  await converge(kernel, without);
  expect(await dockerUser()).toEqual([...oursOf('br-a'), '-A DOCKER-USER -j RETURN']);
});

test('beside docker: what a person drops in DOCKER-USER stays dropped, and a drop of everything is a blocker', async () => {
  await converge(kernel, BESIDE);
  await run('iptables', '-I', 'DOCKER-USER', '-s', '198.51.100.10', '-j', 'DROP');
  await run('iptables', '-F', 'DOCKER-USER');
  await run('iptables', '-A', 'DOCKER-USER', '-s', '198.51.100.10', '-j', 'DROP');
  await converge(kernel, BESIDE);
  expect(await failedChecks(BESIDE)).toEqual(['a1 → desk ping: unreachable, no answer', 'desk → 198.51.100.9 tcp: unreachable, no answer']);
  await run('iptables', '-F', 'DOCKER-USER');
  await run('iptables', '-A', 'DOCKER-USER', '-j', 'DROP');
  const blocked = (await planOf(BESIDE)).blockers;
  expect(blocked.map(({ code, message }) => `${code} ${message}`)).toEqual([
    'E_FORWARD_DROPPED iptables: chain DOCKER-USER of table ip filter drops what br-a forwards (its rule drop)',
  ]);
  await shell(blocked[0]?.hint.replace('let it through: ', '') ?? 'false');
  await converge(kernel, BESIDE);
  expect(await failedChecks(BESIDE)).toEqual([]);
  // In a chain of their own, as crowdsec and ufw-docker have it.
  await shell('iptables -F DOCKER-USER; iptables -N MINE; iptables -A MINE -s 198.51.100.10 -j DROP; iptables -A DOCKER-USER -j MINE');
  await shell('iptables -A DOCKER-USER -j LOG; iptables -A DOCKER-USER -j RETURN');
  await converge(kernel, BESIDE);
  expect(await dockerUser()).toEqual([
    '-A DOCKER-USER -j MINE',
    '-A DOCKER-USER -j LOG',
    ...oursOf('br-a'),
    ...oursOf('br-b'),
    '-A DOCKER-USER -j RETURN',
  ]);
  expect(await changesOf(BESIDE)).toEqual([]);
  expect(await failedChecks(BESIDE)).toEqual(['a1 → desk ping: unreachable, no answer', 'desk → 198.51.100.9 tcp: unreachable, no answer']);
  await shell('iptables -F DOCKER-USER; iptables -F MINE; iptables -X MINE; iptables -A DOCKER-USER -j RETURN');
  await converge(kernel, BESIDE);
});

const serve = (name: string, network: string, ...options: string[]) =>
  host.docker('run', '-d', '--name', name, '--network', network, ...options, 'busybox', 'sh', '-c', 'httpd -p 81; exec httpd -f -p 80');
const addressOf = async (name: string): Promise<string> =>
  (await host.docker('inspect', '--format', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', name)).trim();

/** Port 80 of these containers is published on 8090 and up; 81 is not, and stays Docker's own. */
const towards = (...addresses: string[]) =>
  load(
    BESIDE_TEXT +
      addresses
        .map(
          (address, index) => `
  - { from: a2, to: ${address}, tcp: 80, serve: false }
  - { from: a2, to: 198.51.100.9, tcp: ${8090 + index}, serve: false }
  - { from: a2, to: ${address}, tcp: 81, expect: unreachable, serve: false }`,
        )
        .join(''),
  );

test('beside docker: networks that come and go, and a restart of dockerd, break neither side, nor open what Docker does not publish', async () => {
  await serve('first', 'bridge', '-p', '8090:80');
  const alone = towards(await addressOf('first'));
  await converge(kernel, alone);
  expect(await failedChecks(alone)).toEqual([]);
  await host.docker('network', 'create', '--subnet', '172.24.0.0/24', '-o', 'com.docker.network.bridge.name=other0', 'other');
  await serve('peer', 'other', '-p', '8091:80');
  const topology = towards(await addressOf('first'), await addressOf('peer'));
  expect(await changesOf(topology)).toEqual([
    'update docker-user:ipv4:br-a open: ["other0"] → []',
    'update docker-user:ipv4:br-b open: ["other0"] → []',
  ]);
  await converge(kernel, topology);
  expect(await failedChecks(topology)).toEqual([]);
  await host.restart();
  expect(await changesOf(topology)).toEqual([]);
  await host.docker('start', 'first', 'peer');
  const again = towards(await addressOf('first'), await addressOf('peer'));
  expect(await failedChecks(again)).toEqual([]);
  await host.docker('exec', 'peer', 'ping', '-c1', '-W1', '172.24.0.1');
  await host.docker('rm', '-f', 'peer', 'first');
  await host.docker('network', 'rm', 'other');
  expect(await changesOf(BESIDE)).toEqual([
    'update docker-user:ipv4:br-a stale: ["other0"] → []',
    'update docker-user:ipv4:br-b stale: ["other0"] → []',
  ]);
  await converge(kernel, BESIDE);
  expect(await marked()).toEqual(OURS);
  expect((await destroy('beside')).status).toBe('converged');
  expect(await dockerUser()).toEqual(['-A DOCKER-USER -j RETURN']);
});

test('import --docker: a network moves to netloom by what the head of the file says, without a restart', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'netloom-docker-import-'));
  await host.docker('network', 'create', '--subnet', '172.24.9.0/24', '-o', 'com.docker.network.driver.mtu=1400', 'shop_net');
  const start = (name: string, ...more: string[]) =>
    host.docker('run', '-d', '--name', name, '--network', 'shop_net', ...more, 'busybox', 'httpd', '-f', '-p', '80');
  await start('Web_1', '-p', '8089:80', '--network-alias', 'www');
  await start('db');
  const addressOf = (name: string) =>
    host.docker('inspect', '--format', '{{.State.Pid}} {{.NetworkSettings.Networks.shop_net.IPAddress}}', name);
  const before = [await addressOf('Web_1'), await addressOf('db')];

  const unknown = await netloom('import --docker shop-nett', cwd);
  expect([unknown.code, unknown.stderr]).toEqual([
    1,
    'error: Docker has no network shop-nett (E_IMPORT_UNKNOWN)\n  did you mean shop_net?\n',
  ]);
  expect((await netloom('import --docker host', cwd)).stderr).toContain('E_IMPORT_DRIVER');

  expect(await netloom('import --docker shop_net --out shop.yaml', cwd)).toMatchObject({ code: 0, stdout: '' });
  const text = await readFile(join(cwd, 'shop.yaml'), 'utf8');
  expect(text.slice(text.indexOf('version:'))).toMatchInlineSnapshot(`
    "version: 1
    name: shop-net

    subnets:
      shop_net: { ipv4: 172.24.9.0/24 }

    bridges:
      shop_net: { subnet: shop_net, mtu: 1400 }

    namespaces:
      web-1: { attach: { container: Web_1 }, aliases: [www], publish: ["8089:80"] }
      db: { attach: { container: db } }

    links:
      - { ends: [web-1:eth0, shop_net], addresses: [172.24.9.2], mac: "02:42:ac:18:09:02", defaultRoute: true }
      - { ends: [db:eth0, shop_net], addresses: [172.24.9.3], mac: "02:42:ac:18:09:03", defaultRoute: true }
    "
  `);
  // Beside the living network everything is in the way, and nothing is changed.
  const plan = JSON.parse((await netloom('plan shop.yaml --json', cwd)).stdout) as { blockers: { code: string }[] };
  expect([...new Set(plan.blockers.map(({ code }) => code))].sort()).toMatchInlineSnapshot(`
    [
      "E_NAME_TAKEN",
      "E_PORT_TRANSLATED",
      "E_ROUTE_TAKEN",
      "E_SUBNET_OVERLAP",
    ]
  `);

  const commands = [...text.matchAll(/^# {3}(docker .*)$/gm)].map(([, command = '']) => command);
  expect(commands).toHaveLength(3);
  for (const command of commands) await host.docker(...command.split(' ').slice(1));
  expect(await netloom('apply shop.yaml', cwd)).toMatchObject({ code: 0 });
  expect(await netloom('plan shop.yaml', cwd)).toMatchObject({ code: 0, stdout: 'No changes.\n' });
  // The same processes with the same addresses, by the same port.
  for (const [index, name] of ['Web_1', 'db'].entries()) {
    const [pid, address = ''] = (before[index] ?? '').split(' ');
    expect((await host.docker('inspect', '--format', '{{.State.Pid}}', name)).trim()).toBe(pid);
    expect(await host.docker('exec', name, 'ip', '-o', 'addr')).toContain(`${address}/24`);
  }
  await shell('socat -u OPEN:/dev/null TCP:127.0.0.1:8089,connect-timeout=2');
  await host.docker('exec', 'db', 'ping', '-c1', '-W2', (before[0] ?? '').split(' ')[1] ?? '');
  await destroy('shop-net');
  await host.docker('rm', '-f', 'Web_1', 'db');
});
