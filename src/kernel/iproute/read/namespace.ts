import { StepError } from '../../../model/errors.ts';
import type { RouteState } from '../../../model/snapshot.ts';
import { isSysctlPath } from '../../checked.ts';
import { lacksPrivilege, privilegeError, type RunProgram } from '../../program.ts';
import { type Visit, type VisitResult, visit, WORD_MAX } from '../drivers.ts';
import { EdgeError, parseJson } from './edge.ts';
import { parseLinks, type RawLink } from './links.ts';
import { parseLocals, parseRoutes } from './routes.ts';
import { isInterrupted, TRIES } from './steadily.ts';

/** A namespace as two `ip` documents and its sysctls tell. */
export interface RawNamespace {
  readonly links: readonly RawLink[];
  readonly routes: readonly RouteState[];
  readonly locals: readonly string[];
  readonly sysctls: ReadonlyMap<string, string>;
}

export const READ_LINES = 'addr show\nroute show table all\n';

/**
 * Prints the sysctls whose paths $1 lists, as path:value, and becomes `ip`. grep and not the shell's own `read`, since dash reads byte by
 * byte and /proc/sys answers only the first read: 4096 would read 4.
 */
const READ = `IFS='
'; set -f
[ -z "$1" ] || { cd /proc/sys && grep -asH '' -- $1; }
exec ip -N -j -d -batch - <<'LINES'
${READ_LINES}LINES`;

/** Reads namespaces (name → sysctls asked for). One that cannot be entered, or has gone meanwhile, is not in the result. */
export async function readNamespaces(
  run: RunProgram,
  wanted: ReadonlyMap<string, readonly string[]>,
  signal?: AbortSignal,
): Promise<Map<string, RawNamespace>> {
  const read = new Map<string, RawNamespace>();
  let pending = [...wanted.keys()];
  for (let attempt = 1; pending.length > 0; attempt++) {
    const again: string[] = [];
    const visits = pending.map((namespace): Visit => ({ namespace, words: [pathsWord(wanted.get(namespace) ?? []), ''] }));
    for (const [{ namespace }, result] of await visit(run, READ, visits, signal)) {
      if (isInterrupted(result.stderr) && attempt < TRIES) again.push(namespace);
      else if (!cannotEnter(namespace, result)) read.set(namespace, parseOutput(namespace, result));
    }
    pending = again;
  }
  return read;
}

/** What sysctls are in a new namespace, which lives as long as its one reader. */
export async function readFresh(run: RunProgram, paths: readonly string[], signal?: AbortSignal): Promise<Map<string, string>> {
  if (paths.length === 0) return new Map();
  const argv = ['unshare', '--net', '--', 'grep', '-asH', '', '--', ...paths.filter(isSysctlPath).map((path) => `/proc/sys/${path}`)];
  const result = await run(argv, signal === undefined ? {} : { signal });
  if (lacksPrivilege(result.stderr)) throw privilegeError(result);
  const lines = result.stdout.split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => sysctlEntry(line.slice('/proc/sys/'.length))));
}

function pathsWord(paths: readonly string[]): string {
  const word = paths.filter(isSysctlPath).join('\n');
  if (word.length > WORD_MAX) throw new Error('too many sysctls asked for in one namespace');
  return word;
}

/** nsenter's own complaints. A name that leads to no network namespace (EINVAL) or to none any more is not there. */
export function cannotEnter(namespace: string, { exitCode, stderr }: VisitResult): boolean {
  if (exitCode === 0 || !stderr.startsWith('nsenter: ')) return false;
  if (lacksPrivilege(stderr)) throw privilegeError({ argv: ['nsenter', `--net=/run/netns/${namespace}`], exitCode, stdout: '', stderr });
  return /No such file or directory|Invalid argument/.test(stderr);
}

function parseOutput(namespace: string, { exitCode, stdout, stderr }: VisitResult): RawNamespace {
  const argv = ['ip', '-N', '-j', '-d', '-batch', '-'];
  const documents = stdout.filter((line) => line.startsWith('['));
  if (exitCode !== 0 || isInterrupted(stderr)) throw new StepError({ argv, namespace, exitCode, stderr });
  return atEdge(argv, namespace, () => ({
    ...parseDocuments(documents),
    sysctls: new Map(stdout.filter((line) => !line.startsWith('[')).map(sysctlEntry)),
  }));
}

/** Reads the documents that READ_LINES give. */
export function parseDocuments(documents: readonly string[]): Pick<RawNamespace, 'links' | 'routes' | 'locals'> {
  const [links, routes, ...rest] = documents;
  if (links === undefined || routes === undefined || rest.length > 0) {
    throw new EdgeError(`expected 2 JSON documents, got ${documents.length}`);
  }
  const all = parseJson(routes, 'ip route show');
  return { links: parseLinks(parseJson(links, 'ip addr show')), routes: parseRoutes(all), locals: parseLocals(all) };
}

/** What the kernel separates by tabs is separated by one space, as a person writes it: `4096 131072 6291456`. */
export const sysctlText = (value: string): string => value.trim().replace(/\s+/g, ' ');

function sysctlEntry(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), sysctlText(line.slice(colon + 1))];
}

/** Turns a surprise at the edge into the error of the command that caused it. */
export function atEdge<T>(argv: readonly string[], namespace: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    if (!(cause instanceof EdgeError)) throw cause;
    throw new StepError({ argv, namespace, exitCode: 0, stderr: `unexpected output: ${cause.message}` }, { cause });
  }
}
