import { availableParallelism } from 'node:os';
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
  /** What was made of what it printed; undefined where the visit did not take place, or was not gone through to the end. */
  readonly found: T | undefined;
  /** What was complained about; where the driver has ended before that, what it said, or how it ended. */
  readonly stderr: string;
}

/**
 * Drivers, and other programs of one kind, at work at the same time: one for each processor, as what they do is the kernel's work; but in the end they wait for one
 * lock (rtnl). Four on two processors took a fifth more time than two.
 */
export const WIDTH = Math.max(2, Math.min(4, availableParallelism()));

/** What one driver goes through, one visit after the other, and what it is told. */
export interface Tour {
  readonly visits: readonly Visit[];
  readonly input: string;
}

/** Makes even tours of visits, neighbours together; no more than `width`. */
export const toursOf = (visits: readonly Visit[], width = WIDTH): Tour[] =>
  shares(visits, width).map((share) => ({ visits: share, input: inputOf(share) }));

/**
 * Goes through namespaces, by a driver for each tour: sysctls first, then requests, then the program, on which all visits agree. `digest` is called
 * with what each visit prints as soon as it has, so that no more than its result is kept. Results in the order of the visits.
 * Processes: one for each driver (these alone are seen by `onSpawn`), and one for each visit with lines.
 */
export async function visit<T>(
  run: RunProgram,
  program: readonly string[],
  tours: readonly Tour[],
  digest: (printed: Printed, visit: Visit) => T,
  signal?: AbortSignal,
): Promise<Map<Visit, VisitResult<T>>> {
  const argv = driverArgv(program);
  const looked = await mapConcurrently(tours, WIDTH, async ({ visits, input }) => {
    const found: { exitCode: number; found: T }[] = [];
    let surprise: { readonly error: unknown } | undefined;
    const onOutput = createSplitter((printed) => {
      const one = visits[found.length];
      if (one === undefined || surprise !== undefined) return;
      try {
        found.push({ exitCode: printed.exitCode, found: digest(printed, one) });
      } catch (error) {
        surprise = { error };
      }
    });
    const { exitCode, stdout, stderr } = await run(argv, { input, onOutput, ...(signal === undefined ? {} : { signal }) });
    onOutput(Buffer.from(stdout));
    if (surprise !== undefined) throw surprise.error;
    const complaints = complaintsIn(stderr);
    return visits.map((one, index): [Visit, VisitResult<T>] => {
      const [result, complaint = ''] = [found[index], complaints.visits[index]];
      if (result !== undefined) return [one, { ...result, stderr: complaint }];
      return [one, { exitCode: 255, found: undefined, stderr: complaint || complaints.before || endOf(exitCode) }];
    });
  });
  return new Map(looked.flat());
}

const endOf = (exitCode: number | undefined): string =>
  `the driver ended before it was through: ${exitCode === undefined ? 'it was killed' : `exit code ${exitCode}`}`;

function shares(visits: readonly Visit[], width: number): Visit[][] {
  const total = visits.reduce((sum, one) => sum + costOf(one), 0);
  const all: Visit[][] = Array.from({ length: width }, () => []);
  let before = 0;
  for (const one of visits) {
    all[Math.floor((before * width) / total)]?.push(one);
    before += costOf(one);
  }
  return all.filter((share) => share.length > 0);
}

/** In sysctls: a program costs as much as some 50 of them (1 ms), a request as 3, an empty visit as 5. */
const costOf = ({ settings, requests = [], lines }: Visit): number =>
  5 + settings.length + 3 * requests.length + (lines.length > 0 ? 50 : 0);

function inputOf(share: readonly Visit[]): string {
  let input = '';
  for (const { namespace, settings, requests = [], lines } of share) {
    input += `${namespaceName(namespace)} ${settings.length} ${requests.length} ${lines.length}\n`;
    for (const setting of settings) input += `${oneLine(setting)}\n`;
    for (const { hex, indexAt = 0 } of requests) input += `${indexAt} ${hex}\n`;
    for (const line of lines) input += `${oneLine(line)}\n`;
  }
  return input;
}

function oneLine(text: string): string {
  if (text.includes('\n')) throw new Error(`refused a line break: ${JSON.stringify(text)}`);
  return text;
}
