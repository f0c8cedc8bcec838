import { groupBy } from '../group.ts';
import { byNature } from '../text.ts';
import type { Entry } from './entry.ts';

/** `[ADDRESS:]HOSTPORT:PORT/PROTOCOL[@INTERFACE]`, as files write it and the publish kind describes itself. */
const PUBLISH = /^(?:(.+):)?(\d+):(\d+)\/(\w+)(@\S+)?$/;

interface Published {
  readonly entry: Entry;
  /** All but the ports: what must be alike in a range. */
  readonly frame: string;
  readonly address: string;
  readonly suffix: string;
  readonly hostPort: number;
  readonly port: number;
}

/** Publishes of consecutive ports as the ranges that the file wrote: `9000-9009:9000-9009/tcp`. What is no publish stays as it is. */
export function joinRanges(entries: readonly Entry[]): Entry[] {
  const runs = new Map<Entry, Published[]>();
  const published = entries.flatMap((entry) => parse(entry) ?? []);
  for (const group of groupBy(published, ({ frame }) => frame).values()) {
    const sorted = group.toSorted((a, b) => a.hostPort - b.hostPort);
    let run: Published[] = [];
    for (const next of sorted) {
      const last = run.at(-1);
      if (last !== undefined && next.hostPort === last.hostPort + 1 && next.port === last.port + 1) run.push(next);
      else run = [next];
      runs.set((run[0] ?? next).entry, run);
    }
  }
  const swallowed = new Set([...runs.values()].flatMap((run) => run.slice(1).map(({ entry }) => entry)));
  return entries.flatMap((entry) => {
    if (swallowed.has(entry)) return [];
    const run = runs.get(entry);
    return run === undefined || run.length === 1 ? [entry] : [{ ...entry, detail: describe(run) }];
  });
}

function parse(entry: Entry): Published | undefined {
  const match = entry.kind === 'publish' ? PUBLISH.exec(entry.detail) : null;
  if (!match) return undefined;
  const [, address, hostPort, port, protocol, scope = ''] = match;
  const prefix = address === undefined ? '' : `${address}:`;
  const suffix = `/${protocol}${scope}`;
  return {
    entry,
    frame: [entry.action, entry.subject, entry.note, prefix, suffix].join('\0'),
    address: prefix,
    suffix,
    hostPort: Number(hostPort),
    port: Number(port),
  };
}

function describe(run: readonly Published[]): string {
  const [first, last] = [run[0], run.at(-1)];
  if (!first || !last) return '';
  return `${first.address}${first.hostPort}-${last.hostPort}:${first.port}-${last.port}${first.suffix}`;
}

/** The same for what `show` lists. */
export function publishTexts(
  publishes: readonly { hostAddress?: string; hostPort: number; port: number; protocol: string; interface?: string }[],
): string[] {
  const entries = publishes.map((publish): Entry => {
    const address =
      publish.hostAddress === undefined ? '' : `${publish.hostAddress.includes(':') ? `[${publish.hostAddress}]` : publish.hostAddress}:`;
    const scope = publish.interface === undefined ? '' : `@${publish.interface}`;
    const detail = `${address}${publish.hostPort}:${publish.port}/${publish.protocol}${scope}`;
    return { action: 'create', kind: 'publish', subject: '', detail, count: 1 };
  });
  return joinRanges(entries)
    .map((entry) => entry.detail)
    .toSorted(byNature);
}
