import { spawn } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseNftEvent } from '../../src/kernel/listen/events.ts';
import { observe } from '../../src/kernel/trace/observer.ts';
import { TRACE_TABLE } from '../../src/model/marks.ts';
import type { Scope } from '../../src/model/snapshot.ts';
import type { Flow } from '../../src/model/trace.ts';
import { netloom } from '../support/command-line.ts';
import { converge } from '../support/converge.ts';
import { changesOf, kernel, load } from '../support/lab.ts';
import { run, shell } from '../support/sandbox.ts';
import { startServer, type Talker } from '../support/talk.ts';

const LAB = `version: 1
name: lab
subnets:
  web: { ipv4: 10.80.1.0/24, ipv6: "fd00:80:1::/64" }
  db: { ipv4: 10.80.2.0/24, ipv6: "fd00:80:2::/64" }
  lan: { ipv4: 198.51.100.0/29, ipv6: "fd00:80:9::/64", gateway: "host:lan0" }
bridges:
  br-web: { subnet: web }
  br-db: { subnet: db, inbound: open }
namespaces:
  web01: { publish: ["8080:80"] }
  web02:
  db01:
  visitor:
links:
  - [web01:eth0, br-web]
  - [web02:eth0, br-web]
  - [db01:eth0, br-db]
  - { ends: [visitor:eth0, host:lan0], subnet: lan }
`;

const NETLOOM = new URL('../../bin/netloom.js', import.meta.url).pathname;
const EVERYTHING: Scope = { namespaces: [], topologies: 'all', sysctls: new Map(), files: [], filters: true };
const NAMESPACES = ['web01', 'web02', 'db01', 'visitor'];
const cwd = await mkdtemp(join(tmpdir(), 'netloom-trace-'));
const lab = load(LAB);
const servers: Talker[] = [];

beforeAll(async () => {
  await writeFile(join(cwd, 'lab.yaml'), LAB);
  await converge(kernel, lab);
  servers.push(await startServer('web01', 'tcp', 80, 'web01'), await startServer('db01', 'tcp', 5432, 'db01'));
});

afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
});

interface Traced {
  readonly code: number;
  readonly arrives: boolean;
  readonly reached: string | null;
  readonly cause: Record<string, unknown> | null;
  readonly hops: readonly Record<string, unknown>[];
  readonly fullSize: unknown;
  readonly sent: boolean;
  readonly notes: readonly string[];
}

/** What `netloom trace … --json` says. Broken ways are not waited for longer than ARP needs. */
async function trace(line: string): Promise<Traced> {
  const { code, stdout } = await netloom(`trace ${line} --json --timeout 600ms`, cwd);
  return { code, ...JSON.parse(stdout) };
}

/** The kinds of rewrites on the way, with what became of what. */
const rewrites = ({ hops }: Traced) => hops.flatMap((hop) => (hop.kind === 'rewrite' && hop.leg === 'there' ? [hop.what] : []));
const devices = ({ hops }: Traced) =>
  hops.flatMap((hop) =>
    (hop.kind === 'interface' || hop.kind === 'port') && hop.leg === 'there' ? [`${hop.namespace}:${hop.device}`] : [],
  );

describe('trace: a healthy way', () => {
  test.each([
    ['web02 web01:80', ['web02:eth0', 'host:web02-eth0', 'host:web01-eth0', 'web01:eth0'], []],
    ['host web01:80', ['host:br-web', 'host:web01-eth0', 'web01:eth0'], []],
    ['host web01:80 -6', ['host:br-web', 'host:web01-eth0', 'web01:eth0'], []],
    ['web01 db01', ['web01:eth0', 'host:web01-eth0', 'host:br-web', 'host:br-db', 'host:db01-eth0', 'db01:eth0'], []],
    ['web01 db01:5432/tcp', ['web01:eth0', 'host:web01-eth0', 'host:br-web', 'host:br-db', 'host:db01-eth0', 'db01:eth0'], []],
    ['web01 visitor', ['web01:eth0', 'host:web01-eth0', 'host:br-web', 'host:lan0', 'visitor:eth0'], ['snat']],
    ['visitor 198.51.100.1:8080', ['visitor:eth0', 'host:lan0', 'host:br-web', 'host:web01-eth0', 'web01:eth0'], ['dnat']],
    ['visitor [fd00:80:9::1]:8080', ['visitor:eth0', 'host:lan0', 'host:br-web', 'host:web01-eth0', 'web01:eth0'], ['dnat']],
    ['host 198.51.100.1:8080', ['host:br-web', 'host:web01-eth0', 'web01:eth0'], ['dnat']],
    ['db01 10.80.2.1:8080', ['db01:eth0', 'host:db01-eth0', 'host:br-db', 'host:br-web', 'host:web01-eth0', 'web01:eth0'], ['dnat']],
  ])('%s arrives, by every interface on it', async (line, way, changed) => {
    const traced = await trace(line);
    expect({ code: traced.code, cause: traced.cause, way: devices(traced), changed: rewrites(traced) }).toEqual({
      code: 0,
      cause: null,
      way,
      changed,
    });
  });

  test('a hairpin comes back to where it began, translated and masqueraded', async () => {
    const traced = await trace('web01 10.80.1.1:8080');
    expect(traced).toMatchObject({ code: 0, reached: 'web01' });
    expect(rewrites(traced)).toEqual(['dnat', 'snat']);
  });

  test('packets of full size are tried as well', async () => {
    expect((await trace('web02 web01')).fullSize).toEqual({ size: 1500, passes: true, told: null });
  });

  test('--serve answers for a service that is not there', async () => {
    expect(await trace('web01 db01:53/udp --serve')).toMatchObject({ code: 0, reached: 'db01' });
  });
});

