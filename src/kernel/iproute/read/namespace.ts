import { StepError } from '../../../model/errors.ts';
import type { RouteState } from '../../../model/snapshot.ts';
import { isSysctlPath } from '../../checked.ts';
import { lacksPrivilege, privilegeError, type RunProgram } from '../../program.ts';
import { linkDocument } from '../../rtnetlink/links.ts';
import { READ_REQUESTS } from '../../rtnetlink/requests.ts';
import { routeDocument } from '../../rtnetlink/routes.ts';
import { type Answer, answerOf } from '../../rtnetlink/wire.ts';
import type { Printed } from '../drivers/output.ts';
import { toursOf, type Visit, visit } from '../drivers/visit.ts';
import { EdgeError, parseJson } from './edge.ts';
import { parseLinks, type RawLink } from './links.ts';
import { parseLocals, parseRoutes } from './routes.ts';
import { TRIES } from './steadily.ts';

/** A namespace as its lists of links, addresses and routes and its sysctls tell. */
export interface RawNamespace {
  readonly links: readonly RawLink[];
  readonly routes: readonly RouteState[];
  /** Of the host. */
  readonly locals?: readonly string[];
  readonly sysctls: ReadonlyMap<string, string>;
}

export const READ_LINES = ['addr show', 'route show table all'];
export const READ_ARGV = ['ip', '-N', '-j', '-d', '-batch', '-'];

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
    const visits = pending.map(
      (namespace): Visit => ({ namespace, settings: pathsOf(wanted.get(namespace) ?? []), requests: READ_REQUESTS, lines: [] }),
    );
    for (const [{ namespace }, result] of await visit(run, READ_ARGV, toursOf(visits), parsePrinted, signal)) {
      const { found, exitCode, stderr } = result;
      if (found === 'interrupted' && attempt < TRIES) again.push(namespace);
      else if (cannotEnter(namespace, result)) continue;
      else if (found === undefined || found === 'interrupted') {
        throw new StepError({ argv: READ_ARGV, namespace, exitCode, stderr: found === undefined ? stderr : 'the list never stood still' });
      } else read.set(namespace, found);
    }
    pending = again;
  }
  return read;
}

/** So many sysctls make a visit of their own: those of the host's ports are a third of all in a star of 1,000, and drivers share visits. */
const PART = 500;

/** Only sysctls, of the host as well. One that cannot be entered is not in the result. */
export async function readSysctls(
  run: RunProgram,
  wanted: ReadonlyMap<string, readonly string[]>,
  signal?: AbortSignal,
): Promise<Map<string, Map<string, string>>> {
  const visits = [...wanted].flatMap(([namespace, paths]) =>
    partsOf(pathsOf(paths), PART).map((settings): Visit => ({ namespace, settings, lines: [] })),
  );
  const results = await visit(run, READ_ARGV, toursOf(visits), sysctlsIn, signal);
  const read = new Map<string, Map<string, string>>();
  for (const [{ namespace }, result] of results) {
    const { found, exitCode, stderr } = result;
    if (cannotEnter(namespace, result)) continue;
    if (found === undefined || exitCode !== 0) throw new StepError({ argv: READ_ARGV, namespace, exitCode, stderr });
    const before = read.get(namespace);
    if (before === undefined) read.set(namespace, found);
    else for (const [path, value] of found) before.set(path, value);
  }
  return read;
}

/** At least one, which may be empty. */
const partsOf = <T>(list: readonly T[], size: number): (readonly T[])[] =>
  list.length <= size ? [list] : [list.slice(0, size), ...partsOf(list.slice(size), size)];

/** What sysctls are in a new namespace, which lives as long as its one reader. */
export async function readFresh(run: RunProgram, paths: readonly string[], signal?: AbortSignal): Promise<Map<string, string>> {
  if (paths.length === 0) return new Map();
  const argv = ['unshare', '--net', '--', 'grep', '-asH', '', '--', ...paths.filter(isSysctlPath).map((path) => `/proc/sys/${path}`)];
  const result = await run(argv, signal === undefined ? {} : { signal });
  if (lacksPrivilege(result.stderr)) throw privilegeError(result);
  const lines = result.stdout.split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => sysctlEntry(line.slice('/proc/sys/'.length))));
}

const pathsOf = (paths: readonly string[]): string[] => paths.filter(isSysctlPath);

/** The driver's own complaints. A name that leads to no network namespace (EINVAL) or to none any more is not there. */
export function cannotEnter(namespace: string, { exitCode, stderr }: { readonly exitCode: number; readonly stderr: string }): boolean {
  if (exitCode === 0 || !stderr.startsWith('enter: ')) return false;
  if (lacksPrivilege(stderr)) throw privilegeError({ argv: ['setns', `/run/netns/${namespace}`], exitCode, stdout: '', stderr });
  return /No such file or directory|Invalid argument/.test(stderr);
}

/** What a visit has read; undefined where it failed. */
function parsePrinted(printed: Printed, one: Visit): RawNamespace | 'interrupted' | undefined {
  if (printed.exitCode !== 0) return undefined;
  return atEdge(READ_ARGV, one.namespace, () => {
    const answers = printed.answers.map(answerOf);
    if (answers.some(({ interrupted }) => interrupted)) return 'interrupted';
    return { ...parseAnswers(answers), sysctls: sysctlsIn(printed, one) };
  });
}

/** Reads what answers READ_REQUESTS. */
function parseAnswers(answers: readonly Answer[]): Pick<RawNamespace, 'links' | 'routes'> {
  const [links, addresses, routes, ...rest] = answers;
  if (links === undefined || addresses === undefined || routes === undefined || rest.length > 0) {
    throw new EdgeError(`expected 3 answers of the kernel, got ${answers.length}`);
  }
  const { document, names } = linkDocument(links, addresses);
  return { links: parseLinks(document), routes: parseRoutes(routeDocument(routes, names)) };
}

function sysctlsIn({ settings }: Printed, { settings: paths }: Visit): Map<string, string> {
  return new Map(
    paths.flatMap((path, index): [string, string][] => {
      const value = settings.get(index + 1);
      return value === undefined ? [] : [[path, sysctlText(value)]];
    }),
  );
}

/** Reads the documents that READ_LINES give. */
export function parseDocuments(documents: readonly string[]): Pick<RawNamespace, 'links' | 'routes'> {
  const [links, routes] = parsedOf(documents);
  return { links: parseLinks(links), routes: parseRoutes(routes) };
}

/** The same of the host, with the addresses that it answers to. */
export function parseHostDocuments(documents: readonly string[]): Required<Pick<RawNamespace, 'links' | 'routes' | 'locals'>> {
  const [links, routes] = parsedOf(documents);
  return { links: parseLinks(links), routes: parseRoutes(routes), locals: parseLocals(routes) };
}

function parsedOf(documents: readonly string[]): [unknown, unknown] {
  const [links, routes, ...rest] = documents;
  if (links === undefined || routes === undefined || rest.length > 0) {
    throw new EdgeError(`expected 2 JSON documents, got ${documents.length}`);
  }
  return [parseJson(links, 'ip addr show'), parseJson(routes, 'ip route show')];
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
