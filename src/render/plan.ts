import type { Blocker } from '../model/errors.ts';
import type { Change, Plan } from '../model/resource.ts';
import { entriesOf } from './change/entries.ts';
import type { Describe, Entry } from './change/entry.ts';
import { remarkOf, renderRemark } from './remark.ts';
import { glyphs, type Style } from './style.ts';
import { align } from './table.ts';
import { pad, plural, visible, widthOf } from './text.ts';

/**
 * The plan as people read it: the topology, a line for each object, a summary, warnings and blockers. Exactly `No changes.` where
 * no plan has anything to say.
 */
export function renderPlans(plans: readonly Plan[], describe: Describe, style: Style): string {
  if (plans.every(isIdle)) return 'No changes.';
  return plans.map((plan) => renderPlan(plan, describe, style)).join('\n\n');
}

/** Whether there is nothing to do and nothing in the way; warnings alone make no plan. */
export const isIdle = (plan: Plan): boolean => plan.changes.length === 0 && plan.blockers.length === 0;

/** One plan under its title, also where there is nothing to do. */
export function renderPlan(plan: Plan, describe: Describe, style: Style): string {
  if (isIdle(plan)) return `${renderTitle(plan, style)}\n  no changes`;
  const entries = entriesOf(plan.changes, describe, style);
  return [
    renderTitle(plan, style),
    ...renderEntries(entries, style),
    ...(entries.length > 0 ? [renderSummary(entries)] : []),
    ...plan.warnings.map((warning) => renderRemark(remarkOf(warning), 'warning', style)),
    ...renderBlockers(plan.blockers, 'blocked', style),
  ].join('\n');
}

/** As many as one reads before fixing the first. */
const BLOCKERS_SHOWN = 20;

/** What is in the way, each with what to do. */
export function renderBlockers(blockers: readonly Blocker[], severity: 'blocked' | 'error', style: Style): string[] {
  const shown = style.verbose ? blockers : blockers.slice(0, BLOCKERS_SHOWN);
  const rest = blockers.length - shown.length;
  const lines = shown.map((blocker) => renderRemark(remarkOf(blocker), severity, style));
  return rest > 0 ? [...lines, `and ${rest} more (-v shows all)`] : lines;
}

export function renderTitle(topology: { readonly topology: string; readonly file?: string }, style: Style): string {
  const name = style.colors.bold(visible(topology.topology));
  return topology.file === undefined
    ? name
    : `${name}  ${style.colors.dim(visible(topology.file === '-' ? 'standard input' : topology.file))}`;
}

/** Changes as the lines of a plan, indented by two. */
export function renderChanges(changes: readonly Change[], describe: Describe, style: Style): string[] {
  return renderEntries(entriesOf(changes, describe, style), style);
}

function renderEntries(entries: readonly Entry[], style: Style): string[] {
  const { colors } = style;
  const signs = { create: '+', update: '~', replace: glyphs(style).replace, delete: '-' };
  const paints = { create: colors.green, update: colors.yellow, replace: colors.magenta, delete: colors.red };
  const widest = Math.max(0, ...entries.map((entry) => signs[entry.action].length));
  const lines = align(
    entries.map((entry) => [entry.count > 1 ? plural(entry.count, entry.kind) : entry.kind, entry.subject, entry.detail]),
    [1, 2, 0],
  );
  const noted = Math.max(0, ...lines.map((line, index) => (entries[index]?.note === undefined ? 0 : widthOf(line))));
  return entries.map((entry, index) => {
    const line = lines[index] ?? '';
    const text = entry.note === undefined ? line : `${pad(line, noted)}    ${entry.note}`;
    return `  ${paints[entry.action](signs[entry.action].padEnd(widest))} ${text}`;
  });
}

/** Counts what the lines stand for, so that a reader who counts gets the same. */
function renderSummary(entries: readonly Entry[]): string {
  const count = (action: Entry['action']): number =>
    entries.filter((entry) => entry.action === action).reduce((sum, entry) => sum + entry.count, 0);
  const parts: [number, string][] = [
    [count('create'), 'to create'],
    [count('update'), 'to change in place'],
    [count('replace'), 'to replace'],
    [count('delete'), 'to remove'],
  ];
  return parts.flatMap(([number, text]) => (number > 0 ? [`${number} ${text}`] : [])).join(', ');
}
