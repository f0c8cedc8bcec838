import type { Confirmations, Ended } from '../../model/pending.ts';
import { confirmationsJson, endedText, pendingText } from '../../render/pending.ts';
import type { Context, Run } from '../context.ts';
import { exclusively } from '../exclusive.ts';
import { EXIT } from '../exit.ts';
import { usageError } from '../failure.ts';

export const run: Run = async (context) => {
  const { status, revert } = context.flags;
  if (status && revert) throw usageError('--status and --revert exclude each other', 'the one looks, the other goes back');
  if (status) return tellStatus(await context.host.confirmations(), context);
  const ended = await exclusively(context, (host) => (revert ? host.revertPending(context.invoked.argv) : host.keepPending()));
  return tellEnd(ended, context);
};

function tellStatus(state: Confirmations, context: Context): number {
  context.print(state.pending ? pendingText(state) : state.last ? endedText(state.last) : 'nothing waits to be confirmed');
  context.document(confirmationsJson(state));
  return EXIT.ok;
}

function tellEnd(ended: Ended, context: Context): number {
  const failed = ended.ending === 'not-reverted';
  const errors = failed ? [{ code: 'E_CONFIRM_REVERT', message: endedText(ended), hint: '`netloom plan` shows what is there now' }] : [];
  for (const error of errors) context.tell(error, 'error');
  if (!failed && !context.flags.quiet) context.print(endedText(ended));
  context.document(confirmationsJson({ last: ended }), errors);
  return failed ? EXIT.partial : EXIT.ok;
}