/** Breaks, traces, and has netloom repair; neighbours are forgotten, as what was broken is remembered by them. */
async function broken(script: string, lines: readonly string[], repair = ''): Promise<readonly Traced[]> {
  await shell(script);
  await forget();
  const traced: Traced[] = [];
  for (const line of lines) traced.push(await trace(line));
  if (repair !== '') await shell(repair);
  if ((await changesOf(lab)).length > 0) await converge(kernel, lab);
  await forget();
  return traced;
}

const forget = () =>
  shell(
    `ip neigh flush all; ip -6 neigh flush all; for n in ${NAMESPACES.join(' ')}; do ip -n $n neigh flush all; ip -n $n -6 neigh flush all; done`,
  );

describe('trace: a broken lab', () => {
  test('link down, at either end of a port', async () => {
    const far = await broken('ip -n db01 link set eth0 down', ['web01 db01:5432', 'web01 db01'], 'ip -n db01 link set eth0 up');
    for (const { code, cause } of far)
      expect({ code, cause }).toMatchObject({ code: 5, cause: { kind: 'link-down', end: { namespace: 'db01', device: 'eth0' } } });
    const port = await broken(
      'ip link set web01-eth0 down',
      ['web02 web01:80', 'web02 web01 -6', 'visitor 198.51.100.1:8080'],
      'ip link set web01-eth0 up',
    );
    for (const { cause } of port) expect(cause).toMatchObject({ kind: 'link-down', namespace: 'host', device: 'web01-eth0' });
    const own = await broken('ip -n web01 link set eth0 down', ['web01 db01:5432', 'web01 db01 -6'], 'ip -n web01 link set eth0 up');
    for (const { cause } of own) expect(cause).toMatchObject({ kind: 'link-down', namespace: 'web01', device: 'eth0' });
  });

  test('missing route, on the way and on the way back', async () => {
    const there = await broken('ip -n web01 route del default; ip -n web01 -6 route del default', ['web01 db01:5432', 'web01 db01 -6']);
    for (const { cause } of there) expect(cause).toMatchObject({ kind: 'no-route', namespace: 'web01', leg: 'there' });
    const [back] = await broken('ip -n db01 route del default', ['web01 db01:5432']);
    expect(back?.cause).toMatchObject({ kind: 'no-route', namespace: 'db01', leg: 'back' });
    const [blackhole] = await broken('ip route add blackhole 10.80.2.2', ['web01 db01'], 'ip route del blackhole 10.80.2.2');
    expect(blackhole?.cause).toMatchObject({ kind: 'no-route', namespace: 'host', type: 'blackhole' });
  });

  test('forwarding off', async () => {
    const traced = await broken('sysctl -qw net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0', [
      'web01 db01:5432',
      'web01 db01',
      'web01 db01:5432 -6',
    ]);
    expect(traced.map(({ cause }) => [cause?.kind, cause?.namespace, cause?.sysctl])).toEqual([
      ['forwarding-off', 'host', 'net.ipv4.ip_forward'],
      ['forwarding-off', 'host', 'net.ipv4.ip_forward'],
      ['forwarding-off', 'host', 'net.ipv6.conf.all.forwarding'],
    ]);
  });

  test('dropped by a foreign chain, by a policy, by iptables, and by netloom itself', async () => {
    const nft = (rest: string): string => `nft 'add table inet fw; add chain inet fw f { type filter hook forward priority 10; ${rest}'`;
    const [policy] = await broken(nft('policy drop; }'), ['web01 db01:5432'], 'nft delete table inet fw');
    expect(policy?.cause).toMatchObject({
      kind: 'dropped',
      namespace: 'host',
      by: { family: 'inet', table: 'fw', chain: 'f', rule: null, owner: null },
    });
    const [rule] = await broken(
      nft('}; add rule inet fw f ip6 daddr fd00:80:2::/64 reject comment "no"'),
      ['web01 db01:5432 -6'],
      'nft delete table inet fw',
    );
    expect(rule?.cause).toMatchObject({
      kind: 'dropped',
      by: { table: 'fw', rule: expect.stringContaining('comment "no"'), handle: expect.any(Number) },
    });
    const [legacy] = await broken('iptables-legacy -A FORWARD -d 10.80.2.0/24 -j DROP', ['web01 db01'], 'iptables-legacy -F');
    expect(legacy?.cause).toMatchObject({ kind: 'dropped', by: { chain: 'FORWARD', legacy: true, owner: 'iptables' } });
    const [own] = await broken(':', ['db01 web01:99']);
    expect(own?.cause).toMatchObject({ kind: 'dropped', by: { table: 'netloom-lab', owner: 'netloom', topology: 'lab' } });
  });

  test('wrong gateway: nobody is there, or no router', async () => {
    const nobody = await broken(
      'ip -n web01 route replace default via 10.80.1.99; ip -n web01 -6 route replace default via fd00:80:1::99',
      ['web01 db01:5432', 'web01 db01 -6'],
    );
    for (const { cause } of nobody) expect(cause).toMatchObject({ kind: 'no-neighbour', namespace: 'web01', role: 'gateway' });
    const [member] = await broken('ip -n web01 route replace default via 10.80.1.3', ['web01 db01:5432']);
    expect(member?.cause).toMatchObject({ kind: 'forwarding-off', namespace: 'web02' });
    const [back] = await broken('ip -n db01 route replace default via 10.80.2.99', ['web01 db01:5432']);
    expect(back?.cause).toMatchObject({ kind: 'no-neighbour', namespace: 'db01', leg: 'back', address: '10.80.2.99' });
  });

  test('duplicate address: both holders are named', async () => {
    const traced = await broken('ip -n web02 addr add 10.80.1.2/24 dev eth0', ['host web01:80', 'host web01', 'visitor 198.51.100.1:8080']);
    // Who is faster wins; where it is the right one it works, and is said all the same.
    for (const { cause, notes } of traced) {
      if (cause === null) expect(notes).toEqual(['10.80.1.2 is held by web01:eth0 and web02:eth0']);
      else
        expect(cause).toMatchObject({
          kind: 'duplicate-address',
          holders: [{ namespace: 'web01' }, { namespace: 'web02' }],
          reached: 'web02',
        });
    }
    expect(traced.some(({ cause }) => cause !== null)).toBe(true);
  });

  test('nobody listens', async () => {
    const traced = await broken(':', ['web02 web01:81', 'web02 web01:81 -6', 'web02 web01:81/udp', 'host host:9']);
    expect(traced.map(({ cause }) => [cause?.kind, cause?.namespace, cause?.protocol])).toEqual([
      ['no-listener', 'web01', 'tcp'],
      ['no-listener', 'web01', 'tcp'],
      ['no-listener', 'web01', 'udp'],
      ['no-listener', 'host', 'tcp'],
    ]);
  });

  test('mtu: small packets pass and those of full size vanish', async () => {
    const traced = await broken('for n in web01 web02; do ip -n $n link set eth0 mtu 9000; done', ['web02 web01', 'web02 web01:80 -6']);
    for (const { cause, code } of traced)
      expect({ code, cause }).toMatchObject({
        code: 5,
        cause: { kind: 'mtu', size: 9000, narrow: { namespace: 'host', device: 'web02-eth0', mtu: 1500 } },
      });
  });

  test('translated to an address that nobody holds', async () => {
    const script = `nft 'add table ip my; add chain ip my pre { type nat hook prerouting priority -101; }; add rule ip my pre tcp dport 9090 dnat to 10.80.1.77:80'`;
    const [traced] = await broken(script, ['visitor 198.51.100.1:9090'], 'nft delete table ip my');
    expect(traced?.cause).toMatchObject({
      kind: 'no-neighbour',
      namespace: 'host',
      role: 'translated',
      address: '10.80.1.77',
      by: { table: 'my', chain: 'pre' },
    });
  });

  test('ARP unanswered, as an address of the bridge’s network on a bare veth makes it', async () => {
    const script = `ip netns add bare; ip link add vbare type veth peer name eth0 netns bare; ip addr add 10.80.1.200/24 dev vbare; ip link set vbare up
      ip -n bare link set eth0 up; ip -n bare addr add 10.80.1.201/24 dev eth0`;
    const [bridge, member, from] = await broken(script, ['bare 10.80.1.1', 'bare web01', 'host bare']);
    const facing = { namespace: 'host', device: 'vbare' };
    expect(bridge?.cause).toMatchObject({
      kind: 'no-neighbour',
      namespace: 'host',
      leg: 'back',
      device: 'br-web',
      elsewhere: { namespace: 'bare' },
      facing,
    });
    expect(member?.cause).toMatchObject({ kind: 'no-neighbour', namespace: 'bare', elsewhere: { namespace: 'web01' } });
    expect(from?.cause).toMatchObject({ kind: 'no-neighbour', namespace: 'host', facing });
    const strict =
      'sysctl -qw net.ipv4.conf.all.rp_filter=1; ip -n bare neigh replace 10.80.1.1 lladdr $(cat /sys/class/net/vbare/address) dev eth0';
    const [refused] = await broken(
      strict,
      ['bare 10.80.1.1'],
      'sysctl -qw net.ipv4.conf.all.rp_filter=0; ip link del vbare; ip netns del bare',
    );
    expect(refused?.cause).toMatchObject({ kind: 'reverse-path', namespace: 'host', device: 'vbare' });
  });
});

