import { auditJson, renderAudit } from '../../render/audit.ts';
import { plural } from '../../render/text.ts';
import type { Run } from '../context.ts';
import { EXIT } from '../exit.ts';

const COUNT = 20;

export const run: Run = async (context, [name]) => {
  const { path, entries, damaged } = await context.host.auditLog();
  const count = context.flags.count ?? COUNT;
  const found = entries.filter(({ topology }) => name === undefined || topology === name);
  const shown = count === 0 ? found : found.slice(-count);
  const warnings =
    damaged === 0
      ? []
      : [
          {
            code: 'W_LOG_DAMAGED',
            message: `${plural(damaged, 'line')} of ${path} could not be read and ${damaged === 1 ? 'is' : 'are'} left out`,
          },
        ];
  if (shown.length === 0)
    context.tell({ code: '', message: `nothing${name === undefined ? '' : ` of ${name}`} is recorded in ${path}` }, 'note');
  else context.print(renderAudit(shown, context.out));
  for (const warning of warnings) context.tell(warning, 'warning');
  context.document({ path, entries: shown.map(auditJson) }, [], warnings);
  return EXIT.ok;
};
