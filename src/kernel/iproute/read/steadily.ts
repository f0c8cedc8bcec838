import type { ProgramOptions, ProgramResult, RunProgram } from '../../program.ts';

/** How often a list that changes while it is read is read. */
export const TRIES = 6;

/** The kernel marks a dump during which its list has changed (NLM_F_DUMP_INTR): entries may be missing. `ip` says so, and ends with 0. */
export const isInterrupted = (stderr: string): boolean => /[Dd]ump was interrupted/.test(stderr);

/** Reads again while the list changes. What is given after the last try may be interrupted, too: see `isInterrupted`. */
export async function readSteadily(run: RunProgram, argv: readonly string[], options?: ProgramOptions): Promise<ProgramResult> {
  for (let attempt = 1; ; attempt += 1) {
    const result = await run(argv, options);
    if (!isInterrupted(result.stderr) || attempt === TRIES) return result;
  }
}
