import { StepError } from '../model/errors.ts';
import type { Report } from '../model/report.ts';
import type { Describe } from './change/entry.ts';
import { groupBy } from './group.ts';
import { type ObjectOutcome, objectsOf } from './objects.ts';
import { renderChanges } from './plan.ts';
import { stepMessage } from './remark.ts';
import type { Style } from './style.ts';
import { duration, plural, visible } from './text.ts';

/** What became of a plan, for people who have just read it. Empty where there was nothing to do. */
export function renderReport(report: Report, describe: Describe, style: Style): string {
  const { colors } = style;
  const { topology } = report.plan;
  switch (report.status) {
    case 'unchanged':
      return '';
    case 'converged':
      return colors.green(`${topology}: done in ${duration(report.ms)}`);
    case 'blocked':
      return `${topology}: ${plural(report.plan.blockers.length, 'thing')} in the way; nothing was changed`;
    case 'rolled-back':
      return [...troubles(report, style), `${topology}: rolled back: the host is as it was before${undoneText(report)}`].join('\n');
    case 'partial':
      return [
        ...troubles(report, style),
        ...left(report),
        ...renderChanges(report.remaining, describe, style),
        `run the same command again to converge, or \`netloom destroy ${topology}\` to remove it`,
      ].join('\n');
  }
  return report.status satisfies never;
}

/** What the list that follows is of. */
function left(report: Report): string[] {
  const { topology } = report.plan;
  const counts = countsText(report);
  switch (report.cause) {
    case undefined:
    case 'not-rolled-back':
      if (report.remaining.length === 0) return [`${topology}: stopped half-way${counts}`];
      return [`${topology}: not all could be rolled back${counts}; what is left, as changes that are still missing:`];
    case 'kept':
      if (report.remaining.length === 0) return [`${topology}: what worked was kept${counts}; nothing is left to do`];
      return [`${topology}: what worked was kept${counts}; left to do:`];
    case 'did-not-stick':
      return [
        `${topology}: everything was done, but the host is not as it should be; nothing was rolled back${report.remaining.length > 0 ? '; left to do:' : ''}`,
      ];
  }
  return report.cause satisfies never;
}

const STATUSES = ['done', 'undone', 'failed', 'skipped'] as const;

/** ` (11 objects done, 1 failed, 4 skipped)` */
function countsText(report: Report): string {
  const objects = objectsOf(report);
  const counts = STATUSES.flatMap((status) => {
    const count = objects.filter((one) => one.status === status).length;
    return count > 0 ? [[count, status] as const] : [];
  });
  return counts.length === 0
    ? ''
    : ` (${counts.map(([count, status], index) => `${index === 0 ? plural(count, 'object') : count} ${status}`).join(', ')})`;
}

function undoneText(report: Report): string {
  const undone = objectsOf(report).filter(({ status }) => status === 'undone').length;
  return undone === 0 ? '' : ` (${plural(undone, 'object')} undone)`;
}

const MOST = 5;

/** What failed, each in its own words, and what was skipped because of it; else the error of the whole. Under -v every object. */
function troubles(report: Report, style: Style): string[] {
  const { colors, verbose } = style;
  const objects = objectsOf(report);
  const others = verbose ? objects.filter(({ status }) => status === 'done' || status === 'undone') : [];
  const failed = objects.filter(({ status }) => status === 'failed');
  const shown = verbose ? failed : failed.slice(0, MOST);
  const lines = [
    ...others.map(({ id, status }) => `${colors.dim(`${status}:`)} ${visible(id)}`),
    ...shown.map(({ id, error }) => `${colors.red('failed:')} ${visible(`${id}: ${errorText(error)}`)}`),
    ...(failed.length > shown.length ? [`  and ${failed.length - shown.length} more (-v shows all)`] : []),
    ...skippedLines(objects, style),
  ];
  if (failed.length > 0 || report.error === undefined) return lines;
  return [...lines, `${colors.red('failed:')} ${visible(errorText(report.error))}`];
}

/** One line for each object that held others up. */
function skippedLines(objects: readonly ObjectOutcome[], { colors, verbose }: Style): string[] {
  const held = objects.filter(({ because }) => because !== undefined);
  return [...groupBy(held, ({ because }) => because ?? '')].map(([because, list]) => {
    const shown = verbose ? list : list.slice(0, MOST);
    const more = list.length > shown.length ? ` and ${list.length - shown.length} more` : '';
    return `${colors.yellow('skipped:')} ${visible(`${shown.map(({ id }) => id).join(', ')}${more}: because of ${because}`)}`;
  });
}

export function errorText(error: Error | undefined): string {
  if (error === undefined) return 'for no known reason';
  return error instanceof StepError ? stepMessage(error) : error.message;
}
