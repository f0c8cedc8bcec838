import { afterEach, expect, test } from 'vitest';
import { converge } from '../support/converge.ts';
import { changesOf, destroy, kernel, load, planOf } from '../support/lab.ts';
import { attempt, pings, run, shell } from '../support/sandbox.ts';

afterEach(async () => {
  await destroy('shop', { force: true });
});

const lab = (namespaces: string) =>
  load(`
version: 1
name: shop
subnets: { web: { ipv4: 172.31.1.0/24 } }
bridges: { br-web: { subnet: web } }
namespaces: { web: {}, db: {}, ${namespaces} }
links:
  - [web:eth0, br-web]
  - [db:eth0, br-web]
`);

const behind = (name: string): Promise<string> =>
  run('stat', '-L', '-c', '%i', name === 'host' ? '/proc/self/ns/net' : `/run/netns/${name}`);

test('share: a name of its own, of another and of the host turn into one another', async () => {
  const forms: readonly [string, string | undefined][] = [
    ['side: { share: web }', 'web'],
    ['side: {}', undefined],
    ['side: { share: host }', 'host'],
    ['side: {}', undefined],
    ['side: { share: db }', 'db'],
    ['side: { share: host }', 'host'],
  ];
  for (const [namespaces, source] of forms) {
    const topology = lab(namespaces);
    await converge(kernel, topology);
    expect(await changesOf(topology)).toEqual([]);
    const inodes = await Promise.all(['web', 'db', 'host'].map(behind));
    const own = await behind('side');
    if (source === undefined) expect(inodes).not.toContain(own);
    else expect(own).toBe(await behind(source));
    expect(await pings('web', '172.31.1.3')).toBe(true);
  }
});

test('share: a namespace that has a second name and the one that it names swap', async () => {
  await converge(kernel, lab('one: {}, two: { share: one }'));
  const after = lab('one: { share: two }, two: {}');
  await converge(kernel, after);
  expect(await changesOf(after)).toEqual([]);
  expect(await behind('one')).toBe(await behind('two'));
});

test('share: a second name that somebody else has given is in the way, and stays', async () => {
  await converge(kernel, lab('one: {}'));
  await shell('touch /run/netns/mine; mount --bind /run/netns/web /run/netns/mine');
  expect((await planOf(lab('mine: {}'))).blockers.map(({ code }) => code)).toEqual(['E_NAMESPACE_TAKEN']);
  await destroy('shop', { force: true });
  expect((await attempt('ip', 'netns', 'list')).stdout).toMatch(/^mine( |$)[^\n]*$/);
  await shell('umount /run/netns/mine; rm /run/netns/mine');
});
