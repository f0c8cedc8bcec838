import type { Remark, Report } from '../../model/report.ts';
import type { Topology } from '../../model/topology.ts';
import { checkJson, plansWarnings, reportsJson } from '../../render/json.ts';
import { remarkOf, remarksOfError, remarksOfReport } from '../../render/remark.ts';
import { type Checked, checkTopology, codeOfChecks } from '../checking.ts';
import type { Context, Run } from '../context.ts';
import { codeOfReport, converge, showPlan } from '../converge.ts';
import { exclusively } from '../exclusive.ts';
import { EXIT, worst } from '../exit.ts';
import { codeOf, tellError } from '../failure.ts';
import { loadValid } from '../load.ts';

export const run: Run = async (context, targets) => {
  const topologies = await loadValid(targets, context);
  const reports: Report[] = [];
  const checked: Checked[] = [];
  const errors: Remark[] = [];
  const codes: number[] = [];
  for (const topology of topologies) {
    try {
      const report = await applyOne(topology, topologies.length === 1, context);
      reports.push(report);
      errors.push(...remarksOfReport(report));
      const code = codeOfReport(report);
      codes.push(code);
      if (!context.flags.verify || code !== EXIT.ok) continue;
      const checks = await checkTopology(topology, context);
      checked.push(checks);
      codes.push(codeOfChecks(checks));
    } catch (error) {
      tellError(error, context);
      errors.push(...remarksOfError(error));
      codes.push(codeOf(error) ?? EXIT.error);
    }
  }
  const checks = context.flags.verify
    ? { checks: checked.flatMap(({ name, results }) => results.map((result) => checkJson(name, result))) }
    : {};
  context.document({ ...reportsJson(reports), ...checks }, errors, warningsOf(reports));
  return worst(codes);
};

async function applyOne(topology: Topology, alone: boolean, context: Context): Promise<Report> {
  const describe = await context.host.describe();
  return exclusively(context, async (host) => {
    const replan = () => host.plan(topology, { adopt: context.flags.adopt === true });
    const plan = await replan();
    showPlan(plan, alone, describe, context);
    return converge(plan, { host, topology, replan }, describe, context);
  });
}

export function warningsOf(reports: readonly Report[]): Remark[] {
  const all = [...plansWarnings(reports.map(({ plan }) => plan)), ...reports.flatMap(({ warnings }) => warnings.map(remarkOf))];
  return [...new Map(all.map((remark) => [JSON.stringify(remark), remark])).values()];
}
