import { cpSync, mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { changesOf, destroy, load } from '../support/lab.ts';
import { attempt, run, shell } from '../support/sandbox.ts';
import { NETLOOM, type Said, startWatch, type Watcher } from '../support/watch.ts';

let directory: string;
let watcher: Watcher | undefined;

const text = (name: string, net: number, mtu = 1500): string =>
  `version: 1\nname: ${name}\nsubnets: { s: { ipv4: 10.${net}.0.0/24 } }\nbridges: { br-${name}: { subnet: s, mtu: ${mtu} } }\n` +
  `namespaces: { ${name}1: , ${name}2: }\nlinks: [[${name}1:eth0, br-${name}], [${name}2:eth0, br-${name}]]\n`;

const converged =
  (topology: string) =>
  ({ event, topology: whose }: Said): boolean =>
    event === 'converged' && whose === topology;
const said =
  (name: string, about?: string) =>
  ({ event, topology, file }: Said): boolean =>
    event === name && (about === undefined || topology === about || file?.endsWith(about) === true);

const mtuOf = async (dev: string): Promise<number> => (JSON.parse(await run('ip', '-j', 'link', 'show', dev)) as [{ mtu: number }])[0].mtu;
const namespaces = async (): Promise<string[]> =>
  (await run('ip', 'netns', 'list'))
    .split('\n')
    .flatMap((line) => line.split(' ')[0] || [])
    .sort();
const write = (path: string, content: string): void => writeFileSync(join(directory, path), content);
const edit = (work: () => unknown, fits: (one: Said) => boolean): Promise<Said> => (watcher as Watcher).after(work, fits);

beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'netloom-watch-')));
});

afterEach(async () => {
  await watcher?.stop();
  watcher = undefined;
  for (const name of ['a', 'b', 'c']) await destroy(name);
  rmSync(directory, { recursive: true, force: true });
  expect(await namespaces()).toEqual([]);
});

/** Ways in which a file gets another content. */
const WAYS: Readonly<Record<string, (content: string) => void>> = {
  'written in place': (content) => write('a.yaml', content),
  'written elsewhere and renamed': (content) => {
    write('.a.yaml.swp', content);
    renameSync(join(directory, '.a.yaml.swp'), join(directory, 'a.yaml'));
  },
  'moved away and written anew, as some editors do': (content) => {
    renameSync(join(directory, 'a.yaml'), join(directory, 'a.yaml~'));
    write('a.yaml', content);
  },
  'removed and written anew': (content) => {
    rmSync(join(directory, 'a.yaml'));
    write('a.yaml', content);
  },
};

test.each(Object.entries(WAYS))('watch: a file that is %s is converged to', async (_, way) => {
  write('a.yaml', text('a', 1));
  watcher = await startWatch(directory, 'a.yaml');
  for (const mtu of [1400, 1450, 1500]) {
    await edit(() => way(text('a', 1, mtu)), converged('a'));
    expect(await mtuOf('br-a')).toBe(mtu);
  }
});

describe('watch: a file that says nothing sensible keeps what it said last', () => {
  const half = text('a', 1).slice(0, 90);
  test.each([
    ['is emptied', () => write('a.yaml', '')],
    ['is written by half', () => write('a.yaml', half)],
    ['is no YAML', () => write('a.yaml', 'a: [')],
    ['breaks a rule', () => write('a.yaml', text('a', 1, 60))],
    ['is away', () => rmSync(join(directory, 'a.yaml'))],
    [
      'is a directory',
      () => {
        rmSync(join(directory, 'a.yaml'));
        mkdirSync(join(directory, 'a.yaml'));
      },
    ],
    ['is not text', () => writeFileSync(join(directory, 'a.yaml'), Buffer.from([0xff, 0xfe, 0x00]))],
  ])('%s', async (_, spoil) => {
    write('a.yaml', text('a', 1));
    watcher = await startWatch(directory, 'a.yaml');
    const event = await edit(spoil, ({ event }) => ['invalid', 'unreadable', 'gone'].includes(event));
    expect(event).toMatchObject({
      event: 'invalid',
      errors: expect.arrayContaining([expect.objectContaining({ code: expect.any(String) })]),
    });
    // It is still kept up.
    await edit(() => shell('ip link set br-a mtu 1400'), converged('a'));
    expect(await changesOf(load(text('a', 1)))).toEqual([]);
    rmSync(join(directory, 'a.yaml'), { recursive: true, force: true });
    await edit(() => write('a.yaml', text('a', 1, 1450)), converged('a'));
    expect(await mtuOf('br-a')).toBe(1450);
  });
});

