import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { complete, type Known } from '../../src/cli/completion/complete.ts';
import { scriptFor } from '../../src/cli/completion/shells.ts';
import { ARGUMENTS, VALUES } from '../../src/cli/completion/values.ts';
import { USAGES } from '../../src/cli/usage.ts';
import { run, topology } from './run.ts';

const words = (...list: string[]) => list.map((word) => ({ word, text: '' }));
const KNOWN: Known = {
  topologies: async () => words('lab', 'shop'),
  namespaces: async () => words('host', 'web01'),
  endpoints: async () => words('host', 'web01', 'web01:eth0'),
};

test.each([
  ['a command', ['pl'], ['plan']],
  ['a command behind an option', ['--json', 'sch'], ['schema']],
  ['the commands of help', ['help', 'ver'], ['verify']],
  ['an option', ['apply', '--conf'], ['--confirm']],
  ['an option of every command', ['show', '--pl'], ['--plain']],
  ['an option a second time', ['plan', '--json', '--js'], []],
  ['the value of an option', ['graph', '--format', 'm'], ['mermaid']],
  ['the value behind =', ['graph', '--theme=d'], ['--theme=dark']],
  ['the value of an option of every command', ['--color', 'ne'], ['never']],
  ['a topology', ['show', 's'], ['shop']],
  ['no second name where one is all', ['show', 'shop', ''], []],
  ['a second target', ['plan', 'lab', ''], ['lab', 'shop']],
  ['a namespace', ['exec', ''], ['host', 'web01']],
  ['a namespace behind an option and its value', ['exec', '--color', 'never', 'w'], ['web01']],
  ['a shell', ['completion', 'z'], ['zsh']],
  ['nothing for what is no command', ['plam', ''], []],
])('completion knows %s', async (_, line, expected) => {
  expect((await complete(line, KNOWN)).candidates.map(({ word }) => word)).toEqual(expected);
});

test.each([
  [['exec', 'web01', '--', 'l'], 3],
  [['exec', 'web01', 'ls', '-'], 2],
  [['exec', '--json', 'web01', ''], 3],
  [['sandbox', '--', 'netloom', 'pl'], 2],
  [['sandbox', ''], 1],
])('completion of %j leaves it to the command from word %i on', async (line, command) => {
  expect(await complete(line, KNOWN)).toEqual({ candidates: [], command });
});

test.each([
  [['plan', ''], 'yaml'],
  [['plan', '--out', ''], 'any'],
  [['apply', '--plan='], 'any'],
  [['init', ''], 'yaml'],
])('completion of %j adds files', async (line, files) => {
  expect((await complete(line, KNOWN)).files).toBe(files);
});

test('completion: every argument and every value of an option is known to it', () => {
  const args = USAGES.flatMap(({ args: text }) => text.split(' ').map((arg) => arg.replaceAll(/[<>[\].]/g, ''))).filter(Boolean);
  expect(args.filter((arg) => !(arg in ARGUMENTS))).toEqual([]);
  const values = USAGES.flatMap(({ options }) => options.flatMap(([flags]) => /<([^>]+)>/.exec(flags)?.[1] ?? []));
  expect(values.filter((value) => !(value in VALUES))).toEqual([]);
});

test('completion: topologies come from the host and from the files of the directory; faults and absent files are silent', async () => {
  const files = { 'topologies/a.yaml': topology('alpha'), 'topologies/b.yaml': 'name: beta\nversion: 7\n', 'topologies/c.yaml': '{{' };
  const host = { recorded: async () => [{ name: 'gamma', file: '/srv/gamma.yaml' }] };
  const { code, stdout, stderr } = await run(['__complete', 'plan', ''], { files, host });
  expect([code, stdout, stderr]).toEqual([0, 'yaml\nalpha\ttopologies/a.yaml\nbeta\ttopologies/b.yaml\ngamma\t/srv/gamma.yaml\n', '']);
});

test('completion: a host that cannot be asked is silent, too', async () => {
  const host = {
    recorded: async (): Promise<never> => {
      throw new Error('no');
    },
  };
  expect(await run(['__complete', 'plan', ''], { host })).toMatchObject({ code: 0, stdout: 'none\n', stderr: '' });
});

test.each(['bash', 'zsh', 'fish'] as const)('completion %s prints the script', async (shell) => {
  expect(await run(`completion ${shell}`)).toMatchObject({ code: 0, stdout: scriptFor(shell), stderr: '' });
});

test('completion of another shell says which there are', async () => {
  const { code, stderr } = await run('completion fisch');
  expect([code, stderr]).toEqual([64, 'error: there is no completion for fisch (E_USAGE)\n  did you mean fish?\n']);
});

// The real shells, with netloom as it is built.

