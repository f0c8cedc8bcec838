import { HostError } from '../model/errors.ts';
import type { Plan } from '../model/resource.ts';
import type { Session } from '../model/session.ts';
import { confirm } from './confirm.ts';
import type { Context } from './context.ts';

/** Says where a plan touches the way by which whoever runs this has come; gives what it said, or undefined. */
export async function tellSession(plan: Plan, context: Context): Promise<string | undefined> {
  if (plan.operations.length === 0 || plan.blockers.length > 0) return undefined;
  const session = await context.host.session(context.io.env);
  if (session === undefined) return undefined;
  const { changesOnPath } = await import('../pipeline/session.ts');
  const ids = changesOnPath(plan, session).map(({ id }) => id);
  if (ids.length === 0) return undefined;
  const more = ids.length > SHOWN ? ` and ${ids.length - SHOWN} more` : '';
  const message = `this touches the way of your SSH session (${wayText(session)}): ${ids.slice(0, SHOWN).join(', ')}${more}`;
  context.tell({ code: 'W_SESSION', message }, 'warning');
  return message;
}

/** Where that is so, goes on only with --confirm, with --yes, or where somebody agrees on a terminal. Throws HostError E_SESSION otherwise. */
export async function guardSession(plan: Plan, context: Context): Promise<void> {
  const { flags, io } = context;
  const message = await tellSession(plan, context);
  if (message === undefined || flags.confirm !== undefined || flags.yes) return;
  const hint = '--confirm 60s goes back by itself if you are cut off; --yes goes on without';
  const isTerminal = io.stdin.isTTY && io.stderr.isTTY && !flags.json;
  if (isTerminal && (await confirm('Go on without --confirm?', context))) return;
  throw new HostError('E_SESSION', isTerminal ? 'nothing was changed' : `nothing was changed: ${message}`, hint);
}

const SHOWN = 5;

const wayText = ({ peer, devices: [device = ''] }: Session): string => `${peer} by ${device}`;
