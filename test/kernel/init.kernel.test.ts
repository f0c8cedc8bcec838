import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { netloom } from '../support/command-line.ts';
import { run } from '../support/sandbox.ts';

const writeLab = (cwd: string, text: string): Promise<void> => writeFile(join(cwd, 'lab.yaml'), text);

test('init: what it proposes is clear of the host, so that the plan has nothing in its way, and the checks hold', async () => {
  await run('ip', 'link', 'add', 'uplink', 'type', 'veth', 'peer', 'name', 'far');
  await run('ip', 'address', 'add', '10.80.1.5/23', 'dev', 'uplink');
  await run('ip', 'link', 'set', 'uplink', 'up');
  await run('ip', 'link', 'add', 'br-office', 'type', 'bridge');
  await run('ip', 'netns', 'add', 'web01');
  const server = createServer().listen(8080);
  try {
    const cwd = await mkdtemp(join(tmpdir(), 'netloom-init-'));
    expect(await netloom('init --yes --name office', cwd)).toMatchObject({ code: 0, stdout: '' });
    const text = await readFile(join(cwd, 'netloom.yaml'), 'utf8');
    for (const part of ['ipv4: 10.80.2.0/24', 'br-office2:', 'pc01:', '"8081:80"']) expect(text).toContain(part);
    const plan = await netloom('plan --json', cwd);
    expect([plan.code, JSON.parse(plan.stdout).blockers]).toEqual([2, []]);
    expect((await netloom('apply --verify', cwd)).code).toBe(0);
    // What is pinned is what is there.
    expect((await netloom('pin netloom.yaml', cwd)).stdout).toContain('2 addresses pinned');
    expect((await netloom('plan', cwd)).stdout).toBe('No changes.\n');
    expect((await netloom('destroy office --yes', cwd)).code).toBe(0);
  } finally {
    server.close();
  }
});

test('plan: a link that is put in between says whom it renumbers, and names pin', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'netloom-init-'));
  const file = (links: string): string =>
    `version: 1\nname: moving\nsubnets: { lan: { ipv4: 10.99.1.0/24 } }\nbridges: { br-mv: { subnet: lan } }\nnamespaces: { mv1: {}, mv2: {}, mv3: {} }\nlinks: ${links}\n`;
  await writeLab(cwd, file('[[mv1:eth0, br-mv], [mv2:eth0, br-mv]]'));
  expect((await netloom('apply lab.yaml', cwd)).code).toBe(0);
  await writeLab(cwd, file('[[mv3:eth0, br-mv], [mv1:eth0, br-mv], [mv2:eth0, br-mv]]'));
  const { code, stdout } = await netloom('plan lab.yaml', cwd);
  expect([code, stdout.match(/W_RENUMBERED/g)?.length]).toEqual([2, 1]);
  expect(stdout).toContain('renumbered: mv1:eth0, mv2:eth0 lose their addresses to others');
  expect(stdout).toContain('netloom pin');
  expect((await netloom('destroy moving --yes', cwd)).code).toBe(0);
});
