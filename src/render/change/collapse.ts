import { groupBy } from '../group.ts';
import { glyphs, type Style } from '../style.ts';
import { byNature } from '../text.ts';
import type { Entry } from './entry.ts';

/** Three lines of a kind are read faster than a range of three. */
const FEWEST = 4;

/**
 * Repetition as one entry: `20 links pc01…pc20:eth0`. Entries collapse where one number in their subjects counts up by one and
 * their details differ in addresses alone. The collapsed entry stands where the first of them stood.
 */
export function collapse(entries: readonly Entry[], style: Style): Entry[] {
  const replaced = new Map<Entry, Entry | undefined>();
  const replace = (run: readonly Entry[], by: (run: readonly Entry[]) => Entry): void => {
    if (run.length < FEWEST) return;
    for (const entry of run) replaced.set(entry, undefined);
    const first = entries.find((entry) => replaced.has(entry) && run.includes(entry));
    if (first) replaced.set(first, by(run));
  };
  const files = entries.filter((entry) => NETNS_FILE.test(entry.subject));
  for (const alike of groupBy(files, fileShapeOf).values()) replace(alike, mergeFiles);
  const rest = entries.filter((entry) => !replaced.has(entry));
  for (const alike of groupBy(rest, shapeOf).values()) {
    for (const run of runsOf(alike)) replace(run, (entriesOfRun) => merge(entriesOfRun, style));
  }
  return entries.flatMap((entry) => (replaced.has(entry) ? (replaced.get(entry) ?? []) : [entry]));
}

/** A new neighbour changes the hosts file of everybody who can see it, whatever their names. */
const NETNS_FILE = /^\/etc\/netns\/[^/]+\/([^/]+)$/;

const fileShapeOf = (entry: Entry): string => [entry.action, entry.kind, NETNS_FILE.exec(entry.subject)?.[1], entry.detail].join('\0');

function mergeFiles(run: readonly Entry[]): Entry {
  const [first] = run;
  if (!first) throw new RangeError('a run has at least one entry');
  return { ...first, subject: `/etc/netns/*/${NETNS_FILE.exec(first.subject)?.[1]}`, count: run.length };
}

const ADDRESS = /^(?:\d+\.\d+\.\d+\.\d+|[0-9a-f]*:[0-9a-f:.]*)(?:\/\d+)?,?$/i;

/** What must be equal for two entries to stand in one line. Addresses count by their family alone. */
function shapeOf(entry: Entry): string {
  const shape = (text: string): string =>
    text
      .split(' ')
      .map((word) => (ADDRESS.test(word) ? (word.includes(':') ? '@6' : '@4') : word))
      .join(' ');
  return [entry.action, entry.kind, entry.subject.replace(/\d+/g, '#'), shape(entry.detail), shape(entry.note ?? '')].join('\0');
}

/** Longest stretches of entries whose subjects differ in one number, which counts up by one. */
function runsOf(entries: readonly Entry[]): Entry[][] {
  const runs: Entry[][] = [];
  let run: Entry[] = [];
  let at: number | undefined;
  for (const entry of entries.toSorted((a, b) => byNature(a.subject, b.subject))) {
    const last = run.at(-1);
    const step = last === undefined ? undefined : steppedAt(last.subject, entry.subject);
    if (step !== undefined && (run.length === 1 || step === at)) {
      run.push(entry);
      at = step;
    } else {
      run = [entry];
      runs.push(run);
    }
  }
  return runs;
}

/** Which number of the text is one more in the other; undefined where anything else differs. */
function steppedAt(a: string, b: string): number | undefined {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  const different = left.flatMap((text, index) => (text === right[index] ? [] : [index]));
  const [index] = different;
  if (different.length !== 1 || index === undefined) return undefined;
  return Number(right[index]) === Number(left[index]) + 1 ? index : undefined;
}

const numbersOf = (text: string): string[] => text.match(/\d+/g) ?? [];

function merge(run: readonly Entry[], style: Style): Entry {
  const [first, last] = [run[0], run.at(-1)];
  if (!first || !last) throw new RangeError('a run has at least one entry');
  const words = (of: (entry: Entry) => string): string => {
    const [from, to] = [of(first).split(' '), of(last).split(' ')];
    return from.map((word, index) => span(word, to[index] ?? word, style)).join(' ');
  };
  return {
    ...first,
    subject: spanSubject(first.subject, last.subject, style),
    detail: words((entry) => entry.detail),
    ...(first.note === undefined ? {} : { note: words((entry) => entry.note ?? '') }),
    count: run.reduce((sum, entry) => sum + entry.count, 0),
  };
}

/** `192.168.7.2/24`, `192.168.7.21/24` → `192.168.7.2…192.168.7.21/24`. */
function span(first: string, last: string, style: Style): string {
  if (first === last) return first;
  const prefix = /\/\d+,?$/.exec(first)?.[0];
  const head = prefix !== undefined && last.endsWith(prefix) ? first.slice(0, -prefix.length) : first;
  return `${head}${glyphs(style).range}${last}`;
}

/** `pc01:eth0`, `pc20:eth0` → `pc01…pc20:eth0`: the part between colons or slashes that differs is spanned. */
function spanSubject(first: string, last: string, style: Style): string {
  const [from, to] = [first.split(/([:/])/), last.split(/([:/])/)];
  if (from.length !== to.length) return `${first}${glyphs(style).range}${last}`;
  return from.map((part, index) => (part === to[index] ? part : `${part}${glyphs(style).range}${to[index]}`)).join('');
}
