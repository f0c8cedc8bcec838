import { traceJson } from '../../render/trace/json.ts';
import { renderTrace, renderVerdict } from '../../render/trace/trace.ts';
import type { Run } from '../context.ts';
import { EXIT } from '../exit.ts';
import { interruptible } from '../interrupt.ts';
import { createProgress } from '../progress.ts';
import { parseRequest, withOrigin } from '../tracing.ts';

/** Steps that progress counts: reading, looking, trying full size. */
const STEPS = 4;

export const run: Run = async (context, [from = '', to = '']) => {
  const request = parseRequest(from, to, context);
  const progress = createProgress(context);
  let step = 0;
  const onProgress = (what: string): void => progress.update(Math.min(++step, STEPS), STEPS, what);
  const followed = await interruptible(context, (signal) => context.host.trace(request, { onProgress, signal })).finally(progress.clear);
  const trace = await withOrigin(followed, context);
  if (!context.flags.quiet) context.print(renderTrace(trace, context.out));
  else if (!trace.arrives) context.print(renderVerdict(trace, context.out).join('\n'));
  context.document(traceJson(trace));
  return trace.arrives ? EXIT.ok : EXIT.checkFailed;
};
