import { FAMILIES, type Family } from '../../../src/model/ip.ts';
import type { Group } from './case.ts';
import { GROUPS } from './cases.ts';

/** By group's title and then case: whether what came of it was as it must be, in every setting. */
export type Verdicts = Map<string, Map<string, boolean>>;

/** Remembers a case; one that was wrong once stays so. */
export function judge(verdicts: Verdicts, title: string, text: string, right: boolean): void {
  const group = verdicts.get(title) ?? new Map<string, boolean>();
  group.set(text, right && group.get(text) !== false);
  verdicts.set(title, group);
}

/** README's part about reachability, made anew from what has come of the cases. */
export function pageWith(page: string, dockerVersion: string, netloom: Verdicts, docker: Verdicts): string {
  const [before, after] = [page.split(BEGIN)[0], page.split(END)[1]];
  if (before === undefined || after === undefined) throw new Error(`README.md has no ${BEGIN} … ${END}`);
  const count = GROUPS.reduce((sum, { rows }) => sum + rows.length, 0);
  const rows = GROUPS.map((group) => cellsOf(group, netloom, docker));
  const totals = FAMILIES.map((family) => [
    `all of ${NAMES[family]}`,
    ...[netloom, docker].map((verdicts) => totalOf(family, verdicts)),
    '',
  ]);
  const head = [`${count} cases`, 'netloom', `Docker ${dockerVersion}`, 'where Docker does otherwise'];
  return `${before}${BEGIN}\n\n${aligned([head, ...rows, ...totals])}\n${END}${after}`;
}

const BEGIN = '<!-- reachability: written by test/kernel/publishing.kernel.test.ts -->';
const END = '<!-- /reachability -->';

const NAMES = { ipv4: 'IPv4', ipv6: 'IPv6' } as const;

/** Of the cases that were asked. */
function totalOf(family: Family, verdicts: Verdicts): string {
  const asked = [...verdicts.values()].flatMap((group) => [...group]).filter(([text]) => text.includes('[') === (family === 'ipv6'));
  return `${asked.filter(([, right]) => right).length} of ${asked.length}`;
}

const rightOf = ({ title }: Group, verdicts: Verdicts): number => [...(verdicts.get(title)?.values() ?? [])].filter(Boolean).length;

function cellsOf(group: Group, netloom: Verdicts, docker: Verdicts): string[] {
  const { title, rows } = group;
  const ours = `${rightOf(group, netloom)} of ${rows.length}`;
  return 'docker' in group
    ? [title, ours, `${rightOf(group, docker)} of ${rows.length}`, group.docker]
    : [title, ours, '–', group.notInDocker];
}

function aligned([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |\n`;
  return [head, widths.map((width) => '-'.repeat(width)), ...rows].map(line).join('');
}
