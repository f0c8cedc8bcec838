import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { netloom } from '../support/command-line.ts';
import { netloomIn } from '../support/faults/host.ts';
import { everything } from '../support/faults/killing.ts';
import { faultRow } from '../support/faults/table.ts';
import { untouched } from '../support/faults/untouched.ts';
import { run } from '../support/sandbox.ts';

const FILE = '/run/lab/lab.yaml';
const LAB = `version: 1
name: lab
subnets: { one: { ipv4: 10.31.1.0/24 } }
bridges: { br-one: { subnet: one } }
namespaces: { web: , old: }
links: [[web:eth0, br-one], [old:eth0, br-one], [old:p0, web:p0]]
`;
const WITHOUT = LAB.replace('old:', '').replace(', [old:eth0, br-one], [old:p0, web:p0]', '');

const inside: ChildProcess[] = [];

/** Somebody's process in a namespace. */
async function enter(name: string): Promise<number> {
  const child = spawn('nsenter', [`--net=/run/netns/${name}`, 'sleep', '600'], { stdio: 'ignore' });
  inside.push(child);
  const wanted = `net:[${statSync(`/run/netns/${name}`).ino}]`;
  while (readlinkSync(`/proc/${child.pid}/ns/net`) !== wanted) await new Promise((done) => setTimeout(done, 2));
  return child.pid ?? 0;
}

async function leave(): Promise<void> {
  for (const child of inside.splice(0)) {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
}

const isUntouched = untouched();
beforeEach(async () => {
  writeFileSync(FILE, LAB);
  expect(await netloom(`apply ${FILE} --quiet`, '/')).toMatchObject({ code: 0 });
});
afterEach(async () => {
  await leave();
  expect(await netloom('destroy lab --yes --quiet', '/')).toMatchObject({ code: 0 });
  await isUntouched();
});

test.each([
  ['a topology is removed', 'destroy lab --yes', LAB],
  ['an apply removes that namespace', `apply ${FILE}`, WITHOUT],
])('somebody is in a namespace when %s: it refuses, names him, and changes nothing', async (what, line, text) => {
  const pid = await enter('old');
  const before = await everything();
  writeFileSync(FILE, text);
  const said = await netloom(line, '/');
  expect([said.code, said.stdout + said.stderr]).toEqual([1, expect.stringMatching(new RegExp(`old is in use by sleep \\(pid ${pid}\\)`))]);
  expect(await everything()).toEqual(before);
  await leave();
  expect(await netloom(line, '/')).toMatchObject({ code: 0 });
  faultRow(`a process of somebody is in a namespace when ${what}`, 'E_NAMESPACE_BUSY, which names it; nothing is changed; exit code 1');
});

test.each([
  ['a topology is removed', 'destroy lab --yes', LAB],
  ['an apply removes that namespace', `apply ${FILE}`, WITHOUT],
])('somebody enters a namespace between plan and apply when %s: its name and links go, he runs on alone', async (what, line, text) => {
  writeFileSync(FILE, text);
  let pid = 0;
  const meanwhile = async (): Promise<void> => {
    pid = await enter('old');
  };
  expect(await netloomIn({ meanwhile }, `${line} --quiet`)).toMatchObject({ code: 0 });
  expect(await run('nsenter', '-t', String(pid), '--net', 'ls', '/proc/sys/net/ipv4/conf')).toBe('all\ndefault\nlo');
  expect((await run('ip', 'netns', 'list')).split(/\s+/)).not.toContain('old');
  faultRow(
    `a process of somebody enters a namespace between plan and apply when ${what}`,
    'its name and its links go, and the process runs on with lo alone; exit code 0',
  );
});