test('watch: a directory means every topology in it, those that come later too', async () => {
  write('a.yaml', text('a', 1));
  watcher = await startWatch(directory, directory);
  await edit(() => write('b.yml', text('b', 2)), converged('b'));
  expect(await namespaces()).toEqual(['a1', 'a2', 'b1', 'b2']);
  write('notes.txt', 'nothing of interest');
  await edit(() => write('b.yml', text('b', 2, 1400)), converged('b'));
  expect(watcher.said.filter(({ event }) => event !== 'converged' && event !== 'watching')).toEqual([]);
});

test('watch: one file that is wrong does not keep the others from being kept up', async () => {
  write('a.yaml', text('a', 1));
  write('b.yaml', 'nonsense');
  watcher = await startWatch(directory, directory);
  expect(watcher.said.map(({ event }) => event)).toEqual(['invalid', 'converged', 'watching']);
  await edit(() => write('a.yaml', text('a', 1, 1400)), converged('a'));
  // It claims what the first has.
  const clash = await edit(() => write('b.yaml', text('b', 1)), said('invalid', 'b.yaml'));
  expect(clash.errors?.map(({ code }) => code)).toContain('E_CLASH');
  await edit(() => write('b.yaml', text('b', 2)), converged('b'));
});

test('watch: a file that has gone is reported, and its topology stays', async () => {
  write('a.yaml', text('a', 1));
  write('b.yaml', text('b', 2));
  watcher = await startWatch(directory, directory);
  await edit(() => rmSync(join(directory, 'b.yaml')), said('gone', 'b'));
  await edit(() => write('a.yaml', text('a', 1, 1400)), converged('a'));
  expect(await namespaces()).toEqual(['a1', 'a2', 'b1', 'b2']);
  // A watch that starts later says so too: the record tells where it came from.
  await watcher.stop();
  watcher = await startWatch(directory, directory);
  expect(watcher.said.find(({ event }) => event === 'gone')).toMatchObject({ topology: 'b' });
});

test('watch: with --prune it is removed, and nothing that came from elsewhere', async () => {
  mkdirSync(join(directory, 'other'));
  mkdirSync(join(directory, 'mine'));
  write('other/c.yaml', text('c', 3));
  write('mine/a.yaml', text('a', 1));
  write('mine/b.yaml', text('b', 2));
  const elsewhere = await startWatch(directory, 'other/c.yaml');
  await elsewhere.stop();
  watcher = await startWatch(directory, './mine', '--prune');
  rmSync(join(directory, 'other/c.yaml'));
  await edit(() => rmSync(join(directory, 'mine/b.yaml')), said('pruned', 'b'));
  expect(await namespaces()).toEqual(['a1', 'a2', 'c1', 'c2']);
});

test('watch: a file that is back in time is not pruned', async () => {
  write('a.yaml', text('a', 1));
  write('b.yaml', text('b', 2));
  watcher = await startWatch(directory, directory, '--prune');
  await edit(() => rmSync(join(directory, 'b.yaml')), said('gone', 'b'));
  write('b.yaml', text('b', 2));
  await edit(() => rmSync(join(directory, 'a.yaml')), said('pruned', 'a'));
  expect(await namespaces()).toEqual(['b1', 'b2']);
  expect(watcher.said.filter(said('pruned', 'b'))).toEqual([]);
});

