import { Readable, Writable } from 'node:stream';
import { type Host, realHost } from '../../src/cli/host.ts';
import type { Io } from '../../src/cli/io.ts';
import { main } from '../../src/cli/main.ts';

/** What a command line has said and how it ended. */
export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs netloom from its sources, in this process, on this sandbox; or on a host that has its troubles. */
export async function netloom(
  line: string,
  cwd: string,
  env: Readonly<Record<string, string>> = {},
  host: Host = realHost(cwd),
): Promise<Said> {
  let [stdout, stderr] = ['', ''];
  const io: Io = {
    stdin: Object.assign(Readable.from([]), { isTTY: false }),
    stdout: {
      write: (text) => {
        stdout += text;
      },
    },
    stderr: new Writable({
      write(chunk, _encoding, done) {
        stderr += String(chunk);
        done();
      },
    }),
    env: { LANG: 'C.UTF-8', ...env },
    cwd,
  };
  const code = await main(line.split(' '), io, host);
  return { code, stdout, stderr };
}
