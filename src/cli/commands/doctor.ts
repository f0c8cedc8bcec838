import { isReady } from '../../model/health.ts';
import { findingsJson, renderFindings, renderReadiness } from '../../render/doctor.ts';
import type { Run } from '../context.ts';
import { EXIT } from '../exit.ts';
import { loadValid } from '../load.ts';

export const run: Run = async (context, targets) => {
  const { flags, host, out } = context;
  const topologies = targets.length === 0 ? [] : await loadValid(targets, context);
  const findings = await host.examine(topologies);
  const text = renderFindings(findings, out, flags.quiet === true);
  context.print(text === '' ? renderReadiness(findings, out) : `${text}\n\n${renderReadiness(findings, out)}`);
  const remarks = (verdict: 'warning' | 'failed') =>
    findings.flatMap((one) =>
      one.verdict === verdict ? [{ code: one.code, message: `${one.subject}: ${one.message}`, hint: one.fix }] : [],
    );
  context.document(findingsJson(findings), remarks('failed'), remarks('warning'));
  return isReady(findings) ? EXIT.ok : EXIT.error;
};
