import { namespaceName } from '../checked.ts';
import { mapConcurrently } from '../concurrency.ts';
import type { RunProgram } from '../program.ts';

/**
 * One thing to do in one namespace. The two words reach the inner script as $1 and $2; each stays below MAX_ARG_STRLEN (128 KiB,
 * include/uapi/linux/binfmts.h).
 */
export interface Visit {
  readonly namespace: string;
  readonly words: readonly [string, string];
}

export interface VisitResult {
  readonly exitCode: number;
  /** Lines, without the final newline. */
  readonly stdout: readonly string[];
  readonly stderr: string;
}

/** Driver shells at work at the same time. */
export const WIDTH = 4;

/** Bytes of arguments for one driver; Linux takes 2 MiB with the usual stack limit (execve(2)). */
const ARGUMENTS_MAX = 900_000;
export const WORD_MAX = 100_000;

/**
 * Goes through namespaces, one `nsenter` each, which becomes the inner shell, which becomes `ip`. `!NAME CODE` ends a namespace's part of
 * standard output, `@NAME` begins that of standard error. Entering by nsenter and not by `ip -n` avoids a copy of the mount namespace
 * for every one (5.3 ms instead of 1.5).
 */
const DRIVER = `inner=$1; shift
while [ $# -ge 3 ]; do
  printf '@%s\\n' "$1" >&2
  nsenter --net="/run/netns/$1" sh -c "$inner" sh "$2" "$3"
  printf '!%s %s\\n' "$1" "$?"
  shift 3
done`;

/**
 * Runs a constant script in each of the namespaces, by at most WIDTH driver shells at once. Results in the order of the visits.
 * Processes: one for each driver (these alone are seen by `onSpawn`), and in each namespace one nsenter that becomes sh and then ip, plus
 * what the script itself starts.
 */
export async function visit(
  run: RunProgram,
  script: string,
  visits: readonly Visit[],
  signal?: AbortSignal,
): Promise<Map<Visit, VisitResult>> {
  const results = new Map<Visit, VisitResult>();
  await mapConcurrently(shares(visits), WIDTH, async (share) => {
    const words = share.flatMap(({ namespace, words }) => [namespaceName(namespace), ...words]);
    const { stdout, stderr } = await run(['sh', '-c', DRIVER, 'sh', script, ...words], signal === undefined ? {} : { signal });
    const outputs = splitOutput(stdout);
    const complaints = stderr.split(/^@.*\n/m).slice(1);
    share.forEach((one, index) => {
      const output = outputs[index] ?? { exitCode: 255, stdout: [] };
      results.set(one, { ...output, stderr: complaints[index] ?? '' });
    });
  });
  return results;
}

/** Even shares for the drivers, none with too many bytes of arguments. */
export function shares(visits: readonly Visit[]): Visit[][] {
  const target = Math.ceil(visits.length / WIDTH);
  const all: Visit[][] = [];
  let share: Visit[] = [];
  let bytes = 0;
  for (const one of visits) {
    const size = one.namespace.length + Buffer.byteLength(one.words[0]) + Buffer.byteLength(one.words[1]) + 32;
    if (share.length > 0 && (share.length >= target || bytes + size > ARGUMENTS_MAX)) {
      all.push(share);
      share = [];
      bytes = 0;
    }
    share.push(one);
    bytes += size;
  }
  if (share.length > 0) all.push(share);
  return all;
}

function splitOutput(stdout: string): { exitCode: number; stdout: string[] }[] {
  const parts: { exitCode: number; stdout: string[] }[] = [];
  let lines: string[] = [];
  for (const line of stdout.split('\n')) {
    if (line.startsWith('!')) {
      parts.push({ exitCode: Number(line.slice(line.lastIndexOf(' ') + 1)), stdout: lines });
      lines = [];
    } else if (line !== '') {
      lines.push(line);
    }
  }
  return parts;
}
