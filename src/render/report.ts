import { StepError } from '../model/errors.ts';
import type { Report } from '../model/report.ts';
import type { Describe } from './change/entry.ts';
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
      return [...cause(report, style), `${topology}: rolled back: the host is as it was before`].join('\n');
    case 'partial':
      return [
        ...cause(report, style),
        ...(report.remaining.length === 0
          ? [`${topology}: stopped half-way`]
          : [`${topology}: not all could be rolled back; what is left, as changes that are still missing:`]),
        ...renderChanges(report.remaining, describe, style),
        `run the same command again to converge, or \`netloom destroy ${topology}\` to remove it`,
      ].join('\n');
  }
  return report.status satisfies never;
}

/** The operations that failed, each with its own words; else the error of the whole. */
function cause(report: Report, style: Style): string[] {
  const failed = report.outcomes.filter((outcome) => outcome.status === 'failed');
  const shown = style.verbose ? failed : failed.slice(0, 5);
  const lines = shown.map(
    ({ operation, error }) => `${style.colors.red('failed:')} ${visible(`${operation.resource}: ${errorText(error)}`)}`,
  );
  if (failed.length > shown.length) lines.push(`  and ${failed.length - shown.length} more (-v shows all)`);
  if (lines.length > 0 || report.error === undefined) return lines;
  return [`${style.colors.red('failed:')} ${visible(errorText(report.error))}`];
}

export function errorText(error: Error | undefined): string {
  if (error === undefined) return 'for no known reason';
  return error instanceof StepError ? stepMessage(error) : error.message;
}
