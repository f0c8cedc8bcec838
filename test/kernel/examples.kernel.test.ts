import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import type { Topology } from '../../src/model/topology.ts';
import { converge } from '../support/converge.ts';
import { changesOf, destroy, indexes, kernel, load } from '../support/lab.ts';
import { attempt, inSandbox, pings, run, shell } from '../support/sandbox.ts';

const FOLDER = new URL('../../topologies/', import.meta.url);
const NETLOOM = new URL('../../bin/netloom.js', import.meta.url).pathname;

const textOf = (file: string): string => readFileSync(new URL(`${file}.yaml`, FOLDER), 'utf8');

/** One of the worked examples, edited; each edit must find its place. */
function example(file: string, ...edits: readonly (readonly [from: string, to: string])[]): Topology {
  const text = edits.reduce((before, [from, to]) => {
    expect(before).toContain(from);
    return before.replace(from, to);
  }, textOf(file));
  return load(text, `topologies/${file}.yaml`);
}

const show = (name: string): Promise<string> => run(process.execPath, NETLOOM, 'show', name, '--color', 'never');

/** The IPv4 address that a name stands for in a namespace; nothing where it stands for none. */
const resolve = async (namespace: string, name: string): Promise<string> =>
  (await attempt('ip', 'netns', 'exec', namespace, 'getent', '-s', 'files', 'ahostsv4', name)).stdout.split(/\s+/)[0] ?? '';

const links = async (): Promise<string[]> => [...(await indexes()).keys()].sort();

afterEach(async () => {
  for (const name of ['docker0', 'modes', 'veth-pair', 'two-networks', 'publish-all']) await destroy(name, { force: true });
});

test('docker0: a third member adds exactly one veth, and removing it removes exactly that', async () => {
  const two = example('docker0');
  const three = example(
    'docker0',
    ['  laptop:\n', '  laptop:\n  web03:\n'],
    ['  - { ends: [laptop', '  - [web03:eth0, dock0]\n  - { ends: [laptop'],
  );
  await converge(kernel, two);
  const before = await indexes();
  const { changes } = await converge(kernel, three);
  expect(changes.filter(({ kind }) => kind === 'link').map(({ id }) => id)).toEqual(['link:web03:eth0']);
  const after = await indexes();
  expect([...after.keys()].filter((place) => !before.has(place)).sort()).toEqual(['host:web03-eth0', 'web03:eth0', 'web03:lo']);
  // What was there is what it was.
  for (const [place, index] of before) expect([place, after.get(place)]).toEqual([place, index]);
  await converge(kernel, two);
  expect(await indexes()).toEqual(before);
});

test('publish-all: show prints the mapping, and a re-apply and a reboot keep it', async () => {
  const topology = example('publish-all');
  await converge(kernel, topology);
  const shown = await show('publish-all');
  for (const { hostPort, port, protocol, namespace } of topology.publishes)
    expect(shown).toMatch(new RegExp(`${namespace} .*\\b${hostPort}:${port}/${protocol}\\b`));
  expect(topology.publishes.filter(({ derived }) => derived).map(({ hostPort }) => hostPort >= 32768 && hostPort <= 60999)).toEqual(
    Array(6).fill(true),
  );
  const published = (text: string): string[] => text.match(/\d+:\d+\/(tcp|udp)/g)?.sort() ?? [];
  expect(published(shown)).toHaveLength(7);
  await converge(kernel, topology);
  expect(await changesOf(topology)).toEqual([]);
  expect(await show('publish-all')).toBe(shown);
  // Of a host that knows of none of this, nothing is left but the file.
  const script = '"$1" "$2" apply -q "$3" && exec "$1" "$2" show publish-all --color never';
  const file = new URL('publish-all.yaml', FOLDER).pathname;
  const reboot = await inSandbox(['sh', '-euc', script, 'sh', process.execPath, NETLOOM, file]);
  expect([reboot.exitCode, published(reboot.stdout)]).toEqual([0, published(shown)]);
});

test('modes: dark has only lo, the sidecar is in the namespace that it shares', async () => {
  await converge(kernel, example('modes'));
  expect((await links()).filter((place) => place.startsWith('dark:'))).toEqual(['dark:lo']);
  const inode = (name: string): Promise<string> => run('stat', '-L', '-c', '%i', `/run/netns/${name}`);
  expect(await inode('sidecar')).toBe(await inode('app'));
  expect(await inode('onhost')).toBe(await run('stat', '-L', '-c', '%i', '/proc/self/ns/net'));
});

test('veth-pair: one end alone stays without a carrier, and show says so', async () => {
  const topology = example('veth-pair');
  await converge(kernel, topology);
  expect(await show('veth-pair')).not.toContain('no carrier');
  await shell('ip -n test1 link set veth-test1 down');
  const lines = (await show('veth-pair')).split('\n');
  expect(lines.filter((line) => line.includes('veth-test2') && line.includes('no carrier'))).not.toEqual([]);
  expect(await pings('test2', '192.168.88.1')).toBe(false);
  await converge(kernel, topology);
  expect(await pings('test2', '192.168.88.1')).toBe(true);
});

test('two-networks: net2 is on both bridges, and names and aliases resolve by scope', async () => {
  await converge(kernel, example('two-networks'));
  const members = async (bridge: string): Promise<string[]> => {
    const ports = JSON.parse(await run('ip', '-j', 'link', 'show', 'master', bridge)) as { ifname: string }[];
    return ports.map(({ ifname }) => ifname).sort();
  };
  expect(await members('my-bridge')).toEqual(['net1-eth0', 'net2-eth0']);
  expect(await members('other-bridge')).toEqual(['net2-eth1', 'net3-eth0']);
  const names: Readonly<Record<string, readonly string[]>> = {
    // Each calls net2 and its alias by the address on the network that it shares with it; ledger is a word of net3 alone.
    net1: ['net2 172.28.1.3', 'database 172.28.1.3', 'net3 ', 'ledger '],
    net2: ['net1 172.28.1.2', 'net3 172.28.2.3', 'ledger '],
    net3: ['net2 172.28.2.2', 'database 172.28.2.2', 'ledger 172.28.2.2', 'net1 '],
  };
  for (const [namespace, wanted] of Object.entries(names)) {
    const seen = await Promise.all(
      wanted.map((line) => line.split(' ')[0] ?? '').map(async (name) => `${name} ${await resolve(namespace, name)}`),
    );
    expect([namespace, seen]).toEqual([namespace, wanted]);
  }
});

test('two-networks: net1 and net3 cannot reach each other until one is connected, and not after it is disconnected', async () => {
  const apart = example('two-networks');
  const together = example('two-networks', [
    '  - [net3:eth0, other-bridge]\n',
    '  - [net3:eth0, other-bridge]\n  - [net1:eth1, other-bridge]\n',
  ]);
  const reach = async (): Promise<unknown> => [
    await pings('net3', '172.28.1.2'),
    await pings('net1', '172.28.2.3'),
    await resolve('net3', 'net1'),
    await resolve('net1', 'net3'),
  ];
  await converge(kernel, apart);
  expect(await reach()).toEqual([false, false, '', '']);
  await converge(kernel, together);
  // On the network that they share; each by its name there.
  expect(await reach()).toEqual([false, true, '172.28.2.4', '172.28.2.3']);
  expect(await pings('net3', '172.28.2.4')).toBe(true);
  await converge(kernel, apart);
  expect(await reach()).toEqual([false, false, '', '']);
});
