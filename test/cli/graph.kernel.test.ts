import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { run, shell } from '../support/sandbox.ts';

const cwd = await mkdtemp(join(tmpdir(), 'netloom-graph-'));

/** Runs netloom on this sandbox's host. Throws unless it ends with 0. */
async function netloom(...argv: string[]): Promise<string> {
  let stdout = '';
  const stderr = new PassThrough();
  stderr.resume();
  const code = await main(argv, {
    stdin: Readable.from([]),
    stdout: { write: (text) => (stdout += text) },
    stderr,
    env: { LANG: 'C.UTF-8' },
    cwd,
  });
  expect({ argv, code }).toEqual({ argv, code: 0 });
  return stdout;
}

const lab = (web: string, ports: string): string => `version: 1
name: lab
subnets: { web: { ipv4: 10.70.1.0/24 } }
bridges: { br-web: ${web} }
namespaces: { web01: { publish: [${ports}] }, web02: , r1: }
links:
  - [web01:eth0, br-web]
  - [web02:eth0, br-web]
  - { ends: [r1:to-web, web01:to-r1], subnet: { ipv4: 10.70.9.0/30, gateway: false } }
`;

/** The marked lines of a Mermaid picture's boxes: what a person reads beside the colours. */
const marksOf = (mermaid: string): string[] =>
  [...mermaid.matchAll(/[[{(]"([^"]*)"/g)]
    .flatMap(([, label = '']) => label.split('<br/>'))
    .map((line) => line.replaceAll(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code))))
    .filter((line) => /^[+~±-] /.test(line))
    .sort();

test('graph --plan: shows what comes, changes and goes on a real host, and changes nothing', async () => {
  await writeFile(join(cwd, 'lab.yaml'), lab('{ subnet: web }', '"8080:80"'));
  expect(marksOf(await netloom('graph', 'lab.yaml', '--plan', '--format', 'mermaid'))).toContain('+ bridge');
  expect(await run('ip', 'netns', 'list')).toBe('');
  await netloom('apply', 'lab.yaml');
  expect(marksOf(await netloom('graph', 'lab.yaml', '--plan', '--format', 'mermaid'))).toEqual([]);
  await writeFile(
    join(cwd, 'lab.yaml'),
    lab('{ subnet: web, mtu: 1400 }', '"8081:80"').replace(', web02:', '').replace('  - [web02:eth0, br-web]\n', ''),
  );
  const marks = marksOf(await netloom('graph', 'lab.yaml', '--plan', '--format', 'mermaid'));
  expect(marks).toEqual(expect.arrayContaining(['~ bridge', '- namespace', '- 8080 → web01:80/tcp', '+ 8081 → web01:80/tcp']));
  // What goes is drawn with the addresses that it has.
  expect(await netloom('graph', 'lab.yaml', '--plan')).toMatch(/web02[\s\S]*10\.70\.1\.3\/24/);
});

test('graph --live: names what is down, what is missing and what differs, from the kernel itself', async () => {
  await writeFile(join(cwd, 'lab.yaml'), lab('{ subnet: web }', '"8080:80"'));
  await netloom('apply', 'lab.yaml');
  expect(await netloom('graph', 'lab.yaml', '--live')).toContain('>The host is as the file says.</text>');
  await shell(`
    ip link add up0 type veth peer name up1; ip link set up0 up; ip addr add 192.0.2.9/24 dev up0; ip route add default via 192.0.2.1
    ip link set web02-eth0 down
    ip -n web01 addr flush dev eth0
    ip netns del r1
  `);
  await netloom('graph', 'lab.yaml', '--live', '--out', 'live.svg');
  const svg = await readFile(join(cwd, 'live.svg'), 'utf8');
  for (const text of [
    '↓ eth0',
    '↓ web02-eth0',
    '≠ eth0',
    '× to-web',
    '↓ via up0',
    '192.0.2.9/24',
    'is down',
    'is missing',
    'differs from the file',
  ]) {
    expect(svg).toContain(`>${text}</text>`);
  }
  await netloom('apply', 'lab.yaml');
  await shell('ip link set up1 up');
  expect(await netloom('graph', 'lab', '--live')).toContain('>The host is as the file says.</text>');
  await netloom('destroy', 'lab', '--yes');
});