test('watch: a directory that is away prunes nothing, and is watched again when it is back', async () => {
  mkdirSync(join(directory, 'lab'));
  write('lab/a.yaml', text('a', 1));
  watcher = await startWatch(directory, './lab', '--prune');
  await edit(() => renameSync(join(directory, 'lab'), join(directory, 'away')), said('unreadable'));
  await edit(() => shell('ip link set br-a mtu 1400'), converged('a'));
  await edit(() => {
    cpSync(join(directory, 'away'), join(directory, 'lab'), { recursive: true });
    write('lab/b.yaml', text('b', 2));
  }, converged('b'));
  await edit(() => write('lab/b.yaml', text('b', 2, 1400)), converged('b'));
  expect(watcher.said.filter(({ event }) => event === 'pruned' || event === 'gone')).toEqual([]);
});

test('watch: emptying a topology of its namespaces needs --prune', async () => {
  write('a.yaml', text('a', 1));
  watcher = await startWatch(directory, 'a.yaml');
  await edit(() => write('a.yaml', 'version: 1\nname: a\n'), said('held', 'a'));
  expect(await namespaces()).toEqual(['a1', 'a2']);
  await watcher.stop();
  watcher = await startWatch(directory, 'a.yaml', '--prune');
  expect(watcher.said[0]).toMatchObject({ event: 'converged' });
  expect(await namespaces()).toEqual([]);
});

test('watch: a directory of links that change together, as Kubernetes mounts a config map', async () => {
  const revision = (name: string, files: Readonly<Record<string, string>>): void => {
    mkdirSync(join(directory, name));
    for (const [file, content] of Object.entries(files)) write(join(name, file), content);
    symlinkSync(name, join(directory, '..data_tmp'));
    renameSync(join(directory, '..data_tmp'), join(directory, '..data'));
  };
  revision('..1', { 'a.yaml': text('a', 1), 'b.yaml': text('b', 2) });
  for (const file of ['a.yaml', 'b.yaml']) symlinkSync(`..data/${file}`, join(directory, file));
  watcher = await startWatch(directory, directory);
  for (const [number, mtu] of [
    [2, 1400],
    [3, 1450],
  ] as const) {
    // The two files are read one after the other: the swap may fall in between.
    const from = watcher.said.length;
    revision(`..${number}`, { 'a.yaml': text('a', 1, mtu), 'b.yaml': text('b', 2, mtu) });
    for (const name of ['a', 'b']) await watcher.until(converged(name), from);
    expect([await mtuOf('br-a'), await mtuOf('br-b')]).toEqual([mtu, mtu]);
  }
});

test('watch: a directory that is a link is followed when it leads elsewhere', async () => {
  for (const [name, mtu] of [
    ['v1', 1500],
    ['v2', 1400],
  ] as const) {
    mkdirSync(join(directory, name));
    write(`${name}/a.yaml`, text('a', 1, mtu));
  }
  symlinkSync('v1', join(directory, 'current'));
  watcher = await startWatch(directory, './current');
  await edit(() => {
    symlinkSync('v2', join(directory, 'next'));
    renameSync(join(directory, 'next'), join(directory, 'current'));
  }, converged('a'));
  expect(await mtuOf('br-a')).toBe(1400);
  await edit(() => write('v2/a.yaml', text('a', 1, 1450)), converged('a'));
});

test('watch: a checkout that touches many files ends with all of them', async () => {
  const git = (...args: string[]) => run('git', '-C', directory, '-c', 'user.name=n', '-c', 'user.email=n@example.org', ...args);
  await git('init', '-q', '-b', 'main');
  for (const [name, net] of [
    ['a', 1],
    ['b', 2],
    ['c', 3],
  ] as const)
    write(`${name}.yaml`, text(name, net));
  await git('add', '-A');
  await git('commit', '-qm', 'one');
  for (const [name, net] of [
    ['a', 1],
    ['b', 2],
    ['c', 3],
  ] as const)
    write(`${name}.yaml`, text(name, net, 1400));
  await git('commit', '-qam', 'two');
  await git('checkout', '-q', 'HEAD~1');
  watcher = await startWatch(directory, directory, '--prune');
  const from = watcher.said.length;
  await git('checkout', '-q', 'main');
  for (const name of ['a', 'b', 'c']) await watcher.until(converged(name), from);
  expect(await Promise.all(['br-a', 'br-b', 'br-c'].map(mtuOf))).toEqual([1400, 1400, 1400]);
  expect(watcher.said.filter(({ event }) => event === 'pruned')).toEqual([]);
});