describe('trace: from outside', () => {
  test('is looked up, as nothing can be sent from there', async () => {
    await run('ip', 'route', 'add', 'default', 'via', '198.51.100.2');
    const traced = await trace('outside host:8080');
    expect(traced).toMatchObject({ code: 0, sent: false, reached: 'web01' });
    expect(rewrites(traced)).toEqual(['dnat']);
    expect((await trace('203.0.113.7 10.80.1.2:80')).cause).toMatchObject({ kind: 'dropped', by: { topology: 'lab' } });
    const [dead] = await broken('ip -n web01 link set eth0 down', ['outside host:8080'], 'ip -n web01 link set eth0 up');
    expect(dead?.cause).toMatchObject({ kind: 'link-down', namespace: 'web01' });
    await run('ip', 'route', 'del', 'default');
  });
});

describe('trace: what it puts up', () => {
  const tables = async (): Promise<string[]> =>
    (await run('nft', 'list', 'tables')).split('\n').filter((line) => line.includes(TRACE_TABLE));
  /** Asks again and again: what is waited for must come. */
  const until = async (holds: () => Promise<boolean>): Promise<void> => {
    while (!(await holds())) await pause(10);
  };

  test('is no topology’s, no drift, and nobody’s firewall; two traces do not meet', async () => {
    const before = (await kernel.dump(EVERYTHING)).filters;
    const flow: Flow = {
      namespace: 'host',
      family: 'ipv4',
      protocol: 'icmp',
      source: '10.80.1.1',
      sourcePort: 4711,
      destination: '10.80.1.2',
      timeoutMs: 500,
    };
    const observers = await Promise.all([1, 2].map(() => observe('host', ['lo', 'br-web'], [flow])));
    expect(await tables()).toHaveLength(4);
    expect((await kernel.dump(EVERYTHING)).filters).toEqual(before);
    expect(await changesOf(lab)).toEqual([]);
    await Promise.all(observers.map((one) => one.close()));
    expect(await tables()).toEqual([]);
    expect(['add table inet netloom-trace_1', 'delete table netdev netloom-trace_1'].map(parseNftEvent)).toEqual([undefined, undefined]);
  });

  test('goes when netloom is killed; if all that would take it away is killed too, with the next trace', async () => {
    await shell('ip -n web01 link set eth0 down');
    const start = async () => {
      const child = spawn(process.execPath, [NETLOOM, 'trace', 'web02', 'web01:80', '--timeout', '60s'], { stdio: 'ignore' });
      await until(async () => (await tables()).length > 0);
      return child;
    };
    (await start()).kill('SIGKILL');
    await until(async () => (await tables()).length === 0);

    const second = await start();
    const [table = ''] = await tables();
    process.kill(Number(table.split('_').at(-1)), 'SIGKILL');
    second.kill('SIGKILL');
    expect(await tables()).not.toEqual([]);
    expect(await changesOf(lab)).not.toContainEqual(expect.stringContaining('trace'));
    await shell('ip -n web01 link set eth0 up');
    await trace('web02 web01');
    expect(await tables()).toEqual([]);
    await converge(kernel, lab);
  });
});
