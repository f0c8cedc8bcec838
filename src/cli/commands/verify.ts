import type { Remark } from '../../model/report.ts';
import { checkJson, topologyJson } from '../../render/json.ts';
import { renderTitle } from '../../render/plan.ts';
import { remarksOfError } from '../../render/remark.ts';
import { type Checked, checkTopology, codeOfChecks } from '../checking.ts';
import type { Run } from '../context.ts';
import { EXIT, worst } from '../exit.ts';
import { codeOf, tellError } from '../failure.ts';
import { loadValid } from '../load.ts';

export const run: Run = async (context, targets) => {
  const topologies = await loadValid(targets, context);
  const checked: Checked[] = [];
  const errors: Remark[] = [];
  const codes: number[] = [];
  for (const topology of topologies) {
    try {
      if (topologies.length > 1 && !context.flags.quiet) {
        context.print(renderTitle({ topology: topology.name, file: topology.file }, context.out));
      }
      const checks = await checkTopology(topology, context);
      checked.push(checks);
      codes.push(codeOfChecks(checks));
    } catch (error) {
      tellError(error, context);
      errors.push(...remarksOfError(error));
      codes.push(codeOf(error) ?? EXIT.error);
    }
  }
  const results = checked.flatMap(({ name, results }) => results.map((result) => checkJson(name, result)));
  const failed = results.filter((result) => !result.passed).length;
  context.document(
    { topologies: topologies.map(topologyJson), checks: results, summary: { passed: results.length - failed, failed } },
    errors,
  );
  return worst(codes);
};
