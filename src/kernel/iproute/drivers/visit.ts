import { namespaceName } from '../../checked.ts';
import { mapConcurrently } from '../../concurrency.ts';
import type { RunProgram } from '../../program.ts';
import type { Request } from '../../rtnetlink/requests.ts';
import { complaintsIn, createSplitter, type Printed } from './output.ts';
import { driverArgv } from './perl.ts';

/** One thing to do in one namespace; `host` is the host's. No line holds a newline. */
export interface Visit {
  readonly namespace: string;
  /** Sysctls, in this order: `path` to read, `path=value` to write; paths below /proc/sys. */
  readonly settings: readonly string[];
  /** Sent to the kernel in this order, up to the first that it refuses. */
  readonly requests?: readonly Request[];
  /** For the program's standard input; none: it is not started. */
  readonly lines: readonly string[];
}

export interface VisitResult<T> {
  readonly exitCode: number;
  /** What was made of what it printed; undefined where the visit did not take place. */
  readonly found: T | undefined;
  readonly stderr: string;
}

/** Drivers at work at the same time. */
export const WIDTH = 4;

/**
 * Goes through namespaces, by at most WIDTH drivers at once: sysctls first, then requests, then the program, on which all visits agree. `digest` is called
 * with what each visit prints as soon as it has, so that no more than its result is kept. Results in the order of the visits.
 * Processes: one for each driver (these alone are seen by `onSpawn`), and one for each visit with lines.
 */
export async function visit<T>(
  run: RunProgram,
  program: readonly string[],
  visits: readonly Visit[],
  digest: (printed: Printed, visit: Visit) => T,
  signal?: AbortSignal,
): Promise<Map<Visit, VisitResult<T>>> {
  const argv = driverArgv(program);
  const results = new Map<Visit, VisitResult<T>>();
  await mapConcurrently(shares(visits), WIDTH, async (share) => {
    const found: { exitCode: number; found: T }[] = [];
    let surprise: { readonly error: unknown } | undefined;
    const onOutput = createSplitter((printed) => {
      const one = share[found.length];
      if (one === undefined || surprise !== undefined) return;
      try {
        found.push({ exitCode: printed.exitCode, found: digest(printed, one) });
      } catch (error) {
        surprise = { error };
      }
    });
    const { stdout, stderr } = await run(argv, { input: inputOf(share), onOutput, ...(signal === undefined ? {} : { signal }) });
    onOutput(Buffer.from(stdout));
    if (surprise !== undefined) throw surprise.error;
    const complaints = complaintsIn(stderr);
    share.forEach((one, index) => {
      const stderr = complaints[index] ?? '';
      results.set(one, { ...(found[index] ?? { exitCode: 255, found: undefined }), stderr });
    });
  });
  return results;
}

/** Even shares for the drivers, neighbours together. */
export function shares(visits: readonly Visit[]): Visit[][] {
  const total = visits.reduce((sum, one) => sum + costOf(one), 0);
  const all: Visit[][] = Array.from({ length: WIDTH }, () => []);
  let before = 0;
  for (const one of visits) {
    all[Math.floor((before * WIDTH) / total)]?.push(one);
    before += costOf(one);
  }
  return all.filter((share) => share.length > 0);
}

/** In sysctls: a program costs as much as some 50 of them (1 ms), a request as 3, an empty visit as 5. */
const costOf = ({ settings, requests = [], lines }: Visit): number =>
  5 + settings.length + 3 * requests.length + (lines.length > 0 ? 50 : 0);

const inputOf = (share: readonly Visit[]): string =>
  share
    .flatMap(({ namespace, settings, requests = [], lines }) => [
      `${namespaceName(namespace)} ${settings.length} ${requests.length} ${lines.length}`,
      ...settings.map(oneLine),
      ...requests.map(({ hex, indexAt = 0 }) => `${indexAt} ${hex}`),
      ...lines.map(oneLine),
    ])
    .map((line) => `${line}\n`)
    .join('');

function oneLine(text: string): string {
  if (text.includes('\n')) throw new Error(`refused a line break: ${JSON.stringify(text)}`);
  return text;
}
