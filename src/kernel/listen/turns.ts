import { readFileSync, statSync } from 'node:fs';
import type { Interest } from '../../model/listener.ts';
import { tableName } from '../../model/marks.ts';
import { type Attach, HOST } from '../../model/topology.ts';
import { isNamespaceName, isSysctlPath } from '../checked.ts';
import { toursOf, type Visit, visit } from '../iproute/drivers/visit.ts';
import { sysctlText } from '../iproute/read/namespace.ts';
import type { RunProgram } from '../program.ts';

/** Prints a table without its counters and handles. */
const ARGV = ['nft', '-s', '-f', '-'];

/** What emits no event, as text by topology and place; only whether a text has become another one matters. */
export type Readings = ReadonlyMap<string, { readonly topology: string; readonly what: string; readonly text: string }>;

/** Looks at what emits no event: declared sysctls, tables inside namespaces, and where attached namespaces lead to. */
export async function takeTurn(run: RunProgram, interests: readonly Interest[]): Promise<Readings> {
  const readings = new Map<string, { topology: string; what: string; text: string }>();
  const visits = new Map<Visit, Interest>();
  for (const interest of interests) {
    const { topology } = interest;
    const put = (what: string, text: string): void => void readings.set(`${topology} ${what}`, { topology, what, text });
    const host = interest.sysctls.get(HOST);
    if (host !== undefined) put('sysctls of the host', hostText(Object.keys(host)));
    for (const [name, attach] of interest.attached) put(`namespace ${name}`, targetOf(attach));
    for (const visit of visitsOf(interest)) visits.set(visit, interest);
  }
  const looked = await visit(run, ARGV, toursOf([...visits.keys()]), ({ settings, lines }) => [...settings.values(), ...lines].join('\n'));
  for (const [one, { exitCode, found = '' }] of looked) {
    const topology = visits.get(one)?.topology ?? '';
    const what = `sysctls or rules of ${one.namespace}`;
    readings.set(`${topology} ${what}`, { topology, what, text: exitCode === 0 ? found : `${found}\ngone` });
  }
  return readings;
}

/** What a look is expected to find, of what is known beforehand: the host's sysctls. */
function visitsOf({ topology, sysctls, tables }: Interest): Visit[] {
  const names = [...new Set([...sysctls.keys(), ...tables])].filter((name) => name !== HOST && isNamespaceName(name));
  return names.map((namespace) => {
    const settings = Object.keys(sysctls.get(namespace) ?? {}).filter(isSysctlPath);
    return { namespace, settings, lines: tables.includes(namespace) ? [`list table inet ${tableName(topology)}`] : [] };
  });
}

function hostText(paths: readonly string[]): string {
  return paths
    .filter(isSysctlPath)
    .map((path) => {
      try {
        return `${path}:${sysctlText(readFileSync(`/proc/sys/${path}`, 'utf8'))}`;
      } catch {
        return `${path}:`;
      }
    })
    .join('\n');
}

/** The namespace that a process or a path leads to now; of containers their engine tells (engines.ts). */
function targetOf(attach: Attach): string {
  if ('container' in attach) return '';
  const path = 'pid' in attach ? `/proc/${attach.pid}/ns/net` : attach.path;
  try {
    const stat = statSync(path, { bigint: true });
    return `${stat.dev}:${stat.ino}`;
  } catch {
    return 'nothing';
  }
}
