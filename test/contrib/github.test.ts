import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { USAGES } from '../../src/cli/usage.ts';

const ROOT = join(import.meta.dirname, '../..');
const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly { readonly run?: string; readonly uses?: string }[] }>>;
}

describe('contrib/github/netloom.yml', () => {
  const workflow = parse(textOf('contrib/github/netloom.yml')) as Workflow;
  const runs = Object.values(workflow.jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => (run === undefined ? [] : [run])));

  test('has a job that validates and one that plans', () => {
    expect(Object.keys(workflow.jobs)).toEqual(['validate', 'plan']);
    expect(runs).toHaveLength(7);
  });

  test('runs only commands of netloom that there are, and files that are there', () => {
    const names = USAGES.map(({ name }) => name);
    for (const run of runs) {
      for (const [, command = ''] of run.matchAll(/\bnetloom (?!$)([a-z]+)/gm)) expect(names).toContain(command);
      for (const [path] of run.matchAll(/contrib\/\S+/g)) expect(existsSync(join(ROOT, path))).toBe(true);
    }
  });

  test('what it runs of ours, docs/git.md runs too, where a test compares it', () => {
    for (const file of ['contrib/github/plan.sh', 'contrib/github/comment.mjs']) {
      expect(runs.join('\n')).toContain(file);
      expect(textOf('docs/git.md')).toContain(`$NETLOOM/${file}`);
    }
  });

  test('no text of a pull request reaches a shell but by way of the environment', () => {
    expect(runs.filter((run) => run.includes('${{'))).toEqual([]);
  });
});

describe('contrib/github/comment.mjs', () => {
  const plan = {
    topologies: [],
    changes: [],
    summary: { create: 0, update: 0, replace: 0, delete: 0 },
    blockers: [],
    errors: [],
    warnings: [],
  };
  const comment = async (document: object): Promise<string> =>
    (await execa(process.execPath, [join(ROOT, 'contrib/github/comment.mjs')], { input: JSON.stringify(document) })).stdout;
  const change = { action: 'create', id: 'bridge:br-web', topology: 'shop', fields: [], impact: 'none' };

  test('says that nothing would change', async () => {
    expect(await comment(plan)).toBe('### netloom plan\n\nNo changes.');
  });

  test('shows a long plan in part', async () => {
    const changes = Array.from({ length: 300 }, (_, index) => ({ ...change, id: `namespace:pc${index}` }));
    const text = await comment({ ...plan, changes, summary: { ...plan.summary, create: 300 } });
    expect(text.split('\n')).toHaveLength(2 + 2 + 2 + 201);
    expect(text).toContain('300 to create.\n\n```diff\n+ shop  namespace:pc0\n');
    expect(text).toContain('… and 100 more');
  });

  test('does not show the text of a file, and keeps within what GitHub takes', async () => {
    const content = `# netloom\n${'10.0.0.1 a\n'.repeat(900)}`;
    const fields = [{ path: 'content', before: content, after: `${content}10.0.0.2 b\n` }];
    const changes = [{ ...change, action: 'update', id: 'file:a:hosts', fields }];
    expect(await comment({ ...plan, changes })).toContain('~ shop  file:a:hosts  content changed\n');
    const errors = Array.from({ length: 3000 }, () => ({ code: 'E_TYPE', message: 'm'.repeat(50), file: 'lab.yaml', line: 1 }));
    expect((await comment({ ...plan, errors, warnings: errors })).length).toBeLessThan(65_536);
  });

  test('puts faults first, and no text of a file gets out of its fence', async () => {
    const errors = [{ code: 'E_TYPE', message: 'it is ``` and ````\n# Big', hint: null, file: 'lab.yaml', line: 7, column: 1 }];
    expect(await comment({ ...plan, errors })).toBe(
      '### netloom plan\n\n**In the way**\n\n`````diff\nlab.yaml:7 E_TYPE it is ``` and ````\n# Big\n`````\n\nNo changes.',
    );
  });
});

describe('.pre-commit-hooks.yaml', () => {
  const [hook] = parse(textOf('.pre-commit-hooks.yaml')) as readonly { entry: string; files: string; id: string; language: string }[];

  test('checks all of topologies/ where one of them is in the commit', () => {
    const taken = ['topologies/shop.yaml', 'topologies/a.yml'];
    const left = [
      'README.md',
      'labs/topologies/a.yml',
      'topologies/sub/shop.yaml',
      'docker-compose.yaml',
      'topologies/notes.md',
      'my-netloom.yaml',
    ];
    const pattern = new RegExp(hook?.files ?? '');
    expect([...taken, ...left].filter((path) => pattern.test(path))).toEqual(taken);
    expect(hook).toMatchObject({ args: ['topologies/'], pass_filenames: false });
  });

  test('runs a program of the package, which npm builds when it installs from git', () => {
    const { bin, scripts } = JSON.parse(textOf('package.json'));
    expect(hook).toMatchObject({ id: 'netloom-validate', entry: 'netloom validate', language: 'node' });
    expect(bin).toHaveProperty('netloom');
    expect(scripts.prepare).toBe('node scripts/prepare.mjs');
    expect(textOf('docs/git.md')).toContain(`id: ${hook?.id}`);
  });
});
