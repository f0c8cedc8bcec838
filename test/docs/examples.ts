import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { execa } from 'execa';
import { realHost } from '../../src/cli/host.ts';
import type { Io } from '../../src/cli/io.ts';
import { main } from '../../src/cli/main.ts';
import { blocksOf } from './blocks.ts';

/** Where the pages say that their files are. */
const SHOWN_DIRECTORY = '/srv/lab';

const ROOT = join(import.meta.dirname, '../..');

/**
 * A page as it should be: its fenced blocks are carried out from top to bottom, in `cwd`, and what `console` blocks show becomes what was
 * really said. A `yaml` block whose first line is `# NAME.yaml` is written to that file. In a `console` block the lines that begin with
 * `$ ` are commands, the others their output. Output that differs in `passing` things alone stays.
 */
export async function rerun(page: string, cwd: string): Promise<string> {
  let result = '';
  let end = 0;
  for (const { index, source, fence, language, text, file } of blocksOf(page)) {
    result += page.slice(end, index);
    end = index + source.length;
    if (language === 'console') result += `${fence}console\n${await rerunConsole(text, cwd)}${fence}`;
    else {
      if (file !== undefined) await writeFile(join(cwd, file), text);
      result += source;
    }
  }
  return result + page.slice(end);
}

async function rerunConsole(text: string, cwd: string): Promise<string> {
  let result = '';
  for (const part of text.split(/^(?=\$ )/m)) {
    const [command = '', ...shown] = part.split('\n');
    const said = (await outputOf(command.slice('$ '.length), cwd)).replaceAll(cwd, SHOWN_DIRECTORY);
    const real = said === '' || said.endsWith('\n') ? said : `${said}\n`;
    const expected = shown.join('\n');
    // The blank line that parts one command from the next is the page's own.
    const isSame = withoutPassing(real).trimEnd() === withoutPassing(expected).trimEnd();
    result += `${command}\n${isSame ? expected : real}`;
  }
  return result;
}

/** What is another one each time: durations, clocks, process ids, indices of interfaces, commits, and how wide a column is by them. */
const PASSING: readonly (readonly [RegExp, string])[] = [
  [/\b(\d+ min )?\d+(\.\d+)? ?m?s\b/g, 'N ms'],
  [/(rtt min\/avg\/max\/mdev =) \S+/g, '$1 N'],
  [/\b\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+Z)?/g, 'DATE'],
  [/\b\d\d:\d\d:\d\d\b/g, 'CLOCK'],
  [/\b(pid|process) \d+/g, '$1 N'],
  [/(?<=[\d\]]):\d{5}\b/g, ':PORT'],
  [/^\d+: /gm, 'N: '],
  [/@if\d+ */g, '@ifN '],
  [/\b[0-9a-f]{8}\b(?=\+?\s)/g, 'COMMIT'],
];

const withoutPassing = (text: string): string =>
  PASSING.reduce((rest, [pattern, name]) => rest.replaceAll(pattern, name), text).replaceAll(/(DATE|N ms|COMMIT) +/g, '$1 ');

/** What a person at a pipe sees: both streams. netloom runs in this process, from its sources, where it stands alone; else in a shell. */
async function outputOf(command: string, cwd: string): Promise<string> {
  const [program, ...argv] = command.replace(/ +#.*/, '').split(' ');
  const isAlone = program === 'netloom' && !/['"|<>;&$*]/.test(command) && !/^netloom (exec|sandbox) /.test(command);
  return isAlone ? outputOfMain(argv, cwd) : outputOfShell(command, cwd);
}

async function outputOfShell(command: string, cwd: string): Promise<string> {
  if (process.env.NETLOOM_SANDBOX !== '1') throw new Error('not in a sandbox: name the file *.kernel.test.ts');
  const bin = join(cwd, '.bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'netloom'), `#!/bin/sh\nexec ${process.execPath} ${join(ROOT, 'bin/netloom.js')} "$@"\n`);
  await chmod(join(bin, 'netloom'), 0o755);
  const { all } = await execa('sh', ['-c', command], {
    cwd,
    all: true,
    reject: false,
    stripFinalNewline: false,
    stdin: 'ignore',
    env: { LC_ALL: 'C.UTF-8', GIT_CONFIG_GLOBAL: '/dev/null', NETLOOM: ROOT, PATH: `${bin}:${process.env.PATH}` },
  });
  return all;
}

async function outputOfMain(argv: readonly string[], cwd: string): Promise<string> {
  let said = '';
  const say = (text: unknown) => {
    said += String(text);
  };
  const stderr = new Writable({
    write(chunk, _encoding, done) {
      say(chunk);
      done();
    },
  });
  const io: Io = {
    stdin: Object.assign(Readable.from([]), { isTTY: false }),
    stdout: { write: say },
    stderr,
    env: { LANG: 'C.UTF-8' },
    cwd,
  };
  await main(argv, io, realHost(cwd));
  return said;
}
