import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { realHost } from '../../src/cli/host.ts';
import type { Io } from '../../src/cli/io.ts';
import { main } from '../../src/cli/main.ts';
import { run } from '../support/sandbox.ts';

/** Where the pages say that their files are. */
const SHOWN_DIRECTORY = '/srv/lab';

const BLOCK = /^```(yaml|console)\n(.*?)^```$/gms;

/**
 * A page as it should be: its fenced blocks are carried out from top to bottom, in `cwd`, and what `console` blocks show becomes what was
 * really said. A `yaml` block whose first line is `# NAME.yaml` is written to that file. In a `console` block the lines that begin with
 * `$ ` are commands, the others their output. Blocks in other languages are text. Output that differs in durations and in random ports alone stays.
 */
export async function rerun(page: string, cwd: string): Promise<string> {
  let result = '';
  let end = 0;
  for (const match of page.matchAll(BLOCK)) {
    const [block, language, text = ''] = match;
    result += page.slice(end, match.index);
    end = match.index + block.length;
    if (language === 'console') result += `\`\`\`console\n${await rerunConsole(text, cwd)}\`\`\``;
    else {
      const file = /^# (\S+\.yaml)\n/.exec(text)?.[1];
      if (file !== undefined) await writeFile(join(cwd, file), text);
      result += block;
    }
  }
  return result + page.slice(end);
}

async function rerunConsole(text: string, cwd: string): Promise<string> {
  let result = '';
  for (const part of text.split(/^(?=\$ )/m)) {
    const [command = '', ...shown] = part.split('\n');
    const real = (await outputOf(command.slice('$ '.length), cwd)).replaceAll(cwd, SHOWN_DIRECTORY);
    const expected = shown.join('\n');
    // The blank line that parts one command from the next is the page's own.
    const isSame = withoutChance(real).trimEnd() === withoutChance(expected).trimEnd();
    result += `${command}\n${isSame ? expected : real}`;
  }
  return result;
}

/** Durations, and ports that a probe is sent from. */
const withoutChance = (text: string): string => text.replace(/\b\d+(\.\d+)? m?s\b/g, 'N ms').replace(/(?<=[\d\]]):\d{5}\b/g, ':PORT');

/** What a person at a pipe sees: both streams. netloom runs in this process, from its sources; anything else in a shell. */
async function outputOf(command: string, cwd: string): Promise<string> {
  const [program, ...argv] = command.replace(/ +#.*/, '').split(' ');
  if (program !== 'netloom') return run('sh', '-euc', `cd '${cwd}'; ${command}`);
  if (/['"|<>;&$]/.test(command)) throw new Error(`write it without a shell's signs: ${command}`);
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
