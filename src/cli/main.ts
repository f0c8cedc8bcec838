import { CommanderError } from 'commander';
import { visible } from '../render/text.ts';
import { answer, COMPLETE } from './completion/answer.ts';
import { type Context, createContext } from './context.ts';
import { EXIT } from './exit.ts';
import { reportFailure, reportUsage } from './failure.ts';
import { type Host, realHost } from './host.ts';
import { type Io, outliveReader, processIo } from './io.ts';
import { buildProgram } from './program.ts';
import type { Usage } from './usage.ts';
import { waitingFor } from './waiting.ts';

/** Runs netloom as the program of this process. */
export async function start(): Promise<void> {
  outliveReader(process.stderr, () => {}); // where else could it be said?
  const isLost = outliveReader(process.stdout, ({ message }) => process.stderr.write(`${lostText(message)}\n`));
  process.exitCode = await main(process.argv.slice(2));
  // Streams fail later than they are written to.
  process.once('exit', () => {
    if (isLost() && (process.exitCode === EXIT.ok || process.exitCode === EXIT.changes)) process.exitCode = EXIT.error;
  });
}

const LOST = 'E_OUTPUT';
const lostText = (why: string): string =>
  `error: standard output is not complete: ${visible(why)}; what was done to the host stands (${LOST})`;

/** Runs one command line, without the program's name. Returns the exit code; never throws, never exits. */
export async function main(argv: readonly string[], io: Io = processIo(), host: Host = realHost(io.cwd)): Promise<number> {
  if (argv[0] === COMPLETE) {
    await answer(argv.slice(1), io, host);
    return EXIT.ok;
  }
  let code: number = EXIT.ok;
  const program = buildProgram(io, async (usage, args, flags) => {
    code = await runCommand(usage, args, createContext(io, flags, host, { command: usage.name, argv }));
  });
  if (argv.length === 0) {
    program.outputHelp({ error: true });
    return EXIT.usage;
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander has already said it, on the right stream.
    if (error.exitCode === 0) return EXIT.ok;
    reportUsage(error, argv, io, host);
    return EXIT.usage;
  }
}

async function runCommand(usage: Usage, args: readonly string[], context: Context): Promise<number> {
  try {
    const { run } = await usage.load();
    return await run({ ...context, host: waitingFor(context.host, context) }, args);
  } catch (error) {
    return reportFailure(error, usage, context);
  }
}