test('watch: with --prune nothing goes while a file that was never right may hold it', async () => {
  write('a.yaml', text('a', 1));
  watcher = await startWatch(directory, directory, '--prune');
  await edit(
    () => {
      renameSync(join(directory, 'a.yaml'), join(directory, 'store.yaml'));
      write('store.yaml', `${text('a', 1)}nonsense: 1\n`);
    },
    said('invalid', 'store.yaml'),
  );
  write('b.yaml', text('b', 2));
  await watcher.until(converged('b'));
  await edit(() => write('store.yaml', text('a', 1, 1400)), converged('a'));
  expect(watcher.said.filter(({ event }) => event === 'pruned')).toEqual([]);
});

test('watch: a file that is written bit by bit takes no namespace away', async () => {
  write('a.yaml', text('a', 1).replace('a2: ', 'a2: , a3: '));
  watcher = await startWatch(directory, directory);
  // What is written so far is valid, and lacks a namespace.
  await edit(async () => {
    write('a.yaml', text('a', 1));
    await new Promise((done) => setTimeout(done, 400));
    write('a.yaml', text('a', 1, 1400).replace('a2: ', 'a2: , a3: '));
  }, converged('a'));
  expect(watcher.said.flatMap(({ changes }) => changes ?? []).filter(({ action }) => action === 'delete')).toEqual([]);
  await edit(() => write('a.yaml', text('a', 1, 1400)), converged('a'));
  expect(await namespaces()).toEqual(['a1', 'a2']);
});

test('watch: one place that is away does not keep the others from being kept up', async () => {
  mkdirSync(join(directory, 'one'));
  mkdirSync(join(directory, 'two'));
  write('one/a.yaml', text('a', 1));
  write('two/b.yaml', text('b', 2));
  watcher = await startWatch(directory, './one', './two', '--prune');
  await edit(() => renameSync(join(directory, 'two'), join(directory, 'away')), said('unreadable'));
  await edit(() => write('one/a.yaml', text('a', 1, 1400)), converged('a'));
  await edit(() => shell('ip link set br-b mtu 1400'), converged('b'));
  expect(await namespaces()).toEqual(['a1', 'a2', 'b1', 'b2']);
});

test('watch: neither a named pipe nor a loop of links stops it', async () => {
  write('a.yaml', text('a', 1));
  watcher = await startWatch(directory, directory);
  await edit(() => run('mkfifo', join(directory, 'pipe.yaml')), said('invalid', 'pipe.yaml'));
  await edit(() => symlinkSync('loop.yaml', join(directory, 'loop.yaml')), said('invalid', 'loop.yaml'));
  await edit(() => write('a.yaml', text('a', 1, 1400)), converged('a'));
});

test('watch: hundreds of edits in a row, some of them wrong, end with the last that is right', async () => {
  write('a.yaml', text('a', 1));
  watcher = await startWatch(directory, 'a.yaml');
  for (let index = 0; index < 500; index += 1) {
    write('a.yaml', index % 7 === 3 ? 'a: [' : text('a', 1, 1300 + index));
    await new Promise((done) => setTimeout(done, 20));
  }
  write('a.yaml', text('a', 1, 9000));
  while ((await mtuOf('br-a')) !== 9000) await new Promise((done) => setTimeout(done, 20));
  expect(await changesOf(load(text('a', 1, 9000)))).toEqual([]);
  expect(watcher.said.filter(({ event }) => event === 'converged').length).toBeLessThan(150);
});

test('watch: what is not there to be watched is said at once', async () => {
  const { exitCode, stderr } = await attempt(process.execPath, NETLOOM, 'watch', join(directory, 'nothing.yaml'));
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('there is no') });
});
