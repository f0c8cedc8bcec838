import { expect, test } from 'vitest';
import { USAGES } from '../../src/cli/usage.ts';
import { run } from './run.ts';

test('help lists the commands in groups', async () => {
  const { code, stdout, stderr } = await run('--help');
  expect(code).toBe(0);
  expect(stderr).toBe('');
  expect(stdout).toMatchInlineSnapshot(`
    "Usage: netloom COMMAND [options]

    Makes a Linux host's virtual network be what a YAML file says.

    Options:
      -V, --version   print the version
      -h, --help      this help, or that of a command

    Every command takes:
      --json          exactly one JSON document on standard output, also on failure
      -q, --quiet     only errors, and what was asked for
      -v, --verbose   everything: nothing folded, nothing collapsed
      --color <when>  colour the text; auto is on a terminal without NO_COLOR (choices: "always",
                      "never", "auto")
      --plain         words for signs, sentences for tables, nothing that moves: for screen readers

    Look, change nothing:
      validate        check topology files
      plan            show what apply would change
      show            who is connected to whom, through what
      verify          run the checks of the files
      trace           follow a packet hop by hop
      log             who has changed what, and when
      graph           a picture of a topology
      doctor          is this host ready, and what is in the way
      import          what is there, as a topology file

    Change the host:
      apply           make the host be what the files say
      watch           converge on every edit and on every drift
      destroy         remove what a topology owns
      confirm         keep what apply --confirm has changed

    Go inside:
      exec            run a command in a namespace
      sandbox         a throw-away host to try things in

    Write topology files:
      init            write a first topology file
      pin             write allocated addresses and ports into the file

    Reference:
      schema          print the JSON Schema of topology files
      completion      completion for a shell
      help            the same for a command

    A TARGET with a slash or ending in .yaml or .yml is a path, a directory means every *.yaml and *.yml in it,
    - is standard input, anything else is the name of a topology. Without one: ./netloom.yaml, else topologies/.

    netloom COMMAND --help explains each, with examples and exit codes.
    "
  `);
});

test.each(USAGES.map(({ name }) => name))('%s --help teaches: what it does, examples and exit codes', async (name) => {
  const { code, stdout } = await run(`${name} --help`);
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`^Usage: netloom ${name} \\[options\\]`));
  expect(stdout).toContain('\nExamples:\n');
  expect(stdout).toContain('\nExit codes:\n');
  for (const flag of ['--json', '--quiet', '--verbose', '--color', '--help']) expect(stdout).toContain(flag);
});

test('the help of a command reads well', async () => {
  expect((await run('plan --help')).stdout).toMatchInlineSnapshot(`
    "Usage: netloom plan [options] [TARGET...]

    Compares topology files with the host and shows what would be created, changed in place, replaced or
    removed. Changes nothing.

    Options:
      --adopt         take over what is there under a wanted name and is not netloom's
      --out <file>    save the plan, for \`netloom apply --plan\`
      --script        print the same work as a shell script of ip, nft and sysctl lines

    Every command takes:
      --json          exactly one JSON document on standard output, also on failure
      -q, --quiet     only errors, and what was asked for
      -v, --verbose   everything: nothing folded, nothing collapsed
      --color <when>  colour the text; auto is on a terminal without NO_COLOR (choices: "always",
                      "never", "auto")
      --plain         words for signs, sentences for tables, nothing that moves: for screen readers
      -h, --help      this help

    A TARGET with a slash or ending in .yaml or .yml is a path, a directory means every *.yaml and *.yml in it,
    - is standard input, anything else is the name of a topology. Without one: ./netloom.yaml, else topologies/.

    Examples:
      netloom plan lab.yaml                       what would change, for people
      netloom plan lab.yaml --json | jq .summary  and for programs
      netloom plan lab.yaml --out lab.plan        agree now, apply later, exactly that
      netloom plan lab.yaml --script > lab.sh     what one would do by hand

    Exit codes:
      0   nothing to do
      2   there are changes
      1   an error, or something is in the way
      64  the command line is wrong
    "
  `);
});

test.each([
  ['an unknown command', 'plam', /unknown command 'plam'[\s\S]*Did you mean plan\?/],
  ['an unknown option', 'plan --adpot', /unknown option '--adpot'[\s\S]*Did you mean --adopt\?/],
  ['a value that is none', 'plan --color=loud', /loud.*Allowed choices are always, never, auto/],
  ['a missing argument', 'exec', /missing required argument 'namespace'/],
  ['too many arguments', 'show a b', /too many arguments/],
  ['options that exclude each other', 'plan -q -v', /cannot be used with/],
  ['destroying nothing in particular', 'destroy', /what is to be destroyed/],
  ['destroying all of some', 'destroy --all shop', /exclude each other/],
  ['a script as JSON', 'plan --script --json', /exclude each other/],
  ['a duration without a unit', 'apply --lock-timeout 5', /a duration is 0, or a number with ms, s or m/],
  ['a duration of years', 'apply --lock-timeout 999999m', /a day at most/],
  ['a count that is none', 'log -n few', /a whole number is wanted/],
  ['a shell as JSON', 'exec --json host', /needs a command/],
])('%s is wrong use: 64, with what was probably meant', async (_, line, message) => {
  const { code, stderr } = await run(line);
  expect(stderr).toMatch(message);
  expect(code).toBe(64);
});

test('wrong use leaves standard output empty, and with --json one document on it', async () => {
  expect((await run('plan --adpot')).stdout).toBe('');
  const { stdout } = await run('plan --adpot --json');
  expect(JSON.parse(stdout)).toMatchObject({
    formatVersion: 1,
    changes: [],
    errors: [{ code: 'E_USAGE', message: "unknown option '--adpot'", hint: 'Did you mean --adopt?' }],
  });
});

test('a --json behind -- is the command\u2019s own', async () => {
  expect((await run('exec --nope web01 -- --json')).stdout).toBe('');
});

test('without a command, the help goes to standard error', async () => {
  const { code, stdout, stderr } = await run('');
  expect([code, stdout]).toEqual([64, '']);
  expect(stderr).toContain('Usage: netloom');
});

test('--version is the package\u2019s', async () => {
  expect((await run('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
