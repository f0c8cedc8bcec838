import { type Blocker, type Fault, HostError, StalePlanError, StepError, TopologyError, type Warning } from '../model/errors.ts';
import type { Remark, Report } from '../model/report.ts';
import type { Origin } from '../model/topology.ts';
import { remarksOfStale } from './stale.ts';
import type { Style } from './style.ts';
import { visible, wrap } from './text.ts';

const place = (origin: Origin | undefined): Partial<Remark> =>
  origin === undefined ? {} : { file: origin.file, line: origin.line, column: origin.column };

/** Whatever has a code, a sentence and a place, in the form of JSON documents. */
export function remarkOf(item: Fault | Blocker | Warning): Remark {
  return {
    code: item.code,
    message: item.message,
    ...(item.hint === undefined ? {} : { hint: item.hint }),
    ...place(item.origin),
  };
}

/** What people are to do with what is our fault. */
export const REPORT_AT = 'please report it to its maintainers, with what the same command says with -v added';

/** What an error comes to as remarks: each fault of a file, or the one thing that went wrong. Unexpected ones are our bugs and say so. */
export function remarksOfError(error: unknown): Remark[] {
  if (error instanceof TopologyError) return error.faults.map(remarkOf);
  if (error instanceof HostError) return [{ code: error.code, message: error.message, hint: error.hint }];
  if (error instanceof StalePlanError) return remarksOfStale(error);
  if (error instanceof StepError) return [{ code: 'E_STEP', message: stepMessage(error) }];
  const message = error instanceof Error ? error.message : String(error);
  return [{ code: 'E_BUG', message: `this is a bug in netloom: ${message}`, hint: REPORT_AT }];
}

/** What went wrong with an apply. A plain error of the pipeline's says what the outcome was (`interrupted`) and is no bug of ours. */
export function remarksOfReport({ error }: Report): Remark[] {
  if (error === undefined) return [];
  return error.name === 'Error' ? [{ code: 'E_APPLY', message: error.message }] : remarksOfError(error);
}

export function stepMessage(error: StepError): string {
  return error.namespace === 'host' ? error.message : `in ${error.namespace}: ${error.message}`;
}

/** Whether the error says all there is to say by itself, so that no stack is needed. */
export const isExpected = (error: unknown): boolean =>
  error instanceof TopologyError || error instanceof HostError || error instanceof StalePlanError || error instanceof StepError;

export type Severity = 'error' | 'blocked' | 'warning' | 'note';

/** `error: message`, the place, then what to do on a line of its own. */
export function renderRemark(remark: Remark, severity: Severity, style: Style): string {
  const { colors } = style;
  const paint = { error: colors.red, blocked: colors.red, warning: colors.yellow, note: colors.dim }[severity];
  const where =
    remark.file === undefined || remark.line === undefined ? '' : `${visible(remark.file)}:${remark.line}:${remark.column ?? 1} `;
  const code = remark.code === '' ? '' : ` ${colors.dim(`(${remark.code})`)}`;
  const head = `${paint(`${severity}:`)} ${where}${visible(remark.message)}${code}`;
  const said = wrap(head, style.width, 4);
  return remark.hint ? `${said}\n${wrap(`  ${visible(remark.hint)}`, style.width, 2)}` : said;
}
