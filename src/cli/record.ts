import { resolve } from 'node:path';
import type { Deed } from '../model/audit.ts';
import { HostError, type Warning } from '../model/errors.ts';
import type { Report } from '../model/report.ts';
import type { Plan } from '../model/resource.ts';
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

/**
 * Carries a plan out and adds what became of it to the audit trail; a warning in the report where that fails. Before the first change it
 * adds that it was begun, so that a netloom that is killed has left its name. What is thrown is recorded and thrown on.
 */
export async function recorded(
  plan: Plan,
  undertaking: Undertaking,
  host: Host,
  context: Context,
  work: () => Promise<Report>,
): Promise<Report> {
  const began = new Date();
  const started = performance.now();
  const record = (known: Known): Promise<Warning | undefined> =>
    host.record(deedOf(undertaking, { began, ms: performance.now() - started, ...known }, context));
  // That this may fail, what comes after it says.
  const begins = plan.operations.length > 0 && plan.blockers.length === 0;
  if (begins) await record({ plan, errors: [] });
  let report: Report;
  try {
    report = await work();
  } catch (error) {
    tell(await record({ ...(isRefusal(error) ? {} : { plan }), errors: remarksOfError(error) }), context);
    throw error;
  }
  // A watch that looks and finds nothing to do has done nothing; somebody who applies has asked.
  if (!begins && context.invoked.command === 'watch') return report;
  const warning = await record({ report, errors: remarksOfReport(report) });
  return warning ? { ...report, warnings: [...report.warnings, warning] } : report;
}

/** What keeps a plan from being begun; everything else may have come in the midst of it. */
const isRefusal = (error: unknown): boolean =>
  error instanceof HostError && ['E_CONFIRM_PENDING', 'E_CONFIRM_OVER', 'E_CONFIRM_GUARD'].includes(error.code);

/** Adds to the audit trail that something ended before anything was tried. */
export async function recordRefusal(undertaking: Undertaking, error: unknown, host: Host, context: Context): Promise<void> {
  tell(await host.record(deedOf(undertaking, { began: new Date(), ms: 0, errors: remarksOfError(error) }, context)), context);
}

/** What is known of it at the moment. */
type Known = Pick<Deed, 'plan' | 'report' | 'errors'>;

function deedOf({ name, file, topology }: Undertaking, known: Known & Pick<Deed, 'began' | 'ms'>, { invoked, io }: Context): Deed {
  return {
    ...invoked,
    env: io.env,
    topology: name,
    ...(file === undefined || file === STDIN ? {} : { file: resolve(io.cwd, file) }),
    ...(topology === undefined ? {} : { digest: topology.digest }),
    ...known,
  };
}

function tell(warning: Warning | undefined, context: Context): void {
  if (warning) context.tell(remarkOf(warning), 'warning');
}
