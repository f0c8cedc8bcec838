import type { Blocker } from '../model/errors.ts';
import type { Change, Plan } from '../model/resource.ts';
import { entriesOf } from './change/entries.ts';
import type { Describe, Entry } from './change/entry.ts';
import { remarkOf, renderRemark } from './remark.ts';
import { glyphs, type Style } from './style.ts';
import { align } from './table.ts';
import { pad, plural, visible, widthOf, wrap } from './text.ts';

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
  const signs = glyphs(style);
  const paints = { create: colors.green, update: colors.yellow, replace: colors.magenta, delete: colors.red };
  const widest = Math.max(0, ...entries.map((entry) => signs[entry.action].length));
  const lines = align(
    entries.map((entry) => [kindText(entry), entry.subject, entry.detail]),
    [1, 2, 0],
    style,
  );
  // What does not fit goes on under the detail.
  const [kinds, subjects] = [0, 1].map((cell) =>
    Math.max(0, ...entries.map((entry) => widthOf(cell === 0 ? kindText(entry) : entry.subject))),
  );
  const indent = 3 + widest + (kinds ?? 0) + 1 + (subjects ?? 0) + 2;
  const noted = Math.max(0, ...lines.map((line, index) => (entries[index]?.note === undefined ? 0 : widthOf(line))));
  return entries.map((entry, index) => {
    const line = lines[index] ?? '';
    if (style.words) return `${paints[entry.action](signs[entry.action])} ${line}${entry.note === undefined ? '' : `, ${entry.note}`}`;
    const text = entry.note === undefined ? line : `${pad(line, noted)}    ${entry.note}`;
    const whole = `  ${paints[entry.action](signs[entry.action].padEnd(widest))} ${text}`;
    return wrap(whole, style.width, Math.min(indent, Math.floor((style.width ?? 0) / 2)));
  });
}

const kindText = (entry: Entry): string => (entry.count > 1 ? plural(entry.count, entry.kind) : entry.kind);

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
