import { expect, test } from 'vitest';
import { hostsFiles, isTextOf } from '../../src/kinds/file/hosts.ts';
import { loadTopology } from '../../src/topology/load.ts';

const LAB = loadTopology(
  `version: 1
name: lab
subnets: { a: { ipv4: 10.0.0.0/24 }, b: { ipv4: 10.0.1.0/24, ipv6: "fd00::/64" } }
bridges: { br-a: { subnet: a }, br-b: { subnet: b } }
namespaces: { pc(1-9): {}, web: { aliases: [www] }, db: {}, side: { share: web }, alone: }
links:
  - [pc(1-9):e0, br-a]
  - [web:e0, br-a]
  - [web:e1, br-b]
  - [db:e0, br-b]
`,
  'lab.yaml',
);

test('hosts: a file is what its parts are one after the other, and nothing else is its text', () => {
  const files = hostsFiles(LAB);
  expect([...files.keys()]).toContain('side');
  for (const [name, file] of files) {
    expect(file.parts.join(''), name).toBe(file.text);
    expect(isTextOf(file, `${file.text}`), name).toBe(true);
    expect(isTextOf(file, `${file.text}\n`), name).toBe(false);
    expect(isTextOf(file, file.text.slice(1)), name).toBe(false);
    for (let at = 0; at < file.text.length; at += 1) {
      expect(isTextOf(file, `${file.text.slice(0, at)}#!`.slice(0, at + 1) + file.text.slice(at + 1)), `${name} ${at}`).toBe(
        file.text[at] === '#',
      );
    }
  }
});

test('hosts: a topology has its files made once', () => {
  expect(hostsFiles(LAB)).toBe(hostsFiles(LAB));
  expect(hostsFiles({ ...LAB })).not.toBe(hostsFiles(LAB));
});
