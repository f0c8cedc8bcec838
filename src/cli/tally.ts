import type { Remark, Report } from '../model/report.ts';
import type { Topology } from '../model/topology.ts';
import { checkJson, plansWarnings, reportsJson } from '../render/json.ts';
import { remarkOf, remarksOfError, remarksOfReport } from '../render/remark.ts';
import { type Checked, checkTopology, codeOfChecks } from './checking.ts';
import type { Context } from './context.ts';
import { codeOfReport } from './converge.ts';
import { EXIT, worst } from './exit.ts';
import { codeOf, tellError } from './failure.ts';

/** What became of several topologies, each a transaction of its own. */
export interface Tally {
  /** Changes the host for one topology; what goes wrong is said and counted. Undefined where there was nothing of it. */
  add(work: () => Promise<Report | undefined>): Promise<void>;
  /** The same, then its checks under --verify. */
  addChecked(topology: Topology, work: () => Promise<Report>): Promise<void>;
  /** Gives the document, with what else is to be in it, and the exit code. */
  finish(more?: object): number;
}

export function createTally(context: Context): Tally {
  const reports: Report[] = [];
  const checked: Checked[] = [];
  const errors: Remark[] = [];
  const codes: number[] = [];
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      tellError(error, context);
      errors.push(...remarksOfError(error));
      codes.push(codeOf(error) ?? EXIT.error);
    }
  };
  const count = (report: Report): number => {
    const code = codeOfReport(report);
    reports.push(report);
    errors.push(...remarksOfReport(report));
    codes.push(code);
    return code;
  };
  return {
    add: (work) =>
      attempt(async () => {
        const report = await work();
        if (report !== undefined) count(report);
      }),
    addChecked: (topology, work) =>
      attempt(async () => {
        const code = count(await work());
        if (!context.flags.verify || code !== EXIT.ok) return;
        const checks = await checkTopology(topology, context);
        checked.push(checks);
        codes.push(codeOfChecks(checks));
      }),
    finish: (more = {}) => {
      // Made only where it is asked for: of a lab of thousands it is large.
      if (context.flags.json) {
        const results = checked.flatMap(({ name, results }) => results.map((result) => checkJson(name, result)));
        const checks = context.flags.verify ? { checks: results } : {};
        context.document({ ...reportsJson(reports), ...checks, ...more }, errors, warningsOf(reports));
      }
      return worst(codes);
    },
  };
}

function warningsOf(reports: readonly Report[]): Remark[] {
  const all = [...plansWarnings(reports.map(({ plan }) => plan)), ...reports.flatMap(({ warnings }) => warnings.map(remarkOf))];
  return [...new Map(all.map((remark) => [JSON.stringify(remark), remark])).values()];
}
