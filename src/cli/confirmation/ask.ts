import { randomUUID } from 'node:crypto';
import { confirmationsJson, pendingText } from '../../render/pending.ts';
import { duration } from '../../render/text.ts';
import type { Context } from '../context.ts';
import type { Confirmation } from './arm.ts';

/** What --confirm asks for; undefined without it. One at a time, also where there turns out to be nothing to do. Throws HostError E_CONFIRM_PENDING. */
export async function confirmationOf(context: Context): Promise<Confirmation | undefined> {
  const windowMs = context.flags.confirm;
  if (windowMs === undefined) return undefined;
  await context.host.refuseWhilePending();
  return {
    id: randomUUID(),
    windowMs,
    argv: context.invoked.argv,
    onArmed: () =>
      context.tell(
        { code: '', message: `armed: this goes back unless \`netloom confirm\` comes within ${duration(windowMs)} of the last change` },
        'note',
      ),
  };
}

/**
 * Says until when it can be confirmed, and how, also under -q: who does not know it loses the change. Gives what belongs into the document.
 */
export async function tellPending(own: Confirmation | undefined, context: Context): Promise<object> {
  if (own === undefined) return {};
  const state = await context.host.confirmations();
  const pending = state.pending?.id === own.id;
  if (pending && !context.flags.json) context.io.stderr.write(`${pendingText(state)}\n`);
  if (!pending && state.last?.id !== own.id)
    context.tell({ code: '', message: 'nothing was changed, and nothing waits to be confirmed' }, 'note');
  return { confirmation: pending ? confirmationsJson(state).pending : null };
}
