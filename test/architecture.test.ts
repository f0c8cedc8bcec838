import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const LINES_MAX = 250;
/** Code that ajv writes; what it is made from is looked at. */
const GENERATED = 'topology/syntax/validator.ts';

/** Which folders of src each folder may import, besides itself. A pattern allows single files. */
const ALLOWED: Readonly<Record<string, readonly (string | RegExp)[]>> = {
  model: [],
  // Not the kinds themselves, only their part of the language.
  topology: ['model', /^kinds\/schemas\.ts$/, /^kinds\/[^/]+\/schema\.ts$/],
  kinds: ['model'],
  pipeline: ['model', /^kinds\/registry\.ts$/],
  kernel: ['model'],
  render: ['model'],
  watch: ['model', 'pipeline', 'kernel'],
  cli: ['model', 'topology', 'kinds', 'pipeline', 'kernel', 'render', 'watch'],
};

interface Source {
  /** Below src: `kinds/bridge/index.ts`. */
  readonly path: string;
  readonly folder: string;
  readonly text: string;
  /** Without comments, so that they may speak of what code must not do. */
  readonly code: string;
  /** Imported files of ours, below src, and packages by name. */
  readonly imports: readonly string[];
}

const sources: readonly Source[] = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && path !== GENERATED)
  .map((path) => {
    const text = readFileSync(join(ROOT, 'src', path), 'utf8');
    const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
    const found = [...code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map(([, name = '']) => name);
    const imports = found.map((name) =>
      name.startsWith('.') ? relative(join(ROOT, 'src'), join(ROOT, 'src', dirname(path), name)) : name,
    );
    return { path, folder: path.split('/')[0] ?? '', text, code, imports };
  });

/** `path: what` for every source that a rule finds at fault. */
const violations = (rule: (source: Source) => readonly string[]): string[] =>
  sources.flatMap((source) => rule(source).map((what) => `${source.path}: ${what}`));

const matches =
  (pattern: RegExp) =>
  ({ code }: Source): string[] =>
    [...code.matchAll(pattern)].map(([text]) => text.trim());

const ours = (source: Source): string[] =>
  source.imports.filter((name) => Object.keys(ALLOWED).some((folder) => name.startsWith(`${folder}/`)));

test('architecture: every folder of src is known here', () => {
  expect([...new Set(sources.map(({ folder }) => folder))].filter((folder) => !(folder in ALLOWED))).toEqual([]);
});

test('architecture: folders import only what they may', () => {
  const isAllowed = (source: Source, target: string): boolean =>
    target.startsWith(`${source.folder}/`) ||
    (ALLOWED[source.folder] ?? []).some((allowed) =>
      typeof allowed === 'string' ? target.startsWith(`${allowed}/`) : allowed.test(target),
    );
  expect(violations((source) => ours(source).filter((target) => !isAllowed(source, target)))).toEqual([]);
});

test('architecture: a kind imports no other kind', () => {
  const isGenerated = (path: string): boolean => path === 'kinds/registry.ts' || path === 'kinds/schemas.ts';
  const kindOf = (path: string): string => path.split('/')[1] ?? '';
  const foreign = ({ path, folder, imports }: Source): string[] =>
    folder === 'kinds' && !isGenerated(path)
      ? imports.filter((target) => target.startsWith('kinds/') && kindOf(target) !== kindOf(path))
      : [];
  expect(violations(foreign)).toEqual([]);
});

test('architecture: only kernel/ runs programs or reads /proc', () => {
  const outside = (source: Source): string[] =>
    source.folder === 'kernel'
      ? []
      : [
          ...source.imports.filter((name) => name === 'node:child_process' || name === 'execa'),
          ...matches(/(?:readFile|readdir|readlink|open|stat)\w*\(\s*['"`]\/proc\//g)(source),
        ];
  expect(violations(outside)).toEqual([]);
});

test('architecture: only cli/ prints or ends the process', () => {
  const speaks = /\bprocess\.(?:stdout|stderr|exit\b|exitCode)|\bconsole\./g;
  expect(violations((source) => (source.folder === 'cli' ? [] : matches(speaks)(source)))).toEqual([]);
});

test('architecture: no module keeps state', () => {
  expect(violations(matches(/^(?:export )?let .*/gm))).toEqual([]);
});

test('architecture: clock and chance come in from outside', () => {
  const pure = ['model', 'topology', 'kinds', 'render'];
  expect(
    violations((source) =>
      pure.includes(source.folder) ? matches(/\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bprocess\.env\b/g)(source) : [],
    ),
  ).toEqual([]);
});

test(`architecture: no file of src has more than ${LINES_MAX} lines`, () => {
  const long = ({ text }: Source): string[] => (text.split('\n').length - 1 > LINES_MAX ? [`${text.split('\n').length - 1} lines`] : []);
  expect(violations(long)).toEqual([]);
});

test('architecture: no path of one machine, no registry of one network', () => {
  const tracked = ['src', 'test', 'scripts', 'bin', 'topologies', 'schemas'].flatMap((folder) =>
    existsSync(join(ROOT, folder))
      ? readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
      : [],
  );
  const home = /(?:^|[\s'"`(=])\/(?:home|Users|root|work|workspace)\/\w/m;
  expect(tracked.filter((path) => path !== 'test/architecture.test.ts' && home.test(readFileSync(join(ROOT, path), 'utf8')))).toEqual([]);
  const registry = /"resolved"\s*:\s*"https?:|^\s*(?:\S+:)?registry\s*=|_authToken/m;
  expect(['package-lock.json', '.npmrc'].filter((path) => registry.test(readFileSync(join(ROOT, path), 'utf8')))).toEqual([]);
});
