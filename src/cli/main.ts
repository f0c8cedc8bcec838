import { CommanderError } from 'commander';
import { type Context, createContext } from './context.ts';
import { EXIT } from './exit.ts';
import { reportFailure, reportUsage } from './failure.ts';
import { type Host, realHost } from './host.ts';
import { type Io, outliveReader, processIo } from './io.ts';
import { keepYoungSmall } from './lean.ts';
import { buildProgram } from './program.ts';
import type { Usage } from './usage.ts';

/** Runs netloom as the program of this process. */
export async function start(): Promise<void> {
  keepYoungSmall();
  for (const stream of [process.stdout, process.stderr]) outliveReader(stream);
  process.exitCode = await main(process.argv.slice(2));
}

/** Runs one command line, without the program's name. Returns the exit code; never throws, never exits. */
export async function main(argv: readonly string[], io: Io = processIo(), host: Host = realHost(io.cwd)): Promise<number> {
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
    return await run(context, args);
  } catch (error) {
    return reportFailure(error, usage, context);
  }
}