let directory = '';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'netloom-shell-'));
  mkdirSync(join(directory, 'bin'));
  const program = join(directory, 'bin', 'netloom');
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${join(import.meta.dirname, '../../bin/netloom.js')}' "$@"\n`);
  chmodSync(program, 0o755);
  for (const name of ['netloom.yaml', 'my lab.yml']) writeFileSync(join(directory, name), topology('shop'));
  writeFileSync(join(directory, 'other.txt'), '');
  mkdirSync(join(directory, 'labs'));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function shell(program: string, args: readonly string[], script: string): string {
  const path = join(directory, `script.${program}`);
  writeFileSync(path, script);
  const env = { PATH: `${join(directory, 'bin')}:${process.env.PATH}`, HOME: directory, LANG: 'C.UTF-8', TERM: 'xterm' };
  const { stdout, stderr, status } = spawnSync(program, [...args, path], { cwd: directory, encoding: 'utf8', env, timeout: 60_000 });
  expect([program, status, stderr]).toEqual([program, 0, '']);
  return stdout;
}

test('bash completes commands, values behind = and :, topologies, and files with spaces', () => {
  const lines = [
    ['netloom pl', 'netloom', 'pl'],
    ['netloom plan ', 'netloom', 'plan', ''],
    ['netloom graph --format=', 'netloom', 'graph', '--format', '='],
    ['netloom graph --theme=d', 'netloom', 'graph', '--theme', '=', 'd'],
    ['netloom watch --listen 127.0.0.1:97', 'netloom', 'watch', '--listen', '127.0.0.1', ':', '97'],
    ['netloom exec ho', 'netloom', 'exec', 'ho'],
    ['netloom sandbox -- netloo', 'netloom', 'sandbox', '--', 'netloo'],
  ];
  const out = shell(
    'bash',
    ['--norc'],
    `source <(netloom completion bash)
compopt() { :; } # belongs to readline, which is not there
try() {
  COMP_LINE=$1 COMP_POINT=\${#1} COMP_WORDS=("\${@:2}") COMPREPLY=()
  COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
  _netloom
  printf '%s:' "$1"; printf ' <%s>' "\${COMPREPLY[@]}"; echo
}
${lines.map((line) => `try ${line.map((word) => `'${word}'`).join(' ')}`).join('\n')}`,
  );
  expect(out.replace(/( <netloom>)+\n$/, ' <netloom>\n')).toMatchInlineSnapshot(`
    "netloom pl: <plan>
    netloom plan : <shop> <labs> <bin> <netloom.yaml> <my lab.yml>
    netloom graph --format=: <svg> <mermaid> <dot>
    netloom graph --theme=d: <dark>
    netloom watch --listen 127.0.0.1:97: <9750>
    netloom exec ho: <host>
    netloom sandbox -- netloo: <netloom>
    "
  `);
});

test('fish completes commands with what they do, values, topologies, files, and the words of a command inside', () => {
  const lines = ['pl', 'plan ', 'graph --format ', 'graph --theme=d', 'exec ho', 'plan --out=my', 'sandbox -- netloo'];
  const script = `netloom completion fish | source
for line in ${lines.map((line) => `'netloom ${line}'`).join(' ')}
  echo "$line:" (complete -C "$line" | string replace -a \\t '=')
end`;
  expect(shell('fish', ['--no-config'], script)).toMatchInlineSnapshot(`
    "netloom pl: plan=show what apply would change
    netloom plan : bin/ labs/ my lab.yml netloom.yaml shop=netloom.yaml
    netloom graph --format : dot mermaid svg
    netloom graph --theme=d: --theme=dark
    netloom exec ho: host=the host's own namespace
    netloom plan --out=my: --out=my lab.yml
    netloom sandbox -- netloo: netloom=command
    "
  `);
});

test('zsh completes on a terminal what it is asked for', () => {
  const lines = ['pl', 'graph --format=s', 'graph --theme da', 'exec ho', 'show ', 'plan my', 'plan --out=oth', 'sandbox -- netloo'];
  // The widget completes and says what stands on the command line then.
  const script = `zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'PROMPT=; autoload -Uz compinit; compinit -u -D; source <(netloom completion zsh)'
zpty -w z 'say() { zle complete-word; zle -I; print -r -- "<""<$BUFFER>"">"; BUFFER= }; zle -N say; bindkey "^I" say; print READ''Y'
zpty -r z out '*READY*'
for line in ${lines.map((line) => `'netloom ${line}'`).join(' ')}; do
  zpty -n -w z "$line"$'\\t'
  zpty -r z out '*<<*>>*'
  print -r -- "$line: \${\${out##*<<}%%>>*}"
done
zpty -d z`;
  expect(shell('zsh', ['-f'], script)).toMatchInlineSnapshot(`
    "netloom pl: netloom plan 
    netloom graph --format=s: netloom graph --format=svg 
    netloom graph --theme da: netloom graph --theme dark 
    netloom exec ho: netloom exec host 
    netloom show : netloom show shop 
    netloom plan my: netloom plan my\\ lab.yml 
    netloom plan --out=oth: netloom plan --out=other.txt 
    netloom sandbox -- netloo: netloom sandbox -- netloom 
    "
  `);
});
