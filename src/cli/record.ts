import { resolve } from 'node:path';
import type { Deed } from '../model/audit.ts';
import type { Warning } from '../model/errors.ts';
import type { Report } from '../model/report.ts';
import type { Topology } from '../model/topology.ts';
import { remarkOf, remarksOfError, remarksOfReport } from '../render/remark.ts';
import type { Context } from './context.ts';
import { STDIN } from './files.ts';
import type { Host } from './host.ts';

/** What is done to one topology. */
export interface Undertaking {
  readonly name: string;
  /** A path, `-` for standard input; absent where only the name is known. */
  readonly file?: string;
  readonly topology?: Topology;
}

/** Does it, and adds what became of it to the audit trail; a warning in the report where that fails. What is thrown is recorded and thrown on. */
export async function recorded(undertaking: Undertaking, host: Host, context: Context, work: () => Promise<Report>): Promise<Report> {
  const began = new Date();
  const started = performance.now();
  const record = (ended: Ended): Promise<Warning | undefined> =>
    host.record(deedOf(undertaking, { began, ms: performance.now() - started, ...ended }, context));
  let report: Report;
  try {
    report = await work();
  } catch (error) {
    tell(await record({ errors: remarksOfError(error) }), context);
    throw error;
  }
  if (isNothing(report, context)) return report;
  const warning = await record({ report, errors: remarksOfReport(report) });
  return warning ? { ...report, warnings: [...report.warnings, warning] } : report;
}

/** Adds to the audit trail that something ended before anything was tried. */
export async function recordRefusal(undertaking: Undertaking, error: unknown, host: Host, context: Context): Promise<void> {
  tell(await host.record(deedOf(undertaking, { began: new Date(), ms: 0, errors: remarksOfError(error) }, context)), context);
}

type Ended = Pick<Deed, 'report' | 'errors'>;

function deedOf({ name, file, topology }: Undertaking, ended: Ended & Pick<Deed, 'began' | 'ms'>, { invoked, io }: Context): Deed {
  return {
    ...invoked,
    env: io.env,
    topology: name,
    ...(file === undefined || file === STDIN ? {} : { file: resolve(io.cwd, file) }),
    ...(topology === undefined ? {} : { digest: topology.digest }),
    ...ended,
  };
}

function tell(warning: Warning | undefined, context: Context): void {
  if (warning) context.tell(remarkOf(warning), 'warning');
}

/** A watch that looks and finds all well has done nothing; somebody who applies has asked. */
const isNothing = ({ status }: Report, { invoked }: Context): boolean => invoked.command === 'watch' && status === 'unchanged';
